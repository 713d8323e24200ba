import type { ComponentChildren } from "preact";
import { localDay, localMoment } from "../clinics/local-time.rule.ts";
import { paths } from "../paths.ts";
import type { Profile } from "../profiles/profile.ts";
import {
	ButtonLink,
	DateField,
	FactList,
	Field,
	PostButton,
	SearchForm,
	SelectField,
} from "../web/controls.tsx";
import { AccountLayout, SettingsLayout } from "../web/layout.tsx";
import { isSameNetwork } from "../web/network.ts";
import { usePage } from "../web/page-frame.tsx";
import { KIND_GROUPS, type KindGroup } from "./kind-groups.ts";
import { type ActivityPage, activityPath, type ToldEvent } from "./read-page.ts";
import { EVERYTHING, isNarrowed } from "./wanted.ts";

/** The whole clinic's. @param props.choices the staff to choose from; undefined where an email is asked for instead */
export function ActivityPageView(props: { list: ActivityPage; choices: readonly Profile[] | undefined }) {
	const { list, choices } = props;
	const { words, clinic } = usePage();
	const { activity } = words;
	return (
		<SettingsLayout
			title={activity.title}
			current="activity"
			lead={activity.lead(words.zone(clinic.timeZone))}
		>
			<Filters list={list} groups={KIND_GROUPS}>
				<PersonField list={list} choices={choices} />
			</Filters>
			<Keep action={paths.activityDownload} list={list} what={activity.keepWhat} />
			<Happened list={list} />
		</SettingsLayout>
	);
}

/** One's own. */
export function OwnActivityPage({ list }: { list: ActivityPage }) {
	const { words, clinic } = usePage();
	const { activity } = words;
	return (
		<AccountLayout
			title={activity.title}
			current="activity"
			lead={activity.ownLead(words.zone(clinic.timeZone))}
		>
			<p>
				{activity.ownAlarm} <a href={paths.password}>{activity.changePassword}</a>,{" "}
				<a href={paths.sessions}>{activity.seeSessions}</a>.
			</p>
			<Filters list={list} groups={OWN_GROUPS} />
			<Keep action={paths.ownActivityDownload} list={list} what={activity.ownKeepWhat} />
			<Happened list={list} />
		</AccountLayout>
	);
}

/** Settings concern nobody in particular. */
const OWN_GROUPS = KIND_GROUPS.filter((group) => group !== "settings");

function Filters(props: { list: ActivityPage; groups: readonly KindGroup[]; children?: ComponentChildren }) {
	const { list, groups, children } = props;
	const { activity } = usePage().words;
	const { wanted, errors } = list.understood;
	const kinds = groups.map((value) => ({ value, label: activity.groups[value] }));
	const all = isNarrowed(wanted) && <ButtonLink href={list.base}>{activity.clear}</ButtonLink>;
	return (
		<SearchForm action={list.base} errors={errors} submit={activity.show} beside={all}>
			{children}
			<SelectField
				name="kind"
				label={activity.kind}
				value={wanted.kind}
				choices={[
					{ value: "", label: activity.butMessages },
					{ value: EVERYTHING, label: activity.everything },
					...kinds,
				]}
			/>
			<DateField name="from" label={activity.from} value={wanted.from} />
			<DateField name="to" label={activity.to} value={wanted.to} />
		</SearchForm>
	);
}

function PersonField({ list, choices }: { list: ActivityPage; choices: readonly Profile[] | undefined }) {
	const { activity } = usePage().words;
	const { wanted, person, errors } = list.understood;
	const isUnknown = errors.some(({ field }) => field === "person");
	// Where a name was not known, what was typed must be there to be mended.
	if (!choices || isUnknown) {
		const value = person?.email ?? wanted.person;
		return <Field name="person" label={activity.person} value={value} hint={activity.personHint} />;
	}
	const people = choices.map(({ profileId, name, active }) => ({
		value: profileId,
		label: active ? name : activity.deactivated(name),
	}));
	const everybody = { value: "", label: activity.everybody };
	return (
		<SelectField
			name="person"
			label={activity.person}
			value={wanted.person}
			choices={[everybody, ...people]}
		/>
	);
}

function Happened({ list }: { list: ActivityPage }) {
	const { words, clinic } = usePage();
	const { activity } = words;
	if (list.understood.errors.length > 0) return null;
	return (
		<>
			{list.events.length === 0 && <NothingHere list={list} />}
			{byDay(list.events, clinic.timeZone).map(({ day, events }) => (
				<section key={day} class="day" aria-labelledby={`day-${day}`}>
					<h2 id={`day-${day}`}>{words.day(day)}</h2>
					<WhatHappened events={events} />
				</section>
			))}
			{list.notKeptUpTo !== undefined && <p class="quiet">{activity.begins(list.notKeptUpTo)}</p>}
			{(list.newer !== undefined || list.older !== undefined) && (
				<nav class="row-actions" aria-label={activity.pages}>
					{list.newer !== undefined && <ButtonLink href={list.newer}>{activity.newer}</ButtonLink>}
					{list.older !== undefined && <ButtonLink href={list.older}>{activity.older}</ButtonLink>}
				</nav>
			)}
		</>
	);
}

/** What happened, one under the other. It stands in a section of the class `day`. */
export function WhatHappened({ events }: { events: readonly ToldEvent[] }) {
	return (
		<ul class="happened">
			{events.map((each) => (
				<EventRow key={each.event.number} {...each} />
			))}
		</ul>
	);
}

function NothingHere({ list }: { list: ActivityPage }) {
	const { activity } = usePage().words;
	const { wanted } = list.understood;
	return (
		<p>
			{isNarrowed(wanted) ? activity.noneFound : activity.none}
			{!list.isNewest && (
				<>
					{" "}
					<a href={activityPath(list.base, wanted)}>{activity.toNewest}</a>
				</>
			)}
		</p>
	);
}

function EventRow({ event, told }: ToldEvent) {
	const { words, clinic, network } = usePage();
	const { activity } = words;
	const [date, time] = [words.date(event.at, clinic.timeZone), words.time(event.at, clinic.timeZone)];
	const moment = localMoment(event.at, clinic.timeZone);
	const where =
		event.address === null
			? undefined
			: isSameNetwork(event.address, network.address)
				? activity.thisNetwork
				: activity.anotherNetwork;
	const browser = event.address === null ? undefined : event.browser_name || activity.unknownBrowser;
	const by = told.alsoBy === undefined ? undefined : activity.by(told.alsoBy);
	const around = [by, browser, where].filter((part) => part !== undefined).join(", ");
	const facts = [
		{ label: activity.moment, value: `${date}, ${toTheSecond(moment)} ${words.zone(clinic.timeZone)}` },
		{ label: activity.concerns, value: told.concerns },
		{ label: activity.doneBy, value: told.doneBy },
		{ label: activity.browser, value: browser },
		{ label: activity.address, value: event.address },
		{ label: activity.eventNumber, value: String(event.number) },
	];
	return (
		<li>
			<time dateTime={moment}>{time}</time>
			<div>
				<p>{told.sentence}</p>
				<details>
					<summary>{around === "" ? activity.details : around}</summary>
					<FactList facts={facts.filter(({ value }) => value !== undefined && value !== null)} />
				</details>
			</div>
		</li>
	);
}

function Keep({ action, list, what }: { action: string; list: ActivityPage; what: string }) {
	const { activity } = usePage().words;
	if (list.understood.errors.length > 0) return null;
	const { wanted } = list.understood;
	return (
		<details>
			<summary>{activity.keepTitle}</summary>
			<p>{what}</p>
			<div class="row-actions">
				<PostButton
					action={action}
					label={activity.downloadCsv}
					fields={{ ...wanted, format: "csv" }}
					download
				/>
				<PostButton
					action={action}
					label={activity.downloadJson}
					fields={{ ...wanted, format: "jsonl" }}
					download
				/>
			</div>
		</details>
	);
}

function byDay(events: readonly ToldEvent[], timeZone: string): { day: string; events: ToldEvent[] }[] {
	const days: { day: string; events: ToldEvent[] }[] = [];
	for (const each of events) {
		const day = localDay(each.event.at, timeZone);
		const last = days.at(-1);
		if (last?.day === day) last.events.push(each);
		else days.push({ day, events: [each] });
	}
	return days;
}

/** @param moment as `localMoment` has it */
function toTheSecond(moment: string): string {
	return moment.slice("2026-12-07T".length, "2026-12-07T14:05:09".length);
}
