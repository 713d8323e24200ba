import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { lockProfile } from "../profiles/store.ts";
import type { SessionVisit } from "./gate.tsx";
import { deleteSession, deleteSessionOf, deleteSessions, isSessionThere } from "./store.ts";

/** Ends the session of this visit, as its person asked. */
export async function signOut(deps: Deps, visit: SessionVisit): Promise<void> {
	const { sessionId, profile } = visit.session;
	const { clinicId, profileId } = profile;
	await inTransaction(deps.db, async (tx) => {
		if (!(await deleteSession(tx, clinicId, sessionId))) return;
		const event = during(visit, profileId, profileId);
		await recordEvent(tx, deps.config.keyring, { ...event, kind: "signed-out", detail: {} });
	});
}

/**
 * Ends another of the person's own sessions.
 *
 * @returns false when there is none of this id any more, or it is somebody else's: nothing was changed
 */
export function endOtherSession(deps: Deps, visit: SessionVisit, sessionId: string): Promise<boolean> {
	const { clinicId, profileId } = visit.session.profile;
	return endOthers(deps, visit, async (tx) =>
		(await deleteSessionOf(tx, clinicId, profileId, sessionId)) ? 1 : 0,
	);
}

/** Ends all of the person's sessions but this one. @returns false when there was no other */
export function endOtherSessions(deps: Deps, visit: SessionVisit): Promise<boolean> {
	const { sessionId, profile } = visit.session;
	return endOthers(deps, visit, (tx) => deleteSessions(tx, profile.clinicId, profile.profileId, sessionId));
}

async function endOthers(
	deps: Deps,
	visit: SessionVisit,
	end: (tx: Tx) => Promise<number>,
): Promise<boolean> {
	const { sessionId, profile } = visit.session;
	const { clinicId, profileId } = profile;
	return inTransaction(deps.db, async (tx) => {
		await lockProfile(tx, clinicId, profileId);
		// A session that was ended by another one a moment ago ends none in its turn.
		if (!(await isSessionThere(tx, clinicId, sessionId))) return false;
		const count = await end(tx);
		if (count === 0) return false;
		await recordEvent(tx, deps.config.keyring, {
			...during(visit, profileId, profileId),
			kind: "sessions-ended",
			detail: { count, why: "by-hand" },
		});
		return true;
	});
}
