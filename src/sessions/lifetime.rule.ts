import type { Clinic } from "../clinics/clinic.ts";
import { days, hours, minutes } from "../clock.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";

/** What a Full Access user can choose for Automatic Sign Out: how long a session may lie unused. */
export const SIGN_OUT_CHOICES_MS = [
	minutes(10),
	minutes(30),
	hours(1),
	hours(2),
	hours(8),
	hours(24),
	days(7),
] as const;
/** No session outlives this or the clinic's setting, whichever is longer (NIST SP 800-63B-4, 2.2.3). */
const A_DAY_MS = hours(24);
/** How often its last use is written. */
const LAST_SEEN_EVERY_MS = minutes(1);
/** Wrong passwords and codes in one session before it ends. */
export const MOST_WRONG_PROOFS = 5;

type Settings = Pick<Clinic, "rule" | "timeZone" | "signOutAfterMs">;
type Times = { startedAt: number; lastSeenAt: number; expiresAt: number };

/** How long a session may lie unused now: what the clinic chose, a day at most while 2-Step Verification is required. */
export function signOutAfter(clinic: Settings, now: number): number {
	const isInForce = enforcementOf(clinic, now).kind === "in-force";
	return isInForce ? Math.min(clinic.signOutAfterMs, A_DAY_MS) : clinic.signOutAfterMs;
}

/** How long a session may last, used or not. */
export function longestSession(clinic: Settings, now: number): number {
	return Math.max(A_DAY_MS, signOutAfter(clinic, now));
}

/** When a session ends if it is not used again, epoch milliseconds; the clinic's rules as they are now. */
export function endOf(session: Times, clinic: Settings, now: number): number {
	return Math.min(session.lastSeenAt + signOutAfter(clinic, now), latestEndOf(session, clinic, now));
}

/** Whether it ends because nobody uses it; else because it is old, and no use keeps it. */
export function endsUnused(session: Times, clinic: Settings, now: number): boolean {
	return session.lastSeenAt + signOutAfter(clinic, now) < latestEndOf(session, clinic, now);
}

/** When a session ends however much it is used. */
function latestEndOf(session: Times, clinic: Settings, now: number): number {
	return Math.min(session.startedAt + longestSession(clinic, now), session.expiresAt);
}

export function isOver(session: Times, clinic: Settings, now: number): boolean {
	return now >= endOf(session, clinic, now);
}

/** What a session must be later than to be live still: the same as `isOver`, for finding sessions. Epoch milliseconds. */
export type LiveAfter = { lastSeenAt: number; startedAt: number; expiresAt: number };

export function liveAfter(clinic: Settings, now: number): LiveAfter {
	return {
		lastSeenAt: now - signOutAfter(clinic, now),
		startedAt: now - longestSession(clinic, now),
		expiresAt: now,
	};
}

/** Whether its last use should be written again. */
export function isLastSeenStale(session: Times, now: number): boolean {
	return now >= session.lastSeenAt + LAST_SEEN_EVERY_MS;
}
