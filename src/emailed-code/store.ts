import type { Db } from "../db/connect.ts";
import type { EmailedCodeRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import type { EmailedCode } from "./code-life.rule.ts";

export async function insertCode(
	tx: Tx,
	code: { clinicId: string; profileId: string; codeId: string; hash: string; now: number; expiresAt: number },
): Promise<void> {
	await tx
		.insertInto("emailed_codes")
		.values({
			clinic_id: code.clinicId,
			code_id: code.codeId,
			profile_id: code.profileId,
			code_hash: code.hash,
			made_at: code.now,
			expires_at: code.expiresAt,
			spent_at: null,
		})
		.execute();
}

/** Every code of a person that is still kept, the newest first; some may be over or spent. */
export async function listCodes(db: Db, clinicId: string, profileId: string): Promise<EmailedCode[]> {
	const rows = await db
		.selectFrom("emailed_codes")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.orderBy("made_at", "desc")
		.execute();
	return rows.map(toEmailedCode);
}

/** Spends one code. @returns false when it was spent, or has ended: then nothing may open */
export async function spendCode(tx: Tx, clinicId: string, codeId: string, now: number): Promise<boolean> {
	const result = await tx
		.updateTable("emailed_codes")
		.set({ spent_at: now })
		.where("clinic_id", "=", clinicId)
		.where("code_id", "=", codeId)
		.where("spent_at", "is", null)
		.where("expires_at", ">", now)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** Ends every other code of a person: one of them was used. */
export async function endCodes(tx: Tx, clinicId: string, profileId: string, now: number): Promise<void> {
	await tx
		.updateTable("emailed_codes")
		.set({ expires_at: now })
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("spent_at", "is", null)
		.where("expires_at", ">", now)
		.execute();
}

/** Forgets the codes of a clinic that ended before a time. It reads all of the clinic's: for rare use. */
export async function deleteCodesExpiredBefore(tx: Tx, clinicId: string, before: number): Promise<void> {
	await tx
		.deleteFrom("emailed_codes")
		.where("clinic_id", "=", clinicId)
		.where("expires_at", "<=", before)
		.execute();
}

function toEmailedCode(row: EmailedCodeRow): EmailedCode {
	return {
		codeId: row.code_id,
		hash: row.code_hash,
		madeAt: row.made_at,
		expiresAt: row.expires_at,
		spentAt: row.spent_at,
	};
}
