import { during } from "../activity/during.ts";
import type { Event } from "../activity/events.ts";
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
 * Asks a signed-in person for the password again, before something that changes how they get in: it stands in the
 * field `password` of their form. Wrong ones count like those at sign-in, and five in one session end it.
 *
 * @throws Overloaded
 */
export async function askAgain(deps: Deps, visit: SessionVisit): Promise<AskedAgain> {
	const { session, form, now, words } = visit;
	const { clinicId, profileId } = session.profile;
	const password = form.text("password");
	const refused = (sentence: string): AskedAgain => ({
		kind: "refused",
		errors: [{ field: "password", sentence }],
	});
	if (password === "") return refused(words.passwords.needsPassword);

	// Counted and committed before the password is looked at: however many are sent at once, five are compared.
	const left = await inTransaction(deps.db, (tx) => countProof(tx, deps, visit));
	if (left === undefined) return { kind: "session-ended" };

	const tried = await tryPassword(deps, visit, session.profile.email, password, profileId);
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
				if (left > 0) return refused(words.passwords.wrong);
				await endForWrongProofs(tx, deps, visit);
				return { kind: "session-ended" };
		}
	});
}

/**
 * What else is to be mended where something of a form has to be anyway: a password that is missing is said with the
 * rest, and one that was typed is neither looked at nor counted.
 */
export function withMissingPassword(
	errors: readonly FieldError[],
	{ form, words }: SessionVisit,
): FieldError[] {
	const isMissing = errors.length > 0 && form.text("password") === "";
	return isMissing
		? [...errors, { field: "password", sentence: words.passwords.needsPassword }]
		: [...errors];
}

/**
 * Counts a password or code given inside a session, before it is looked at.
 *
 * @returns how many more may be wrong before the session ends; undefined when it has ended, by too many at once
 */
export async function countProof(tx: Tx, deps: Deps, visit: SessionVisit): Promise<number | undefined> {
	const { sessionId, profile } = visit.session;
	const counted = await countWrongProof(tx, profile.clinicId, sessionId);
	if (counted > MOST_WRONG_PROOFS) await endForWrongProofs(tx, deps, visit);
	return counted === 0 || counted > MOST_WRONG_PROOFS ? undefined : MOST_WRONG_PROOFS - counted;
}

/**
 * Ends a session in which too many were wrong.
 *
 * @param last the event of the last one, where nothing has recorded it yet
 */
export async function endForWrongProofs(
	tx: Tx,
	deps: Deps,
	visit: SessionVisit,
	last?: Event,
): Promise<void> {
	const { keyring } = deps.config;
	const { sessionId, profile } = visit.session;
	const { clinicId, profileId } = profile;
	const hasEnded = await deleteSession(tx, clinicId, sessionId);
	if (last) await recordEvent(tx, keyring, { ...during(visit, profileId, profileId), ...last });
	if (!hasEnded) return;
	await recordEvent(tx, keyring, {
		...during(visit, profileId, "vestibule"),
		kind: "sessions-ended",
		detail: { count: 1, why: "too-many-wrong-proofs" },
	});
}
