import type { Db } from "../db/connect.ts";
import type { ActivityEventRow, ActivityMarkRow } from "../db/tables.ts";
import { csvLine } from "../web/csv.ts";
import { findMark } from "./mark.ts";
import { latestNumber, storedEvents } from "./stored-events.ts";

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

/**
 * All events of a clinic by number, as they are stored, a line at a time. Where retention took earlier ones away it
 * begins with their mark: number and code of the last that went, when, and `not-kept` as its kind. The last line has
 * the latest number and code. `at` is ISO 8601 in UTC with milliseconds; JSON Lines have `detail` as an object, CSV as its JSON.
 */
export async function* exportActivity(
	db: Db,
	clinicId: string,
	format: ExportFormat,
): AsyncGenerator<string> {
	if (format === "csv") yield csvLine(COLUMNS);
	const upTo = await latestNumber(db, clinicId);
	const mark = await findMark(db, clinicId);
	if (mark) yield format === "csv" ? csvEvent(markAsEvent(mark)) : jsonEvent(markAsEvent(mark));
	for await (const event of storedEvents(db, clinicId, upTo)) {
		yield format === "csv" ? csvEvent(event) : jsonEvent(event);
	}
}

function markAsEvent({ clinic_id, number, code, at }: ActivityMarkRow): ActivityEventRow {
	const nobody = { profile_id: null, address: null, browser_name: null };
	return { clinic_id, number, at, kind: "not-kept", actor: "vestibule", ...nobody, detail: "{}", code };
}

function csvEvent(event: ActivityEventRow): string {
	const cells = { ...event, at: isoTime(event.at) };
	return csvLine(COLUMNS.map((column) => String(cells[column] ?? "")));
}

function jsonEvent(event: ActivityEventRow): string {
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
