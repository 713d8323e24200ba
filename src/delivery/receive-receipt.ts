import type { Keyring } from "../crypto/keyring.ts";
import type { OutboxRow } from "../db/tables.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { recordEnds } from "./record-end.ts";
import { lockText, markDead, markSent, writeReceipt } from "./store.ts";
import type { ProviderName, Report } from "./text-provider.ts";

/**
 * Writes down what a provider reports of a text message. What it says of a message that still waits here, since its
 * answer never came, is news as well: the message is not sent again.
 *
 * @param receipt whose signature was verified
 * @param now epoch milliseconds
 * @returns whether this clinic has such a message
 */
export function receiveReceipt(
	{ db, config }: Pick<Deps, "db" | "config">,
	{ clinicId, messageId }: { clinicId: string; messageId: string },
	provider: ProviderName,
	receipt: Report,
	now: number,
): Promise<boolean> {
	return inTransaction(db, async (tx) => {
		const message = await lockText(tx, clinicId, messageId);
		if (!message) return false;
		await writeReceipt(tx, message, provider, receipt, now);
		if (message.state === "waiting") await endWaiting(tx, config.keyring, message, provider, receipt, now);
		return true;
	});
}

/** Ends the waiting of a message that a provider has, or that no provider can deliver. */
async function endWaiting(
	tx: Tx,
	keyring: Keyring,
	message: OutboxRow,
	provider: ProviderName,
	receipt: Report,
	now: number,
): Promise<void> {
	if (receipt.kind !== "failed") {
		await markSent(tx, message, now, provider);
		await recordEnds(tx, keyring, [{ row: message, kind: "message-sent" }], now);
	} else if (receipt.why === "number-cannot-receive") {
		await markDead(tx, message, now, receipt.reason, receipt.why);
		await recordEnds(tx, keyring, [{ row: message, kind: "message-dead" }], now);
	}
}
