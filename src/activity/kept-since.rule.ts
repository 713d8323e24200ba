import { days } from "../clock.ts";

/**
 * Since when events are kept: the start of the day, in UTC, so many years ago. By whole days, so that taking away
 * what is older is one event a day at most.
 *
 * @returns epoch milliseconds
 */
export function keptSince(now: number, years: number): number {
	const day = new Date(now);
	day.setUTCHours(0, 0, 0, 0);
	day.setUTCFullYear(day.getUTCFullYear() - years);
	return day.getTime();
}

/** Retention looks every hour: where a clock goes as clocks do, no more than this becomes old between two looks. */
export const MOST_OLD_AT_ONCE_MS = days(31);

/**
 * When a clock must have recorded something, so that it is believed when it makes more than that old at once: for as
 * long as it was off, or years ahead, it recorded nothing then.
 *
 * @returns epoch milliseconds, the first included and the last not
 */
export function whenClockShowsItself(now: number): { from: number; until: number } {
	return { from: now - 2 * MOST_OLD_AT_ONCE_MS, until: now - MOST_OLD_AT_ONCE_MS };
}
