import type { SealedFor } from "../crypto/keyring.ts";
import type { OutboxRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";

/** What the text of a message is bound to in the database. */
export function bodySealedFor(clinicId: string, profileId: string | null): SealedFor {
	return { clinicId, profileId: profileId ?? "", purpose: "message-body" };
}

export async function insertMessage(tx: Tx, row: OutboxRow): Promise<void> {
	await tx.insertInto("outbox").values(row).execute();
}
