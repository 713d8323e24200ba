import { recordEvent } from "../activity/record.ts";
import type { NewClinic } from "../clinics/clinic.ts";
import { insertClinic } from "../clinics/store.ts";
import { eventOf } from "../colleagues/done-by.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";

/** Makes a clinic. No clinic exists without its first Full Access user: invite them in the same transaction. */
export async function makeClinic(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	clinic: NewClinic,
	now: number,
): Promise<void> {
	await insertClinic(tx, clinic, now);
	const event = eventOf({ kind: "operator", now }, clinic.clinicId, null);
	await recordEvent(tx, config.keyring, { ...event, kind: "clinic-created", detail: {} });
}
