import { paths } from "../paths.ts";
import { ButtonLink, Field, SearchForm } from "../web/controls.tsx";
import { WideLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import type { PersonInList, StaffListPage } from "./list-staff.ts";

export function StaffListPageView({ list }: { list: StaffListPage }) {
	const { words, clinic } = usePage();
	const { staff, staffProfiles } = words;
	const { shown } = list;
	const isDeactivated = shown.kind === "deactivated";
	return (
		<WideLayout
			title={isDeactivated ? staff.deactivatedTitle : staff.title}
			lead={isDeactivated ? staff.deactivatedLead(clinic.name) : staff.lead(clinic.name)}
		>
			{!isDeactivated && (
				<>
					<div class="row-actions">
						<ButtonLink href={paths.inviteStaff} kind="primary">
							{staffProfiles.invite}
						</ButtonLink>
					</div>
					<Search list={list} />
				</>
			)}
			{list.staff.length > 0 && <People list={list} />}
			{isDeactivated && list.staff.length === 0 && <p>{staff.nobodyDeactivated}</p>}
			{(!list.isFirst || list.next) && (
				<nav class="row-actions" aria-label={staff.pages}>
					{!list.isFirst && <ButtonLink href={list.first}>{staff.toTheFirst}</ButtonLink>}
					{list.next && <ButtonLink href={list.next}>{staff.next}</ButtonLink>}
				</nav>
			)}
			<p>
				{isDeactivated ? (
					<a href={paths.staff}>{staff.back}</a>
				) : (
					<a href={`${paths.staff}?show=deactivated`}>{staff.toDeactivated}</a>
				)}
			</p>
		</WideLayout>
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

function People({ list: { staff: people, shown } }: { list: StaffListPage }) {
	const { account, product } = usePage().words;
	// Of somebody who can't sign in it says nothing how it stands with their second step.
	const says = shown.kind !== "deactivated";
	return (
		<table class="people">
			<thead>
				<tr>
					<th scope="col">{account.name}</th>
					<th scope="col">{account.access}</th>
					{says && <th scope="col">{product}</th>}
				</tr>
			</thead>
			<tbody>
				{people.map((person) => (
					<PersonRow key={person.profileId} {...{ person, says }} />
				))}
			</tbody>
		</table>
	);
}

function PersonRow({ person, says }: { person: PersonInList; says: boolean }) {
	const { account, product, staff } = usePage().words;
	return (
		<tr>
			<th scope="row">
				<a href={paths.colleague.to(person.profileId)}>{person.name}</a>{" "}
				{person.active && person.isInvited && <span class="badge">{staff.invitedBadge}</span>}{" "}
				<span class="quiet">{person.email}</span>
			</th>
			<td data-label={account.access}>{account.accessLevels[person.access]}</td>
			{says && (
				<td data-label={person.active ? product : undefined}>
					<HowItStands person={person} />
				</td>
			)}
		</tr>
	);
}

function HowItStands({ person: { active, isSetUp } }: { person: PersonInList }) {
	const { account, staff } = usePage().words;
	if (!active) return <span class="badge">{staff.deactivatedBadge}</span>;
	return isSetUp ? (
		<span class="badge on">{account.on}</span>
	) : (
		<span class="badge warning">{staff.notSetUp}</span>
	);
}
