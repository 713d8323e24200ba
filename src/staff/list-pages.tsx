import { paths } from "../paths.ts";
import { ButtonLink, Field, SearchForm } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import type { ListedPerson, StaffListPage } from "./list-staff.ts";

export function StaffListPageView({ list }: { list: StaffListPage }) {
	const { words, clinic } = usePage();
	const { staff, staffProfiles } = words;
	const { shown } = list;
	const isDeactivated = shown.kind === "deactivated";
	return (
		<SignInLayout
			title={isDeactivated ? staff.deactivatedTitle : staff.title}
			lead={isDeactivated ? staff.deactivatedLead(clinic.name) : staff.lead(clinic.name)}
		>
			{!isDeactivated && (
				<>
					<div class="buttons">
						<ButtonLink href={paths.inviteStaff} kind="primary">
							{staffProfiles.invite}
						</ButtonLink>
					</div>
					<Search list={list} />
				</>
			)}
			{list.staff.length > 0 && (
				<ul class="rows">
					{list.staff.map((person) => (
						<PersonRow key={person.profileId} person={person} says={!isDeactivated} />
					))}
				</ul>
			)}
			{isDeactivated && list.staff.length === 0 && <p>{staff.nobodyDeactivated}</p>}
			<p>
				{!list.isFirst && <a href={list.first}>{staff.toTheFirst}</a>}{" "}
				{list.next && <a href={list.next}>{staff.next}</a>}
			</p>
			<p>
				{isDeactivated ? (
					<a href={paths.staff}>{staff.back}</a>
				) : (
					<a href={`${paths.staff}?show=deactivated`}>{staff.toDeactivated}</a>
				)}
			</p>
		</SignInLayout>
	);
}

function Search({ list }: { list: StaffListPage }) {
	const { staff } = usePage().words;
	const { shown } = list;
	const typed = shown.kind === "found" ? shown.typed : "";
	const all = typed !== "" && <ButtonLink href={paths.staff}>{staff.showAll}</ButtonLink>;
	return (
		<>
			<SearchForm action={paths.staff} submit={staff.search} submitKind="secondary" beside={all}>
				<Field name="search" label={staff.searchFor} value={typed} />
			</SearchForm>
			{typed !== "" && list.staff.length === 0 && <p role="status">{staff.nobodyFound(typed)}</p>}
		</>
	);
}

/** @param props.says whether the row says how it stands with the person, where it is not the same for all */
function PersonRow({ person, says }: { person: ListedPerson; says: boolean }) {
	const { account, staff } = usePage().words;
	const { isSetUp, active } = person;
	return (
		<li>
			<div>
				<h2>
					<a href={paths.colleague.to(person.profileId)}>{person.name}</a>
				</h2>
				<p class="quiet">
					{person.email}. {account.accessLevels[person.access]}.
				</p>
			</div>
			{says && !active && <span class="badge">{staff.deactivatedBadge}</span>}
			{says && active && (
				<span class={isSetUp ? "badge on" : "badge warning"}>{isSetUp ? account.on : staff.notSetUp}</span>
			)}
		</li>
	);
}
