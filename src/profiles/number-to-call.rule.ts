import { wasChangedLately } from "./lately-changed.rule.ts";
import type { Profile } from "./profile.ts";

/** E.164, or null where none is known. */
export type NumberToCall = { number: string | null; isEarlier: boolean };

/** Which number is a person's: for 7 days after a change the one before it, whoever called and whatever they say. */
export function numberToCall(
	profile: Pick<Profile, "mobile" | "mobileChangedAt" | "earlierMobile">,
	now: number,
): NumberToCall {
	const isEarlier = wasChangedLately(profile.mobileChangedAt, now);
	return { number: isEarlier ? profile.earlierMobile : profile.mobile, isEarlier };
}
