import type { HashedToken } from "../crypto/tokens.ts";
import type { Db } from "../db/connect.ts";
import type { EmailChangeRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";

export async function insertEmailChange(tx: Tx, row: EmailChangeRow): Promise<void> {
	await tx.insertInto("email_changes").values(row).execute();
}

export async function findEmailChange(
	db: Db,
	clinicId: string,
	hash: HashedToken,
): Promise<EmailChangeRow | undefined> {
	return db
		.selectFrom("email_changes")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("token_hash", "=", hash)
		.executeTakeFirst();
}

/** The change of a person that waits for its confirmation. */
export async function findWaitingEmailChange(
	db: Db,
	clinicId: string,
	profileId: string,
	now: number,
): Promise<EmailChangeRow | undefined> {
	return db
		.selectFrom("email_changes")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("used_at", "is", null)
		.where("ended_at", "is", null)
		.where("expires_at", ">", now)
		.executeTakeFirst();
}

/** Spends one. @returns false when it was used, had ended or was too old: nothing may change */
export async function spendEmailChange(
	tx: Tx,
	clinicId: string,
	changeId: string,
	now: number,
): Promise<boolean> {
	const result = await tx
		.updateTable("email_changes")
		.set({ used_at: now })
		.where("clinic_id", "=", clinicId)
		.where("change_id", "=", changeId)
		.where("used_at", "is", null)
		.where("ended_at", "is", null)
		.where("expires_at", ">", now)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** Ends what waits of a person. @returns how many did */
export async function endEmailChanges(
	tx: Tx,
	clinicId: string,
	profileId: string,
	now: number,
): Promise<number> {
	const result = await tx
		.updateTable("email_changes")
		.set({ ended_at: now })
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("used_at", "is", null)
		.where("ended_at", "is", null)
		.where("expires_at", ">", now)
		.executeTakeFirst();
	return Number(result.numUpdatedRows);
}

/** Ends what waits of others and was asked for by this person. @returns whose: profile ids */
export async function endEmailChangesAskedFor(
	tx: Tx,
	clinicId: string,
	askedBy: string,
	now: number,
): Promise<string[]> {
	const rows = await tx
		.updateTable("email_changes")
		.set({ ended_at: now })
		.where("clinic_id", "=", clinicId)
		.where("asked_by", "=", askedBy)
		.where("profile_id", "<>", askedBy)
		.where("used_at", "is", null)
		.where("ended_at", "is", null)
		.where("expires_at", ">", now)
		.returning("profile_id")
		.execute();
	return rows.map((row) => row.profile_id);
}

/** Forgets the changes of a clinic that ran out before a time. It reads all of the clinic's: for rare use. */
export async function deleteEmailChangesExpiredBefore(
	tx: Tx,
	clinicId: string,
	before: number,
): Promise<void> {
	await tx
		.deleteFrom("email_changes")
		.where("clinic_id", "=", clinicId)
		.where("expires_at", "<", before)
		.execute();
}
