import type { Db } from "../db/connect.ts";
import type { ActivityEventRow, ActivityHeadRow } from "../db/tables.ts";

const PAGE = 500;

/** A clinic's events by number, up to one number, a page in memory at a time. */
export async function* storedEvents(
	db: Db,
	clinicId: string,
	upTo: number,
): AsyncGenerator<ActivityEventRow> {
	for await (const page of storedPages(db, clinicId, upTo)) yield* page;
}

/** The same, page by page. */
export async function* storedPages(
	db: Db,
	clinicId: string,
	upTo: number,
): AsyncGenerator<ActivityEventRow[]> {
	// From below the first number, so that one slipped in there is seen too.
	let after = Number.MIN_SAFE_INTEGER;
	for (;;) {
		const page = await eventsAfter(db, clinicId, after, PAGE, upTo);
		if (page.length > 0) yield page;
		const last = page.at(-1);
		if (last === undefined || page.length < PAGE) return;
		after = last.number;
	}
}

/** The first events of a clinic after a number. @param upTo the last number that is read */
export function eventsAfter(
	db: Db,
	clinicId: string,
	after: number,
	atMost: number,
	upTo = Number.MAX_SAFE_INTEGER,
): Promise<ActivityEventRow[]> {
	return db
		.selectFrom("activity_events")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("number", ">", after)
		.where("number", "<=", upTo)
		.orderBy("number")
		.limit(atMost)
		.execute();
}

/** The latest number among a clinic's events; 0 where there is none. */
export async function latestNumber(db: Db, clinicId: string): Promise<number> {
	const row = await db
		.selectFrom("activity_events")
		.select("number")
		.where("clinic_id", "=", clinicId)
		.orderBy("number", "desc")
		.limit(1)
		.executeTakeFirst();
	return row?.number ?? 0;
}

/** Whether retention has ever taken events of a clinic away, as the events that are left tell it. */
export async function tellsOfRetention(db: Db, clinicId: string): Promise<boolean> {
	const row = await db
		.selectFrom("activity_events")
		.select("number")
		.where("clinic_id", "=", clinicId)
		.where("kind", "=", "activity-retained")
		.limit(1)
		.executeTakeFirst();
	return row !== undefined;
}

/** Whether something of a clinic was recorded in a time. @param from included @param until not */
export async function hasEventAt(
	db: Db,
	clinicId: string,
	{ from, until }: { from: number; until: number },
): Promise<boolean> {
	const row = await db
		.selectFrom("activity_events")
		.select("number")
		.where("clinic_id", "=", clinicId)
		.where("at", ">=", from)
		.where("at", "<", until)
		.limit(1)
		.executeTakeFirst();
	return row !== undefined;
}

/** The latest number and code as they are kept beside the events. */
export function findHead(db: Db, clinicId: string): Promise<ActivityHeadRow | undefined> {
	return db.selectFrom("activity_heads").selectAll().where("clinic_id", "=", clinicId).executeTakeFirst();
}
