import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { askForEmailChange, type EmailChangeAsked } from "../email-change/ask-for-change.ts";
import { endEmailChanges } from "../email-change/store.ts";
import { lockProfile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";

/**
 * Asks for a new email of one's own.
 *
 * @returns `meanwhile` where how they get in was changed since they were asked again: nothing was changed here
 */
export function askForOwnEmailChange(
	deps: Deps,
	visit: SessionVisit,
	newEmail: string,
): Promise<EmailChangeAsked | { kind: "meanwhile" }> {
	const { clinicId, profileId, name, doorsVersion } = visit.session.profile;
	return inTransaction(deps.db, async (tx) => {
		const locked = await lockProfile(tx, clinicId, profileId);
		// Deactivated, or a new password meanwhile: what was asked again opens nothing more.
		if (!locked?.active || locked.doorsVersion !== doorsVersion) return { kind: "meanwhile" };
		const where = { browserName: visit.browser.name, address: visit.network.address };
		return askForEmailChange(tx, deps, visit.clinic, locked, {
			newEmail,
			by: { profileId, name, where },
			event: during(visit, profileId, profileId),
		});
	});
}

/** Ends a change of one's own email that waits, whoever asked for it. @returns whether one did */
export function cancelEmailChange(deps: Deps, visit: SessionVisit): Promise<boolean> {
	const { clinicId, profileId } = visit.session.profile;
	return inTransaction(deps.db, async (tx) => {
		await lockProfile(tx, clinicId, profileId);
		if ((await endEmailChanges(tx, clinicId, profileId, visit.now)) === 0) return false;
		await recordEvent(tx, deps.config.keyring, {
			...during(visit, profileId, profileId),
			kind: "email-change-ended",
			detail: { why: "cancelled" },
		});
		return true;
	});
}
