import { during } from "../activity/during.ts";
import type { Event } from "../activity/events.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { isStillInWithFullAccess } from "../sessions/still-in.ts";

/**
 * Records what a Full Access user takes with them of the clinic, before it is handed out.
 *
 * @returns false where they may not any more: nothing is handed out
 */
export function recordTaken(deps: Deps, visit: SessionVisit, event: Event): Promise<boolean> {
	const { profile } = visit.session;
	return inTransaction(deps.db, async (tx) => {
		// Who lost Full Access, or was signed out, a moment ago takes nothing with them.
		if (!(await isStillInWithFullAccess(tx, visit))) return false;
		await recordEvent(tx, deps.config.keyring, { ...during(visit, undefined, profile.profileId), ...event });
		return true;
	});
}
