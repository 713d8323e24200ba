import { type SelectQueryBuilder, sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { ActivityEventRow, Tables } from "../db/tables.ts";
import type { EventKind } from "./events.ts";

/** Which events are looked for; what is not named is not asked. */
export type Search = {
	/** Whom they concern. */
	concerns?: string;
	/** Whom they concern, or who did them. */
	involves?: string;
	kinds?: readonly EventKind[];
	/** Any but these; also what another version of the app recorded. */
	kindsLeftOut?: readonly EventKind[];
	/** Epoch milliseconds, this one included. */
	from?: number;
	/** Epoch milliseconds, this one not included. */
	until?: number;
};

/** Where a list goes on: an event that stands just outside it. */
export type Place = Pick<ActivityEventRow, "at" | "number">;

type Going = { before?: Place | undefined; after?: Place | undefined; atMost: number };
type Places = SelectQueryBuilder<Tables, "activity_events", Place>;

/**
 * A clinic's events in the order of their time, and of their number where that is the same: newest first before a
 * place (or from the newest on), oldest first after one. Each combination of filters is read along an index, so that
 * it costs no more in a clinic that has many.
 */
export async function searchActivity(
	db: Db,
	clinicId: string,
	search: Search,
	going: Going,
): Promise<ActivityEventRow[]> {
	if (search.kinds?.length === 0) return [];
	const [first, ...others] = alongIndexes(db, clinicId, search, going).map((places) =>
		db.selectFrom(places.as("some")).select(["at", "number"]),
	);
	if (!first) return [];
	const direction = going.after ? "asc" : "desc";
	const found = await others
		.reduce((all, each) => all.unionAll(each), first)
		.orderBy("at", direction)
		.orderBy("number", direction)
		.limit(going.atMost)
		.execute();
	if (found.length === 0) return [];
	const rows = await db
		.selectFrom("activity_events")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where(
			"number",
			"in",
			found.map(({ number }) => number),
		)
		.execute();
	const byNumber = new Map(rows.map((row) => [row.number, row]));
	return found.flatMap(({ number }) => byNumber.get(number) ?? []);
}

/** To whom somebody else something was done by a person from a time on, some of them: profile ids. */
export async function listOthersActedOn(
	db: Db,
	clinicId: string,
	actor: string,
	{ from, atMost }: { from: number; atMost: number },
): Promise<string[]> {
	const rows = await db
		.selectFrom("activity_events")
		.select("profile_id")
		.distinct()
		.where("clinic_id", "=", clinicId)
		.where("actor", "=", actor)
		.where("at", ">=", from)
		.where("profile_id", "is not", null)
		// Written as the index has it.
		.where(sql<boolean>`coalesce(profile_id, '') <> actor`)
		.limit(atMost)
		.execute();
	return rows.flatMap(({ profile_id }) => profile_id ?? []);
}

/** The place of an event; undefined where there is none with this number. */
export function findPlace(db: Db, clinicId: string, number: number): Promise<Place | undefined> {
	return db
		.selectFrom("activity_events")
		.select(["at", "number"])
		.where("clinic_id", "=", clinicId)
		.where("number", "=", number)
		.executeTakeFirst();
}

/** What is looked for in parts that no two share: each is read from an index in the order of the list. */
function alongIndexes(db: Db, clinicId: string, search: Search, going: Going): Places[] {
	const { kinds } = search;
	const all = () => inOrder(db, clinicId, search, going);
	const whose = search.concerns ?? search.involves;
	if (whose === undefined) {
		return kinds === undefined ? [all()] : kinds.map((kind) => all().where("kind", "=", kind));
	}
	const concerning = () => all().where("profile_id", "=", whose);
	const parts =
		kinds === undefined ? [concerning()] : kinds.map((kind) => concerning().where("kind", "=", kind));
	if (search.involves === undefined) return parts;
	// Few do things to others, so that the kinds of these are looked through. Written as the index has it.
	const done = all().where("actor", "=", whose).where(sql<boolean>`coalesce(profile_id, '') <> actor`);
	return [...parts, kinds === undefined ? done : done.where("kind", "in", kinds)];
}

function inOrder(
	db: Db,
	clinicId: string,
	{ kindsLeftOut, from, until }: Search,
	{ before, after, atMost }: Going,
): Places {
	const direction = after ? "asc" : "desc";
	let query = db
		.selectFrom("activity_events")
		.select(["at", "number"])
		.where("clinic_id", "=", clinicId)
		.orderBy("at", direction)
		.orderBy("number", direction)
		.limit(atMost);
	if (kindsLeftOut !== undefined) query = query.where("kind", "not in", kindsLeftOut);
	if (from !== undefined) query = query.where("at", ">=", from);
	if (until !== undefined) query = query.where("at", "<", until);
	if (before) {
		query = query.where((eb) => eb(eb.refTuple("at", "number"), "<", eb.tuple(before.at, before.number)));
	}
	if (after)
		query = query.where((eb) => eb(eb.refTuple("at", "number"), ">", eb.tuple(after.at, after.number)));
	return query;
}
