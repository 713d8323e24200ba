import type { Limit } from "./limits.ts";

/**
 * How many tries there were in which slice of time, oldest first. A slice is a millisecond where a limit has few
 * tries, and a sixtieth of its time where it has many or may come to have many, so that the size stays small.
 */
export type Slices = readonly (readonly [slice: number, tries: number])[];

type Window = Pick<Limit, "tries" | "withinMs" | "varies">;

const MOST_REMEMBERED_SINGLY = 30;
const SLICES = 60;

/**
 * The slices that still count at `now`. One that lies ahead (the clock was set back) is taken as this one: it
 * counts for the whole time from now on, so that nothing opens earlier, and nothing stays shut longer.
 */
export function stillCounting(window: Window, slices: Slices, now: number): Slices {
	const thisSlice = sliceOf(window, now);
	const counting = slices.filter(([slice]) => leavesAt(window, slice) > now);
	const ahead = total(counting.filter(([slice]) => slice >= thisSlice));
	const before = counting.filter(([slice]) => slice < thisSlice);
	return ahead === 0 ? before : [...before, [thisSlice, ahead]];
}

/** With one more try at `now`, where nothing lies ahead of `now`. */
export function withOneMore(window: Window, slices: Slices, now: number): Slices {
	const thisSlice = sliceOf(window, now);
	const last = slices.at(-1);
	if (last?.[0] !== thisSlice) return [...slices, [thisSlice, 1]];
	return [...slices.slice(0, -1), [thisSlice, last[1] + 1]];
}

/** Without the newest try made at `takenAt` or before. */
export function withOneLess(window: Window, slices: Slices, takenAt: number): Slices {
	const newest = slices.findLastIndex(([slice]) => slice <= sliceOf(window, takenAt));
	return slices
		.map(([slice, tries], index) => [slice, index === newest ? tries - 1 : tries] as const)
		.filter(([, tries]) => tries > 0);
}

export function total(slices: Slices): number {
	return slices.reduce((sum, [, tries]) => sum + tries, 0);
}

/**
 * When the tries of a slice stop counting. All of them count as if made in its last millisecond: one may count a
 * sixtieth of the time too long, none too short.
 */
export function leavesAt(window: Window, slice: number): number {
	return (slice + 1) * sliceMs(window) - 1 + window.withinMs;
}

export function sliceOf(window: Window, at: number): number {
	return Math.floor(at / sliceMs(window));
}

/** Never another one for the same limit: what was counted could not be read any more. */
function sliceMs({ tries, withinMs, varies }: Window): number {
	return !varies && tries <= MOST_REMEMBERED_SINGLY ? 1 : Math.ceil(withinMs / SLICES);
}
