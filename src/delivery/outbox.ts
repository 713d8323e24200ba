import { days } from "../clock.ts";
import type { Keyring } from "../crypto/keyring.ts";
import { newId } from "../db/ids.ts";
import type { Tx } from "../db/transaction.ts";
import type { Email } from "../words/email.ts";
import type { EmailKind } from "./email-kind.ts";
import { bodySealedFor, insertMessage } from "./store.ts";

export type { Email, EmailKind };

/** After this a message that could not be sent is old news. */
const NEWS_LASTS = days(3);

export type EmailToQueue = {
	clinicId: string;
	/** Whom it concerns; null where it is nobody's, as a test message. */
	profileId: string | null;
	/** One email address, without a name. */
	to: string;
	kind: EmailKind;
	email: Email;
	/** Epoch milliseconds. */
	now: number;
	/** When it is no longer worth sending, epoch milliseconds: for a link, when the link ends. Three days by default. */
	expiresAt?: number;
};

/**
 * Puts an email into the outbox, inside the transaction of the change that causes it: both are there or neither.
 * The worker sends it after the commit, at least once. Its text is sealed.
 */
export async function queueEmail(tx: Tx, keyring: Keyring, given: EmailToQueue): Promise<void> {
	const { clinicId, profileId, now } = given;
	await insertMessage(tx, {
		clinic_id: clinicId,
		message_id: newId(now),
		channel: "email",
		kind: given.kind,
		profile_id: profileId,
		recipient: given.to,
		sealed_body: keyring.seal(JSON.stringify(given.email), bodySealedFor(clinicId, profileId)),
		state: "waiting",
		made_at: now,
		due_at: now,
		expires_at: given.expiresAt ?? now + NEWS_LASTS,
		tries: 0,
		last_error: null,
		ended_at: null,
	});
}
