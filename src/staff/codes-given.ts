import { recordEvent } from "../activity/record.ts";
import { type DoneBy, eventOf } from "../colleagues/done-by.ts";
import type { Keyring } from "../crypto/keyring.ts";
import type { Tx } from "../db/transaction.ts";
import { endWaitingCodes, listReceiversOf } from "../temporary-code/store.ts";

/**
 * Ends the temporary codes that somebody gave who loses Full Access: a code is only as good as whoever gave it.
 *
 * @returns whose codes ended, for `recordCodesGivenEnded` last in the transaction
 */
export async function endCodesGivenBy(
	tx: Tx,
	clinicId: string,
	giverId: string,
	now: number,
): Promise<string[]> {
	const receivers = await listReceiversOf(tx, clinicId, giverId, now);
	for (const receiver of receivers) await endWaitingCodes(tx, clinicId, receiver, now);
	return receivers;
}

/** Records what `endCodesGivenBy` ended. */
export async function recordCodesGivenEnded(
	tx: Tx,
	keyring: Keyring,
	by: DoneBy,
	clinicId: string,
	receivers: readonly string[],
): Promise<void> {
	const detail = { why: "giver-lost-full-access" } as const;
	for (const receiver of receivers) {
		const context = eventOf(by, clinicId, receiver);
		await recordEvent(tx, keyring, { ...context, kind: "temporary-code-ended", detail });
	}
}
