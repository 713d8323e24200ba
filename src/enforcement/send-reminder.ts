import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { listMethods } from "../methods/store.ts";
import type { Profile } from "../profiles/profile.ts";
import { isStillFullAccess } from "../profiles/still-full-access.ts";
import { lockProfile } from "../profiles/store.ts";
import type { Visit } from "../web/visit.ts";
import { remind } from "./remind.ts";
import { countWhoHasItOn, insertMailing } from "./store.ts";

/** What became of **Send reminder** for one person. */
export type Reminded =
	| "sent"
	| "waits"
	| "has-it-on"
	| "deactivated"
	| "off"
	| "nobody-there"
	/** Whoever pressed it has lost Full Access: nothing was sent. */
	| "may-not";

/** Reminds one colleague, by hand. @param by the Full Access user who pressed it, as the session had them */
export async function sendReminder(
	deps: Deps,
	visit: Visit,
	by: Profile,
	profileId: string,
): Promise<Reminded> {
	const { clinic, now } = visit;
	if (clinic.rule.requiredFromOn === null) return "off";
	return inTransaction(deps.db, async (tx) => {
		if (!(await isStillFullAccess(tx, by))) return "may-not";
		const profile = await lockProfile(tx, clinic.clinicId, profileId);
		if (!profile) return "nobody-there";
		if (!profile.active) return "deactivated";
		const methods = await listMethods(tx, clinic.clinicId, profileId);
		if (methods.length > 0) return "has-it-on";
		const verdict = await remind(tx, deps, clinic, profile, "by-hand", now);
		if (verdict.kind === "refused") return "waits";
		const event = during(visit, profileId, by.profileId);
		await recordEvent(tx, deps.config.keyring, { ...event, kind: "staff-reminded", detail: {} });
		return "sent";
	});
}

/** What became of **Send reminder to all**. */
export type AllReminded = "on-their-way" | "under-way" | "everybody-has-it-on" | "off" | "may-not";

/**
 * Reminds everybody who has not set it up, one time at a time.
 *
 * @param by the Full Access user who pressed it, as the session had them
 */
export async function sendReminderToAll(deps: Deps, visit: Visit, by: Profile): Promise<AllReminded> {
	const { now } = visit;
	const { clinicId, rule } = visit.clinic;
	const { requiredFromOn: on } = rule;
	if (on === null) return "off";
	const { active, on: withMethod } = await countWhoHasItOn(deps.db, clinicId);
	if (active === withMethod) return "everybody-has-it-on";
	return inTransaction(deps.db, async (tx) => {
		if (!(await isStillFullAccess(tx, by))) return "may-not";
		const mailing = { clinicId, kind: "by-hand", on, dueAt: now, askedBy: by.profileId, now } as const;
		return (await insertMailing(tx, mailing)) ? "on-their-way" : "under-way";
	});
}
