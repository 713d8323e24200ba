import type { Keyring } from "../crypto/keyring.ts";
import type { OutboxRow } from "../db/tables.ts";
import { bodySealedFor } from "./store.ts";

/**
 * What a message says, as `queueEmail` or `queueText` wrote it: nobody else can, as its seal says.
 *
 * @returns undefined when no key of the ring opens it
 */
export function openBody<Body>(keyring: Keyring, row: OutboxRow): Body | undefined {
	try {
		return JSON.parse(keyring.open(row.sealed_body ?? "", bodySealedFor(row.clinic_id, row.profile_id)));
	} catch {
		return undefined;
	}
}
