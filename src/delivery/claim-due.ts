import { seconds } from "../clock.ts";
import type { Keyring } from "../crypto/keyring.ts";
import { findNextDueAt, selectDueMessages, selectExpiredMessages } from "../db/across-clinics.ts";
import type { Db } from "../db/connect.ts";
import type { OutboxRow } from "../db/tables.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import { recordEnds } from "./record-end.ts";
import { leaseMessages, markDead } from "./store.ts";

/**
 * How long a claimed message is nobody else's. Longer than any sender takes; what a killed process held comes back,
 * a text message while its code is still of use.
 */
const LEASE_MS: Record<OutboxRow["channel"], number> = { email: seconds(60), text: seconds(20) };

export type Claim = {
	/** To be sent now. Each try is counted, and `due_at` is when the claim runs out. */
	claimed: OutboxRow[];
	/** Found too late, and given up. */
	expired: OutboxRow[];
};

/**
 * Claims the messages of a channel that are due, of all clinics, the longest waiting first.
 *
 * @param now epoch milliseconds
 * @param atMost how many rows to look at
 */
export async function claimDue(
	db: Db,
	keyring: Keyring,
	channel: OutboxRow["channel"],
	now: number,
	atMost: number,
): Promise<Claim> {
	const nextDueAt = await findNextDueAt(db, channel);
	// Nothing to do is the usual case, and must not take SQLite's one write lock.
	if (nextDueAt === undefined || nextDueAt > now) return { claimed: [], expired: [] };
	return inTransaction(db, async (tx) => {
		const due = await selectDueMessages(tx, channel, now, atMost);
		const expired = due.filter((row) => row.expires_at <= now);
		const leaseEndsAt = now + LEASE_MS[channel];
		const claimed = due
			.filter((row) => row.expires_at > now)
			.map((row) => ({ ...row, tries: row.tries + 1, due_at: leaseEndsAt }));
		await leaseMessages(tx, claimed, leaseEndsAt);
		await giveUp(tx, keyring, expired, now);
		return { claimed, expired };
	});
}

/** Gives up and empties what waited too long, where nothing can be sent at all. */
export function claimExpired(
	db: Db,
	keyring: Keyring,
	channel: OutboxRow["channel"],
	now: number,
	atMost: number,
): Promise<Claim> {
	return inTransaction(db, async (tx) => {
		const expired = await selectExpiredMessages(tx, channel, now, atMost);
		await giveUp(tx, keyring, expired, now);
		return { claimed: [], expired };
	});
}

async function giveUp(tx: Tx, keyring: Keyring, expired: OutboxRow[], now: number): Promise<void> {
	for (const row of expired) {
		await markDead(tx, row, now, row.last_error ?? "It could not be sent in time", "expired");
	}
	const ends = expired.map((row) => ({ row, kind: "message-dead" as const }));
	await recordEnds(tx, keyring, ends, now);
}
