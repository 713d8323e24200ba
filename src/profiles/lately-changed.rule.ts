import { days } from "../clock.ts";
import type { Profile } from "./profile.ts";

/** For so long after a change of email or number the earlier one still counts for something. */
export const LATELY_MS = days(7);

/** Whose an email was until within the last 7 days, since when it is not, and until when it is nobody else's. */
export type LateHolder = { name: string; since: number; until: number };

/**
 * Whether a profile's email or mobile number was changed within 7 days: whoever took over an address or number gains
 * nothing by it in that time.
 *
 * @param changedAt epoch milliseconds; null where it never was
 */
export function wasChangedLately(changedAt: number | null, now: number): boolean {
	return changedAt !== null && now - changedAt < LATELY_MS;
}

/**
 * Where links that set a password go: for 7 days after a change of email to the earlier address, so that whoever had
 * the email changed does not have the password too. Somebody who never finished a sign-in has nothing to take over,
 * and their earlier address may be a mistyped one.
 */
export function passwordLinkAddress(
	profile: Pick<Profile, "email" | "earlierEmail" | "emailChangedAt" | "lastSignInAt">,
	now: number,
): string {
	const { email, earlierEmail, emailChangedAt, lastSignInAt } = profile;
	const goesToEarlier = lastSignInAt !== null && wasChangedLately(emailChangedAt, now);
	return goesToEarlier && earlierEmail !== null ? earlierEmail : email;
}

/** Where a person is told what was done to their profile: for 7 days after a change of email at the earlier address too. */
export function addressesOf(
	{ email, earlierEmail, emailChangedAt }: Pick<Profile, "email" | "earlierEmail" | "emailChangedAt">,
	now: number,
): string[] {
	const isTold = earlierEmail !== null && earlierEmail !== email && wasChangedLately(emailChangedAt, now);
	return isTold ? [email, earlierEmail] : [email];
}
