import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { type End, recordEnds } from "./record-end.ts";
import { lockText, markDead, markSent, writeReceipt } from "./store.ts";
import type { ProviderName, Receipt } from "./text-provider.ts";

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
	receipt: Extract<Receipt, { kind: "sent" | "delivered" | "failed" }>,
	now: number,
): Promise<boolean> {
	return inTransaction(db, async (tx) => {
		const message = await lockText(tx, clinicId, messageId);
		if (!message) return false;
		await writeReceipt(tx, message, provider, receipt, now);
		if (message.state !== "waiting") return true;
		let kind: End["kind"] = "message-sent";
		if (receipt.kind !== "failed") await markSent(tx, message, now, provider);
		else if (receipt.why === "number-cannot-receive") {
			await markDead(tx, message, now, receipt.reason, receipt.why);
			kind = "message-dead";
		} else return true;
		await recordEnds(tx, config.keyring, [{ row: message, kind }], now);
		return true;
	});
}
