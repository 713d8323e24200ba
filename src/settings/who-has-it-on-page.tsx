import type { StaffMember } from "../enforcement/store.ts";
import type { Method } from "../methods/store.ts";
import { paths } from "../paths.ts";
import { ButtonLink, Field, Notice, PostButton, SearchForm } from "../web/controls.tsx";
import { SettingsLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import { NoEmailsNotice } from "./no-emails-notice.tsx";
import type { ReminderNews } from "./reminder-news.ts";
import { ReminderNotice, SendReminder } from "./reminder-pages.tsx";
import { HowManyHaveItOn } from "./standing.tsx";
import { type StaffPage, whoHasItOnPath } from "./who-has-it-on.ts";

type Counted = { active: number; on: number };

/** The staff and their methods, with **Send reminder** for who has none. */
export function WhoHasItOnPage(props: {
	counted: Counted;
	list: StaffPage;
	sendsEmails: boolean;
	news: ReminderNews | undefined;
}) {
	const { counted, list } = props;
	const { words, clinic } = usePage();
	const { whoHasItOn, enforcement, security } = words;
	const canRemind = clinic.rule.requiredFromOn !== null;
	const someHaveNot = counted.on < counted.active;
	return (
		<SettingsLayout title={whoHasItOn.title} current="who-has-it-on" lead={whoHasItOn.lead(clinic.name)}>
			<ReminderNotice news={props.news} />
			{!props.sendsEmails && <NoEmailsNotice />}
			<HowManyHaveItOn {...counted} />
			{someHaveNot && canRemind && (
				<div class="row-actions">
					<SendReminder />
				</div>
			)}
			{someHaveNot && !canRemind && (
				<p class="quiet">
					{enforcement.remindLater} <a href={paths.enforcement}>{whoHasItOn.requireIt}</a>
				</p>
			)}
			<Search list={list} />
			<Filter list={list} counted={counted} />
			<Staff list={list} canRemind={canRemind} />
			<Pages {...list} />
			<section aria-labelledby="keep">
				<h2 id="keep">{whoHasItOn.keepTitle}</h2>
				<p>{whoHasItOn.keepWhat}</p>
				<div class="row-actions">
					<PostButton
						action={paths.whoHasItOnCsv}
						label={whoHasItOn.download}
						fields={{ show: list.who }}
						download
					/>
					<ButtonLink href={paths.report}>{security.report}</ButtonLink>
				</div>
			</section>
		</SettingsLayout>
	);
}

/** Among those that the filter shows. */
function Search({ list: { who, typed } }: { list: StaffPage }) {
	const { whoHasItOn } = usePage().words;
	const all = typed !== "" && (
		<ButtonLink href={whoHasItOnPath({ who, typed: "" })}>{whoHasItOn.toAll}</ButtonLink>
	);
	return (
		<SearchForm action={paths.whoHasItOn} submit={whoHasItOn.search} submitKind="secondary" beside={all}>
			{who === "not-set-up" && <input type="hidden" name="show" value={who} />}
			<Field name="search" label={whoHasItOn.searchFor} value={typed} />
		</SearchForm>
	);
}

function Filter({ list, counted }: { list: StaffPage; counted: Counted }) {
	const { whoHasItOn } = usePage().words;
	const choices = [
		{ who: "everybody", label: whoHasItOn.everybody(counted.active) },
		{ who: "not-set-up", label: whoHasItOn.onlyNotSetUp(counted.active - counted.on) },
	] as const;
	return (
		<nav class="filter" aria-label={whoHasItOn.show}>
			<ul>
				{choices.map(({ who, label }) => (
					<li key={who}>
						<a
							href={whoHasItOnPath({ who, typed: list.typed })}
							aria-current={who === list.who ? "true" : undefined}
						>
							{label}
						</a>
					</li>
				))}
			</ul>
		</nav>
	);
}

function Staff({ list, canRemind }: { list: StaffPage; canRemind: boolean }) {
	const { whoHasItOn, account, product } = usePage().words;
	if (list.staff.length === 0) return <NobodyHere list={list} />;
	return (
		<table class="people">
			<thead>
				<tr>
					<th scope="col">{account.name}</th>
					<th scope="col">{account.access}</th>
					<th scope="col">{product}</th>
					<th scope="col">{whoHasItOn.columns.lastReminded}</th>
				</tr>
			</thead>
			<tbody>
				{list.staff.map((person) => (
					<PersonRow key={person.profileId} {...{ person, canRemind }} />
				))}
			</tbody>
		</table>
	);
}

function PersonRow({ person, canRemind }: { person: StaffMember; canRemind: boolean }) {
	const { words, clinic } = usePage();
	const { whoHasItOn, account } = words;
	const isOn = person.methods.length > 0;
	return (
		<tr>
			<th scope="row">
				{person.name} <span class="quiet">{person.email}</span>
			</th>
			<td data-label={account.access}>{account.accessLevels[person.access]}</td>
			<td>
				{isOn ? (
					person.methods.map((method) => <MethodState key={method.kind} method={method} />)
				) : (
					<span class="badge warning">{whoHasItOn.notSetUp}</span>
				)}
			</td>
			<td data-label={whoHasItOn.columns.lastReminded}>
				{person.lastRemindedAt === null
					? whoHasItOn.never
					: words.date(person.lastRemindedAt, clinic.timeZone)}
				{!isOn && canRemind && <SendReminder profile={person} />}
			</td>
		</tr>
	);
}

function MethodState({ method }: { method: Method }) {
	const { words, clinic } = usePage();
	const { account } = words;
	const dateOf = (at: number) => words.date(at, clinic.timeZone);
	return (
		<p>
			{words.methods[method.kind]}{" "}
			{method.blockedAt !== null && <span class="badge warning">{account.blocked}</span>}{" "}
			<span class="quiet">{account.since(dateOf(method.onAt))}</span>{" "}
			<span class="quiet">
				{method.lastUsedAt === null ? account.neverUsed : account.lastUsed(dateOf(method.lastUsedAt))}
			</span>
		</p>
	);
}

/** Nobody is left of those asked for, or nobody behind this person any more. */
function NobodyHere({ list }: { list: StaffPage }) {
	const { whoHasItOn, security } = usePage().words;
	const isFirst = list.previous === undefined && list.next === undefined;
	if (isFirst && list.typed !== "") return <p role="status">{whoHasItOn.nobodyFound(list.typed)}</p>;
	return isFirst && list.who === "not-set-up" ? (
		<Notice kind="success">{security.everybodyHasIt}</Notice>
	) : (
		<p>
			{whoHasItOn.nobodyHere} <a href={whoHasItOnPath(list)}>{whoHasItOn.toTheFirst}</a>
		</p>
	);
}

function Pages({ previous, next }: Pick<StaffPage, "previous" | "next">) {
	const { whoHasItOn } = usePage().words;
	if (previous === undefined && next === undefined) return null;
	return (
		<nav class="row-actions" aria-label={whoHasItOn.pages}>
			{previous !== undefined && <ButtonLink href={previous}>{whoHasItOn.previous}</ButtonLink>}
			{next !== undefined && <ButtonLink href={next}>{whoHasItOn.next}</ButtonLink>}
		</nav>
	);
}
