import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { isKnownBrowser } from "../browsers/store.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { tellPerson } from "../not-me/tell-person.ts";
import { countProof, endForWrongProofs } from "../passwords/ask-again.ts";
import { lockProfile } from "../profiles/store.ts";
import { issueRecoveryCode, prepareRecoveryCode } from "../recovery-code/issue.ts";
import { spendRecoveryCode } from "../recovery-code/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { clearWrongProofs, findMethodPassed, keepReturnTo, noteMethodPassed } from "../sessions/store.ts";
import { compareRecoveryCode, giveRecoveryCodeTryBack, takeRecoveryCodeTry } from "./try-recovery-code.ts";

export type ConfirmedByRecoveryCode =
	/** The new one waits to be saved. */
	| { kind: "passed" }
	| { kind: "wrong"; left: number }
	| { kind: "wait"; until: number }
	/** It was spent or replaced at this moment: what is asked for has to be asked anew. */
	| { kind: "over" }
	| { kind: "session-ended" };

/**
 * Enters the Recovery Code inside a session, before something that *Asking again* lists: the tries are committed, then
 * the slow hash compared outside any transaction, then the code spent and a new one given in the same write.
 *
 * @param text the code as typed
 * @param returnTo where to go on after the new code is saved
 * @throws Overloaded
 */
export async function confirmByRecoveryCode(
	deps: Deps,
	visit: SessionVisit,
	text: string,
	returnTo: string,
): Promise<ConfirmedByRecoveryCode> {
	const { session, browser, now, words } = visit;
	const { sessionId } = session;
	const { clinicId, profileId, doorsVersion } = session.profile;
	const { keyring } = deps.config;
	const event = during(visit, profileId, profileId);
	const knownBrowser = await isKnownBrowser(deps.db, clinicId, profileId, browser.hash, now);
	const who = { profile: session.profile, knownBrowser };

	// Counted and committed before the code is looked at.
	const counted = await inTransaction(deps.db, async (tx) => {
		const taken = await takeRecoveryCodeTry(tx, deps, who, event);
		if (taken.kind === "wait") return taken;
		return { ...taken, leftInSession: await countProof(tx, deps, visit) };
	});
	if (counted.kind === "wait") return counted;
	const { leftInSession } = counted;
	if (leftInSession === undefined) return { kind: "session-ended" };

	const codeId = await compareRecoveryCode(deps, session.profile, text);
	if (codeId === undefined) {
		const refused = { kind: "asked-again-refused", detail: { asked: "recovery-code" } } as const;
		return inTransaction(deps.db, async (tx): Promise<ConfirmedByRecoveryCode> => {
			// The same form sent twice at once: the code that has just passed is no wrong one.
			if (await findMethodPassed(tx, clinicId, sessionId)) return { kind: "over" };
			if (leftInSession === 0) {
				await endForWrongProofs(tx, deps, visit, refused);
				return { kind: "session-ended" };
			}
			await recordEvent(tx, keyring, { ...event, ...refused });
			return { kind: "wrong", left: Math.min(counted.left, leftInSession) };
		});
	}

	const prepared = await prepareRecoveryCode(deps, profileId);
	return inTransaction(deps.db, async (tx): Promise<ConfirmedByRecoveryCode> => {
		const profile = await lockProfile(tx, clinicId, profileId);
		// Something about how this person gets in changed since the code was compared.
		if (!profile?.active || profile.doorsVersion !== doorsVersion) return { kind: "over" };
		await giveRecoveryCodeTryBack(tx, who, now);
		// A session that ended meanwhile spends nothing.
		if (!(await clearWrongProofs(tx, clinicId, sessionId))) return { kind: "session-ended" };
		// Works once: the row that goes decides.
		if (!(await spendRecoveryCode(tx, clinicId, profileId, codeId))) return { kind: "over" };
		await noteMethodPassed(tx, clinicId, sessionId, now);
		await issueRecoveryCode(tx, keyring, { clinicId, profileId, sessionId, prepared, now });
		await keepReturnTo(tx, clinicId, sessionId, returnTo);
		await tellPerson(tx, deps, visit, profile, "recovery-code-used", words.emails.recoveryCodeUsed);
		await recordEvent(tx, keyring, { ...event, kind: "recovery-code-used", detail: {} });
		await recordEvent(tx, keyring, {
			...event,
			kind: "asked-again-passed",
			detail: { by: "recovery-code" },
		});
		await recordEvent(tx, keyring, { ...event, kind: "recovery-code-made", detail: {} });
		return { kind: "passed" };
	});
}
