import { z } from "zod";
import type { Limit } from "./limits.ts";
import { leavesAt, sliceOf } from "./sliding-window.rule.ts";

const count = z.int().min(0);
const time = z.int().min(0);
const schema = z.object({
	slices: z.array(z.tuple([z.int(), z.int().min(1)]).readonly()).readonly(),
	lastTryAt: time,
	waitUntil: time,
	/** 0 where no wait was reached, else one more than how often the wait has doubled. */
	waitLevel: count,
	/** Tries since the last success; 0 where the limit does not count them. */
	inARow: count,
	isClosed: z.boolean(),
	/** Whether a try was refused since the last one that went. */
	isRefusing: z.boolean(),
});

/** What is remembered of one limit and one key; its size does not grow with the number of tries. */
export type Tries = Readonly<z.infer<typeof schema>>;

export const noTries: Tries = {
	slices: [],
	lastTryAt: 0,
	waitUntil: 0,
	waitLevel: 0,
	inARow: 0,
	isClosed: false,
	isRefusing: false,
};

/** More than any wait doubles. */
const LONGEST_WAIT_LEVEL = 64;
/** Past every date. */
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Reads what was stored. What cannot be read counts as everything used up just now, since it must open nothing,
 * and as closed where the limit can close.
 */
export function readTries(limit: Limit, text: string, now: number): Tries {
	const parsed = schema.safeParse(parsedJson(text));
	if (parsed.success) return parsed.data;
	return {
		...noTries,
		slices: [[sliceOf(limit, now), limit.tries]],
		lastTryAt: now,
		waitUntil: now + waitMs(limit, LONGEST_WAIT_LEVEL),
		waitLevel: LONGEST_WAIT_LEVEL,
		isClosed: limit.closed !== undefined,
	};
}

/** How long a wait of this level is; 0 where the limit waits only until a try leaves its window. */
export function waitMs({ thenWait }: Limit, level: number): number {
	if (thenWait.kind === "until-one-leaves" || level === 0) return 0;
	if (thenWait.kind === "fixed") return thenWait.ms;
	return Math.min(thenWait.fromMs * 2 ** (level - 1), thenWait.toMs);
}

/** From when on it makes no difference whether this is remembered, so that it may be deleted. */
export function forgottenAt(limit: Limit, tries: Tries): number {
	if (tries.isClosed || tries.inARow >= (limit.closed?.afterInARow ?? NEVER)) return NEVER;
	const newest = tries.slices.at(-1);
	const doubling = limit.thenWait.kind === "doubling" && tries.waitLevel > 0 ? limit.thenWait : undefined;
	return Math.max(
		tries.waitUntil,
		newest ? leavesAt(limit, newest[0]) : 0,
		tries.lastTryAt + (doubling?.forgottenAfterMs ?? 0),
		tries.lastTryAt + (tries.inARow > 0 ? (limit.closed?.forgottenAfterMs ?? 0) : 0),
	);
}

function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
