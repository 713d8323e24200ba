import { recordEvent } from "../activity/record.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { insertClinic } from "../clinics/store.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";

/** Makes a clinic. No clinic exists without its first Full Access user: invite them in the same transaction. */
export async function makeClinic(tx: Tx, deps: Deps, clinic: Clinic, now: number): Promise<void> {
	await insertClinic(tx, clinic, now);
	await recordEvent(tx, deps.config.keyring, {
		clinicId: clinic.clinicId,
		at: now,
		kind: "clinic-created",
		profileId: null,
		actor: "operator",
		address: null,
		browserName: null,
		detail: {},
	});
}
