import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { MOST_WRONG_PROOFS } from "../sessions/lifetime.rule.ts";
import { clearWrongProofs, countWrongProof, deleteSession } from "../sessions/store.ts";
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
	const { clinic, session, now, words } = visit;
	const refused = (sentence: string): AskedAgain => ({
		kind: "refused",
		errors: [{ field: "password", sentence }],
	});
	if (password === "") return refused(words.passwords.needsPassword);
	const tried = await tryPassword(deps, visit, session.profile.email, password);
	if (tried.kind === "right") {
		await inTransaction(deps.db, async (tx) => {
			await acceptPassword(tx, tried.right, now);
			await clearWrongProofs(tx, clinic.clinicId, session.sessionId);
		});
		return { kind: "passed" };
	}
	if (tried.kind === "wait") return refused(words.passwords.wait(tried.until, now));
	const isOver = await inTransaction(deps.db, async (tx) => {
		if ((await countWrongProof(tx, clinic.clinicId, session.sessionId)) < MOST_WRONG_PROOFS) return false;
		if (!(await deleteSession(tx, clinic.clinicId, session.sessionId))) return true;
		await recordEvent(tx, deps.config.keyring, {
			...during(visit, session.profile.profileId, "vestibule"),
			kind: "sessions-ended",
			detail: { count: 1, why: "too-many-wrong-proofs" },
		});
		return true;
	});
	return isOver ? { kind: "session-ended" } : refused(words.passwords.wrong);
}
