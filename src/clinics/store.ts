import { sql } from "kysely";
import { findClinicByShortName, findOnlyClinic, listClinicsAfter } from "../db/across-clinics.ts";
import { compiledOnce, type Given } from "../db/compiled-once.ts";
import { type Db, isPostgres } from "../db/connect.ts";
import { type ClinicRow, clinicColumns } from "../db/tables.ts";
import { forUpdate, type Tx } from "../db/transaction.ts";
import { type Clinic, NEW_CLINIC, type NewClinic, type Rule } from "./clinic.ts";

/** Any constant does, as long as nothing else in the database takes the same advisory lock. */
const ADVISORY_LOCK = 7_318_449_022;
const PAGE = 100;

export async function findClinic(
	db: Db,
	by: { shortName: string } | "the-only-one",
): Promise<Clinic | undefined> {
	const row =
		by === "the-only-one" ? await findOnlyClinic(db) : await findClinicByShortName(db, by.shortName);
	return row && toClinic(row);
}

/** @throws where there is none: an id comes from a row of that clinic */
export async function readClinic(db: Db, clinicId: string): Promise<Clinic> {
	return toClinic(await clinicById.one(db, { clinicId }));
}

const clinicById = compiledOnce((db, of: Given<{ clinicId: string }>) =>
	db.selectFrom("clinics").select(clinicColumns).where("clinic_id", "=", of.clinicId),
);

export async function insertClinic(tx: Tx, clinic: NewClinic, now: number): Promise<void> {
	await tx
		.insertInto("clinics")
		.values({
			clinic_id: clinic.clinicId,
			short_name: clinic.shortName,
			name: clinic.name,
			time_zone: clinic.timeZone,
			country: clinic.country,
			created_at: now,
			...ruleColumns(NEW_CLINIC.rule),
			sign_out_after_ms: NEW_CLINIC.signOutAfterMs,
		})
		.execute();
}

/** Lets one transaction at a time make clinics. On SQLite the transaction already holds the only lock. */
export async function lockClinics(tx: Tx): Promise<void> {
	if (isPostgres(tx)) await sql`select pg_advisory_xact_lock(${sql.lit(ADVISORY_LOCK)})`.execute(tx);
}

/** Every clinic of this server, a page in memory at a time. */
export async function* eachClinic(db: Db): AsyncGenerator<Clinic> {
	for (let after = ""; ; ) {
		const page = await listClinicsAfter(db, after, PAGE);
		yield* page.map(toClinic);
		const last = page.at(-1);
		if (last === undefined || page.length < PAGE) return;
		after = last.clinic_id;
	}
}

/**
 * Locks a clinic until the transaction ends: whoever changes its settings, or which email is whose, does it first,
 * before any profile.
 */
export async function lockClinic(tx: Tx, clinicId: string): Promise<Clinic> {
	const query = tx.selectFrom("clinics").selectAll().where("clinic_id", "=", clinicId);
	return toClinic(await forUpdate(tx, query).executeTakeFirstOrThrow());
}

export async function saveRule(tx: Tx, clinicId: string, rule: Rule): Promise<void> {
	await tx.updateTable("clinics").set(ruleColumns(rule)).where("clinic_id", "=", clinicId).execute();
}

export async function saveSignOutAfter(tx: Tx, clinicId: string, signOutAfterMs: number): Promise<void> {
	await tx
		.updateTable("clinics")
		.set({ sign_out_after_ms: signOutAfterMs })
		.where("clinic_id", "=", clinicId)
		.execute();
}

function ruleColumns(rule: Rule) {
	return {
		required_from_on: rule.requiredFromOn,
		allows_trust: rule.allowsTrust ? (1 as const) : (0 as const),
		allows_texts: rule.allowsTexts ? (1 as const) : (0 as const),
		trust_version: rule.trustVersion,
		rule_version: rule.version,
	};
}

export function toClinic(row: ClinicRow): Clinic {
	return {
		clinicId: row.clinic_id,
		shortName: row.short_name,
		name: row.name,
		timeZone: row.time_zone,
		country: row.country,
		rule: {
			requiredFromOn: row.required_from_on,
			allowsTrust: row.allows_trust === 1,
			allowsTexts: row.allows_texts === 1,
			trustVersion: row.trust_version,
			version: row.rule_version,
		},
		signOutAfterMs: row.sign_out_after_ms,
	};
}
