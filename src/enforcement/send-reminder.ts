import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { listMethods } from "../methods/store.ts";
import { lockProfile } from "../profiles/store.ts";
import type { Visit } from "../web/visit.ts";
import { remind } from "./remind.ts";
import { countWhoHasItOn, insertMailing } from "./store.ts";

/** What became of **Send reminder** for one person. */
export type Reminded = "sent" | "waits" | "has-it-on" | "deactivated" | "off" | "nobody-there";

/** Reminds one colleague, by hand. @param by the profile that pressed it */
export async function sendReminder(
	deps: Deps,
	visit: Visit,
	by: string,
	profileId: string,
): Promise<Reminded> {
	const { clinic, now } = visit;
	if (clinic.rule.requiredFromOn === null) return "off";
	return inTransaction(deps.db, async (tx) => {
		const profile = await lockProfile(tx, clinic.clinicId, profileId);
		if (!profile) return "nobody-there";
		if (!profile.active) return "deactivated";
		const methods = await listMethods(tx, clinic.clinicId, profileId);
		if (methods.length > 0) return "has-it-on";
		const verdict = await remind(tx, deps, clinic, profile, "by-hand", now);
		if (verdict.kind === "refused") return "waits";
		const event = during(visit, profileId, by);
		await recordEvent(tx, deps.config.keyring, { ...event, kind: "staff-reminded", detail: {} });
		return "sent";
	});
}

/** What became of **Send reminder to all**. */
export type AllReminded = "on-their-way" | "under-way" | "everybody-has-it-on" | "off";

/** Reminds everybody who has not set it up, one time at a time. @param by the profile that pressed it */
export async function sendReminderToAll(deps: Deps, visit: Visit, by: string): Promise<AllReminded> {
	const { now } = visit;
	const { clinicId, rule } = visit.clinic;
	const { requiredFromOn: on } = rule;
	if (on === null) return "off";
	const { active, on: withMethod } = await countWhoHasItOn(deps.db, clinicId);
	if (active === withMethod) return "everybody-has-it-on";
	const isNew = await inTransaction(deps.db, (tx) =>
		insertMailing(tx, { clinicId, kind: "by-hand", on, dueAt: now, askedBy: by, now }),
	);
	return isNew ? "on-their-way" : "under-way";
}
