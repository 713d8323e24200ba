import type { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import type { OutboxRow } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import { recordEnd } from "./record-end.ts";
import { nextTry } from "./retry.rule.ts";
import type { Outcome } from "./send.ts";
import { insertTries, markDead, markSent, putOff, writeReceipt } from "./store.ts";

/**
 * Writes down what became of a try: who was asked, and that the message is sent, put off or given up. When another
 * worker has had it meanwhile, since the claim ran out, only "sent" is news.
 *
 * @param claimed the message as `claimDue` handed it out
 * @param now epoch milliseconds
 */
export function settle(
	db: Db,
	keyring: Keyring,
	claimed: OutboxRow,
	outcome: Outcome,
	now: number,
): Promise<void> {
	return inTransaction(db, async (tx) => {
		await insertTries(tx, claimed, outcome.asked ?? []);
		if (outcome.kind === "sent") {
			const { provider, isDelivered } = outcome;
			const isNews = await markSent(tx, claimed, now, provider);
			if (provider !== undefined && isDelivered) {
				await writeReceipt(tx, claimed, provider, { kind: "delivered" }, now);
			}
			if (isNews) await recordEnd(tx, keyring, claimed, "message-sent", now);
			return;
		}
		if (outcome.kind === "failed") {
			const { channel, tries, expires_at: expiresAt } = claimed;
			const next = nextTry({ channel, tries, expiresAt }, now, outcome.notBefore);
			if (next.kind === "again") {
				await putOff(tx, claimed, next.at, outcome.reason);
				return;
			}
		}
		const why = outcome.kind === "refused" ? (outcome.why ?? null) : "expired";
		const isNews = await markDead(tx, claimed, now, outcome.reason, why);
		if (isNews) await recordEnd(tx, keyring, claimed, "message-dead", now);
	});
}
