import type { Clock } from "../clock.ts";
import type { Db } from "../db/connect.ts";
import { inTransaction } from "../db/transaction.ts";
import { emailText } from "../delivery/email-text.ts";
import type { Send } from "../delivery/send.ts";
import { insertInboxMessage } from "./store.ts";

/** Sends every message to the demo's inbox page; nothing leaves this computer. */
export function inboxSender(db: Db, clock: Clock): Send {
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
