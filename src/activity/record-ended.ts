import type { Keyring } from "../crypto/keyring.ts";
import type { Tx } from "../db/transaction.ts";
import { type EventContext, recordEvent } from "./record.ts";

/** What ended with how somebody got in: how many of each. */
export type Ended = { codes: number; emailChanges: number; trust: number; sessions: number };

/** Records what of a person's ended with a way in of theirs, each that there was. Last in its transaction. */
export async function recordEnded(
	tx: Tx,
	keyring: Keyring,
	event: EventContext,
	why: "new-password" | "deactivated" | "reset" | "not-me",
	{ codes, emailChanges, trust, sessions }: Ended,
): Promise<void> {
	if (codes > 0) await recordEvent(tx, keyring, { ...event, kind: "temporary-code-ended", detail: { why } });
	if (emailChanges > 0)
		await recordEvent(tx, keyring, { ...event, kind: "email-change-ended", detail: { why } });
	if (trust > 0)
		await recordEvent(tx, keyring, { ...event, kind: "trust-ended", detail: { count: trust, why } });
	if (sessions > 0)
		await recordEvent(tx, keyring, { ...event, kind: "sessions-ended", detail: { count: sessions, why } });
}
