import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { lockClinic, saveSignOutAfter } from "../clinics/store.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { liveAfter } from "../sessions/lifetime.rule.ts";
import { isStillInWithFullAccess } from "../sessions/still-in.ts";
import { deleteSessionsOver } from "../sessions/store.ts";
import { tellFullAccessUsers } from "./tell-full-access-users.ts";

/**
 * Saves Automatic Sign Out for a Full Access user who has just been asked again. It holds at once, for sessions that
 * are under way too.
 *
 * @param signOutAfterMs one of `SIGN_OUT_CHOICES_MS`
 * @returns false when whoever asked may not any more: nothing was changed
 */
export async function saveAutomaticSignOut(
	deps: Deps,
	visit: SessionVisit,
	signOutAfterMs: number,
): Promise<boolean> {
	const { clinicId, profileId } = visit.session.profile;
	return inTransaction(deps.db, async (tx) => {
		const clinic = await lockClinic(tx, clinicId);
		const fromMs = clinic.signOutAfterMs;
		// Who lost Full Access, was signed out, deactivated or reset since the password was asked changes nothing.
		if (!(await isStillInWithFullAccess(tx, visit))) return false;
		if (signOutAfterMs === fromMs) return true;

		// A session that is over does not come back to life when a longer time is chosen.
		await deleteSessionsOver(tx, clinicId, liveAfter(clinic, visit.now));
		await saveSignOutAfter(tx, clinicId, signOutAfterMs);
		const change = { fromMs, toMs: signOutAfterMs };
		await tellFullAccessUsers(tx, deps, visit, "automatic-sign-out-changed", ({ emails }, news) =>
			emails.automaticSignOutChanged({ ...news, ...change }),
		);
		await recordEvent(tx, deps.config.keyring, {
			...during(visit, undefined, profileId),
			kind: "automatic-sign-out-changed",
			detail: change,
		});
		return true;
	});
}
