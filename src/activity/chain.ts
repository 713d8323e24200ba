import type { ActivityEventRow } from "../db/tables.ts";

/** What comes before the first event of a clinic. */
export const BEFORE_THE_FIRST = "";

/**
 * The text that an event's code is the keyed hash of: a JSON array of all its columns but the code, in the
 * order of the table, then the code of the event before it (the first has the empty text). Numbers are
 * decimal, what is missing is null, and `detail` is the text that is stored.
 */
export function textToSign(event: Omit<ActivityEventRow, "code">, codeBefore: string): string {
	return JSON.stringify([
		event.clinic_id,
		event.number,
		event.at,
		event.kind,
		event.profile_id,
		event.actor,
		event.address,
		event.browser_name,
		event.detail,
		codeBefore,
	]);
}
