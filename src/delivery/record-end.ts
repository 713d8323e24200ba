import { recordEvent } from "../activity/record.ts";
import type { Keyring } from "../crypto/keyring.ts";
import type { OutboxRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";

/** Records that a message was sent or given up, in the transaction that marks it so. */
export function recordEnd(
	tx: Tx,
	keyring: Keyring,
	row: OutboxRow,
	kind: "message-sent" | "message-dead",
	now: number,
): Promise<void> {
	return recordEvent(tx, keyring, {
		kind,
		detail: { messageKind: row.kind, channel: row.channel },
		clinicId: row.clinic_id,
		at: now,
		profileId: row.profile_id,
		actor: "vestibule",
		address: null,
		browserName: null,
	});
}
