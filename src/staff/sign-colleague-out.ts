import { recordEvent } from "../activity/record.ts";
import { type DoneBy, eventOf, mayStillDo } from "../colleagues/done-by.ts";
import { tellColleague } from "../colleagues/tell-colleague.ts";
import { tellFullAccessUsers } from "../colleagues/tell-full-access-users.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { endEmailChanges, findWaitingEmailChange } from "../email-change/store.ts";
import { changeDoors, lockFullAccessUsers, lockProfile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { deleteSessions } from "../sessions/store.ts";
import { deleteSignIns } from "../sign-in/store.ts";

/**
 * Ends a colleague's sessions and sign-ins, and the change of email that was asked for in one of them. Trusted browsers
 * and the password stay.
 *
 * @returns undefined when the doer may not, or nobody of this clinic is meant: nothing was changed
 */
export async function signColleagueOut(
	deps: Deps,
	visit: SessionVisit,
	colleagueId: string,
): Promise<{ ended: number } | undefined> {
	const { clinic } = visit;
	const { clinicId } = clinic;
	const { keyring } = deps.config;
	const by: DoneBy = { kind: "full-access", visit };
	return inTransaction(deps.db, async (tx) => {
		const users = await lockFullAccessUsers(tx, clinicId);
		if (!(await mayStillDo(tx, by, users, colleagueId))) return undefined;
		const profile = await lockProfile(tx, clinicId, colleagueId);
		if (!profile) return undefined;
		const ended = await deleteSessions(tx, clinicId, colleagueId);
		const waiting = await deleteSignIns(tx, clinicId, colleagueId);
		// Whoever sat in a session puts no address of their own in place.
		const emailChange = await findWaitingEmailChange(tx, clinicId, colleagueId, visit.now);
		const emailChangeEnded = emailChange?.asked_by === colleagueId;
		if (emailChangeEnded) await endEmailChanges(tx, clinicId, colleagueId, visit.now);
		// The same form sent twice tells nobody twice.
		if (ended + waiting === 0 && !emailChangeEnded) return { ended };
		// What was about to be finished is not.
		await changeDoors(tx, clinicId, colleagueId);
		await tellColleague(tx, deps, clinic, profile, {
			by,
			kind: "signed-out-by-colleague",
			hasNotMe: true,
			write: ({ emails }, news) => emails.signedOutByColleague({ ...news, emailChangeEnded }),
		});
		await tellFullAccessUsers(tx, deps, clinic, users, {
			by,
			colleagueId,
			kind: "signed-out-by-colleague",
			write: ({ emails }, news) => emails.colleagueSignedOut({ ...news, colleague: profile }),
		});
		const event = eventOf(by, clinicId, colleagueId);
		const detail = { count: ended, why: "by-a-colleague" } as const;
		await recordEvent(tx, keyring, { ...event, kind: "sessions-ended", detail });
		if (emailChangeEnded)
			await recordEvent(tx, keyring, { ...event, kind: "email-change-ended", detail: { why: "signed-out" } });
		return { ended };
	});
}
