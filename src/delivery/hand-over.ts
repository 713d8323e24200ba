import type { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import type { OutboxRow } from "../db/tables.ts";
import type { EmailKind } from "./email-kind.ts";
import { openBody } from "./open-body.ts";
import { type EmailBody, TIME_TO_ENTER_MS } from "./outbox.ts";
import type { Outcome, SendEmail, Senders, SendText } from "./send.ts";
import { findEarlierTries } from "./store.ts";
import type { TextKind } from "./text-kind.ts";
import { NEVER_TRIED } from "./text-try.ts";

const NOT_OPENED: Outcome = { kind: "failed", reason: "No key in the ring opens its text" };

/** How the messages of one channel are handed over, once claimed. */
export type HandOver = (claimed: OutboxRow) => Promise<Outcome>;

/** Opens claimed messages and gives each to the sender of its channel; undefined without one. */
export function handOver(
	channel: OutboxRow["channel"],
	{ db, keyring, senders }: { db: Db; keyring: Keyring; senders: Senders },
): HandOver | undefined {
	const { email, text } = senders;
	if (channel === "email") return email && ((row) => handOverEmail(keyring, email, row));
	return text && ((row) => handOverText(db, keyring, text, row));
}

async function handOverEmail(keyring: Keyring, send: SendEmail, row: OutboxRow): Promise<Outcome> {
	const email = openBody<EmailBody>(keyring, row);
	return email === undefined ? NOT_OPENED : send({ ...outgoing(row), kind: row.kind as EmailKind, email });
}

async function handOverText(db: Db, keyring: Keyring, send: SendText, row: OutboxRow): Promise<Outcome> {
	const text = openBody<string>(keyring, row);
	if (text === undefined) return NOT_OPENED;
	return send({
		...outgoing(row),
		kind: row.kind as TextKind,
		text,
		expiresAt: row.expires_at,
		endsAt: row.expires_at + TIME_TO_ENTER_MS,
		claimedUntil: row.due_at,
		avoid: row.avoid ?? undefined,
		earlier: row.tries === 1 ? NEVER_TRIED : await findEarlierTries(db, row),
	});
}

function outgoing(row: OutboxRow) {
	return {
		clinicId: row.clinic_id,
		messageId: row.message_id,
		to: row.recipient,
		madeAt: row.made_at,
	};
}
