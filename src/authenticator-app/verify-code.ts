import type { Keyring } from "../crypto/keyring.ts";
import type { Tx } from "../db/transaction.ts";
import { AuthenticatorSecret } from "./secret.ts";
import { findSealedSecret, forgetStepsBefore, listSpentSteps, spendStep } from "./store.ts";
import { FORGET_AFTER_STEPS, readTimeStep, recognizedSteps, timeStepAt } from "./time-step.rule.ts";

/** What became of a code. "clock" counts as wrong: it is right for another time, so many minutes away. */
export type CodeVerdict =
	| { kind: "right"; timeStep: number }
	| { kind: "wrong" }
	| { kind: "clock"; minutes: number; direction: "slow" | "fast" };

/**
 * Verifies a code of an authenticator app that is on and spends its time step, in the transaction of what the code
 * opens. The caller has locked the profile and taken the try before, and commits whatever the outcome.
 *
 * @param asked `code`: six ASCII digits, as `readCode` gives them; `now`: epoch milliseconds
 */
export async function verifyAuthenticatorCode(
	tx: Tx,
	keyring: Keyring,
	asked: { clinicId: string; profileId: string; methodId: string; code: string; now: number },
): Promise<CodeVerdict> {
	const sealed = await findSealedSecret(tx, asked.clinicId, asked.profileId, asked.methodId);
	if (sealed === undefined) return { kind: "wrong" };
	return spendCode(tx, AuthenticatorSecret.open(keyring, sealed, asked), asked);
}

/** Reads a code against a secret and spends the step it belongs to, also where that is of another time. */
export async function spendCode(
	tx: Tx,
	secret: AuthenticatorSecret,
	{ clinicId, methodId, code, now }: { clinicId: string; methodId: string; code: string; now: number },
): Promise<CodeVerdict> {
	const spent = await listSpentSteps(tx, clinicId, methodId, recognizedSteps(now));
	const reading = readTimeStep(secret, code, now, spent);
	if (reading.kind === "wrong") return reading;
	const [isSpent] = await Promise.all([
		spendStep(tx, { clinicId, methodId, timeStep: reading.timeStep, now }),
		forgetStepsBefore(tx, clinicId, methodId, timeStepAt(now) - FORGET_AFTER_STEPS),
	]);
	// Two posts of one code at the same moment: the row that is written first decides, whatever was read above.
	if (!isSpent) return { kind: "wrong" };
	if (reading.kind === "right") return reading;
	return { kind: "clock", minutes: reading.minutes, direction: reading.direction };
}
