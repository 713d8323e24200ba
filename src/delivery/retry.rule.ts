import { hours, minutes, seconds } from "../clock.ts";

const WAITS = [seconds(5), seconds(30), minutes(2), minutes(10), minutes(30)];
const LONGEST_WAIT = hours(2);

/** What follows a failed attempt. */
export type NextTry = { kind: "again"; at: number } | { kind: "give-up" };

/**
 * Waits that grow with every try, for as long as the message is worth sending.
 *
 * @param tries how often it was tried, this time included
 * @param now epoch milliseconds, as `expiresAt`
 */
export function nextTry(tries: number, now: number, expiresAt: number): NextTry {
	const at = now + (WAITS[tries - 1] ?? LONGEST_WAIT);
	return at < expiresAt ? { kind: "again", at } : { kind: "give-up" };
}
