import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { hasMethodOn } from "../methods/store.ts";
import { tellPerson } from "../not-me/tell-person.ts";
import { issueRecoveryCode, prepareRecoveryCode } from "../recovery-code/issue.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { lockStillIn } from "../sessions/still-in.ts";
import { endLostPhone } from "../sessions/store.ts";

/**
 * Gives a person who has a method on a new Recovery Code and ends the earlier one.
 *
 * @returns false when no method is on, the session has ended, or how this person gets in changed since they were asked
 */
export async function renewRecoveryCode(deps: Deps, visit: SessionVisit): Promise<boolean> {
	const { session, now, words } = visit;
	const { clinicId, profileId } = session.profile;
	const { keyring } = deps.config;
	const prepared = await prepareRecoveryCode(deps, profileId);
	return inTransaction(deps.db, async (tx) => {
		const profile = await lockStillIn(tx, visit);
		if (!profile || !(await hasMethodOn(tx, profile))) return false;
		await issueRecoveryCode(tx, keyring, {
			clinicId,
			profileId,
			sessionId: session.sessionId,
			prepared,
			now,
		});
		await endLostPhone(tx, clinicId, session.sessionId);
		await tellPerson(tx, deps, visit, profile, "recovery-code-renewed", words.emails.recoveryCodeRenewed);
		const event = during(visit, profileId, profileId);
		await recordEvent(tx, keyring, { ...event, kind: "recovery-code-made", detail: {} });
		return true;
	});
}
