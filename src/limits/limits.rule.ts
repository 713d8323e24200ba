import { z } from "zod";
import { days } from "../clock.ts";
import type { Limit } from "./limits.ts";

/**
 * What a try is told. `go` has counted this try already, and `left` further ones may follow before a wait.
 * `isFirstRefusal` is true once a wait (or closing), so that refused tries make one event a wait.
 */
export type Verdict =
	| { kind: "go"; left: number }
	| { kind: "wait"; until: number; isFirstRefusal: boolean }
	| { kind: "closed"; isFirstRefusal: boolean };

/** How a limit stands now, for a page; `left` tries may be made before a wait. */
export type Standing = { kind: "go"; left: number } | { kind: "wait"; until: number } | { kind: "closed" };

/** Up to this many tries are remembered to the millisecond, more in sixtieths of their time. */
const MOST_REMEMBERED_SINGLY = 30;
const SLICES = 60;

const time = z.int().min(0);
const schema = z.strictObject({
	/** Slice of time → tries in it, oldest first. */
	tries: z.array(z.tuple([time, z.int().min(1)])),
	lastTryAt: time,
	waitUntil: time,
	/** How often the wait has doubled, plus one; 0 is no wait. */
	waitLevel: time,
	inARow: time,
	isClosed: z.boolean(),
	/** Whether a try was refused since the last one that went. */
	isRefusing: z.boolean(),
});

/** What is remembered of one limit and one key. Its size does not grow with the number of tries. */
export type Tries = z.infer<typeof schema>;

export const noTries: Tries = {
	tries: [],
	lastTryAt: 0,
	waitUntil: 0,
	waitLevel: 0,
	inARow: 0,
	isClosed: false,
	isRefusing: false,
};

/** Reads what was stored. What cannot be read counts as everything used up just now: it must open nothing. */
export function readTries(limit: Limit, text: string, now: number): Tries {
	const parsed = schema.safeParse(parseJson(text));
	if (parsed.success) return parsed.data;
	const used: Tries = { ...noTries, tries: [[sliceOf(limit, now), limit.tries]], lastTryAt: now };
	const level = limit.thenWait.kind === "doubling" ? 64 : 1;
	return {
		...used,
		waitLevel: level,
		waitUntil: now + waitMs(limit, level),
		isClosed: limit.closedAfterInARow !== undefined,
	};
}

/** Decides on one try and counts it if it may go. */
export function countTry(limit: Limit, before: Tries, now: number): { verdict: Verdict; after: Tries } {
	const tries = asOf(limit, before, now);
	const standing = standingOf(limit, tries, now);
	if (standing.kind !== "go") {
		const isClosed = tries.isClosed || standing.kind === "closed";
		return {
			verdict: { ...standing, isFirstRefusal: !tries.isRefusing },
			after: { ...tries, isClosed, isRefusing: true },
		};
	}
	const after: Tries = {
		...tries,
		tries: withOneMore(limit, tries.tries, now),
		lastTryAt: now,
		inARow: limit.closedAfterInARow === undefined ? 0 : tries.inARow + 1,
		isRefusing: false,
	};
	const usedUp = tries.waitLevel > 0 || total(after) >= limit.tries;
	if (usedUp && limit.thenWait.kind !== "until-one-leaves") {
		const level = limit.thenWait.kind === "doubling" ? tries.waitLevel + 1 : 1;
		after.waitLevel = level;
		after.waitUntil = now + waitMs(limit, level);
	}
	const next = standingOf(limit, after, now);
	return { verdict: { kind: "go", left: next.kind === "go" ? next.left : 0 }, after };
}

/** How a limit stands, with nothing counted. */
export function standing(limit: Limit, before: Tries, now: number): Standing {
	return standingOf(limit, asOf(limit, before, now), now);
}

/**
 * Takes back the newest try counted at `takenAt` or before, which proved right, and ends waits and the count
 * of tries in a row. What was closed stays closed.
 */
export function takenBack(limit: Limit, before: Tries, takenAt: number): Tries {
	const slice = sliceOf(limit, takenAt);
	const at = before.tries.findLastIndex(([one]) => one <= slice);
	const tries = before.tries.map(([one, count], index): [number, number] => [
		one,
		index === at ? count - 1 : count,
	]);
	return {
		...before,
		tries: tries.filter(([, count]) => count > 0),
		waitUntil: 0,
		waitLevel: 0,
		inARow: 0,
		isRefusing: before.isClosed && before.isRefusing,
	};
}

/** Tries in a row are remembered so long after the last one. */
const IN_A_ROW_KEPT_MS = days(90);
/** What is closed stays closed until it is cleared. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** From when on what is remembered makes no difference any more, so that its row may be deleted. */
export function forgottenAt(limit: Limit, tries: Tries): number {
	if (tries.isClosed || tries.inARow >= (limit.closedAfterInARow ?? Number.POSITIVE_INFINITY)) return NEVER;
	const level =
		limit.thenWait.kind === "doubling" && tries.waitLevel > 0 ? limit.thenWait.forgottenAfterMs : 0;
	return Math.max(
		tries.waitUntil,
		lastMsOf(limit, tries.tries.at(-1)?.[0] ?? 0) + limit.withinMs,
		tries.lastTryAt + Math.max(level, tries.inARow > 0 ? IN_A_ROW_KEPT_MS : 0),
	);
}

function standingOf(limit: Limit, tries: Tries, now: number): Standing {
	const untilClosed = (limit.closedAfterInARow ?? Number.POSITIVE_INFINITY) - tries.inARow;
	if (tries.isClosed || untilClosed <= 0) return { kind: "closed" };
	if (now < tries.waitUntil) return { kind: "wait", until: tries.waitUntil };
	// Between the waits of a doubling limit each single try is followed by the next wait.
	if (tries.waitLevel > 0) return { kind: "go", left: 1 };
	const left = limit.tries - total(tries);
	if (left > 0) return { kind: "go", left: Math.min(left, untilClosed) };
	if (limit.thenWait.kind === "doubling") return { kind: "go", left: 1 };
	return { kind: "wait", until: lastMsOf(limit, tries.tries[0]?.[0] ?? now) + limit.withinMs };
}

/**
 * What still counts at `now`. A time that lies ahead (the clock was set back) is taken as now, so that nothing
 * opens earlier for it, and nobody waits longer than one full wait.
 */
function asOf(limit: Limit, before: Tries, now: number): Tries {
	const thisSlice = sliceOf(limit, now);
	const tries: [number, number][] = [];
	for (const [stored, count] of before.tries) {
		const slice = Math.min(stored, thisSlice);
		if (lastMsOf(limit, slice) <= now - limit.withinMs) continue;
		const last = tries.at(-1);
		if (last?.[0] === slice) last[1] += count;
		else tries.push([slice, count]);
	}
	const lastTryAt = Math.min(before.lastTryAt, now);
	const after = { ...before, tries, lastTryAt };
	after.waitUntil = Math.min(before.waitUntil, now + waitMs(limit, before.waitLevel));
	const forgotten =
		limit.thenWait.kind === "doubling"
			? now >= after.waitUntil && now - lastTryAt >= limit.thenWait.forgottenAfterMs
			: now >= after.waitUntil;
	if (forgotten) after.waitLevel = 0;
	return after;
}

function waitMs({ thenWait }: Limit, level: number): number {
	if (thenWait.kind === "until-one-leaves" || level === 0) return 0;
	if (thenWait.kind === "fixed") return thenWait.ms;
	return Math.min(thenWait.fromMs * 2 ** (level - 1), thenWait.toMs);
}

function withOneMore(limit: Limit, tries: Tries["tries"], now: number): Tries["tries"] {
	const slice = sliceOf(limit, now);
	const last = tries.at(-1);
	const more: Tries["tries"] =
		last?.[0] === slice ? [...tries.slice(0, -1), [slice, last[1] + 1]] : [...tries, [slice, 1]];
	// A doubling limit lets single tries go between its waits: the newest are enough to know it is used up.
	return more.slice(-Math.max(limit.tries, SLICES + 2));
}

function total(tries: Tries): number {
	return tries.tries.reduce((sum, [, count]) => sum + count, 0);
}

function sliceMs(limit: Limit): number {
	return limit.tries <= MOST_REMEMBERED_SINGLY ? 1 : Math.ceil(limit.withinMs / SLICES);
}

function sliceOf(limit: Limit, at: number): number {
	return Math.floor(at / sliceMs(limit));
}

/** Every try of a slice counts as if made in the last millisecond of it, so that none is forgotten too early. */
function lastMsOf(limit: Limit, slice: number): number {
	return (slice + 1) * sliceMs(limit) - 1;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
