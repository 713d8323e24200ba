import type { Keyring } from "../crypto/keyring.ts";
import type { OutboxRow } from "../db/tables.ts";
import type { Email } from "../words/email.ts";
import type { EmailKind } from "./email-kind.ts";
import type { OutgoingEmail } from "./send.ts";
import { bodySealedFor } from "./store.ts";

/** A message with its text opened; undefined when the key ring does not open it. */
export function openMessage(keyring: Keyring, row: OutboxRow): OutgoingEmail | undefined {
	try {
		const body = keyring.open(row.sealed_body ?? "", bodySealedFor(row.clinic_id, row.profile_id));
		return {
			clinicId: row.clinic_id,
			messageId: row.message_id,
			kind: row.kind as EmailKind,
			to: row.recipient,
			// Only `queueEmail` writes it, and the seal says that nobody else changed it.
			email: JSON.parse(body) as Email,
			madeAt: row.made_at,
		};
	} catch {
		return undefined;
	}
}
