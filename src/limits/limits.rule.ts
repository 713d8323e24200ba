import type { Limit } from "./limits.ts";
import { leavesAt, stillCounting, total, withOneLess, withOneMore } from "./sliding-window.rule.ts";
import { noTries, type Tries, waitMs } from "./tries.rule.ts";

/** How a limit stands. `left` tries may be made before a wait; `until` is epoch milliseconds. */
export type Standing = { kind: "go"; left: number } | { kind: "wait"; until: number } | { kind: "closed" };

/**
 * What a try is told. `go` has counted it already: it may be compared, and `left` more may follow before a wait.
 * `isFirstRefusal` is true once a wait, and once for a closing, so that refused tries are one event.
 */
export type Verdict =
	| { kind: "go"; left: number }
	| { kind: "wait"; until: number; isFirstRefusal: boolean }
	| { kind: "closed"; isFirstRefusal: boolean };

/** Decides on one try, and counts it if it may go. */
export function countTry(limit: Limit, stored: Tries, now: number): { verdict: Verdict; after: Tries } {
	const before = asOf(limit, stored, now);
	const standing = standingOf(limit, before, now);
	if (standing.kind !== "go") {
		// From the first refusal on a closing is final: a right try still being compared does not undo it.
		const after = { ...before, isClosed: standing.kind === "closed", isRefusing: true };
		return { verdict: { ...standing, isFirstRefusal: !before.isRefusing }, after };
	}
	const counted = {
		...before,
		slices: withOneMore(limit, before.slices, now),
		lastTryAt: now,
		inARow: limit.closed ? before.inARow + 1 : 0,
		isRefusing: false,
	};
	const after = startsWait(limit, counted) ? withWait(limit, counted, now) : counted;
	const next = standingOf(limit, after, now);
	return { verdict: { kind: "go", left: next.kind === "go" ? next.left : 0 }, after };
}

/** How a limit stands now, with nothing counted. */
export function standingNow(limit: Limit, stored: Tries, now: number): Standing {
	return standingOf(limit, asOf(limit, stored, now), now);
}

/**
 * Takes back the newest try made at `takenAt` or before, since it proved right, and ends the wait, its doubling
 * and the tries in a row. The other tries still count in their window, and what was closed stays closed.
 */
export function takenBack(limit: Limit, stored: Tries, takenAt: number): Tries {
	const slices = withOneLess(limit, stored.slices, takenAt);
	// Nothing is left that anybody would have to remember.
	if (slices.length === 0 && !stored.isClosed) return noTries;
	return {
		...stored,
		slices,
		waitUntil: 0,
		waitLevel: 0,
		inARow: 0,
		isRefusing: stored.isClosed && stored.isRefusing,
	};
}

function standingOf(limit: Limit, tries: Tries, now: number): Standing {
	const untilClosed = (limit.closed?.afterInARow ?? Number.POSITIVE_INFINITY) - tries.inARow;
	if (tries.isClosed || untilClosed <= 0) return { kind: "closed" };
	if (now < tries.waitUntil) return { kind: "wait", until: tries.waitUntil };
	const left = tries.waitLevel > 0 ? 0 : limit.tries - total(tries.slices);
	if (left > 0) return { kind: "go", left: Math.min(left, untilClosed) };
	// Used up, and its wait is over: one more, which the next wait follows.
	if (limit.thenWait.kind === "doubling") return { kind: "go", left: 1 };
	return { kind: "wait", until: leavesAt(limit, tries.slices[0]?.[0] ?? now) };
}

function startsWait({ tries, thenWait }: Limit, counted: Tries): boolean {
	if (thenWait.kind === "until-one-leaves") return false;
	return counted.waitLevel > 0 || total(counted.slices) >= tries;
}

function withWait(limit: Limit, counted: Tries, now: number): Tries {
	const waitLevel = counted.waitLevel + 1;
	return { ...counted, waitLevel, waitUntil: now + waitMs(limit, waitLevel) };
}

/** What still counts at `now`. Where the clock was set back, nobody waits longer than one whole wait from now. */
function asOf(limit: Limit, stored: Tries, now: number): Tries {
	const lastTryAt = Math.min(stored.lastTryAt, now);
	const waitUntil = Math.min(stored.waitUntil, now + waitMs(limit, stored.waitLevel));
	const levelEndsAt = limit.thenWait.kind === "doubling" ? lastTryAt + limit.thenWait.forgottenAfterMs : 0;
	const isLevelOver = now >= waitUntil && now >= levelEndsAt;
	return {
		...stored,
		slices: stillCounting(limit, stored.slices, now),
		lastTryAt,
		waitUntil,
		waitLevel: isLevelOver ? 0 : stored.waitLevel,
	};
}
