import { wasChangedLately } from "../profiles/lately-changed.rule.ts";
import type { Profile } from "../profiles/profile.ts";

/** Whether a colleague can turn somebody's 2-Step Verification off, and why not. */
export type MayBeReset =
	| { kind: "yes" }
	| { kind: "deactivated" }
	/** The email was changed within 7 days: whoever took it over gains nothing by it. */
	| { kind: "email-changed" }
	/** Nothing is on, so there is nothing to turn off; where a reset is pending, what helps is a temporary code. */
	| { kind: "nothing-on" };

export function mayBeReset(
	profile: Pick<Profile, "active" | "emailChangedAt">,
	hasMethodOn: boolean,
	now: number,
): MayBeReset {
	if (!profile.active) return { kind: "deactivated" };
	if (!hasMethodOn) return { kind: "nothing-on" };
	return wasChangedLately(profile.emailChangedAt, now) ? { kind: "email-changed" } : { kind: "yes" };
}
