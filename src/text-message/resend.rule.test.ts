import fc from "fast-check";
import { expect, test } from "vitest";
import { minutes, seconds } from "../clock.ts";
import { mayResend } from "./resend.rule.ts";

const START = Date.UTC(2026, 2, 2, 9);

test.each([
	{ sent: 1, waitMs: seconds(30) },
	{ sent: 2, waitMs: minutes(2) },
	{ sent: 3, waitMs: minutes(5) },
])("after $sent messages the next one waits $waitMs ms from the last", ({ sent, waitMs }) => {
	const sends = Array.from({ length: sent }, (_, n) => ({ at: START - n * 1000 }));
	const until = START + waitMs;
	expect(mayResend(sends, START)).toEqual({ kind: "wait", until });
	expect(mayResend(sends, until - 1)).toEqual({ kind: "wait", until });
	expect(mayResend(sends, until)).toEqual({ kind: "go" });
});

test("the first message waits for nothing, and after the fourth there is none", () => {
	expect(mayResend([], START)).toEqual({ kind: "go" });
	const four = [0, 1, 2, 3].map((n) => ({ at: START + n }));
	expect(mayResend(four, START + minutes(60))).toEqual({ kind: "used-up" });
	expect(mayResend([...four, { at: START }], START)).toEqual({ kind: "used-up" });
});

test("another number waits for nothing, but what went to the first one counts among the four", () => {
	expect(mayResend([], START, 1)).toEqual({ kind: "go" });
	expect(mayResend([{ at: START }], START, 2)).toEqual({ kind: "wait", until: START + seconds(30) });
	expect(mayResend([], START, 4)).toEqual({ kind: "used-up" });
	expect(mayResend([{ at: START }], START + minutes(60), 3)).toEqual({ kind: "used-up" });
});

test("a clock set back makes nobody wait longer than one wait from then", () => {
	expect(mayResend([{ at: START + minutes(90) }], START)).toEqual({
		kind: "wait",
		until: START + seconds(30),
	});
});

test("who asks as often as may be gets four messages, 30 s, 2 min and 5 min apart at least", () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 0, max: minutes(3) }), { maxLength: 60 }), (pauses) => {
			const sends: { at: number }[] = [];
			let now = START;
			for (const pause of pauses) {
				now += pause;
				if (mayResend(sends, now).kind === "go") sends.push({ at: now });
			}
			expect(sends.length).toBeLessThanOrEqual(4);
			const waits = sends.slice(1).map(({ at }, n) => at - (sends[n]?.at ?? 0));
			for (const [n, least] of [seconds(30), minutes(2), minutes(5)].entries()) {
				expect(waits[n] ?? least).toBeGreaterThanOrEqual(least);
			}
		}),
	);
});
