import { type Expression, expressionBuilder, type SqlBool } from "kysely";
import { compiledOnce, type Given } from "../db/compiled-once.ts";
import type { Db } from "../db/connect.ts";
import type { Tables, TemporaryCodeRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";

export async function insertTemporaryCode(tx: Tx, row: TemporaryCodeRow): Promise<void> {
	await tx.insertInto("temporary_codes").values(row).execute();
}

/** The codes of a person that wait: neither used, ended nor run out. One at most, but for a moment. */
export async function listWaitingCodes(
	db: Db,
	clinicId: string,
	profileId: string,
	now: number,
): Promise<TemporaryCodeRow[]> {
	return waiting(db, clinicId, now).where("profile_id", "=", profileId).execute();
}

/** Whose codes wait that this person gave: profile ids. */
export async function listReceiversOf(
	db: Db,
	clinicId: string,
	givenBy: string,
	now: number,
): Promise<string[]> {
	const rows = await waiting(db, clinicId, now).where("given_by", "=", givenBy).execute();
	return rows.map((row) => row.profile_id);
}

/** Spends one code. @returns false when it was used, had ended or was too old: then nothing may open */
export async function spendTemporaryCode(
	tx: Tx,
	clinicId: string,
	codeId: string,
	now: number,
): Promise<boolean> {
	const result = await tx
		.updateTable("temporary_codes")
		.set({ spent_at: now })
		.where("clinic_id", "=", clinicId)
		.where("code_id", "=", codeId)
		.where(codeWaits(now))
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** Ends every code of a person that waits. @returns how many did */
export async function endWaitingCodes(
	tx: Tx,
	clinicId: string,
	profileId: string,
	now: number,
): Promise<number> {
	return endWaiting.write(tx, { clinicId, profileId, now });
}

const endWaiting = compiledOnce((tx: Tx, of: Given<{ clinicId: string; profileId: string; now: number }>) =>
	tx
		.updateTable("temporary_codes")
		.set({ ended_at: of.now })
		.where("clinic_id", "=", of.clinicId)
		.where("profile_id", "=", of.profileId)
		.where(codeWaits(of.now)),
);

/** Forgets the codes of a clinic that ran out before a time. It reads all of the clinic's: for rare use. */
export async function deleteTemporaryCodesExpiredBefore(
	tx: Tx,
	clinicId: string,
	before: number,
): Promise<void> {
	await tx
		.deleteFrom("temporary_codes")
		.where("clinic_id", "=", clinicId)
		.where("expires_at", "<", before)
		.execute();
}

/** What holds of a code while it waits: it is neither used, ended nor run out. */
export function codeWaits(now: number | Expression<number>): Expression<SqlBool> {
	const eb = expressionBuilder<Tables, "temporary_codes">();
	return eb.and([
		eb("temporary_codes.spent_at", "is", null),
		eb("temporary_codes.ended_at", "is", null),
		eb("temporary_codes.expires_at", ">", now),
	]);
}

function waiting(db: Db, clinicId: string, now: number) {
	return db.selectFrom("temporary_codes").selectAll().where("clinic_id", "=", clinicId).where(codeWaits(now));
}
