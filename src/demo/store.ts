import type { Db } from "../db/connect.ts";
import type { DemoInboxRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";

const LATEST = 50;

/** Puts a message into the demo's inbox. One that comes again, as an outbox may send it, is there once. */
export async function insertInboxMessage(tx: Tx, row: DemoInboxRow): Promise<void> {
	await tx
		.insertInto("demo_inbox")
		.values(row)
		.onConflict((conflict) => conflict.columns(["clinic_id", "message_id"]).doNothing())
		.execute();
}

/** The latest messages of a clinic, to everybody or to one recipient, the newest first. */
export function listInboxMessages(
	db: Db,
	clinicId: string,
	recipient: string | undefined,
): Promise<DemoInboxRow[]> {
	const messages = db
		.selectFrom("demo_inbox")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.orderBy("received_at", "desc")
		.orderBy("message_id", "desc")
		.limit(LATEST);
	return (recipient === undefined ? messages : messages.where("recipient", "=", recipient)).execute();
}

/** Everybody to whom a message of this clinic went, in the order of the alphabet. */
export async function listInboxRecipients(db: Db, clinicId: string): Promise<string[]> {
	const rows = await db
		.selectFrom("demo_inbox")
		.select("recipient")
		.distinct()
		.where("clinic_id", "=", clinicId)
		.orderBy("recipient")
		.execute();
	return rows.map((row) => row.recipient);
}
