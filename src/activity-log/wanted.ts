import type { Search } from "../activity/search.ts";
import { dayAfter, isDay, momentOf } from "../clinics/local-time.rule.ts";
import type { Db } from "../db/connect.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfile, findProfileByEmail } from "../profiles/store.ts";
import type { FieldError } from "../web/controls.tsx";
import type { Fields } from "../web/fields.ts";
import type { Visit } from "../web/visit.ts";
import { KIND_GROUPS, kindsOf } from "./kind-groups.ts";

/** What somebody asks for, as an address or a form carries it; "" where nothing is asked, and as a kind what is usual. */
export type Wanted = { person: string; kind: string; from: string; to: string };

/** The kind of whoever wants to see the messages between everything else. */
export const EVERYTHING = "everything";

/** The same, understood. With errors there is nothing to search for. */
export type Understood = { wanted: Wanted; person?: Profile; search: Search; errors: FieldError[] };

/** Days outside of these are mistyped. */
const [FIRST_DAY, LAST_DAY] = ["2000-01-01", "2999-12-31"];

/** What is asked of the whole clinic's activity: a person by id or email, a group of kinds, days in the clinic's zone. */
export async function understand(db: Db, visit: Visit, fields: Fields): Promise<Understood> {
	const { clinicId } = visit.clinic;
	const typed = fields.text("person").trim();
	const person =
		typed === ""
			? undefined
			: ((await findProfile(db, clinicId, typed)) ?? (await findProfileByEmail(db, clinicId, typed)));
	const rest = understandWhen(visit, fields);
	const wanted = { ...rest.wanted, person: person?.profileId ?? typed };
	if (person) {
		const search = { ...rest.search, involves: person.profileId };
		return { ...rest, wanted, person, search };
	}
	if (typed === "") return { ...rest, wanted };
	const unknown = { field: "person", sentence: visit.words.activity.noSuchPerson };
	return { ...rest, wanted, errors: [unknown, ...rest.errors] };
}

/** What is asked of one's own activity. */
export function understandOwn(visit: Visit, fields: Fields, profileId: string): Understood {
	const rest = understandWhen(visit, fields);
	return { ...rest, search: { ...rest.search, concerns: profileId } };
}

/** Whether anything but everything, with or without messages, is asked for. */
export function isNarrowed({ person, kind, from, to }: Wanted): boolean {
	return [person, from, to].some((asked) => asked !== "") || !["", EVERYTHING].includes(kind);
}

/** What is looked for on a page: where no kind is asked for, what happened is not buried under its own messages. */
export function searchForPage({ wanted, search }: Understood): Search {
	return wanted.kind === "" ? { ...search, kindsLeftOut: kindsOf("messages") } : search;
}

function understandWhen({ clinic, words }: Visit, fields: Fields): Understood {
	const { activity } = words;
	const asked = fields.text("kind");
	const group = KIND_GROUPS.find((each) => each === asked);
	const kind = group ?? (asked === EVERYTHING ? EVERYTHING : "");
	const [from, to] = [fields.text("from").trim(), fields.text("to").trim()];
	const errors: FieldError[] = [];
	for (const [field, day] of Object.entries({ from, to })) {
		if (day !== "" && !isPlausible(day)) errors.push({ field, sentence: activity.noSuchDay });
	}
	if (errors.length === 0 && from !== "" && to !== "" && to < from) {
		errors.push({ field: "to", sentence: activity.toBeforeFrom });
	}
	const search: Search = group === undefined ? {} : { kinds: kindsOf(group) };
	if (errors.length === 0) {
		if (from !== "") search.from = momentOf(from, 0, clinic.timeZone);
		// The whole of that day.
		if (to !== "") search.until = momentOf(dayAfter(to), 0, clinic.timeZone);
	}
	return { wanted: { person: "", kind, from, to }, search, errors };
}

function isPlausible(day: string): boolean {
	return isDay(day) && day >= FIRST_DAY && day <= LAST_DAY;
}
