import type { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import type { OutboxRow } from "../db/tables.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import { type End, recordEnds } from "./record-end.ts";
import { nextTry } from "./retry.rule.ts";
import type { Outcome, Tried } from "./send.ts";
import { insertTries, markDead, markSent, putOff, writeReceipt } from "./store.ts";

/**
 * Writes down what became of some tries: who was asked, and that each message is sent, put off or given up. When
 * another worker has had one meanwhile, since the claim ran out, only "sent" is news.
 *
 * @param now epoch milliseconds
 */
export function settle(db: Db, keyring: Keyring, tried: Tried[], now: number): Promise<void> {
	return inTransaction(db, async (tx) => {
		await insertTries(tx, tried);
		const ends: (End | undefined)[] = [];
		for (const { claimed, outcome } of tried) ends.push(await settleOne(tx, claimed, outcome, now));
		// Last: it locks the activity of each clinic.
		const news = ends.filter((end) => end !== undefined);
		await recordEnds(tx, keyring, news, now);
	});
}

async function settleOne(
	tx: Tx,
	claimed: OutboxRow,
	outcome: Outcome,
	now: number,
): Promise<End | undefined> {
	if (outcome.kind === "sent") {
		const { provider, isDelivered } = outcome;
		const isNews = await markSent(tx, claimed, now, provider);
		if (provider !== undefined && isDelivered) {
			await writeReceipt(tx, claimed, provider, { kind: "delivered" }, now);
		}
		return isNews ? { row: claimed, kind: "message-sent" } : undefined;
	}
	if (outcome.kind === "failed") {
		const { channel, tries, expires_at: expiresAt } = claimed;
		const next = nextTry({ channel, tries, expiresAt }, now, outcome.notBefore);
		if (next.kind === "again") {
			await putOff(tx, claimed, next.at, outcome.reason);
			return undefined;
		}
	}
	const why = outcome.kind === "refused" ? (outcome.why ?? null) : "expired";
	const isNews = await markDead(tx, claimed, now, outcome.reason, why);
	return isNews ? { row: claimed, kind: "message-dead" } : undefined;
}
