import type { Sealed } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import type { TextMessageSetUpRow, TextSendRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import { SET_UP_TRIES } from "../methods/set-up.rule.ts";
import type { TextSetUp } from "./text-set-up.ts";

/** A code that was made and is not spent. */
type TextCode = { codeId: string; number: string; sealedCode: Sealed; expiresAt: number };

export type Holder = { clinicId: string; profileId: string; holderId: string };

/** The number that text messages go to: the one this person confirmed. */
export async function findNumber(db: Db, clinicId: string, profileId: string): Promise<string | undefined> {
	const row = await db
		.selectFrom("text_message_numbers")
		.select("number")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.executeTakeFirst();
	return row?.number;
}

export async function insertNumber(
	tx: Tx,
	row: { clinicId: string; methodId: string; profileId: string; number: string },
): Promise<void> {
	await tx
		.insertInto("text_message_numbers")
		.values({
			clinic_id: row.clinicId,
			method_id: row.methodId,
			profile_id: row.profileId,
			number: row.number,
		})
		.execute();
}

/** Forgets the number of a method, and with it the codes that were texted there. Goes with `deleteMethod`. */
export async function deleteNumber(tx: Tx, clinicId: string, methodId: string): Promise<void> {
	const forgotten = await tx
		.deleteFrom("text_message_numbers")
		.where("clinic_id", "=", clinicId)
		.where("method_id", "=", methodId)
		.returning(["profile_id", "number"])
		.executeTakeFirst();
	if (!forgotten) return;
	// Whoever has the phone that was lost proves nothing with it, in a session that is open elsewhere either.
	await tx
		.deleteFrom("text_codes")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", forgotten.profile_id)
		.where("number", "=", forgotten.number)
		.execute();
}

/** The unspent codes of a holder, the newest first; those that are over are among them. */
export async function listCodes(db: Db, { clinicId, profileId, holderId }: Holder): Promise<TextCode[]> {
	const rows = await db
		.selectFrom("text_codes")
		.select(["code_id", "number", "sealed_code", "expires_at"])
		.where("clinic_id", "=", clinicId)
		.where("held_by", "=", holderId)
		.where("profile_id", "=", profileId)
		.where("spent_at", "is", null)
		.orderBy("made_at", "desc")
		.execute();
	return rows.flatMap(({ code_id, number, sealed_code, expires_at }) =>
		sealed_code === null
			? []
			: [{ codeId: code_id, number, sealedCode: sealed_code as Sealed, expiresAt: expires_at }],
	);
}

export async function insertCode(
	tx: Tx,
	code: Holder & { codeId: string; number: string; sealedCode: Sealed; now: number; expiresAt: number },
): Promise<void> {
	await tx
		.insertInto("text_codes")
		.values({
			clinic_id: code.clinicId,
			code_id: code.codeId,
			profile_id: code.profileId,
			held_by: code.holderId,
			number: code.number,
			sealed_code: code.sealedCode,
			made_at: code.now,
			expires_at: code.expiresAt,
			spent_at: null,
		})
		.execute();
}

/** Spends a code that still lives, and empties it. @returns false when it was spent before: then nothing may open */
export async function spendCode(tx: Tx, clinicId: string, codeId: string, now: number): Promise<boolean> {
	const result = await tx
		.updateTable("text_codes")
		.set({ spent_at: now, sealed_code: null })
		.where("clinic_id", "=", clinicId)
		.where("code_id", "=", codeId)
		.where("spent_at", "is", null)
		.where("expires_at", ">", now)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** Forgets every code of a set-up that has ended, but not that messages were sent. */
async function deleteCodes(tx: Tx, clinicId: string, holderId: string): Promise<void> {
	await tx
		.deleteFrom("text_codes")
		.where("clinic_id", "=", clinicId)
		.where("held_by", "=", holderId)
		.execute();
}

/** Forgets every code that was texted to a person, but not that messages were sent. */
export async function deleteCodesOf(tx: Tx, clinicId: string, profileId: string): Promise<void> {
	await tx
		.deleteFrom("text_codes")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.execute();
}

/** Forgets codes long over, and which messages carried them. */
export async function deleteCodesExpiredBefore(tx: Tx, clinicId: string, before: number): Promise<void> {
	await tx
		.deleteFrom("text_codes")
		.where("clinic_id", "=", clinicId)
		.where("expires_at", "<=", before)
		.execute();
	await tx
		.deleteFrom("text_sends")
		.where("clinic_id", "=", clinicId)
		.where("sent_at", "<=", before)
		.execute();
}

export async function insertSend(tx: Tx, row: TextSendRow): Promise<void> {
	await tx.insertInto("text_sends").values(row).execute();
}

/** The messages of a holder, the first one first. */
export async function listSends(db: Db, clinicId: string, holderId: string): Promise<TextSendRow[]> {
	return db
		.selectFrom("text_sends")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("held_by", "=", holderId)
		.orderBy("sent_at")
		.execute();
}

/** The one set-up that a session or sign-in holds; whether it is over is `set-up.rule.ts`'s to say. */
export async function findSetUp(db: Db, clinicId: string, holderId: string): Promise<TextSetUp | undefined> {
	const row = await db
		.selectFrom("text_message_set_ups")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("held_by", "=", holderId)
		.executeTakeFirst();
	return row && toSetUp(row);
}

export async function insertSetUp(
	tx: Tx,
	setUp: Holder & {
		setUpId: string;
		doorsVersion: number;
		typedNumber: string;
		now: number;
		expiresAt: number;
	},
): Promise<void> {
	await tx
		.insertInto("text_message_set_ups")
		.values({
			clinic_id: setUp.clinicId,
			set_up_id: setUp.setUpId,
			profile_id: setUp.profileId,
			doors_version: setUp.doorsVersion,
			held_by: setUp.holderId,
			number: null,
			typed_number: setUp.typedNumber,
			wrong_tries: 0,
			started_at: setUp.now,
			expires_at: setUp.expiresAt,
		})
		.execute();
}

export async function setNumber(
	tx: Tx,
	clinicId: string,
	setUpId: string,
	number: { e164: string; typed: string },
): Promise<void> {
	await tx
		.updateTable("text_message_set_ups")
		.set({ number: number.e164, typed_number: number.typed })
		.where("clinic_id", "=", clinicId)
		.where("set_up_id", "=", setUpId)
		.execute();
}

/**
 * Counts a try of a set-up before its code is looked at.
 *
 * @returns the set-up with this try counted; undefined when it has ended, has no try left, or is somebody else's
 */
export async function takeSetUpTry(
	tx: Tx,
	setUp: Holder & { setUpId: string; doorsVersion: number; now: number },
): Promise<TextSetUp | undefined> {
	const row = await tx
		.updateTable("text_message_set_ups")
		.set((eb) => ({ wrong_tries: eb("wrong_tries", "+", 1) }))
		.where("clinic_id", "=", setUp.clinicId)
		.where("set_up_id", "=", setUp.setUpId)
		.where("profile_id", "=", setUp.profileId)
		.where("held_by", "=", setUp.holderId)
		.where("doors_version", "=", setUp.doorsVersion)
		.where("wrong_tries", "<", SET_UP_TRIES)
		.where("expires_at", ">", setUp.now)
		.returningAll()
		.executeTakeFirst();
	return row && toSetUp(row);
}

/** Finishes a set-up. @returns false when it had ended before */
export async function finishSetUp(tx: Tx, clinicId: string, setUpId: string): Promise<boolean> {
	const result = await tx
		.deleteFrom("text_message_set_ups")
		.where("clinic_id", "=", clinicId)
		.where("set_up_id", "=", setUpId)
		.executeTakeFirst();
	return result.numDeletedRows === 1n;
}

/** Ends set-ups that will not be finished: a person's, a holder's, or those out of time. */
export async function endSetUps(
	tx: Tx,
	clinicId: string,
	which: { profileId: string } | { holderId: string } | { expiredAt: number },
): Promise<void> {
	const ended = await tx
		.deleteFrom("text_message_set_ups")
		.where("clinic_id", "=", clinicId)
		.where((eb) => {
			if ("profileId" in which) return eb("profile_id", "=", which.profileId);
			if ("holderId" in which) return eb("held_by", "=", which.holderId);
			return eb("expires_at", "<=", which.expiredAt);
		})
		.returning("set_up_id")
		.execute();
	for (const { set_up_id } of ended) await deleteCodes(tx, clinicId, set_up_id);
}

function toSetUp(row: TextMessageSetUpRow): TextSetUp {
	return {
		setUpId: row.set_up_id,
		doorsVersion: row.doors_version,
		number: row.number,
		typedNumber: row.typed_number,
		wrongTries: row.wrong_tries,
		expiresAt: row.expires_at,
	};
}
