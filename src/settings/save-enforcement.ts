import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { lockClinic, saveRule } from "../clinics/store.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { planMailings } from "../enforcement/plan-mailings.ts";
import { hasMethodOn } from "../methods/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { liveAfter } from "../sessions/lifetime.rule.ts";
import { isStillInWithFullAccess } from "../sessions/still-in.ts";
import { deleteSessionsOver } from "../sessions/store.ts";
import { tellFullAccessUsers } from "./tell-full-access-users.ts";
import { recordedRule, saysTheSame, type WantedRule } from "./wanted-rule.rule.ts";

export type SavedEnforcement =
	/** @property isAnnounced whoever has not set it up is emailed of a new day */
	| { kind: "saved"; isAnnounced: boolean }
	/** Another rule was saved since the form was drawn: nothing was changed. @property clinic as it is now */
	| { kind: "saved-by-another"; clinic: Clinic }
	/** Whoever asked may not any more, or has no method on: nothing was changed. */
	| { kind: "may-not" };

/**
 * Saves the clinic's rule for a Full Access user who has just been asked again. What was saved already is saved:
 * the same form sent twice changes nothing the second time.
 */
export async function saveEnforcement(
	deps: Deps,
	visit: SessionVisit,
	wanted: WantedRule,
): Promise<SavedEnforcement> {
	const { session, now } = visit;
	const { clinicId, profileId } = session.profile;
	const { keyring } = deps.config;
	return inTransaction(deps.db, async (tx) => {
		// Of two who save at the same moment the second sees what the first one saved.
		const clinic = await lockClinic(tx, clinicId);
		// Who lost Full Access, was signed out, deactivated or reset since the password was asked changes nothing.
		if (!(await isStillInWithFullAccess(tx, visit))) return { kind: "may-not" };
		// Who has no method would lock themselves out.
		if (!(await hasMethodOn(tx, session.profile))) return { kind: "may-not" };

		const before = clinic.rule;
		if (saysTheSame(wanted, before)) return { kind: "saved", isAnnounced: false };
		// A form drawn before somebody else saved would undo what they did, unseen.
		if (wanted.version !== before.version) return { kind: "saved-by-another", clinic };

		// Every trusted browser of the clinic is forgotten at once.
		const forgetsTrust = before.allowsTrust && !wanted.allowsTrust;
		const rule = {
			...recordedRule(wanted),
			trustVersion: before.trustVersion + (forgetsTrust ? 1 : 0),
			version: before.version + 1,
		};
		// A session that is over does not come back to life when the cap of 24 hours goes.
		await deleteSessionsOver(tx, clinicId, liveAfter(clinic, now));
		await saveRule(tx, clinicId, rule);
		const hasNewDay = rule.requiredFromOn !== before.requiredFromOn;
		if (hasNewDay) await planMailings(tx, { ...clinic, rule }, now);
		const change = { from: recordedRule(before), to: recordedRule(rule) };
		await tellFullAccessUsers(tx, deps, visit, "enforcement-changed", ({ emails }, news) =>
			emails.enforcementChanged({ ...news, ...change }),
		);

		const event = during(visit, undefined, profileId);
		await recordEvent(tx, keyring, { ...event, kind: "enforcement-changed", detail: change });
		if (forgetsTrust) {
			const detail = { why: "clinic-forbids-it" } as const;
			await recordEvent(tx, keyring, { ...event, kind: "trust-ended", detail });
		}
		return { kind: "saved", isAnnounced: hasNewDay && rule.requiredFromOn !== null };
	});
}
