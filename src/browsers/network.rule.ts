import { days } from "../clock.ts";

/** A network on which a person finished a sign-in is no news to them for so long. */
export const NETWORK_SEEN_FOR_MS = days(30);

/**
 * Whether a person was noted on this network today already: in a known browser whose latest sign-in came from it on
 * the same day (UTC). Then nothing has to be read or written again.
 *
 * @param known what is known of the browser; undefined where it is not known
 */
export function wasSeenToday(
	known: { lastKnownAt: number; isOnThisNetwork: boolean } | undefined,
	now: number,
): boolean {
	if (!known?.isOnThisNetwork) return false;
	return dayOf(known.lastKnownAt) === dayOf(now);
}

/**
 * Whether a sign-in that was just finished is told to the person: in a browser that is not known, on a network where
 * they were not seen within 30 days. The very first one is not: everything is new then.
 *
 * @param at.networkSeenAt when they were last seen on this network before; undefined where they never were
 */
export function isNewBrowserTold(
	at: { isBrowserKnown: boolean; networkSeenAt: number | undefined; lastSignInAt: number | null },
	now: number,
): boolean {
	if (at.isBrowserKnown || at.lastSignInAt === null) return false;
	return at.networkSeenAt === undefined || now - at.networkSeenAt >= NETWORK_SEEN_FOR_MS;
}

function dayOf(at: number): number {
	return Math.floor(at / days(1));
}
