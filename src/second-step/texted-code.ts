import type { Db } from "../db/connect.ts";
import { findMessage, type MessageState } from "../delivery/store.ts";
import type { Profile } from "../profiles/profile.ts";
import { mayResend, type Resend } from "../text-message/resend.rule.ts";
import { findNumber, listSends } from "../text-message/store.ts";

/** A code that was texted: where to, what became of the newest message, and whether it may be sent again. */
export type TextedCode = {
	/** E.164. */
	number: string;
	message: MessageState | undefined;
	/** Undefined where nothing was sent yet, or so long ago that it is forgotten. */
	sentAt: number | undefined;
	resend: Resend;
};

/** @param holderId the sign-in or session that the code belongs to */
export async function readTextedCode(
	db: Db,
	{ clinicId, profileId }: Profile,
	holderId: string,
	now: number,
): Promise<TextedCode> {
	const number = (await findNumber(db, clinicId, profileId)) ?? "";
	const sends = await listSends(db, clinicId, holderId);
	const last = sends.at(-1);
	const message = last && (await findMessage(db, clinicId, last.message_id));
	const resend = mayResend(
		sends.map((send) => ({ at: send.sent_at })),
		now,
	);
	return { number, message, sentAt: last?.sent_at, resend };
}
