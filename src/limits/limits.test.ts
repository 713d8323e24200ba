import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { days, hours, minutes, seconds } from "../clock.ts";
import { countTry, standingNow, takenBack, type Verdict } from "./limits.rule.ts";
import { type Limit, type LimitName, limitFor, limits } from "./limits.ts";
import { forgottenAt, noTries, readTries, type Tries } from "./tries.rule.ts";

const START = Date.UTC(2026, 2, 2, 9);

/** One key's tries, stored and read again each time as the database would. */
function someone(limit: Limit) {
	let stored = JSON.stringify(noTries);
	return {
		tries(now: number): Verdict {
			const { verdict, after } = countTry(limit, readTries(limit, stored, now), now);
			stored = JSON.stringify(after);
			return verdict;
		},
		wasRight(takenAt: number) {
			stored = JSON.stringify(takenBack(limit, readTries(limit, stored, takenAt), takenAt));
		},
		stands: (now: number) => standingNow(limit, readTries(limit, stored, now), now),
		state: (): Tries => JSON.parse(stored),
		size: () => stored.length,
	};
}

describe("five wrong codes in 15 minutes", () => {
	const limit = limits.codesUnknownBrowser;

	test("say how many are left, then wait 15 minutes from the fifth", () => {
		const thief = someone(limit);
		expect([0, 1, 2, 3, 4].map((minute) => thief.tries(START + minutes(minute)))).toEqual(
			[4, 3, 2, 1, 0].map((left) => ({ kind: "go", left })),
		);
		const until = START + minutes(19);
		expect(thief.tries(START + minutes(5))).toEqual({ kind: "wait", until, isFirstRefusal: true });
		expect(thief.tries(until - 1)).toEqual({ kind: "wait", until, isFirstRefusal: false });
		expect(thief.tries(until)).toEqual({ kind: "go", left: 4 });
	});

	test("wait the whole 15 minutes also where the first ones lie long back", () => {
		const thief = someone(limit);
		for (const minute of [0, 14, 14, 14, 14]) thief.tries(START + minutes(minute));
		expect(thief.tries(START + minutes(28))).toMatchObject({ kind: "wait", until: START + minutes(29) });
	});

	test("are no wait when the fifth was right, but the four before it still count", () => {
		const owner = someone(limit);
		for (let n = 0; n < 5; n++) owner.tries(START + n);
		owner.wasRight(START + 4);
		expect(owner.stands(START + 5)).toEqual({ kind: "go", left: 1 });
		expect(owner.tries(START + 5)).toEqual({ kind: "go", left: 0 });
		expect(owner.tries(START + 6)).toMatchObject({ kind: "wait", until: START + 5 + minutes(15) });
	});

	test("make one event a wait", () => {
		const thief = someone(limit);
		const firsts = [];
		for (let at = START; at < START + hours(1); at += seconds(10)) {
			const verdict = thief.tries(at);
			if (verdict.kind === "wait" && verdict.isFirstRefusal) firsts.push(at);
		}
		expect(firsts).toHaveLength(4);
	});
});

describe("wrong passwords from unknown browsers", () => {
	const limit = limits.passwordsUnknownBrowser;

	/** Tries again as soon as it may. */
	function tryOnAndOn(thief: ReturnType<typeof someone>, howMany: number, from: number) {
		const waits: number[] = [];
		let now = from;
		for (let tried = 0; tried < howMany; ) {
			const verdict = thief.tries(now);
			if (verdict.kind === "go") tried++;
			else if (verdict.kind === "closed") return { waits, now, tried };
			else {
				expect(verdict.until).toBeGreaterThan(now);
				waits.push((verdict.until - now) / minutes(1));
				now = verdict.until;
			}
		}
		return { waits, now, tried: howMany };
	}

	test("wait from the tenth on: 1 minute, doubling to 1 hour", () => {
		const { waits } = tryOnAndOn(someone(limit), 18, START);
		expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
	});

	test("close after 100 in a row, for good", () => {
		const thief = someone(limit);
		const { now, tried } = tryOnAndOn(thief, 1000, START);
		expect(tried).toBe(100);
		expect(thief.tries(now)).toEqual({ kind: "closed", isFirstRefusal: false });
		expect(thief.tries(now + days(4000))).toEqual({ kind: "closed", isFirstRefusal: false });
		thief.wasRight(now);
		expect(thief.tries(now)).toEqual({ kind: "closed", isFirstRefusal: false });
	});

	test("count in a row however long the pauses", () => {
		const thief = someone(limit);
		const lefts = Array.from({ length: 100 }, (_, n) => thief.tries(START + days(2 * n)));
		expect(lefts.slice(-11)).toEqual([9, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((left) => ({ kind: "go", left })));
		expect(thief.tries(START + days(200))).toEqual({ kind: "closed", isFirstRefusal: true });
	});

	test("do not close when the hundredth is right", () => {
		const owner = someone(limit);
		for (let n = 0; n < 100; n++) owner.tries(START + days(n));
		owner.wasRight(START + days(99));
		expect(owner.tries(START + days(100))).toEqual({ kind: "go", left: 9 });
	});

	test("wait as long as before after less than a day's rest, and start anew after a day's", () => {
		const thief = someone(limit);
		const { now } = tryOnAndOn(thief, 13, START);
		expect(thief.tries(now + days(1) - 1)).toEqual({ kind: "go", left: 0 });
		const later = now + days(1);
		expect(thief.tries(later)).toMatchObject({ kind: "wait", until: later - 1 + minutes(16) });
		expect(thief.tries(later - 1 + days(1))).toEqual({ kind: "go", left: 9 });
	});

	test("wait 1 minute again after a success", () => {
		const owner = someone(limit);
		const { now } = tryOnAndOn(owner, 15, START);
		owner.wasRight(now);
		expect(owner.tries(now)).toEqual({ kind: "go", left: 9 });
		const { waits } = tryOnAndOn(owner, 10, now);
		expect(waits).toEqual([1]);
	});
});

test("three reset links an hour wait until the oldest is an hour old", () => {
	const asker = someone(limits.resetLinksAnHour);
	for (const minute of [0, 10, 20]) asker.tries(START + minutes(minute));
	expect(asker.tries(START + minutes(30))).toMatchObject({ kind: "wait", until: START + hours(1) });
	expect(asker.tries(START + hours(1))).toEqual({ kind: "go", left: 0 });
	expect(asker.tries(START + hours(1))).toMatchObject({ kind: "wait", until: START + minutes(70) });
});

test("giving back an earlier try leaves the later ones where they are", () => {
	const asker = someone(limits.resetLinksAnHour);
	for (const minute of [0, 10, 20]) asker.tries(START + minutes(minute));
	asker.wasRight(START + minutes(10));
	asker.tries(START + minutes(30));
	expect(asker.tries(START + hours(1))).toEqual({ kind: "go", left: 0 });
	expect(asker.tries(START + hours(1))).toMatchObject({ kind: "wait", until: START + minutes(80) });
});

/** A small clinic, whose numbers are no greater than others that are remembered singly. */
const smallClinic = { activeStaff: 1, ceiling: 28 };
const all = Object.keys(limits).map((name) => [name, limitFor(name as LimitName, smallClinic)] as const);
const counting = all.filter(([, limit]) => !limit.countsDifferent);
const sliding = counting.filter(([, limit]) => limit.thenWait.kind === "until-one-leaves");
const exact = sliding.filter(([, { tries, varies }]) => tries <= 30 && !varies);
const sliced = sliding.filter(([, { tries, varies }]) => tries > 30 || varies);
const fixed = counting.filter(([, limit]) => limit.thenWait.kind === "fixed");

/** Pauses between tries, as parts of the limit's time: bursts, near its edges, and long rests. */
const pauses = fc.array(
	fc.oneof(
		{ weight: 6, arbitrary: fc.double({ min: 0, max: 0.2, noNaN: true }) },
		{ weight: 1, arbitrary: fc.constantFrom(0, 0.999999, 1, 1.000001, 1 + 1 / 60) },
		{ weight: 1, arbitrary: fc.double({ min: 0, max: 3, noNaN: true }) },
	),
	{ minLength: 1, maxLength: 120 },
);
const starts = fc.integer({ min: START, max: START + minutes(30) });
/** How many tries come at each moment. */
const bursts = (limit: Limit) => fc.integer({ min: 1, max: Math.ceil(limit.tries / 3) + 1 });

function timesOf(limit: Limit, parts: readonly number[], from = START): number[] {
	let now = from;
	return parts.map((part) => {
		now += Math.round(part * limit.withinMs);
		return now;
	});
}

/** The most tries in any stretch of time of this length; a try at its very end is in the next one. */
function mostWithin(times: readonly number[], lengthMs: number): number {
	let first = 0;
	return times.reduce((most, at, index) => {
		while ((times[first] ?? at) <= at - lengthMs) first++;
		return Math.max(most, index - first + 1);
	}, 0);
}

describe.each([...exact, ...sliced, ...fixed])("%s", (_name, limit) => {
	test("never lets more go than its number in any stretch of its time", () => {
		fc.assert(
			fc.property(pauses, bursts(limit), starts, (parts, burst, start) => {
				const person = someone(limit);
				const went: number[] = [];
				for (const now of timesOf(limit, parts, start)) {
					for (let n = 0; n < burst; n++) if (person.tries(now).kind === "go") went.push(now);
				}
				expect(mostWithin(went, limit.withinMs)).toBeLessThanOrEqual(limit.tries);
				expect(person.size()).toBeLessThan(2000);
			}),
			{ numRuns: 60 },
		);
	});

	test("opens nothing when the clock is set back, and keeps its number by the time that really passed", () => {
		const steps = fc.array(
			fc.record({
				part: fc.double({ min: 0, max: 0.6, noNaN: true }),
				back: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2, noNaN: true })),
			}),
			{ maxLength: 40 },
		);
		fc.assert(
			fc.property(steps, bursts(limit), (moves, burst) => {
				const person = someone(limit);
				const went: number[] = [];
				let reallyNow = START;
				let slow = 0;
				for (const { part, back } of moves) {
					reallyNow += Math.round(part * limit.withinMs);
					const before = person.stands(reallyNow - slow);
					slow += Math.round(back * limit.withinMs);
					const clock = reallyNow - slow;
					const after = person.stands(clock);
					if (before.kind !== "go") expect(after.kind).not.toBe("go");
					else if (after.kind === "go") expect(after.left).toBeLessThanOrEqual(before.left);
					for (let n = 0; n < burst; n++) if (person.tries(clock).kind === "go") went.push(reallyNow);
				}
				expect(mostWithin(went, limit.withinMs)).toBeLessThanOrEqual(limit.tries);
			}),
			{ numRuns: 60 },
		);
	});

	test("makes nobody wait longer than once its time after the clock was set right", () => {
		const person = someone(limit);
		const wrong = START + days(365);
		for (let n = 0; n < limit.tries; n++) person.tries(wrong);
		expect(person.tries(START)).toMatchObject({ kind: "wait" });
		expect(person.stands(START + limit.withinMs * (1 + 1 / 60)).kind).toBe("go");
	});

	test("opens nothing when what it stored cannot be read", () => {
		const negative = JSON.stringify({ ...noTries, slices: [[START, -9]] });
		const early = JSON.stringify({ ...noTries, waitUntil: -1 });
		for (const stored of ["", "{}", "null", "[1,2]", negative, early, negative.slice(0, 30)]) {
			const tries = readTries(limit, stored, START);
			const { verdict, after } = countTry(limit, tries, START);
			expect(verdict).toMatchObject({ kind: "wait", isFirstRefusal: true });
			expect(standingNow(limit, after, START + limit.withinMs - 1).kind).toBe("wait");
			expect(standingNow(limit, after, START + limit.withinMs * (1 + 1 / 60)).kind).toBe("go");
		}
	});

	test("may be deleted as soon as it makes no difference, and not before", () => {
		const person = someone(limit);
		for (let n = 0; n < limit.tries; n++) person.tries(START + n);
		const at = forgottenAt(limit, person.state());
		expect(person.stands(at)).toEqual({ kind: "go", left: limit.tries });
		expect(person.stands(at - 1)).not.toEqual({ kind: "go", left: limit.tries });
	});
});

describe.each(exact)("%s", (_name, limit) => {
	test("decides as one would who remembers every try", () => {
		fc.assert(
			fc.property(pauses, fc.infiniteStream(fc.boolean()), (parts, rights) => {
				const person = someone(limit);
				const remembered: number[] = [];
				for (const now of timesOf(limit, parts)) {
					const counting = remembered.filter((at) => at > now - limit.withinMs);
					const verdict = person.tries(now);
					if (counting.length < limit.tries) {
						expect(verdict).toEqual({ kind: "go", left: limit.tries - counting.length - 1 });
						if (rights.next().value) person.wasRight(now);
						else remembered.push(now);
					} else {
						const until = (counting[0] ?? 0) + limit.withinMs;
						expect(verdict).toMatchObject({ kind: "wait", until });
					}
				}
			}),
		);
	});
});

describe.each(sliced)("%s", (_name, limit) => {
	test("forgets none of its tries too early, wherever in a slice of time they were made", () => {
		for (let at = START; at < START + limit.withinMs / 30; at += seconds(1) - 1) {
			const person = someone(limit);
			for (let n = 0; n < limit.tries; n++) person.tries(at);
			expect(person.stands(at + limit.withinMs - 1).kind).toBe("wait");
		}
	});

	test("refuses nobody who keeps to its number in a sixtieth more than its time", () => {
		fc.assert(
			fc.property(pauses, bursts(limit), (parts, burst) => {
				const person = someone(limit);
				let went: number[] = [];
				for (const now of timesOf(limit, parts)) {
					went = went.filter((at) => at > now - limit.withinMs * (1 + 1 / 60));
					for (let n = 0; n < burst; n++) {
						const mustGo = went.length < limit.tries;
						const verdict = person.tries(now);
						if (verdict.kind === "go") went.push(now);
						else if (mustGo || !(verdict.kind === "wait" && verdict.until > now))
							throw new Error(String(now));
					}
				}
			}),
			{ numRuns: 30 },
		);
	});
});

describe("a limit whose number depends on the clinic", () => {
	test("has 20 unused text messages a day and 5 more for each of the staff who sign in", () => {
		const tries = [0, 1, 6, 100].map(
			(activeStaff) => limitFor("unusedTextsOfClinicADay", { activeStaff, ceiling: 1 }).tries,
		);
		expect(tries).toEqual([20, 25, 50, 520]);
		expect(limitFor("textsOfClinicADay", { activeStaff: 6, ceiling: 1000 }).tries).toBe(1000);
		expect(() => limitFor("textsOfClinicADay")).toThrow("depends on the clinic");
	});

	test("forgets nothing when the clinic grows or shrinks, and holds the number of the moment", () => {
		const sizes = fc.array(
			fc.record({
				activeStaff: fc.integer({ min: 0, max: 12 }),
				part: fc.double({ min: 0, max: 0.3, noNaN: true }),
				burst: fc.integer({ min: 1, max: 40 }),
			}),
			{ minLength: 2, maxLength: 20 },
		);
		fc.assert(
			fc.property(sizes, (list) => {
				let stored = JSON.stringify(noTries);
				let now = START;
				const went: number[] = [];
				for (const { activeStaff, part, burst } of list) {
					const limit = limitFor("unusedTextsOfClinicADay", { activeStaff, ceiling: 1 });
					now += Math.round(part * limit.withinMs);
					for (let n = 0; n < burst; n++) {
						const { verdict, after } = countTry(limit, readTries(limit, stored, now), now);
						stored = JSON.stringify(after);
						if (verdict.kind !== "go") continue;
						went.push(now);
						const lately = went.filter((at) => at > now - limit.withinMs).length;
						expect(lately).toBeLessThanOrEqual(limit.tries);
					}
				}
			}),
		);
	});
});

test("a wait is remembered to its end, and its doubling as long as it counts, in a limit that never closes", () => {
	const limit: Limit = { tries: 1, withinMs: 1000, thenWait: { kind: "fixed", ms: 5000 } };
	const patient = someone(limit);
	patient.tries(START);
	expect(forgottenAt(limit, patient.state())).toBe(START + 5000);
	const doubling = { kind: "doubling", fromMs: 500, toMs: 900, forgottenAfterMs: 7000 } as const;
	const thief = someone({ ...limit, thenWait: doubling });
	thief.tries(START);
	expect(forgottenAt({ ...limit, thenWait: doubling }, thief.state())).toBe(START + 7000);
});

describe("passwordsUnknownBrowser", () => {
	const limit = limits.passwordsUnknownBrowser;

	test("decides as one would who remembers every try", () => {
		const moves = fc.array(
			fc.record({
				pause: fc.oneof(
					{ weight: 5, arbitrary: fc.integer({ min: 0, max: minutes(3) }) },
					{ weight: 2, arbitrary: fc.integer({ min: 0, max: hours(2) }) },
					{ weight: 1, arbitrary: fc.constantFrom(days(1) - 1, days(1), days(3)) },
				),
				right: fc.integer({ min: 0, max: 30 }).map((n) => n === 0),
			}),
			{ minLength: 20, maxLength: 250 },
		);
		fc.assert(
			fc.property(moves, (list) => {
				const person = someone(limit);
				let wrong: number[] = [];
				let inARow = 0;
				let doublings = -1;
				let waitUntil = 0;
				let lastAt = 0;
				let now = START;
				for (const { pause, right } of list) {
					now += pause;
					const verdict = person.tries(now);
					if (inARow >= 100) {
						expect(verdict.kind).toBe("closed");
						continue;
					}
					if (now < waitUntil) {
						expect(verdict).toMatchObject({ kind: "wait", until: waitUntil });
						continue;
					}
					expect(verdict.kind).toBe("go");
					if (now - lastAt >= days(1)) doublings = -1;
					lastAt = now;
					if (right) {
						person.wasRight(now);
						inARow = 0;
						doublings = -1;
						waitUntil = 0;
						continue;
					}
					inARow++;
					wrong = [...wrong.filter((at) => at > now - minutes(15)), now];
					if (doublings >= 0 || wrong.length >= 10) {
						doublings++;
						waitUntil = now + Math.min(minutes(2 ** doublings), hours(1));
					}
				}
				expect(person.size()).toBeLessThan(1500);
			}),
		);
	});

	test("stays closed when what it stored cannot be read", () => {
		const tries = readTries(limit, "{", START);
		expect(standingNow(limit, tries, START + days(100))).toEqual({ kind: "closed" });
	});

	test("forgets tries in a row after 90 days, and never a closing", () => {
		const person = someone(limit);
		person.tries(START);
		expect(forgottenAt(limit, person.state())).toBe(START + days(90));
		for (let n = 1; n < 100; n++) person.tries(START + days(n));
		expect(forgottenAt(limit, person.state())).toBe(Number.MAX_SAFE_INTEGER);
	});

	test("opens nothing when the clock is set back during a wait", () => {
		const thief = someone(limit);
		for (let n = 0; n < 10; n++) thief.tries(START);
		const back = START - hours(5);
		expect(thief.tries(back)).toMatchObject({ kind: "wait", until: back + minutes(1) });
		expect(thief.tries(back + days(1))).toEqual({ kind: "go", left: 9 });
	});
});
