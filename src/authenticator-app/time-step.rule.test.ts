import fc from "fast-check";
import { HOTP, Secret } from "otpauth";
import { describe, expect, test } from "vitest";
import { AuthenticatorSecret } from "./secret.ts";
import { readTimeStep, recognizedSteps, timeStepAt } from "./time-step.rule.ts";

/** The seed of RFC 4226 and RFC 6238: the ASCII text "12345678901234567890". */
const SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const secret = AuthenticatorSecret.read(SEED);
const NOW = Date.UTC(2026, 10, 24, 9, 0, 10);
const CURRENT = timeStepAt(NOW);
/** The first step of this seed whose code is the next one's too. */
const TWIN = 910_737;
const NONE: ReadonlySet<number> = new Set();

const codeOf = (timeStep: number) => HOTP.generate({ secret: Secret.fromBase32(SEED), counter: timeStep });
const read = (code: string, now = NOW, spent = NONE) => readTimeStep(secret, code, now, spent);

describe("RFC 4226, appendix D", () => {
	test.each([
		[0, "755224"],
		[1, "287082"],
		[2, "359152"],
		[3, "969429"],
		[4, "338314"],
		[5, "254676"],
		[6, "287922"],
		[7, "162583"],
		[8, "399871"],
		[9, "520489"],
	])("counter %i is %s", (timeStep, code) =>
		expect(read(code, timeStep * 30_000)).toEqual({ kind: "right", timeStep }),
	);
});

describe("RFC 6238, appendix B (SHA-1), the last six of its eight digits", () => {
	test.each([
		[59, "94287082", 0x1],
		[1_111_111_109, "07081804", 0x23523ec],
		[1_111_111_111, "14050471", 0x23523ed],
		[1_234_567_890, "89005924", 0x273ef07],
		[2_000_000_000, "69279037", 0x3f940aa],
		[20_000_000_000, "65353130", 0x27bc86aa],
	])("%i seconds after 1970 is %s", (seconds, code, timeStep) =>
		expect(read(code.slice(2), seconds * 1000)).toEqual({ kind: "right", timeStep }),
	);
});

test.each([-1, 0, 1])("a code of the step %i from now is right", (distance) => {
	const timeStep = CURRENT + distance;
	expect(read(codeOf(timeStep))).toEqual({ kind: "right", timeStep });
});

test("a code of 10 minutes ago or ahead tells that a clock is wrong, and by how much", () => {
	const clock = (distance: number, minutes: number, direction: string) =>
		expect(read(codeOf(CURRENT + distance)), `${distance} steps`).toEqual({
			kind: "clock",
			timeStep: CURRENT + distance,
			minutes,
			direction,
		});
	clock(-2, 1, "slow");
	clock(-6, 3, "slow");
	clock(-20, 10, "slow");
	clock(2, 1, "fast");
	clock(6, 3, "fast");
	clock(20, 10, "fast");
});

test("a code from farther away is only wrong", () => {
	for (const distance of [-22, -21, 21, 22])
		expect(read(codeOf(CURRENT + distance))).toEqual({ kind: "wrong" });
	expect(recognizedSteps(NOW)).toEqual({ from: CURRENT - 20, to: CURRENT + 20 });
});

test("a code is what it is to the last millisecond of its step", () => {
	const start = CURRENT * 30_000;
	const code = codeOf(CURRENT);
	expect(read(code, start - 30_001).kind).toBe("clock");
	expect(read(code, start - 30_000).kind).toBe("right");
	expect(read(code, start + 59_999).kind).toBe("right");
	expect(read(code, start + 60_000).kind).toBe("clock");
});

test("each step is used once, and its neighbours stay good", () => {
	const spent = new Set([CURRENT]);
	expect(read(codeOf(CURRENT), NOW, spent)).toEqual({ kind: "wrong" });
	expect(read(codeOf(CURRENT - 1), NOW, spent).kind).toBe("right");
	expect(read(codeOf(CURRENT + 1), NOW, spent).kind).toBe("right");
});

test("a step that was used already gets the plain answer, also when it is of another time", () =>
	expect(read(codeOf(CURRENT + 6), NOW, new Set([CURRENT + 6]))).toEqual({ kind: "wrong" }));

test("where two neighbouring steps have the same code, it opens once", () => {
	const [twin, now] = [TWIN, TWIN * 30_000];
	const code = codeOf(twin);
	expect(codeOf(twin + 1)).toBe(code);
	expect(read(code, now)).toEqual({ kind: "right", timeStep: twin });
	for (const later of [0, 30_000, 60_000, 90_000]) {
		expect(read(code, now + later, new Set([twin]))).toEqual({ kind: "wrong" });
	}
});

test("whatever the time, exactly the three steps around it are right", () => {
	const times = fc.integer({ min: 0, max: Date.UTC(2200, 0) });
	const distances = fc.integer({ min: -40, max: 40 });
	fc.assert(
		fc.property(times, distances, (now, distance) => {
			const timeStep = timeStepAt(now) + distance;
			fc.pre(timeStep >= 0);
			const reading = read(codeOf(timeStep), now);
			// Another step of the same code may be nearer once in a million.
			fc.pre(!("timeStep" in reading) || reading.timeStep === timeStep);
			const far = Math.abs(distance);
			expect(reading.kind).toBe(far <= 1 ? "right" : far <= 20 ? "clock" : "wrong");
		}),
	);
});
