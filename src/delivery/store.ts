import { sql } from "kysely";
import type { SealedFor } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import type { OutboxRow } from "../db/tables.ts";
import { forUpdate, skipLocked, type Tx } from "../db/transaction.ts";
import { ringOnceCommitted } from "./bell.ts";
import type { EmailKind } from "./email-kind.ts";
import { type MessageState, stateOfMessage } from "./message-state.rule.ts";
import type { Tried } from "./send.ts";
import type { ProviderName, Report } from "./text-provider.ts";
import type { EarlierTries } from "./text-try.ts";

export type { MessageState };

/** One message of one clinic, as a claim left it. */
type ClaimedRow = Pick<OutboxRow, "clinic_id" | "message_id" | "tries">;

/** What the text of a message is bound to in the database. */
export function bodySealedFor(clinicId: string, profileId: string | null): SealedFor {
	return { clinicId, profileId: profileId ?? "", purpose: "message-body" };
}

/** Adds a message to the outbox; the worker of this process looks for it once it is committed. */
export async function insertMessage(tx: Tx, row: OutboxRow): Promise<void> {
	await tx.insertInto("outbox").values(row).execute();
	ringOnceCommitted(tx, row.channel);
}

/** Counts a try and keeps the messages from other workers until the lease ends. The caller has locked the rows. */
export async function leaseMessages(tx: Tx, rows: OutboxRow[], leaseEndsAt: number): Promise<void> {
	for (const [clinicId, ofClinic] of Map.groupBy(rows, (row) => row.clinic_id)) {
		await tx
			.updateTable("outbox")
			.set((eb) => ({ due_at: leaseEndsAt, tries: eb("tries", "+", 1) }))
			.where("clinic_id", "=", clinicId)
			.where(
				"message_id",
				"in",
				ofClinic.map((row) => row.message_id),
			)
			.execute();
	}
}

/**
 * Marks a message as sent and empties it.
 *
 * @param provider who took a text message
 * @returns whether it was not marked so before: after a lost lease two workers may both have sent it
 */
export async function markSent(
	tx: Tx,
	claimed: ClaimedRow,
	now: number,
	provider?: ProviderName,
): Promise<boolean> {
	const changed = await message(tx, claimed)
		.set({
			state: "sent",
			sealed_body: null,
			last_error: null,
			ended_at: now,
			provider: provider ?? null,
			why: null,
		})
		.where("state", "<>", "sent")
		.executeTakeFirst();
	return changed.numUpdatedRows === 1n;
}

/** Gives a message up and empties it, unless another worker has it by now. */
export async function markDead(
	tx: Tx,
	claimed: ClaimedRow,
	now: number,
	reason: string,
	why: OutboxRow["why"],
): Promise<boolean> {
	const changed = await message(tx, claimed)
		.set({ state: "dead", sealed_body: null, last_error: reason, ended_at: now, why })
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

/** Records who was asked, and what they said. */
export async function insertTries(tx: Tx, tried: Tried[]): Promise<void> {
	const rows = tried.flatMap(({ claimed, outcome }) =>
		(outcome.asked ?? []).map(({ provider, at, outcome: said, reason, waitUntil }) => ({
			clinic_id: claimed.clinic_id,
			message_id: claimed.message_id,
			try: claimed.tries,
			provider,
			at,
			outcome: said,
			reason: reason ?? null,
			wait_until: waitUntil ?? null,
		})),
	);
	if (rows.length > 0) await tx.insertInto("text_tries").values(rows).execute();
}

/** What is known of the tries of a text message before the one that was just claimed. */
export async function findEarlierTries(
	db: Db,
	{ clinic_id, message_id, tries }: ClaimedRow,
): Promise<EarlierTries> {
	const rows = await db
		.selectFrom("text_tries")
		.select(["try", "provider", "outcome", "wait_until"])
		.where("clinic_id", "=", clinic_id)
		.where("message_id", "=", message_id)
		.execute();
	const receipts = await db
		.selectFrom("text_receipts")
		.select("provider")
		.where("clinic_id", "=", clinic_id)
		.where("message_id", "=", message_id)
		.where("state", "=", "failed")
		.execute();
	return {
		tries: rows.map(({ provider, outcome, wait_until }) => ({
			provider: provider as ProviderName,
			outcome,
			waitUntil: wait_until ?? undefined,
		})),
		hasLostOne: new Set(rows.map((row) => row.try)).size < tries - 1,
		failed: receipts.map(({ provider }) => provider),
	};
}

/** Locks a text message until the transaction ends; undefined when this clinic has no such one. */
export function lockText(tx: Tx, clinicId: string, messageId: string): Promise<OutboxRow | undefined> {
	const row = tx
		.selectFrom("outbox")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("message_id", "=", messageId)
		.where("channel", "=", "text");
	return forUpdate(tx, row).executeTakeFirst();
}

/**
 * Lets emails that still wait run out, since what they say is not so any more; the worker gives them up. One that is
 * being handed over at this moment may still arrive.
 *
 * @param which.profileId only those that concern this person
 */
export async function letEmailsRunOut(
	tx: Tx,
	clinicId: string,
	which: { kinds: readonly EmailKind[]; profileId?: string },
	now: number,
): Promise<void> {
	let waiting = tx
		.selectFrom("outbox")
		.select("message_id")
		.where("clinic_id", "=", clinicId)
		// Written out, not as a parameter: only so does SQLite use the index of waiting messages.
		.where("state", "=", sql.lit("waiting" as const))
		.where("channel", "=", "email")
		.where("kind", "in", which.kinds);
	if (which.profileId !== undefined) waiting = waiting.where("profile_id", "=", which.profileId);
	await tx
		.updateTable("outbox")
		.set({ expires_at: now })
		.where("clinic_id", "=", clinicId)
		.where("message_id", "in", skipLocked(tx, waiting))
		.execute();
}

/** What each report overrides. One that comes late or again changes nothing. */
const OVERRIDES = { sent: ["sent"], failed: ["sent"], delivered: ["sent", "failed"] } as const;

/** Writes down the furthest that a provider reported of a text message. */
export async function writeReceipt(
	tx: Tx,
	{ clinic_id, message_id }: Pick<OutboxRow, "clinic_id" | "message_id">,
	provider: ProviderName,
	receipt: Report,
	now: number,
): Promise<void> {
	const report = {
		state: receipt.kind,
		why: receipt.kind === "failed" ? receipt.why : null,
		reason: receipt.kind === "failed" ? receipt.reason : null,
		at: now,
	};
	await tx
		.insertInto("text_receipts")
		.values({ clinic_id, message_id, provider, ...report })
		.onConflict((conflict) =>
			conflict
				.columns(["clinic_id", "message_id", "provider"])
				.doUpdateSet(report)
				.where("text_receipts.state", "in", OVERRIDES[receipt.kind]),
		)
		.execute();
}

/**
 * Forgets messages long over, with whom was asked to take them and what came back. Their events stay in the activity.
 *
 * @param before epoch milliseconds of their end
 * @returns how many, `atMost` at a time
 */
export async function deleteMessagesEndedBefore(
	tx: Tx,
	clinicId: string,
	{ state, before, atMost }: { state: "sent" | "dead"; before: number; atMost: number },
): Promise<number> {
	const over = tx
		.selectFrom("outbox")
		.select("message_id")
		.where("clinic_id", "=", clinicId)
		.where("state", "=", state)
		.where("ended_at", "<", before)
		.orderBy("ended_at")
		.limit(atMost);
	// A receipt that has just come in holds its message: it goes the next time.
	const ids = (await skipLocked(tx, over).execute()).map(({ message_id }) => message_id);
	if (ids.length === 0) return 0;
	for (const table of ["text_tries", "text_receipts", "outbox"] as const) {
		await tx.deleteFrom(table).where("clinic_id", "=", clinicId).where("message_id", "in", ids).execute();
	}
	return ids.length;
}

/** A message that was given up: its kind, to whom, when and why. */
export type DeadMessage = Pick<OutboxRow, "channel" | "kind" | "recipient" | "why" | "last_error"> & {
	ended_at: number;
};

/** The messages of a clinic that were given up since, the latest first. */
export async function listDeadMessages(db: Db, clinicId: string, since: number): Promise<DeadMessage[]> {
	const rows = await db
		.selectFrom("outbox")
		.select(["channel", "kind", "recipient", "why", "last_error", "ended_at"])
		.where("clinic_id", "=", clinicId)
		.where("state", "=", "dead")
		.where("ended_at", ">=", since)
		.orderBy("ended_at", "desc")
		.execute();
	return rows.map((row) => ({ ...row, ended_at: row.ended_at ?? since }));
}

/** What became of a message; undefined when this clinic has no such one. Of an email no more is known than that it left. */
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
