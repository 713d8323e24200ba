import { hours, minutes, seconds } from "../clock.ts";

type Channel = "email" | "text";

/** A text message carries a code that soon ends. */
const WAITS_MS: Record<Channel, number[]> = {
	email: [seconds(5), seconds(30), minutes(2), minutes(10), minutes(30)],
	text: [seconds(2), seconds(5), seconds(15), seconds(30)],
};
const LONGEST_WAIT_MS: Record<Channel, number> = { email: hours(2), text: minutes(1) };

/** What follows a failed try. */
export type NextTry = { kind: "again"; at: number } | { kind: "give-up" };

/**
 * Waits that grow with every try, for as long as the message is worth sending.
 *
 * @param message `tries`: how often it was tried, this time included; `expiresAt` as `now`
 * @param now epoch milliseconds
 * @param notBefore what whoever should take it asked for
 */
export function nextTry(
	message: { channel: Channel; tries: number; expiresAt: number },
	now: number,
	notBefore = 0,
): NextTry {
	const { channel, tries, expiresAt } = message;
	const at = Math.max(now + (WAITS_MS[channel][tries - 1] ?? LONGEST_WAIT_MS[channel]), notBefore);
	return at < expiresAt ? { kind: "again", at } : { kind: "give-up" };
}
