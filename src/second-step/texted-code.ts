import type { Db } from "../db/connect.ts";
import { findMessage, type MessageState } from "../delivery/store.ts";
import type { Profile } from "../profiles/profile.ts";
import type { Resend } from "../text-message/resend.rule.ts";
import { sendsTo } from "../text-message/sends-to.rule.ts";
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
	const { last, resend } = sendsTo(number, sends, now);
	const message = last && (await findMessage(db, clinicId, last.message_id));
	return { number, message, sentAt: last?.sent_at, resend };
}
