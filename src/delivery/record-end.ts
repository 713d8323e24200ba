import { withoutVisit } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import type { Keyring } from "../crypto/keyring.ts";
import type { OutboxRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import { openBody } from "./open-body.ts";
import type { EmailBody } from "./outbox.ts";

/** A message that was sent or given up. */
export type End = { row: OutboxRow; kind: "message-sent" | "message-dead" };

/**
 * Records that messages were sent or given up, in the transaction that marks them so. Clinic by clinic, always in the
 * same order: two workers never wait for each other.
 */
export async function recordEnds(tx: Tx, keyring: Keyring, ends: End[], now: number): Promise<void> {
	const inOrder = ends.toSorted((one, other) => (one.row.clinic_id < other.row.clinic_id ? -1 : 1));
	for (const { row, kind } of inOrder) {
		await recordEvent(tx, keyring, {
			...withoutVisit("vestibule", row.clinic_id, now, row.profile_id),
			kind,
			detail: { messageKind: row.kind, channel: row.channel, ...aboutWhom(keyring, row) },
		});
	}
}

/** Whom an email told of, other than its reader. */
function aboutWhom(keyring: Keyring, row: OutboxRow): Pick<EmailBody, "about"> {
	const about = row.channel === "email" ? openBody<EmailBody>(keyring, row)?.about : undefined;
	return about === undefined ? {} : { about };
}
