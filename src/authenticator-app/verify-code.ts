import type { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import type { Tx } from "../db/transaction.ts";
import { AuthenticatorSecret } from "./secret.ts";
import { type AppSecret, findAppSecret, spendStep } from "./store.ts";
import { readTimeStep, recognizedSteps } from "./time-step.rule.ts";

/** What became of a code. "clock" counts as wrong: it is right for another time, so many minutes away. */
export type CodeVerdict =
	| { kind: "right"; timeStep: number }
	| { kind: "wrong" }
	| { kind: "clock"; minutes: number; direction: "slow" | "fast" };

/** Reads what a code is to be compared with. It may be sent together with what is asked before the try is taken. */
export function readApp(
	db: Db,
	of: { clinicId: string; profileId: string; now: number },
): Promise<AppSecret | undefined> {
	return findAppSecret(db, of, recognizedSteps(of.now));
}

/**
 * Verifies a code of an authenticator app that is on and spends its time step, in the transaction of what the code
 * opens. The caller has locked the profile and taken the try before, and commits whatever the outcome.
 *
 * @param asked `code`: six ASCII digits, as `readCode` gives them; `now`: epoch milliseconds
 * @param read the app, where `readApp` read it in this transaction already
 */
export async function verifyAuthenticatorCode(
	tx: Tx,
	keyring: Keyring,
	asked: { clinicId: string; profileId: string; methodId: string; code: string; now: number },
	read?: AppSecret,
): Promise<CodeVerdict> {
	const app = read ?? (await readApp(tx, asked));
	if (app?.methodId !== asked.methodId) return { kind: "wrong" };
	return spendCode(tx, AuthenticatorSecret.open(keyring, app.sealed, asked), app.spent, asked);
}

/**
 * Reads a code against a secret and spends the step it belongs to, also where that is of another time.
 *
 * @param spent those of `recognizedSteps(now)` that were used already
 */
export async function spendCode(
	tx: Tx,
	secret: AuthenticatorSecret,
	spent: ReadonlySet<number>,
	{ clinicId, methodId, code, now }: { clinicId: string; methodId: string; code: string; now: number },
): Promise<CodeVerdict> {
	const reading = readTimeStep(secret, code, now, spent);
	if (reading.kind === "wrong") return reading;
	// Two posts of one code at the same moment: the row that is written first decides, whatever was read above.
	await spendStep(tx, { clinicId, methodId, timeStep: reading.timeStep, now });
	if (reading.kind === "right") return reading;
	return { kind: "clock", minutes: reading.minutes, direction: reading.direction };
}
