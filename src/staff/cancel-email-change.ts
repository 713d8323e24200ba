import { recordEvent } from "../activity/record.ts";
import { type DoneBy, eventOf, mayStillDo } from "../colleagues/done-by.ts";
import { tellColleague } from "../colleagues/tell-colleague.ts";
import { tellFullAccessUsers } from "../colleagues/tell-full-access-users.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { endEmailChanges, findWaitingEmailChange } from "../email-change/store.ts";
import { lockFullAccessUsers, lockProfile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";

/**
 * Ends a change of a colleague's email that waits, whoever asked for it.
 *
 * @param changeId the change that the form showed: one asked for since stays
 * @returns false when the doer may not, or that change does not wait any more: nothing was changed
 */
export async function cancelColleaguesEmailChange(
	deps: Pick<Deps, "config" | "db">,
	visit: SessionVisit,
	colleagueId: string,
	changeId: string,
): Promise<boolean> {
	const { clinic, now } = visit;
	const { clinicId } = clinic;
	const by: DoneBy = { kind: "full-access", visit };
	return inTransaction(deps.db, async (tx) => {
		const users = await lockFullAccessUsers(tx, clinicId);
		if (!(await mayStillDo(tx, by, users, colleagueId))) return false;
		const profile = await lockProfile(tx, clinicId, colleagueId);
		const waiting = await findWaitingEmailChange(tx, clinicId, colleagueId, now);
		if (!profile || waiting?.change_id !== changeId) return false;
		await endEmailChanges(tx, clinicId, colleagueId, now);
		const newEmail = waiting.new_email;
		const kind = "email-change-cancelled";
		await tellColleague(tx, deps, clinic, profile, {
			by,
			kind,
			// Who never signed in has nothing to undo, and their address may be a mistyped one.
			hasNotMe: profile.lastSignInAt !== null,
			write: ({ emails }, news) => emails.emailChangeCancelledForYou({ ...news, newEmail }),
		});
		await tellFullAccessUsers(tx, deps, clinic, users, {
			by,
			colleagueId,
			kind,
			write: ({ emails }, news) =>
				emails.colleaguesEmailChangeCancelled({ ...news, colleague: profile, newEmail }),
		});
		await recordEvent(tx, deps.config.keyring, {
			...eventOf(by, clinicId, colleagueId),
			kind: "email-change-ended",
			detail: { why: "cancelled" },
		});
		return true;
	});
}
