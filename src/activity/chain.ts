import type { ActivityEventRow } from "../db/tables.ts";

/** One event as the next one knows it, and as `--expect` names it. */
export type Link = Pick<ActivityEventRow, "number" | "code">;

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

/** As an export, the log and `audit verify` write it: `number:code`. */
export function linkText({ number, code }: Link): string {
	return `${number}:${code}`;
}

/** Reads `number:code`; undefined when it has not that shape. */
export function readLink(text: string): Link | undefined {
	const [, number, code] = /^([1-9]\d{0,14}):([a-z0-9-]+\.[A-Za-z0-9_-]+)$/.exec(text) ?? [];
	return number === undefined || code === undefined ? undefined : { number: Number(number), code };
}
