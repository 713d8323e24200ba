import type { SealedFor } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import type { OutboxRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import { type MessageState, stateOfMessage } from "./message-state.rule.ts";

export type { MessageState };

/** One message of one clinic, as a claim left it. */
export type ClaimedRow = Pick<OutboxRow, "clinic_id" | "message_id" | "tries">;

/** What the text of a message is bound to in the database. */
export function bodySealedFor(clinicId: string, profileId: string | null): SealedFor {
	return { clinicId, profileId: profileId ?? "", purpose: "message-body" };
}

export async function insertMessage(tx: Tx, row: OutboxRow): Promise<void> {
	await tx.insertInto("outbox").values(row).execute();
}

/** Counts a try and keeps the message from other workers until the lease ends. The row is locked by the caller. */
export async function leaseMessage(tx: Tx, claimed: ClaimedRow, leaseEndsAt: number): Promise<void> {
	await message(tx, claimed).set({ due_at: leaseEndsAt, tries: claimed.tries }).execute();
}

/**
 * Marks a message as sent and empties it.
 *
 * @returns whether it was not marked so before: after a lost lease two workers may both have sent it
 */
export async function markSent(tx: Tx, claimed: ClaimedRow, now: number): Promise<boolean> {
	const changed = await message(tx, claimed)
		.set({ state: "sent", sealed_body: null, last_error: null, ended_at: now })
		.where("state", "<>", "sent")
		.executeTakeFirst();
	return changed.numUpdatedRows === 1n;
}

/** Gives a message up and empties it, unless another worker has it by now. */
export async function markDead(tx: Tx, claimed: ClaimedRow, now: number, why: string): Promise<boolean> {
	const changed = await message(tx, claimed)
		.set({ state: "dead", sealed_body: null, last_error: why, ended_at: now })
		.where("state", "=", "waiting")
		.where("tries", "=", claimed.tries)
		.executeTakeFirst();
	return changed.numUpdatedRows === 1n;
}

/** Puts a message off, unless another worker has it by now. */
export async function putOff(tx: Tx, claimed: ClaimedRow, until: number, why: string): Promise<void> {
	await message(tx, claimed)
		.set({ due_at: until, last_error: why })
		.where("state", "=", "waiting")
		.where("tries", "=", claimed.tries)
		.execute();
}

/** What became of a text message; undefined when this clinic has no such one. */
export async function findMessage(
	db: Db,
	clinicId: string,
	messageId: string,
): Promise<MessageState | undefined> {
	const message = await db
		.selectFrom("outbox")
		.select(["state", "provider", "why"])
		.where("clinic_id", "=", clinicId)
		.where("message_id", "=", messageId)
		.where("channel", "=", "text")
		.executeTakeFirst();
	if (!message) return undefined;
	const receipts = await db
		.selectFrom("text_receipts")
		.select(["provider", "state", "why"])
		.where("clinic_id", "=", clinicId)
		.where("message_id", "=", messageId)
		.execute();
	return stateOfMessage(message, receipts);
}

function message(tx: Tx, { clinic_id, message_id }: ClaimedRow) {
	return tx.updateTable("outbox").where("clinic_id", "=", clinic_id).where("message_id", "=", message_id);
}
