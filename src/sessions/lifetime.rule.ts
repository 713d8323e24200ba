import { hours, minutes } from "../clock.ts";

/** A session ends after this long without being used. */
export const AUTOMATIC_SIGN_OUT_MS = hours(2);
/** No session outlives this, used or not (NIST SP 800-63B-4, 2.2.3: at least once a day at AAL2). */
export const LONGEST_SESSION_MS = hours(24);
/** How often its last use is written. */
export const LAST_SEEN_EVERY_MS = minutes(1);
/** Wrong passwords and codes in one session before it ends. */
export const MOST_WRONG_PROOFS = 5;

type Times = { startedAt: number; lastSeenAt: number; expiresAt: number };

export function isOver(session: Times, now: number): boolean {
	return now >= session.expiresAt || now >= session.lastSeenAt + AUTOMATIC_SIGN_OUT_MS;
}

/** Whether its last use should be written again. */
export function isLastSeenStale(session: Times, now: number): boolean {
	return now >= session.lastSeenAt + LAST_SEEN_EVERY_MS;
}
