import { minutes, seconds } from "../clock.ts";

/** How long after each message the next one may go; after the last, none. */
const WAITS_MS = [seconds(30), minutes(2), minutes(5)];

/** Whether one more message may go in a sign-in or set-up. `until` is epoch milliseconds. */
export type Resend = { kind: "go" } | { kind: "wait"; until: number } | { kind: "used-up" };

/** @param sends the messages so far, with when each was sent, in any order */
export function mayResend(sends: readonly { at: number }[], now: number): Resend {
	if (sends.length === 0) return { kind: "go" };
	const waitMs = WAITS_MS[sends.length - 1];
	if (waitMs === undefined) return { kind: "used-up" };
	// Where the clock was set back, nobody waits longer than one whole wait from now.
	const lastAt = Math.min(now, Math.max(...sends.map(({ at }) => at)));
	return now < lastAt + waitMs ? { kind: "wait", until: lastAt + waitMs } : { kind: "go" };
}
