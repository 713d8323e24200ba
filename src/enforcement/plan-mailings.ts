import type { Clinic } from "../clinics/clinic.ts";
import type { Tx } from "../db/transaction.ts";
import { letEmailsRunOut } from "../delivery/store.ts";
import { mailingsFor } from "./mailing.rule.ts";
import { REMINDING } from "./remind.ts";
import { endMailings, insertMailing } from "./store.ts";

/**
 * Replaces what is still to be mailed to a clinic by what its new rule calls for: the announcement now, and the
 * reminders 7 days and 1 day before and on the day, at 9:00 in the clinic's time. Written in the transaction that
 * saves the rule, where its day changes; sent in batches afterwards.
 *
 * @param clinic with the rule as saved
 */
export async function planMailings(tx: Tx, clinic: Clinic, now: number): Promise<void> {
	const { clinicId, rule } = clinic;
	// Waits for a batch that is being queued: nobody hears of the earlier rule after this.
	await endMailings(tx, clinicId, now);
	await letEmailsRunOut(tx, clinicId, { kinds: REMINDING }, now);
	if (rule.requiredFromOn === null) return;
	for (const { kind, dueAt } of mailingsFor(clinic, now)) {
		await insertMailing(tx, { clinicId, kind, on: rule.requiredFromOn, dueAt, askedBy: null, now });
	}
}
