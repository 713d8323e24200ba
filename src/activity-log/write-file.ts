import { setImmediate as othersTurn } from "node:timers/promises";
import { type ExportFormat, eventLine, exportedPages, firstLine } from "../activity/export.ts";
import { type Search, searchActivity } from "../activity/search.ts";
import { localMoment } from "../clinics/local-time.rule.ts";
import type { Db } from "../db/connect.ts";
import type { ActivityEventRow } from "../db/tables.ts";
import { listNames } from "../profiles/store.ts";
import { BYTE_ORDER_MARK } from "../web/csv.ts";
import type { Visit } from "../web/visit.ts";
import { namedIn, tell } from "./sentence.ts";
import { shownTime } from "./shown-time.rule.ts";

/** How many events are in memory at a time. */
const PAGE = 500;

/**
 * Activity as a file, a page of it at a time: the next page is read when the last one was taken, and nothing is held
 * in between.
 *
 * @param search undefined for all of the clinic's, which then ends with its latest number and code
 */
export async function* writeActivity(
	db: Db,
	{ clinic, words, now }: Visit,
	search: Search | undefined,
	format: ExportFormat,
): AsyncGenerator<string> {
	const { clinicId, timeZone } = clinic;
	yield (format === "csv" ? BYTE_ORDER_MARK : "") + firstLine(format, true);
	const pages = search ? foundPages(db, clinicId, search, now) : exportedPages(db, clinicId);
	for await (const page of pages) {
		const names = await listNames(db, clinicId, namedIn(page));
		const lines = page.map((event) => {
			const { concerns, doneBy, sentence } = tell(event, names, timeZone, words);
			const clinicTime = clinicTimeOf(event.at, timeZone);
			return eventLine(event, format, { clinicTime, concerns, doneBy, whatHappened: sentence });
		});
		yield lines.join("");
		// SQLite answers at once, so that without this nobody else would be answered until the last page.
		await othersTurn();
	}
}

/** What is searched for, oldest first, up to now: what is recorded meanwhile does not draw it out. */
async function* foundPages(
	db: Db,
	clinicId: string,
	search: Search,
	now: number,
): AsyncGenerator<ActivityEventRow[]> {
	const upToNow = { ...search, until: Math.min(search.until ?? Number.MAX_SAFE_INTEGER, now + 1) };
	let after = { at: Number.MIN_SAFE_INTEGER, number: Number.MIN_SAFE_INTEGER };
	for (;;) {
		const page = await searchActivity(db, clinicId, upToNow, { after, atMost: PAGE });
		if (page.length > 0) yield page;
		const last = page.at(-1);
		if (last === undefined || page.length < PAGE) return;
		after = { at: last.at, number: last.number };
	}
}

/** "2026-12-07 14:05:09", which spreadsheets know as a time. */
function clinicTimeOf(at: number, timeZone: string): string {
	return localMoment(shownTime(at), timeZone).slice(0, "2026-12-07T14:05:09".length).replace("T", " ");
}
