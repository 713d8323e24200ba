import { days, seconds } from "../clock.ts";
import type { Keyring } from "../crypto/keyring.ts";
import { newId } from "../db/ids.ts";
import type { Tx } from "../db/transaction.ts";
import type { Email } from "../words/email.ts";
import type { EmailKind } from "./email-kind.ts";
import { bodySealedFor, insertMessage } from "./store.ts";
import type { TextKind } from "./text-kind.ts";

export type { Email, EmailKind, TextKind };

/** After this a message that could not be sent is old news. */
const NEWS_LASTS_MS = days(3);
/** What a person needs to enter a code: with less left it is of no use any more. */
export const TIME_TO_ENTER_MS = seconds(15);

export type EmailToQueue = {
	clinicId: string;
	/** Whom it concerns; null where it is nobody's, as a test message. */
	profileId: string | null;
	/** One email address, without a name. */
	to: string;
	kind: EmailKind;
	email: Email;
	/** The profile that it tells of, where that is a colleague's of whom it concerns. */
	about?: string;
	/** Epoch milliseconds. */
	now: number;
	/** Made by whoever queues it, where it is to be asked after (`findMessage`). */
	messageId?: string;
	/** When it is no longer worth sending, epoch milliseconds: for a link, when the link ends. Three days by default. */
	expiresAt?: number;
};

/** An email as it is sealed until it has left. */
export type EmailBody = Email & Pick<EmailToQueue, "about">;

/**
 * Puts an email into the outbox, inside the transaction of the change that causes it: both are there or neither.
 * The worker sends it after the commit, at least once. Its text is sealed.
 */
export async function queueEmail(tx: Tx, keyring: Keyring, given: EmailToQueue): Promise<void> {
	const { clinicId, profileId, email, about, now } = given;
	const body: EmailBody = about === undefined ? email : { ...email, about };
	await insertMessage(tx, {
		clinic_id: clinicId,
		message_id: given.messageId ?? newId(now),
		channel: "email",
		kind: given.kind,
		profile_id: profileId,
		recipient: given.to,
		sealed_body: keyring.seal(JSON.stringify(body), bodySealedFor(clinicId, profileId)),
		state: "waiting",
		made_at: now,
		due_at: now,
		expires_at: given.expiresAt ?? now + NEWS_LASTS_MS,
		tries: 0,
		last_error: null,
		ended_at: null,
		provider: null,
		avoid: null,
		why: null,
	});
}

type TextToQueue = {
	clinicId: string;
	profileId: string;
	/** Made by whoever queues it, so that it can be asked after (`findMessage`). */
	messageId: string;
	/** E.164. */
	to: string;
	kind: TextKind;
	text: string;
	/** Epoch milliseconds. */
	now: number;
	/** When its code ends, epoch milliseconds. It is dropped a little before that, with too little left to enter it. */
	expiresAt: number;
	/** The provider that took the message before, when that one is sent again: it is asked last. */
	avoid?: string | undefined;
};

/**
 * Puts a text message into the outbox, inside the transaction of the change that causes it: both are there or
 * neither. The worker hands it to a provider after the commit; what can no longer be of use is dropped. Its text is
 * sealed.
 */
export async function queueText(tx: Tx, keyring: Keyring, given: TextToQueue): Promise<void> {
	const { clinicId, profileId, now } = given;
	await insertMessage(tx, {
		clinic_id: clinicId,
		message_id: given.messageId,
		channel: "text",
		kind: given.kind,
		profile_id: profileId,
		recipient: given.to,
		sealed_body: keyring.seal(JSON.stringify(given.text), bodySealedFor(clinicId, profileId)),
		state: "waiting",
		made_at: now,
		due_at: now,
		expires_at: given.expiresAt - TIME_TO_ENTER_MS,
		tries: 0,
		last_error: null,
		ended_at: null,
		provider: null,
		avoid: given.avoid ?? null,
		why: null,
	});
}
