import { sql } from "kysely";
import { compiledOnce, type Given } from "./compiled-once.ts";
import { type Db, isPostgres } from "./connect.ts";
import { type ClinicRow, clinicColumns, type MailingRow, type OutboxRow } from "./tables.ts";
import { skipLocked, type Tx } from "./transaction.ts";

/*
 * The closed list of statements that do not name one clinic. Every other statement does; a test reads what is
 * really sent to the database and fails on any that is neither.
 */

/** Host → clinic, where many share a server. */
export function findClinicByShortName(db: Db, shortName: string): Promise<ClinicRow | undefined> {
	return clinicByShortName.first(db, { shortName });
}

const clinicByShortName = compiledOnce((db, of: Given<{ shortName: string }>) =>
	db.selectFrom("clinics").select(clinicColumns).where("short_name", "=", of.shortName),
);

/** Host → clinic, where there is one. */
export function findOnlyClinic(db: Db): Promise<ClinicRow | undefined> {
	return onlyClinic.first(db, {});
}

const onlyClinic = compiledOnce((db) =>
	db.selectFrom("clinics").select(clinicColumns).orderBy("clinic_id").limit(1),
);

/** Every clinic, a page at a time, for the operator's commands and the upkeep. @param after the last id of the page before */
export function listClinicsAfter(db: Db, after: string, atMost: number): Promise<ClinicRow[]> {
	return db
		.selectFrom("clinics")
		.selectAll()
		.where("clinic_id", ">", after)
		.orderBy("clinic_id")
		.limit(atMost)
		.execute();
}

/** How many clinics this server has; for `vestibule doctor`. */
export async function countClinics(db: Db): Promise<number> {
	const { count } = await db
		.selectFrom("clinics")
		.select((eb) => eb.fn.countAll<number>().as("count"))
		.executeTakeFirstOrThrow();
	return count;
}

/** Clinics with work due: a Recovery Code is still sealed though its time is over. */
export async function listClinicsWithExpiredCodes(db: Db, now: number, atMost: number): Promise<string[]> {
	const rows = await db
		.selectFrom("recovery_codes")
		.select("clinic_id")
		.distinct()
		.where("sealed_code", "is not", null)
		.where("sealed_until", "<=", now)
		.limit(atMost)
		.execute();
	return rows.map((row) => row.clinic_id);
}

/** A counter that must see every clinic: of a network, a number, a prefix or a country. No profile is in it. */
export const acrossClinics = {
	/** Locks the row until the transaction ends, making it if it is not there. */
	lockTries: async (tx: Tx, limitName: string, key: string, fresh: string): Promise<string> => {
		return (await lockTries.one(tx, { limitName, key, fresh })).state;
	},
	findTries: async (db: Db, limitName: string, key: string): Promise<string | undefined> => {
		const row = await db
			.selectFrom("tries_across_clinics")
			.select("state")
			.where("limit_name", "=", limitName)
			.where("key", "=", key)
			.executeTakeFirst();
		return row?.state;
	},
	writeTries: async (tx: Tx, limitName: string, key: string, state: string, expiresAt: number) => {
		await keepTries.writeAhead(tx, { limitName, key, state, expiresAt });
	},
	deleteTries: async (tx: Tx, limitName: string, key: string) => {
		await tx
			.deleteFrom("tries_across_clinics")
			.where("limit_name", "=", limitName)
			.where("key", "=", key)
			.execute();
	},
	deleteExpiredTries: async (tx: Tx, now: number) => {
		const expired = tx
			.selectFrom("tries_across_clinics")
			.select(["limit_name", "key"])
			.where("expires_at", "<=", now);
		await tx
			.deleteFrom("tries_across_clinics")
			.where((eb) =>
				eb(eb.refTuple("limit_name", "key"), "in", skipLocked(tx, expired).$asTuple("limit_name", "key")),
			)
			.execute();
	},
};

const lockTries = compiledOnce((tx: Tx, of: Given<{ limitName: string; key: string; fresh: string }>) =>
	tx
		.insertInto("tries_across_clinics")
		.values({ limit_name: of.limitName, key: of.key, state: of.fresh, expires_at: 0 })
		.onConflict((conflict) =>
			conflict
				.columns(["limit_name", "key"])
				.doUpdateSet((eb) => ({ expires_at: eb.ref("tries_across_clinics.expires_at") })),
		)
		.returning("state"),
);

const keepTries = compiledOnce(
	(tx: Tx, of: Given<{ limitName: string; key: string; state: string; expiresAt: number }>) =>
		tx
			.updateTable("tries_across_clinics")
			.set({ state: of.state, expires_at: of.expiresAt })
			.where("limit_name", "=", of.limitName)
			.where("key", "=", of.key),
);

/** How many codes were texted to a country and how many were used, an hour a row. No profile is in it. */
export const codesOfCountries = {
	/** @param part which of the rows of this hour: so that not all sign-ins wait for one */
	add: async (tx: Tx, country: string, hourAt: number, part: number, sent: number, used: number) => {
		await tx
			.insertInto("codes_of_countries")
			.values({ country, hour_at: hourAt, part, sent, used })
			.onConflict((conflict) =>
				conflict.columns(["country", "hour_at", "part"]).doUpdateSet((eb) => ({
					sent: eb("codes_of_countries.sent", "+", sent),
					used: eb("codes_of_countries.used", "+", used),
				})),
			)
			.execute();
	},
	/** The sums of each country, from the hour after `hourAt` on. */
	sumAfter: async (db: Db, hourAt: number): Promise<{ country: string; sent: number; used: number }[]> => {
		const rows = await db
			.selectFrom("codes_of_countries")
			.select((eb) => ["country", eb.fn.sum("sent").as("sent"), eb.fn.sum("used").as("used")])
			.where("hour_at", ">", hourAt)
			.groupBy("country")
			.orderBy("country")
			.execute();
		// PostgreSQL hands sums over as text.
		return rows.map(({ country, sent, used }) => ({ country, sent: Number(sent), used: Number(used) }));
	},
	deleteUntil: async (tx: Tx, hourAt: number) => {
		await tx.deleteFrom("codes_of_countries").where("hour_at", "<=", hourAt).execute();
	},
};

/** Written out, not as a parameter: only so does SQLite use the index of waiting messages. */
const WAITING = sql.lit("waiting" as const);

type Channel = OutboxRow["channel"];

/** When the next waiting message of a channel is due, of any clinic; undefined when none waits. */
export async function findNextDueAt(db: Db, channel: Channel): Promise<number | undefined> {
	return (await nextDue.first(db, { channel }))?.due_at;
}

const nextDue = compiledOnce((db, of: Given<{ channel: Channel }>) =>
	db
		.selectFrom("outbox")
		.select("due_at")
		.where("state", "=", WAITING)
		.where("channel", "=", of.channel)
		.orderBy("due_at")
		.limit(1),
);

/** Waiting messages of any clinic that are due, the longest waiting first; locked, without those another worker holds. */
export function selectDueMessages(
	tx: Tx,
	channel: Channel,
	now: number,
	atMost: number,
): Promise<OutboxRow[]> {
	const query = tx
		.selectFrom("outbox")
		.selectAll()
		.where("state", "=", WAITING)
		.where("channel", "=", channel)
		.where("due_at", "<=", now)
		.orderBy("due_at")
		.orderBy("message_id")
		.limit(atMost);
	return (isPostgres(tx) ? query.forUpdate().skipLocked() : query).execute();
}

/** Waiting messages of any clinic that came too late; locked, without those another worker holds. */
export function selectExpiredMessages(
	tx: Tx,
	channel: Channel,
	now: number,
	atMost: number,
): Promise<OutboxRow[]> {
	const query = tx
		.selectFrom("outbox")
		.selectAll()
		.where("state", "=", WAITING)
		.where("channel", "=", channel)
		.where("expires_at", "<=", now)
		.orderBy("due_at")
		.limit(atMost);
	return (isPostgres(tx) ? query.forUpdate().skipLocked() : query).execute();
}

/** When the next email to all of a clinic is due, of any clinic; undefined when none waits. */
export async function findNextMailingDueAt(db: Db): Promise<number | undefined> {
	const row = await db
		.selectFrom("mailings")
		.select("due_at")
		.where("ended_at", "is", null)
		.orderBy("due_at")
		.limit(1)
		.executeTakeFirst();
	return row?.due_at;
}

/** The one of any clinic that has been due longest; locked, without those another worker is at. */
export function lockDueMailing(tx: Tx, now: number): Promise<MailingRow | undefined> {
	const query = tx
		.selectFrom("mailings")
		.selectAll()
		.where("ended_at", "is", null)
		.where("due_at", "<=", now)
		.orderBy("due_at")
		.orderBy("mailing_id")
		.limit(1);
	return skipLocked(tx, query).executeTakeFirst();
}
