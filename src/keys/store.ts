import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { Tx } from "../db/transaction.ts";
import type { SealedColumn, SealedValue } from "./sealed-column.ts";

/** A page of what a clinic keeps sealed in one column, by id. @param after the last id of the page before */
export async function listSealed(
	db: Db,
	{ table, id, column }: SealedColumn,
	clinicId: string,
	after: string,
	atMost: number,
): Promise<SealedValue[]> {
	const { rows } = await sql<SealedValue>`
		select ${sql.ref(id)} as id, profile_id, ${sql.ref(column)} as sealed from ${sql.table(table)}
		where clinic_id = ${clinicId} and ${sql.ref(id)} > ${after} and ${sql.ref(column)} is not null
		order by ${sql.ref(id)} limit ${atMost}`.execute(db);
	return rows;
}

/** @returns false when the value was changed or removed since it was read: then nothing is written */
export async function replaceSealed(
	tx: Tx,
	{ table, id, column }: SealedColumn,
	clinicId: string,
	before: SealedValue,
	sealedAnew: string,
): Promise<boolean> {
	const { numAffectedRows } = await sql`
		update ${sql.table(table)} set ${sql.ref(column)} = ${sealedAnew}
		where clinic_id = ${clinicId} and ${sql.ref(id)} = ${before.id} and ${sql.ref(column)} = ${before.sealed}`.execute(
		tx,
	);
	return numAffectedRows === 1n;
}
