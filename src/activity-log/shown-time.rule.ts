/** No clock of ours ever had another time than between these: somebody changed what is stored. */
const [FIRST, LAST] = [Date.UTC(2000, 0), Date.UTC(3000, 0) - 1];

/** The time of an event as it is shown: one that cannot be so is shown as the nearest that can, and hides no other. */
export function shownTime(at: number): number {
	const time = Math.min(Math.max(at, FIRST), LAST);
	return Number.isNaN(time) ? FIRST : time;
}
