import type { Clinic } from "../clinics/clinic.ts";
import type { Tx } from "../db/transaction.ts";

/**
 * Replaces what is still to be mailed to a clinic by what its new rule calls for: the announcement now, and the
 * reminders 7 days and 1 day before and on the day, at 9:00 in the clinic's time. Written in the transaction that
 * saves the rule; sent in batches afterwards.
 *
 * @param clinic with the rule as saved
 */
export async function planMailings(_tx: Tx, _clinic: Clinic, _now: number): Promise<void> {}
