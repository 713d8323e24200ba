import type { Db } from "./connect.ts";
import type { ClinicRow } from "./tables.ts";
import type { Tx } from "./transaction.ts";

/*
 * The closed list of statements that do not name one clinic. Every other statement does; a test reads what is
 * really sent to the database and fails on any that is neither.
 */

/** Host → clinic, where many share a server. */
export function findClinicByShortName(db: Db, shortName: string): Promise<ClinicRow | undefined> {
	return db.selectFrom("clinics").selectAll().where("short_name", "=", shortName).executeTakeFirst();
}

/** Host → clinic, where there is one. */
export function findOnlyClinic(db: Db): Promise<ClinicRow | undefined> {
	return db.selectFrom("clinics").selectAll().orderBy("clinic_id").limit(1).executeTakeFirst();
}

/** A counter that must see every clinic: of a network, a number, a prefix or a country. No profile is in it. */
export const acrossClinics = {
	makeTries: (tx: Tx, limitName: string, key: string) =>
		tx
			.insertInto("tries_across_clinics")
			.values({ limit_name: limitName, key, state: "", expires_at: 0 })
			.onConflict((conflict) => conflict.doNothing())
			.execute(),
	selectTries: (tx: Tx, limitName: string, key: string) =>
		tx
			.selectFrom("tries_across_clinics")
			.select(["state", "expires_at"])
			.where("limit_name", "=", limitName)
			.where("key", "=", key),
	writeTries: (tx: Tx, limitName: string, key: string, state: string, expiresAt: number) =>
		tx
			.updateTable("tries_across_clinics")
			.set({ state, expires_at: expiresAt })
			.where("limit_name", "=", limitName)
			.where("key", "=", key)
			.execute(),
};
