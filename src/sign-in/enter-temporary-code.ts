import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inCountingTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { giveBackTry, takeTry } from "../limits/take-try.ts";
import { lockProfile } from "../profiles/store.ts";
import { verifyTemporaryCode } from "../temporary-code/verify-code.ts";
import { dueNow } from "./due-now.ts";
import { finishSignIn } from "./finish-sign-in.ts";
import type { SignInVisit } from "./gate.tsx";
import { type Led, leadOn } from "./lead-on.ts";
import type { SignIn } from "./sign-in.ts";
import { overIfEnded, SignInEnded } from "./sign-in-ended.ts";
import { noteTemporaryCodePassed } from "./store.ts";

export type EnteredTemporaryCode = Led | { kind: "wrong"; left: number } | { kind: "wait"; until: number };

/**
 * Enters a temporary code: in place of the second step it finishes the sign-in, in place of an emailed code it is a
 * fact of the sign-in, and the journey is asked again. One transaction, committed whatever the outcome.
 *
 * @param code eight ASCII digits, as `readCode` gives them
 */
export async function enterTemporaryCode(
	deps: Deps,
	visit: SignInVisit,
	code: string,
): Promise<EnteredTemporaryCode> {
	const { now } = visit;
	const { keyring } = deps.config;
	const { clinicId, profileId } = visit.signIn.profile;
	const event = during(visit, profileId, "nobody");
	const limit = limitOf(visit.signIn);
	const at = { clinicId, key: profileId };
	const takeTryOfCode = (tx: Tx) => takeTry(tx, limit, at, now);
	return inCountingTransaction(deps.db, takeTryOfCode, async (tx): Promise<EnteredTemporaryCode> => {
		await lockProfile(tx, clinicId, profileId);
		// A sign-in parked before the profile changed finishes nothing.
		const due = await dueNow(tx, visit);
		if (!due) return { kind: "over" };
		const { signIn, step, methods } = due;
		if (step.kind !== "second-step" && step.kind !== "prove") return { kind: "elsewhere", step };

		// Counted before the code is looked at; no new code and no new sign-in resets it. Strangers' tries close no owner out.
		const taken = await takeTryOfCode(tx);
		if (taken.kind !== "go") {
			const until = taken.kind === "wait" ? taken.until : Number.MAX_SAFE_INTEGER;
			if (taken.isFirstRefusal) {
				await recordEvent(tx, keyring, { ...event, kind: "temporary-code-waits", detail: { until } });
			}
			return { kind: "wait", until };
		}

		const verdict = await verifyTemporaryCode(tx, deps, { clinicId, profileId, code, now });
		if (verdict.kind !== "right") {
			await recordEvent(tx, keyring, { ...event, kind: "temporary-code-refused", detail: {} });
			return { kind: "wrong", left: taken.left };
		}
		await giveBackTry(tx, limit, at, now);
		const used = { ...event, kind: "temporary-code-used", detail: {} } as const;
		const { profile, signInId, returnTo } = signIn;
		if (step.kind === "second-step") {
			const by = "temporary-code";
			const finished = await finishSignIn(tx, deps, visit, { profile, signInId, methods, by, returnTo });
			await recordEvent(tx, keyring, used);
			return { kind: "in", finished };
		}
		if (!(await noteTemporaryCodePassed(tx, clinicId, signInId, now))) throw new SignInEnded();
		const led = await leadOn(tx, deps, visit, await dueNow(tx, visit));
		if (led.kind === "over") throw new SignInEnded();
		await recordEvent(tx, keyring, used);
		return led;
	}).catch(overIfEnded);
}

/** Which wrong codes count in this sign-in. */
export function limitOf({ knownBrowser }: Pick<SignIn, "knownBrowser">) {
	return knownBrowser ? "temporaryCodesKnownBrowser" : "temporaryCodesUnknownBrowser";
}
