import type { Db } from "../db/connect.ts";
import type { ActivityEventRow, ActivityMarkRow } from "../db/tables.ts";
import { csvLine } from "../web/csv.ts";
import { findMark } from "./mark.ts";
import { latestNumber, storedPages } from "./stored-events.ts";

export const EXPORT_FORMATS = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const COLUMNS = [
	"number",
	"at",
	"kind",
	"profile_id",
	"actor",
	"address",
	"browser_name",
	"detail",
	"code",
] as const;
const SAID_COLUMNS = ["clinic_time", "concerns", "done_by", "what_happened"];

/** What stands for a kind in the line of the mark that retention left. */
export const NOT_KEPT = "not-kept";

/** What people read of an event, beside what is stored. @property clinicTime as a clock at the clinic showed it */
type Said = { clinicTime: string; concerns: string | undefined; doneBy: string; whatHappened: string };

/**
 * All events of a clinic by number, as they are stored, a line at a time. Where retention took earlier ones away it
 * begins with their mark: number and code of the last that went, when, and `not-kept` as its kind. The last line has
 * the latest number and code. `at` is ISO 8601 in UTC with milliseconds; JSON Lines have `detail` as an object, CSV as
 * its JSON.
 */
export async function* exportActivity(
	db: Db,
	clinicId: string,
	format: ExportFormat,
): AsyncGenerator<string> {
	if (format === "csv") yield firstLine(format);
	for await (const page of exportedPages(db, clinicId)) {
		for (const event of page) yield eventLine(event, format);
	}
}

/** The same events, page by page. */
export async function* exportedPages(db: Db, clinicId: string): AsyncGenerator<ActivityEventRow[]> {
	const upTo = await latestNumber(db, clinicId);
	const mark = await findMark(db, clinicId);
	if (mark) yield [markAsEvent(mark)];
	yield* storedPages(db, clinicId, upTo);
}

/** The names of the columns; JSON Lines have none. @param isSaid whether lines say what people read */
export function firstLine(format: ExportFormat, isSaid = false): string {
	if (format === "jsonl") return "";
	return csvLine(isSaid ? [...COLUMNS, ...SAID_COLUMNS] : COLUMNS);
}

export function eventLine(event: ActivityEventRow, format: ExportFormat, said?: Said): string {
	return format === "csv" ? csvEvent(event, said) : jsonEvent(event, said);
}

function markAsEvent({ clinic_id, number, code, at }: ActivityMarkRow): ActivityEventRow {
	const nobody = { profile_id: null, address: null, browser_name: null };
	return { clinic_id, number, at, kind: NOT_KEPT, actor: "vestibule", ...nobody, detail: "{}", code };
}

function csvEvent(event: ActivityEventRow, said: Said | undefined): string {
	const cells = { ...event, at: isoTime(event.at) };
	const stored = COLUMNS.map((column) => String(cells[column] ?? ""));
	if (!said) return csvLine(stored);
	return csvLine([...stored, said.clinicTime, said.concerns ?? "", said.doneBy, said.whatHappened]);
}

function jsonEvent(event: ActivityEventRow, said: Said | undefined): string {
	const line = {
		number: event.number,
		at: isoTime(event.at),
		kind: event.kind,
		profileId: event.profile_id,
		actor: event.actor,
		address: event.address,
		browserName: event.browser_name,
		detail: parsedOrText(event.detail),
		code: event.code,
		...said,
	};
	return `${JSON.stringify(line)}\n`;
}

// Somebody may have changed what is stored; the export must still show all of it.

function isoTime(at: number): string {
	const date = new Date(at);
	return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}

function parsedOrText(detail: string): unknown {
	try {
		return JSON.parse(detail);
	} catch {
		return detail;
	}
}
