import { hours, minutes } from "../clock.ts";
import type { Enforcement } from "../enforcement/enforcement.rule.ts";
import { wasChangedLately } from "../profiles/lately-changed.rule.ts";
import type { Profile } from "../profiles/profile.ts";

export const TEMPORARY_CODE_DIGITS = 8;
/** How long a code may be given for. */
export const TEMPORARY_CODE_LIVES_MS = [minutes(15), hours(1), hours(24)] as const;
export const DEFAULT_LIFE_MS = hours(1);

/** Whether somebody can be given a temporary code, and why not. */
export type MayBeGiven =
	| { kind: "yes" }
	/** The email was changed within 7 days: whoever took it over gains nothing by it. */
	| { kind: "email-changed" }
	/** Nothing in this person's sign-in asks for one. */
	| { kind: "not-asked-for" }
	| { kind: "deactivated" };

/**
 * Only for somebody with a method on, a reset pending, or no method while the clinic requires one.
 *
 * @param by the operator may after a change of email too
 */
export function mayBeGivenTemporaryCode(
	profile: Pick<Profile, "active" | "resetPendingAt" | "emailChangedAt">,
	hasMethodOn: boolean,
	enforcement: Enforcement,
	by: "a-colleague" | "the-operator",
	now: number,
): MayBeGiven {
	if (!profile.active) return { kind: "deactivated" };
	if (by === "a-colleague" && wasChangedLately(profile.emailChangedAt, now)) return { kind: "email-changed" };
	const isAskedFor = hasMethodOn || profile.resetPendingAt !== null || enforcement.kind === "in-force";
	return isAskedFor ? { kind: "yes" } : { kind: "not-asked-for" };
}
