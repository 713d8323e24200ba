/** Why somebody's 2-Step Verification is turned off, or their waits are cleared: kept in the activity log. */
export const SHORTEST_REASON = 3;
export const LONGEST_REASON = 500;

export type ReadReason =
	| { kind: "reason"; reason: string }
	| { kind: "too-short" }
	| { kind: "too-long" }
	/** It holds what nobody can read: a line break, or a character that steers a screen. */
	| { kind: "not-one-line" };

/** Reads a reason as typed. @returns it in NFC, without spaces around it */
export function readReason(typed: string): ReadReason {
	const reason = typed.normalize("NFC").trim();
	const length = [...reason].length;
	if (length < SHORTEST_REASON) return { kind: "too-short" };
	if (length > LONGEST_REASON) return { kind: "too-long" };
	// It is shown in lists and printed in terminals: nothing in it may draw over what stands beside it.
	if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(reason)) return { kind: "not-one-line" };
	return { kind: "reason", reason };
}
