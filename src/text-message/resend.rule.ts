import { minutes, seconds } from "../clock.ts";

/** How long after each message the next one to that number may go; after one more, none. */
const WAITS_MS = [seconds(30), minutes(2), minutes(5)];

/** Whether one more message may go in a sign-in or set-up. `until` is epoch milliseconds. */
export type Resend = { kind: "go" } | { kind: "wait"; until: number } | { kind: "used-up" };

/**
 * @param sends the messages to this number so far, with when each was sent, in any order
 * @param toOthers how many went to another number, before it was changed: nobody waits for those, but they count
 */
export function mayResend(sends: readonly { at: number }[], now: number, toOthers = 0): Resend {
	if (sends.length + toOthers > WAITS_MS.length) return { kind: "used-up" };
	const waitMs = WAITS_MS[sends.length - 1];
	if (waitMs === undefined) return { kind: "go" };
	// Where the clock was set back, nobody waits longer than one whole wait from now.
	const lastAt = Math.min(now, Math.max(...sends.map(({ at }) => at)));
	return now < lastAt + waitMs ? { kind: "wait", until: lastAt + waitMs } : { kind: "go" };
}
