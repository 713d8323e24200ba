import type { GiverLostWhy } from "../activity/events.ts";
import { type EventContext, recordEvent } from "../activity/record.ts";
import type { Keyring } from "../crypto/keyring.ts";
import type { Tx } from "../db/transaction.ts";
import { endEmailChangesAskedFor } from "../email-change/store.ts";
import { endWaitingCodes, listReceiversOf } from "../temporary-code/store.ts";

/** What somebody did for colleagues that was still to be used, and has ended: whose, by their profile ids. */
export type DoneForOthersEnded = { codesOf: string[]; emailChangesOf: string[] };

/**
 * Ends the temporary codes that somebody gave and the changes of a colleague's email that they asked for: each is
 * only as good as whoever it came from.
 *
 * @returns for `recordDoneForOthersEnded`, last in the transaction
 */
export async function endDoneForOthers(
	tx: Tx,
	clinicId: string,
	giverId: string,
	now: number,
): Promise<DoneForOthersEnded> {
	const codesOf = await listReceiversOf(tx, clinicId, giverId, now);
	for (const receiver of codesOf) await endWaitingCodes(tx, clinicId, receiver, now);
	const emailChangesOf = await endEmailChangesAskedFor(tx, clinicId, giverId, now);
	return { codesOf, emailChangesOf };
}

/** Records what `endDoneForOthers` ended. @param eventOf when, by whom and from where, for whom it concerns */
export async function recordDoneForOthersEnded(
	tx: Tx,
	keyring: Keyring,
	{ codesOf, emailChangesOf }: DoneForOthersEnded,
	why: GiverLostWhy,
	eventOf: (profileId: string) => EventContext,
): Promise<void> {
	for (const whose of codesOf)
		await recordEvent(tx, keyring, { ...eventOf(whose), kind: "temporary-code-ended", detail: { why } });
	for (const whose of emailChangesOf)
		await recordEvent(tx, keyring, { ...eventOf(whose), kind: "email-change-ended", detail: { why } });
}
