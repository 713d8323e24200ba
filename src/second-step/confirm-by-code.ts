import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { isKnownBrowser } from "../browsers/store.ts";
import type { MethodKind } from "../db/tables.ts";
import { inCountingTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { listWorkingMethods } from "../methods/working-methods.ts";
import { countProof, endForWrongProofs } from "../passwords/ask-again.ts";
import { lockProfile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { clearWrongProofs, findMethodPassed, noteMethodPassed } from "../sessions/store.ts";
import { type Entry, type TriedCode, takeCodeTry, tryCode } from "./try-code.ts";
import { methodToAsk } from "./ways.rule.ts";

export type ConfirmedByCode =
	| { kind: "passed" }
	| Exclude<TriedCode, { kind: "right" }>
	| { kind: "wait"; until: number }
	/** This method takes no codes, or is not on any more. */
	| { kind: "blocked" }
	/** It has ended, or too many were wrong in it. */
	| { kind: "session-ended" };

/**
 * Enters the code of a method inside a session, before something that *Asking again* lists. Wrong ones count like
 * those at sign-in, and five wrong proofs end the session. One transaction, committed whatever the outcome.
 *
 * @param kind the method whose code it is
 * @param code six ASCII digits, as `readCode` gives them
 */
export async function confirmByCode(
	deps: Deps,
	visit: SessionVisit,
	kind: MethodKind,
	code: string,
): Promise<ConfirmedByCode> {
	const { session, browser, now } = visit;
	const { sessionId } = session;
	const { clinicId, profileId } = session.profile;
	// A session's cookie alone, in another browser, makes that one no known one.
	const knownBrowser = await isKnownBrowser(deps.db, clinicId, profileId, browser.hash, now);
	const asked: Entry = { profile: session.profile, where: { kind: "session", id: sessionId }, knownBrowser };
	const takeTry = async (tx: Tx) => {
		const taken = await takeCodeTry(tx, deps, visit, asked);
		return taken.kind === "wait" ? taken : { ...taken, leftInSession: await countProof(tx, deps, visit) };
	};
	const takeTryAlone = async (tx: Tx) => (await lockProfile(tx, clinicId, profileId)) && takeTry(tx);
	return inCountingTransaction(deps.db, takeTryAlone, async (tx): Promise<ConfirmedByCode> => {
		const profile = await lockProfile(tx, clinicId, profileId);
		if (!profile?.active) return { kind: "session-ended" };
		// The same form sent twice at once: the code that has just passed is no wrong one.
		if (await findMethodPassed(tx, clinicId, sessionId)) return { kind: "passed" };
		const method = methodToAsk(await listWorkingMethods(tx, deps, clinicId, profileId), kind);
		if (method?.kind !== kind) return { kind: "blocked" };

		// Counted before the code is looked at.
		const taken = await takeTry(tx);
		if (taken.kind === "wait") return taken;
		const left = taken.leftInSession;
		if (left === undefined) return { kind: "session-ended" };

		const tried = await tryCode(tx, deps, visit, { ...asked, profile }, { method, code, taken });
		if (tried.kind !== "right") {
			if (left > 0) return { ...tried, left: Math.min(tried.left, left) };
			await endForWrongProofs(tx, deps, visit);
			return { kind: "session-ended" };
		}
		await clearWrongProofs(tx, clinicId, sessionId);
		await noteMethodPassed(tx, clinicId, sessionId, now);
		await recordEvent(tx, deps.config.keyring, {
			...during(visit, profileId, profileId),
			kind: "asked-again-passed",
			detail: { by: kind },
		});
		return { kind: "passed" };
	});
}
