import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { tellPerson } from "../not-me/tell-person.ts";
import { lockProfile } from "../profiles/store.ts";
import { spendRecoveryCode } from "../recovery-code/store.ts";
import { readJourneyFacts } from "../sign-in/facts.ts";
import { type FinishedSignIn, finishSignIn } from "../sign-in/finish-sign-in.ts";
import type { SignInVisit } from "../sign-in/gate.tsx";
import { nextStep } from "../sign-in/journey.rule.ts";
import { overIfEnded } from "../sign-in/sign-in-ended.ts";
import { isSignInThere } from "../sign-in/store.ts";
import { compareRecoveryCode, giveRecoveryCodeTryBack, takeRecoveryCodeTry } from "./try-recovery-code.ts";

export type EnteredRecoveryCode =
	| { kind: "in"; finished: FinishedSignIn }
	| { kind: "wrong"; left: number }
	| { kind: "wait"; until: number }
	| { kind: "over" };

/**
 * Enters the Recovery Code at sign-in: the try is committed, then the slow hash compared outside any transaction,
 * then the code spent by the write that starts the session.
 *
 * @param text the code as typed
 * @throws Overloaded
 */
export async function enterRecoveryCode(
	deps: Deps,
	visit: SignInVisit,
	text: string,
): Promise<EnteredRecoveryCode> {
	const { now, signIn, words } = visit;
	const { clinicId, profileId, doorsVersion } = signIn.profile;
	const { keyring } = deps.config;
	const event = during(visit, profileId, "nobody");

	// Counted and committed before the code is looked at.
	const taken = await inTransaction(deps.db, (tx) => takeRecoveryCodeTry(tx, deps, signIn, event));
	if (taken.kind === "wait") return taken;
	const codeId = await compareRecoveryCode(deps, signIn.profile, text);

	return inTransaction(deps.db, async (tx): Promise<EnteredRecoveryCode> => {
		const profile = await lockProfile(tx, clinicId, profileId);
		// A sign-in parked before the profile changed finishes nothing.
		if (!profile?.active || profile.doorsVersion !== doorsVersion) return { kind: "over" };
		// The same form sent twice at once: the code that has just got in is no wrong one.
		if (!(await isSignInThere(tx, clinicId, signIn.signInId))) return { kind: "over" };
		if (codeId === undefined) {
			await recordEvent(tx, keyring, { ...event, kind: "recovery-code-refused", detail: {} });
			return { kind: "wrong", left: taken.left };
		}
		const at = { browserHash: visit.browser.hash, now };
		const facts = await readJourneyFacts(tx, profile, signIn, at);
		if (nextStep(facts).kind !== "second-step") return { kind: "over" };
		// Works once: the row that goes decides, in the write that starts the session.
		if (!(await spendRecoveryCode(tx, clinicId, profileId, codeId))) return { kind: "over" };
		await giveRecoveryCodeTryBack(tx, signIn, now);
		await tellPerson(tx, deps, visit, profile, "recovery-code-used", words.emails.recoveryCodeUsed);
		const { signInId, returnTo } = signIn;
		const finished = await finishSignIn(tx, deps, visit, {
			profile,
			signInId,
			methods: facts.methods,
			by: "recovery-code",
			returnTo,
		});
		await recordEvent(tx, keyring, { ...event, kind: "recovery-code-used", detail: {} });
		return { kind: "in", finished };
	}).catch(overIfEnded);
}
