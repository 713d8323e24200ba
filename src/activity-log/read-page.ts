import { findMark } from "../activity/mark.ts";
import { findPlace, searchActivity } from "../activity/search.ts";
import type { Db } from "../db/connect.ts";
import type { ActivityEventRow } from "../db/tables.ts";
import type { Deps } from "../deps.ts";
import type { Profile } from "../profiles/profile.ts";
import { listFirstByName, listNames } from "../profiles/store.ts";
import type { Fields } from "../web/fields.ts";
import type { Visit } from "../web/visit.ts";
import { type Names, namedIn, type Told, tell } from "./sentence.ts";
import { shownTime } from "./shown-time.rule.ts";
import { isNarrowed, searchForPage, type Understood, type Wanted } from "./wanted.ts";

/** How many events stand on one page. */
const PAGE = 50;
/** A clinic with more staff than this asks for an email, since nobody finds a name in a longer list. */
const MOST_CHOICES = 200;
/** A change is told in one email, and recorded in few events. */
const MOST_AT_ONCE = 20;

/** An event with what people read of it. */
export type ToldEvent = { event: ActivityEventRow; told: Told };

/** A page of activity, newest first, and the pages around it by their addresses. */
export type ActivityPage = {
	/** Where it stands: what is asked for is added to it. */
	base: string;
	understood: Understood;
	events: readonly ToldEvent[];
	newer: string | undefined;
	older: string | undefined;
	/** Whether it begins with the newest there is. */
	isNewest: boolean;
	/** Everything up to this number was old enough and was taken away; told where the list ends. */
	notKeptUpTo: number | undefined;
};

/** The page that an address asks for. An event it names that is not there is none: then it is the first page. */
export async function readActivityPage(
	{ db }: Pick<Deps, "db">,
	visit: Visit,
	{ base, understood, query }: { base: string; understood: Understood; query: Fields },
): Promise<ActivityPage> {
	const { clinicId } = visit.clinic;
	const { wanted } = understood;
	const nothing = {
		base,
		understood,
		events: [],
		isNewest: true,
		newer: undefined,
		older: undefined,
		notKeptUpTo: undefined,
	};
	if (understood.errors.length > 0) return nothing;
	const find = (field: string) => {
		const number = /^\d{1,15}$/.test(query.text(field)) ? Number(query.text(field)) : undefined;
		return number === undefined ? undefined : findPlace(db, clinicId, number);
	};
	const after = await find("after");
	const before = after ? undefined : await find("before");
	// One more than is shown says whether the list goes on.
	const found = await searchActivity(db, clinicId, searchForPage(understood), {
		before,
		after,
		atMost: PAGE + 1,
	});
	const goesOn = found.length > PAGE;
	const shown = after ? found.slice(0, PAGE).reverse() : found.slice(0, PAGE);
	const hasNewer = after ? goesOn : before !== undefined;
	const hasOlder = after !== undefined || goesOn;
	const [newest, oldest] = [shown[0], shown.at(-1)];
	const mark = hasOlder || isNarrowed(wanted) ? undefined : await findMark(db, clinicId);
	return {
		base,
		understood,
		events: await tellAll(db, visit, shown),
		newer: hasNewer && newest ? activityPath(base, wanted, { after: newest.number }) : undefined,
		older: hasOlder && oldest ? activityPath(base, wanted, { before: oldest.number }) : undefined,
		isNewest: before === undefined && after === undefined,
		notKeptUpTo: mark?.number,
	};
}

/**
 * What was recorded of a person, or done by them, at one moment, which an email tells of; in its order.
 *
 * @param at epoch milliseconds
 */
export async function readMoment(
	{ db }: Pick<Deps, "db">,
	visit: Visit,
	{ profileId, at }: { profileId: string; at: number },
): Promise<ToldEvent[]> {
	const search = { involves: profileId, from: at, until: at + 1 };
	const found = await searchActivity(db, visit.clinic.clinicId, search, { atMost: MOST_AT_ONCE });
	return tellAll(db, visit, found.reverse());
}

async function tellAll(
	db: Db,
	{ clinic, words }: Visit,
	found: readonly ActivityEventRow[],
): Promise<ToldEvent[]> {
	const names: Names = await listNames(db, clinic.clinicId, namedIn(found));
	return found.map((stored) => {
		const event = { ...stored, at: shownTime(stored.at) };
		return { event, told: tell(event, names, clinic.timeZone, words) };
	});
}

/** Whom one can choose: everybody by name, deactivated people too; undefined where there are too many for a list. */
export async function readChoices(
	{ db }: Pick<Deps, "db">,
	clinicId: string,
): Promise<Profile[] | undefined> {
	const found = await listFirstByName(db, clinicId, MOST_CHOICES + 1);
	return found.length > MOST_CHOICES ? undefined : found;
}

/** The activity that is asked for, from an event on. */
export function activityPath(
	base: string,
	wanted: Partial<Wanted>,
	from: { before?: number; after?: number } = {},
): string {
	const fields = new URLSearchParams();
	for (const [name, asked] of Object.entries({ ...wanted, ...from })) {
		if (asked !== "") fields.set(name, String(asked));
	}
	return fields.size === 0 ? base : `${base}?${fields}`;
}
