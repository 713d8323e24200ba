import { acrossClinics } from "../db/across-clinics.ts";
import { compiledOnce, type Given } from "../db/compiled-once.ts";
import type { Db } from "../db/connect.ts";
import { requireLock, skipLocked, type Tx } from "../db/transaction.ts";
import { type ClinicFacts, type LimitName, limitNames, limits } from "./limits.ts";

/** Whose tries. A limit across clinics does not look at the clinic. */
export type TriesOf = {
	clinicId: string;
	key: string;
	/** What the limit's number depends on, where it depends on the clinic. */
	clinic?: ClinicFacts;
	/** What is tried, where a limit counts how many different things are. */
	what?: string;
};

/**
 * Locks the row of one limit and key until the transaction ends, making it if it is not there. One that is taken with
 * the profile locked is only read.
 *
 * @param fresh what a new row holds
 * @returns what the row holds
 */
export async function lockTries(tx: Tx, name: LimitName, of: TriesOf, fresh: string): Promise<string> {
	if (limits[name].acrossClinics) return acrossClinics.lockTries(tx, name, of.key, fresh);
	if (limits[name].underProfile) return (await readProfileTries(tx, of)).get(name) ?? fresh;
	return (await lock.one(tx, { clinicId: of.clinicId, name, key: of.key, fresh })).state;
}

/** What the rows hold that are there of the limits that a profile's lock is for. */
export type ProfileTries = ReadonlyMap<LimitName, string>;

/** Reads them all at once, with the profile locked. */
export async function readProfileTries(
	tx: Tx,
	{ clinicId, key }: Pick<TriesOf, "clinicId" | "key">,
): Promise<ProfileTries> {
	requireLock(tx, key);
	return findProfileTries(tx, { clinicId, key });
}

/** Reads them all at once, with nothing locked; for the page that shows how they stand. */
export async function findProfileTries(
	db: Db,
	{ clinicId, key }: Pick<TriesOf, "clinicId" | "key">,
): Promise<ProfileTries> {
	const rows = await ofProfile.all(db, { clinicId, key });
	return new Map(rows.map((row) => [row.limit_name as LimitName, row.state]));
}

const UNDER_PROFILE = limitNames.filter((name) => limits[name].underProfile);

const ofProfile = compiledOnce((db: Db, of: Given<{ clinicId: string; key: string }>) =>
	db
		.selectFrom("tries")
		.select(["limit_name", "state"])
		.where("clinic_id", "=", of.clinicId)
		.where("limit_name", "in", UNDER_PROFILE)
		.where("key", "=", of.key),
);

/** Setting a column to itself locks the row that is there and hands it over, in one statement. */
const lock = compiledOnce(
	(tx: Tx, of: Given<{ clinicId: string; name: LimitName; key: string; fresh: string }>) =>
		tx
			.insertInto("tries")
			.values({ clinic_id: of.clinicId, limit_name: of.name, key: of.key, state: of.fresh, expires_at: 0 })
			.onConflict((conflict) =>
				conflict
					.columns(["clinic_id", "limit_name", "key"])
					.doUpdateSet((eb) => ({ expires_at: eb.ref("tries.expires_at") })),
			)
			.returning("state"),
);

export async function findTries(db: Db, name: LimitName, of: TriesOf): Promise<string | undefined> {
	if (limits[name].acrossClinics) return acrossClinics.findTries(db, name, of.key);
	return (await find.first(db, { clinicId: of.clinicId, name, key: of.key }))?.state;
}

const find = compiledOnce((db: Db, of: Given<{ clinicId: string; name: LimitName; key: string }>) =>
	db
		.selectFrom("tries")
		.select("state")
		.where("clinic_id", "=", of.clinicId)
		.where("limit_name", "=", of.name)
		.where("key", "=", of.key),
);

/** The row is locked, or the profile: whatever is sent after this comes after it. */
export async function writeTries(
	tx: Tx,
	name: LimitName,
	of: TriesOf,
	state: string,
	expiresAt: number,
): Promise<void> {
	if (limits[name].acrossClinics) return acrossClinics.writeTries(tx, name, of.key, state, expiresAt);
	if (limits[name].underProfile) requireLock(tx, of.key);
	await keep.writeAhead(tx, { clinicId: of.clinicId, name, key: of.key, state, expiresAt });
}

const keep = compiledOnce(
	(tx: Tx, of: Given<{ clinicId: string; name: LimitName; key: string; state: string; expiresAt: number }>) =>
		tx
			.insertInto("tries")
			.values({
				clinic_id: of.clinicId,
				limit_name: of.name,
				key: of.key,
				state: of.state,
				expires_at: of.expiresAt,
			})
			.onConflict((conflict) =>
				conflict
					.columns(["clinic_id", "limit_name", "key"])
					.doUpdateSet({ state: of.state, expires_at: of.expiresAt }),
			),
);

export async function deleteTries(tx: Tx, name: LimitName, of: TriesOf): Promise<void> {
	if (limits[name].acrossClinics) return acrossClinics.deleteTries(tx, name, of.key);
	if (limits[name].underProfile) requireLock(tx, of.key);
	await tx
		.deleteFrom("tries")
		.where("clinic_id", "=", of.clinicId)
		.where("limit_name", "=", name)
		.where("key", "=", of.key)
		.execute();
}

/**
 * Deletes what makes no difference any more, of one clinic. It reads all of the clinic's: for rare use. Whoever takes
 * several tries at once holds some rows and waits for others, so this one waits for none.
 */
export async function deleteExpiredTries(tx: Tx, clinicId: string, now: number): Promise<void> {
	const expired = tx
		.selectFrom("tries")
		.select(["limit_name", "key"])
		.where("clinic_id", "=", clinicId)
		.where("expires_at", "<=", now);
	await tx
		.deleteFrom("tries")
		.where("clinic_id", "=", clinicId)
		.where((eb) =>
			eb(eb.refTuple("limit_name", "key"), "in", skipLocked(tx, expired).$asTuple("limit_name", "key")),
		)
		.execute();
}
