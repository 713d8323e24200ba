import { HOTP, Secret } from "otpauth";
import type { AuthenticatorSecret } from "./secret.ts";

const STEP_MS = 30_000;
const DIGITS = 6;
/** The step before, now and after (RFC 6238, 5.2). */
const ACCEPTED_STEPS = 1;
/** 10 minutes: a code from so far away is not accepted, but tells that a clock is wrong. */
const RECOGNIZED_STEPS = 20;
const STEPS_A_MINUTE = 2;
/** An hour: spent steps older than this are of no use, since no code from so far away is recognized. */
export const FORGET_AFTER_STEPS = 60 * STEPS_A_MINUTE;

/** What a code turned out to be. A code that is "clock" counts as wrong, and its step is to be spent all the same. */
export type TimeStepReading =
	| { kind: "right"; timeStep: number }
	| { kind: "clock"; timeStep: number; minutes: number; direction: "slow" | "fast" }
	| { kind: "wrong" };

/** The time step of a moment: how often 30 seconds went by since 1970 (RFC 6238, 4.2). */
export function timeStepAt(now: number): number {
	return Math.floor(now / STEP_MS);
}

/** The steps whose spending matters at a moment, the first and the last included. */
export function recognizedSteps(now: number): { from: number; to: number } {
	const current = timeStepAt(now);
	return { from: Math.max(0, current - RECOGNIZED_STEPS), to: current + RECOGNIZED_STEPS };
}

/**
 * Finds the time step a code belongs to (RFC 6238 with SHA-1, 6 digits, 30 seconds).
 *
 * @param code six ASCII digits
 * @param now epoch milliseconds
 * @param spentSteps those of `recognizedSteps(now)` that were used already
 */
export function readTimeStep(
	secret: AuthenticatorSecret,
	code: string,
	now: number,
	spentSteps: ReadonlySet<number>,
): TimeStepReading {
	const current = timeStepAt(now);
	const generator = { secret: Secret.fromBase32(secret.reveal()), hmac: secret.hmac(), digits: DIGITS };
	const isCodeOf = (timeStep: number) =>
		HOTP.validate({ ...generator, token: code, counter: timeStep, window: 0 }) !== null;
	// Once in a million two steps have the same code: a used one must not open the door again as its neighbour.
	if ([...spentSteps].some(isCodeOf)) return { kind: "wrong" };

	const nearest = stepsAround(current, ACCEPTED_STEPS).find(isCodeOf);
	if (nearest !== undefined) return { kind: "right", timeStep: nearest };

	const timeStep = stepsAround(current, RECOGNIZED_STEPS).find(isCodeOf);
	if (timeStep === undefined) return { kind: "wrong" };
	const behind = current - timeStep;
	return {
		kind: "clock",
		timeStep,
		minutes: Math.round(Math.abs(behind) / STEPS_A_MINUTE),
		direction: behind > 0 ? "slow" : "fast",
	};
}

/** Steps in the order of time; there are none before 1970. */
function stepsAround(current: number, reach: number): number[] {
	const first = Math.max(0, current - reach);
	return Array.from({ length: current + reach - first + 1 }, (_, index) => first + index);
}
