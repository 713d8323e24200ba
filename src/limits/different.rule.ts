import { z } from "zod";
import type { Verdict } from "./limits.rule.ts";
import type { Limit } from "./limits.ts";

const schema = z.object({
	/** What was tried and when, the oldest first. */
	seen: z.array(z.tuple([z.string(), z.int().min(0)]).readonly()).readonly(),
	/** Whether a try was refused since the last one that went. */
	isRefusing: z.boolean(),
});

/** What is remembered where a limit counts how many different things are tried. Another limit bounds its size. */
export type Different = Readonly<z.infer<typeof schema>>;

export const nothingTried: Different = { seen: [], isRefusing: false };

type Window = Pick<Limit, "tries" | "withinMs">;

/** Decides on one try of `what`, and counts it if it may go. `left` more different things may be tried. */
export function countDifferent(
	limit: Window,
	stored: Different,
	what: string,
	now: number,
): { verdict: Verdict; after: Different } {
	const seen = stillCounting(limit, stored.seen, now);
	// When each was last tried: the later ones stand behind.
	const lastTriedAt = new Map(seen);
	if (!lastTriedAt.has(what) && lastTriedAt.size >= limit.tries) {
		const until = Math.min(...lastTriedAt.values()) + limit.withinMs;
		const verdict = { kind: "wait", until, isFirstRefusal: !stored.isRefusing } as const;
		return { verdict, after: { seen, isRefusing: true } };
	}
	const different = lastTriedAt.set(what, now).size;
	const after = { seen: [...seen, [what, now] as const], isRefusing: false };
	return { verdict: { kind: "go", left: limit.tries - different }, after };
}

/** Takes back the newest try of `what` made at `takenAt` or before. */
export function differentTakenBack(stored: Different, what: string, takenAt: number): Different {
	const newest = stored.seen.findLastIndex(([seen, at]) => seen === what && at <= takenAt);
	return newest < 0 ? stored : { seen: stored.seen.toSpliced(newest, 1), isRefusing: false };
}

/** From when on it makes no difference whether this is remembered, so that it may be deleted. */
export function differentForgottenAt(limit: Window, { seen }: Different): number {
	return (seen.at(-1)?.[1] ?? -limit.withinMs) + limit.withinMs;
}

/** Reads what was stored. What cannot be read counts as everything used up just now, since it must open nothing. */
export function readDifferent(limit: Window, text: string, now: number): Different {
	try {
		return schema.parse(JSON.parse(text));
	} catch {
		const seen = Array.from({ length: limit.tries }, (_, n) => [`unreadable ${n}`, now] as const);
		return { seen, isRefusing: false };
	}
}

/** What lies ahead of now (the clock was set back) counts as of now. */
function stillCounting({ withinMs }: Window, seen: Different["seen"], now: number): Different["seen"] {
	return seen.filter(([, at]) => at > now - withinMs).map(([what, at]) => [what, Math.min(at, now)]);
}
