import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { MOST_WRONG_PROOFS } from "../sessions/lifetime.rule.ts";
import { clearWrongProofs, countWrongProof, deleteSession, takeBackWrongProof } from "../sessions/store.ts";
import type { FieldError } from "../web/controls.tsx";
import { acceptPassword, tryPassword } from "./try-password.ts";

export type AskedAgain =
	| { kind: "passed" }
	| { kind: "refused"; errors: FieldError[] }
	/** Too many wrong ones in this session: it is over. */
	| { kind: "session-ended" };

/**
 * Asks a signed-in person for the password again, before something that changes how they get in. Wrong ones count
 * like those at sign-in, and five in one session end it.
 *
 * @param password as typed in the field `password`
 * @throws Overloaded
 */
export async function askAgain(deps: Deps, visit: SessionVisit, password: string): Promise<AskedAgain> {
	const { session, now, words } = visit;
	const { clinicId } = session.profile;
	const refused = (sentence: string): AskedAgain => ({
		kind: "refused",
		errors: [{ field: "password", sentence }],
	});
	if (password === "") return refused(words.passwords.needsPassword);

	// Counted and committed before the password is looked at: however many are sent at once, five are compared.
	const proofs = await inTransaction(deps.db, async (tx) => {
		const counted = await countWrongProof(tx, clinicId, session.sessionId);
		if (counted > MOST_WRONG_PROOFS) await endSession(tx, deps, visit);
		return counted;
	});
	if (proofs === 0 || proofs > MOST_WRONG_PROOFS) return { kind: "session-ended" };

	const tried = await tryPassword(deps, visit, session.profile.email, password);
	return inTransaction(deps.db, async (tx): Promise<AskedAgain> => {
		switch (tried.kind) {
			case "right":
				await acceptPassword(tx, tried.right, now);
				// A session that ended meanwhile is let on to nothing.
				return (await clearWrongProofs(tx, clinicId, session.sessionId))
					? { kind: "passed" }
					: { kind: "session-ended" };
			case "wait":
				// Not looked at, so it was no wrong one.
				await takeBackWrongProof(tx, clinicId, session.sessionId);
				return refused(words.passwords.wait(tried.until, now));
			case "wrong":
				if (proofs < MOST_WRONG_PROOFS) return refused(words.passwords.wrong);
				await endSession(tx, deps, visit);
				return { kind: "session-ended" };
		}
	});
}

async function endSession(tx: Tx, deps: Deps, visit: SessionVisit): Promise<void> {
	const { sessionId, profile } = visit.session;
	if (!(await deleteSession(tx, profile.clinicId, sessionId))) return;
	await recordEvent(tx, deps.config.keyring, {
		...during(visit, profile.profileId, "vestibule"),
		kind: "sessions-ended",
		detail: { count: 1, why: "too-many-wrong-proofs" },
	});
}
