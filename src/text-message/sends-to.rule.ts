import { mayResend, type Resend } from "./resend.rule.ts";

/** A message of a sign-in or set-up. */
type Sent = { number: string; sent_at: number };

/**
 * What went to a number so far, which may have been changed since another one was texted.
 *
 * @param all every message of the sign-in or set-up, the first one first
 */
export function sendsTo<S extends Sent>(
	number: string,
	all: readonly S[],
	now: number,
): { last: S | undefined; resend: Resend } {
	const own = all.filter((send) => send.number === number);
	const resend = mayResend(
		own.map(({ sent_at }) => ({ at: sent_at })),
		now,
		all.length - own.length,
	);
	return { last: own.at(-1), resend };
}
