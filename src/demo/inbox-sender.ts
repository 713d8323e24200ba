import type { Clock } from "../clock.ts";
import type { Db } from "../db/connect.ts";
import { inTransaction } from "../db/transaction.ts";
import { emailText } from "../delivery/email-text.ts";
import type { SendEmail } from "../delivery/send.ts";
import type { ProviderAdapter } from "../delivery/text-provider.ts";
import { insertInboxMessage } from "./store.ts";

/** Sends every email to the demo's inbox page; nothing leaves this computer. */
export function inboxSender(db: Db, clock: Clock): SendEmail {
	return async ({ clinicId, messageId, to, email }) => {
		const message = {
			clinic_id: clinicId,
			message_id: messageId,
			channel: "email" as const,
			recipient: to,
			subject: email.subject,
			body: emailText(email),
			received_at: clock(),
		};
		await inTransaction(db, (tx) => insertInboxMessage(tx, message));
		return { kind: "sent" };
	};
}

/** Takes every text message for the demo's inbox page, where it is at once. */
export function inboxProvider(db: Db, clock: Clock): ProviderAdapter {
	return {
		name: "inbox",
		async ask({ clinicId, messageId, to, text }) {
			const message = {
				clinic_id: clinicId,
				message_id: messageId,
				channel: "text" as const,
				recipient: to,
				// A text message has none: its first line says what it is about.
				subject: text.split("\n", 1)[0] ?? "",
				body: text,
				received_at: clock(),
			};
			await inTransaction(db, (tx) => insertInboxMessage(tx, message));
			return { kind: "taken", isDelivered: true };
		},
		readReceipt: () => ({ kind: "forged" }),
	};
}
