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
