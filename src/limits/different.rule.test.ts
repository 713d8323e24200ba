import fc from "fast-check";
import { expect, test } from "vitest";
import { days, hours } from "../clock.ts";
import {
	countDifferent,
	type Different,
	differentForgottenAt,
	differentTakenBack,
	nothingTried,
	readDifferent,
} from "./different.rule.ts";
import { limits } from "./limits.ts";

const START = Date.UTC(2026, 2, 2, 9);
const limit = limits.numbersOfProfileADay;

/** A profile's numbers, stored and read again each time as the database would. */
function someone() {
	let stored = JSON.stringify(nothingTried);
	return {
		tries(what: string, now: number) {
			const { verdict, after } = countDifferent(limit, readDifferent(limit, stored, now), what, now);
			stored = JSON.stringify(after);
			return verdict;
		},
		takesBack(what: string, takenAt: number) {
			stored = JSON.stringify(differentTakenBack(readDifferent(limit, stored, takenAt), what, takenAt));
		},
		state: (): Different => JSON.parse(stored),
	};
}

test("three different ones may be tried, each again and again, and a fourth waits until one is a day old", () => {
	const thief = someone();
	expect(["a", "b", "a", "c", "b"].map((what, n) => thief.tries(what, START + n))).toEqual(
		[2, 1, 1, 0, 0].map((left) => ({ kind: "go", left })),
	);
	// "a" was tried last at 2, "b" at 4, "c" at 3.
	const until = START + 2 + days(1);
	expect(thief.tries("d", START + 5)).toEqual({ kind: "wait", until, isFirstRefusal: true });
	expect(thief.tries("d", until - 1)).toEqual({ kind: "wait", until, isFirstRefusal: false });
	expect(thief.tries("d", until)).toEqual({ kind: "go", left: 0 });
	expect(thief.tries("a", until)).toMatchObject({ kind: "wait", isFirstRefusal: true });
});

test("one whose tries are all taken back is not counted, and one with a try left is", () => {
	const person = someone();
	for (const [n, what] of ["a", "b", "c", "c"].entries()) person.tries(what, START + n);
	person.takesBack("c", START + 2);
	expect(person.tries("d", START + 9)).toMatchObject({ kind: "wait" });
	person.takesBack("c", START + 3);
	expect(person.tries("d", START + 9)).toEqual({ kind: "go", left: 0 });
	person.takesBack("never tried", START + 9);
	expect(person.tries("e", START + 9)).toMatchObject({ kind: "wait" });
});

test("no day ever sees more different ones than the limit's number", () => {
	const moves = fc.array(
		fc.record({ what: fc.constantFrom(..."abcdefg"), pause: fc.integer({ min: 0, max: hours(9) }) }),
		{ maxLength: 80 },
	);
	fc.assert(
		fc.property(moves, (list) => {
			const person = someone();
			const went: { what: string; at: number }[] = [];
			let now = START;
			for (const { what, pause } of list) {
				now += pause;
				const lately = new Set(went.filter(({ at }) => at > now - days(1)).map((one) => one.what));
				const mayGo = lately.has(what) || lately.size < 3;
				expect(person.tries(what, now).kind).toBe(mayGo ? "go" : "wait");
				if (mayGo) went.push({ what, at: now });
			}
		}),
	);
});

test("a clock set back opens nothing, and makes nobody wait longer than a day from then", () => {
	const thief = someone();
	for (const what of ["a", "b", "c"]) thief.tries(what, START + days(30));
	expect(thief.tries("d", START)).toMatchObject({ kind: "wait", until: START + days(1) });
	expect(thief.tries("d", START + days(1))).toEqual({ kind: "go", left: 2 });
});

test("what was stored and cannot be read opens nothing", () => {
	for (const stored of ["", "{}", "null", '{"seen":[["a",-1]],"isRefusing":false}']) {
		const read = readDifferent(limit, stored, START);
		const { verdict } = countDifferent(limit, read, "a", START);
		expect(verdict).toEqual({ kind: "wait", until: START + days(1), isFirstRefusal: true });
	}
});

test("it may be deleted as soon as it makes no difference, and not before", () => {
	expect(differentForgottenAt(limit, nothingTried)).toBe(0);
	const person = someone();
	for (const what of ["a", "b", "c"]) person.tries(what, START);
	const at = differentForgottenAt(limit, person.state());
	expect(at).toBe(START + days(1));
	expect(person.tries("d", at - 1)).toMatchObject({ kind: "wait" });
});
