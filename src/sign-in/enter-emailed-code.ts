import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inCountingTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { verifyEmailedCode } from "../emailed-code/verify-code.ts";
import { giveBackTry, takeTry } from "../limits/take-try.ts";
import { lockProfile } from "../profiles/store.ts";
import { dueNow } from "./due-now.ts";
import type { SignInVisit } from "./gate.tsx";
import { asksEmailedCode } from "./journey.rule.ts";
import { type Led, leadOn } from "./lead-on.ts";
import type { SignIn } from "./sign-in.ts";
import { overIfEnded, SignInEnded } from "./sign-in-ended.ts";
import { noteEmailedCodePassed } from "./store.ts";

export type EnteredEmailedCode =
	| Led
	| { kind: "wrong"; left: number }
	/** It was right once, and is too old or no longer of use. Counts as wrong. */
	| { kind: "ended"; left: number }
	| { kind: "wait"; until: number };

/**
 * Enters a code that was emailed. One transaction, committed whatever the outcome: the try, the spending of the code,
 * the fact that this sign-in has passed it, and the events. Then the journey is asked again.
 *
 * @param code eight ASCII digits, as `readCode` gives them
 */
export async function enterEmailedCode(
	deps: Deps,
	visit: SignInVisit,
	code: string,
): Promise<EnteredEmailedCode> {
	const { now } = visit;
	const { keyring } = deps.config;
	const { clinicId, profileId } = visit.signIn.profile;
	const event = during(visit, profileId, "nobody");
	const limit = limitOf(visit.signIn);
	const at = { clinicId, key: profileId };
	const takeTryOfCode = (tx: Tx) => takeTry(tx, limit, at, now);
	return inCountingTransaction(deps.db, takeTryOfCode, async (tx): Promise<EnteredEmailedCode> => {
		await lockProfile(tx, clinicId, profileId);
		// A sign-in parked before the profile changed finishes nothing.
		const due = await dueNow(tx, visit);
		if (!due) return { kind: "over" };
		const { signIn, step } = due;
		// The same form sent twice at once: the code that was just right is no wrong one.
		if (!asksEmailedCode(step)) return { kind: "elsewhere", step };

		// Counted before the code is looked at; no resend and no new sign-in resets it. Strangers' tries close no owner out.
		const taken = await takeTryOfCode(tx);
		if (taken.kind !== "go") {
			const until = taken.kind === "wait" ? taken.until : Number.MAX_SAFE_INTEGER;
			if (taken.isFirstRefusal) {
				await recordEvent(tx, keyring, { ...event, kind: "emailed-code-waits", detail: { until } });
			}
			return { kind: "wait", until };
		}

		const verdict = await verifyEmailedCode(tx, deps, { clinicId, profileId, code, now });
		if (verdict.kind !== "right") {
			await recordEvent(tx, keyring, { ...event, kind: "emailed-code-refused", detail: {} });
			return { kind: verdict.kind, left: taken.left };
		}
		await giveBackTry(tx, limit, at, now);
		// Spent for a sign-in that was cancelled at the same moment must not be: the whole write goes back.
		if (!(await noteEmailedCodePassed(tx, clinicId, signIn.signInId, now))) throw new SignInEnded();
		const led = await leadOn(tx, deps, visit, await dueNow(tx, visit));
		if (led.kind === "over") throw new SignInEnded();
		await recordEvent(tx, keyring, { ...event, kind: "emailed-code-used", detail: {} });
		return led;
	}).catch(overIfEnded);
}

/** Which wrong codes count in this sign-in. */
export function limitOf({ knownBrowser }: Pick<SignIn, "knownBrowser">) {
	return knownBrowser ? "emailedCodesKnownBrowser" : "emailedCodesUnknownBrowser";
}
