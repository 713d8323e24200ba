import { findClinicByShortName, findOnlyClinic } from "../db/across-clinics.ts";
import type { Db } from "../db/connect.ts";
import type { ClinicRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import type { Clinic } from "./clinic.ts";

export async function findClinic(
	db: Db,
	by: { shortName: string } | "the-only-one",
): Promise<Clinic | undefined> {
	const row =
		by === "the-only-one" ? await findOnlyClinic(db) : await findClinicByShortName(db, by.shortName);
	return row && toClinic(row);
}

export async function insertClinic(tx: Tx, clinic: Clinic, now: number): Promise<void> {
	await tx
		.insertInto("clinics")
		.values({
			clinic_id: clinic.clinicId,
			short_name: clinic.shortName,
			name: clinic.name,
			time_zone: clinic.timeZone,
			country: clinic.country,
			created_at: now,
		})
		.execute();
}

function toClinic(row: ClinicRow): Clinic {
	return {
		clinicId: row.clinic_id,
		shortName: row.short_name,
		name: row.name,
		timeZone: row.time_zone,
		country: row.country,
	};
}
