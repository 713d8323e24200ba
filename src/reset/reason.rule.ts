import { isOneLine } from "../profiles/one-line.rule.ts";

/** Why somebody's 2-Step Verification is turned off, or their waits are cleared: kept in the activity log. */
export const SHORTEST_REASON = 3;
export const LONGEST_REASON = 500;

export type ReadReason =
	| { kind: "reason"; reason: string }
	| { kind: "too-short" }
	| { kind: "too-long" }
	/** It holds what nobody can read: a line break, or a character that steers a screen; or it shows nothing. */
	| { kind: "not-one-line" };

/** Reads a reason as typed. @returns it in NFC, without spaces around it */
export function readReason(typed: string): ReadReason {
	const reason = typed.normalize("NFC").trim();
	const length = [...reason].length;
	if (length < SHORTEST_REASON) return { kind: "too-short" };
	if (length > LONGEST_REASON) return { kind: "too-long" };
	if (!isOneLine(reason)) return { kind: "not-one-line" };
	return { kind: "reason", reason };
}
