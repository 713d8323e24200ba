import type { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import type { OutboxRow } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import { recordEnd } from "./record-end.ts";
import { nextTry } from "./retry.rule.ts";
import type { Outcome } from "./send.ts";
import { markDead, markSent, putOff } from "./store.ts";

/**
 * Writes down what became of an attempt: the message is sent, put off or given up. When another worker has had
 * it meanwhile, since the lease ran out, only "sent" is news.
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
		if (outcome.kind === "sent") {
			const isNews = await markSent(tx, claimed, now);
			if (isNews) await recordEnd(tx, keyring, claimed, "message-sent", now);
			return;
		}
		const next = nextTry(claimed.tries, now, claimed.expires_at);
		if (outcome.kind === "failed" && next.kind === "again") {
			await putOff(tx, claimed, next.at, outcome.reason);
			return;
		}
		const isNews = await markDead(tx, claimed, now, outcome.reason);
		if (isNews) await recordEnd(tx, keyring, claimed, "message-dead", now);
	});
}
