import { setImmediate as othersTurn } from "node:timers/promises";
import type { ExpressionBuilder } from "kysely";
import type { Db } from "../db/connect.ts";
import { newId } from "../db/ids.ts";
import type { Access, MailingKind, MailingRow, Tables } from "../db/tables.ts";
import { skipLocked, type Tx } from "../db/transaction.ts";
import { ringOnceCommitted } from "../delivery/bell.ts";
import { listMethodsOfMany, type Method } from "../methods/store.ts";
import type { Profile } from "../profiles/profile.ts";
import { comesAfter, comesBefore, nameOrEmailHolds, type PlaceByName, toProfile } from "../profiles/store.ts";

/** An active person without a method. */
export type WithoutMethod = {
	name: string;
	profileId: string;
	email: string;
	/** Epoch milliseconds; null when nobody has reminded them. */
	lastRemindedAt: number | null;
};

/** How many staff are active, and how many of them have a method on; a blocked one is on. */
export async function countWhoHasItOn(db: Db, clinicId: string): Promise<{ active: number; on: number }> {
	return db
		.selectFrom("profiles")
		.select((eb) => [
			eb.fn.countAll<number>().as("active"),
			eb.fn.countAll<number>().filterWhere(hasMethod(eb)).as("on"),
		])
		.where("clinic_id", "=", clinicId)
		.where("active", "=", 1)
		.executeTakeFirstOrThrow();
}

/** The first of the active staff without a method, by name. */
export async function listWithoutMethod(
	db: Db,
	clinicId: string,
	page: { atMost: number },
): Promise<WithoutMethod[]> {
	const rows = await db
		.selectFrom("profiles")
		.select(["name", "profile_id", "email", "last_reminded_at"])
		.where("clinic_id", "=", clinicId)
		.where("active", "=", 1)
		.where((eb) => eb.not(hasMethod(eb)))
		.orderBy("name_order")
		.orderBy("profile_id")
		.limit(page.atMost)
		.execute();
	return rows.map((row) => ({
		name: row.name,
		profileId: row.profile_id,
		email: row.email,
		lastRemindedAt: row.last_reminded_at,
	}));
}

/** Of whom the staff are listed; a method that is blocked is set up. */
export type Who = "everybody" | "not-set-up";

/** An active person and how they get in. */
export type StaffMember = WithoutMethod &
	PlaceByName & {
		access: Access;
		lastSignInAt: number | null;
		/** A reset is pending since then. */
		resetPendingAt: number | null;
		/** Those that are on, blocked ones too, the default first. */
		methods: readonly Method[];
	};

/**
 * A page of the active staff, by name.
 *
 * @param page.after the last one of the page before
 * @param page.before the first one of the page behind, for the page in front of it
 * @param page.typed only those whose name or email has it in it
 */
export async function listStaff(
	db: Db,
	clinicId: string,
	who: Who,
	page: { after?: PlaceByName; before?: PlaceByName; typed?: string; atMost: number },
): Promise<StaffMember[]> {
	const { after, before, typed = "" } = page;
	const direction = before ? "desc" : "asc";
	let query = db
		.selectFrom("profiles")
		.select([
			"name",
			"name_order",
			"profile_id",
			"email",
			"access",
			"last_sign_in_at",
			"last_reminded_at",
			"reset_pending_at",
		])
		.where("clinic_id", "=", clinicId)
		.where("active", "=", 1)
		.orderBy("name_order", direction)
		.orderBy("profile_id", direction)
		.limit(page.atMost);
	if (who === "not-set-up") query = query.where((eb) => eb.not(hasMethod(eb)));
	if (typed !== "") query = query.where((eb) => eb.or(nameOrEmailHolds(typed)));
	if (after) query = query.where((eb) => comesAfter(eb, after));
	if (before) query = query.where((eb) => comesBefore(eb, before));
	const found = await query.execute();
	const rows = before ? found.reverse() : found;
	const ids = rows.map((row) => row.profile_id);
	const methods = who === "not-set-up" ? new Map() : await listMethodsOfMany(db, clinicId, ids);
	return rows.map((row) => ({
		name: row.name,
		nameOrder: row.name_order,
		profileId: row.profile_id,
		email: row.email,
		access: row.access,
		lastSignInAt: row.last_sign_in_at,
		lastRemindedAt: row.last_reminded_at,
		resetPendingAt: row.reset_pending_at,
		methods: methods.get(row.profile_id) ?? [],
	}));
}

/** How many are read at once where all are read. */
const PAGE = 200;

/** All active staff by name, a page in memory at a time; between two pages others have their turn. */
export async function* eachStaffPage(db: Db, clinicId: string, who: Who): AsyncGenerator<StaffMember[]> {
	let after: PlaceByName | undefined;
	do {
		const page = await listStaff(db, clinicId, who, { ...(after && { after }), atMost: PAGE });
		if (page.length > 0) yield page;
		after = page.length === PAGE ? page.at(-1) : undefined;
		// SQLite answers at once, so that without this nobody else would be answered until the last page.
		await othersTurn();
	} while (after);
}

/** Whether the profile of the query has a method on. */
function hasMethod(eb: ExpressionBuilder<Tables, "profiles">) {
	return eb.exists(
		eb
			.selectFrom("methods")
			.select("method_id")
			.whereRef("methods.clinic_id", "=", "profiles.clinic_id")
			.whereRef("methods.profile_id", "=", "profiles.profile_id"),
	);
}

/**
 * Puts an email to all who have not set it up among those that are to be sent.
 *
 * @returns false where reminders by hand are under way already: they go to all once at a time
 */
export async function insertMailing(
	tx: Tx,
	mailing: {
		clinicId: string;
		kind: MailingKind;
		/** The day from which it is required, ISO. */
		on: string;
		/** Epoch milliseconds, as `now`. */
		dueAt: number;
		askedBy: string | null;
		now: number;
	},
): Promise<boolean> {
	const result = await tx
		.insertInto("mailings")
		.values({
			clinic_id: mailing.clinicId,
			mailing_id: newId(mailing.now),
			kind: mailing.kind,
			required_from_on: mailing.on,
			due_at: mailing.dueAt,
			asked_by: mailing.askedBy,
			after_profile_id: "",
			emailed: 0,
			ended_at: null,
		})
		.onConflict((conflict) => conflict.doNothing())
		.executeTakeFirst();
	ringOnceCommitted(tx, "mailing");
	return result.numInsertedOrUpdatedRows === 1n;
}

/** Ends whatever is still to be mailed to a clinic. */
export async function endMailings(tx: Tx, clinicId: string, now: number): Promise<void> {
	await tx
		.updateTable("mailings")
		.set({ ended_at: now })
		.where("clinic_id", "=", clinicId)
		.where("ended_at", "is", null)
		.execute();
}

/** What was mailed to a clinic before a mailing and said another day, the latest first. */
export async function listMailingsOfOtherDays(
	tx: Tx,
	mailing: MailingRow,
): Promise<Pick<MailingRow, "required_from_on" | "after_profile_id">[]> {
	return tx
		.selectFrom("mailings")
		.select(["required_from_on", "after_profile_id"])
		.where("clinic_id", "=", mailing.clinic_id)
		.where("mailing_id", "<", mailing.mailing_id)
		.where("required_from_on", "!=", mailing.required_from_on)
		.orderBy("mailing_id", "desc")
		.execute();
}

/** Writes down how far a mailing has come. The caller has locked its row. */
export async function noteProgress(
	tx: Tx,
	mailing: Pick<MailingRow, "clinic_id" | "mailing_id">,
	progress: Pick<MailingRow, "due_at" | "after_profile_id" | "emailed" | "ended_at">,
): Promise<void> {
	await tx
		.updateTable("mailings")
		.set({
			due_at: progress.due_at,
			after_profile_id: progress.after_profile_id,
			emailed: progress.emailed,
			ended_at: progress.ended_at,
		})
		.where("clinic_id", "=", mailing.clinic_id)
		.where("mailing_id", "=", mailing.mailing_id)
		.execute();
}

/** Forgets mailings of a clinic that ended before a time. It reads all of the clinic's: for rare use. */
export async function deleteMailingsEndedBefore(tx: Tx, clinicId: string, before: number): Promise<void> {
	await tx.deleteFrom("mailings").where("clinic_id", "=", clinicId).where("ended_at", "<", before).execute();
}

/** Profiles that follow each other, and whether nobody comes after them. */
export type ProfilePage = { profiles: Profile[]; isLast: boolean };

/**
 * The next profiles in the order of their ids, deactivated ones too; locked, up to the first that another
 * transaction holds: this one holds many and must wait for none.
 *
 * @param after the last id of the page before
 */
export async function lockNextProfiles(
	tx: Tx,
	clinicId: string,
	after: string,
	atMost: number,
): Promise<ProfilePage> {
	const next = () => tx.selectFrom("profiles").where("clinic_id", "=", clinicId).orderBy("profile_id");
	const page = await next().select("profile_id").where("profile_id", ">", after).limit(atMost).execute();
	if (page.length === 0) return { profiles: [], isLast: true };
	const ids = page.map((row) => row.profile_id);
	const locked = await skipLocked(tx, next().selectAll().where("profile_id", "in", ids)).execute();
	const held = ids.findIndex((id, index) => locked[index]?.profile_id !== id);
	const profiles = locked.slice(0, held === -1 ? undefined : held).map(toProfile);
	return { profiles, isLast: held === -1 && page.length < atMost };
}

/** Those of some profiles that have a method on. */
export async function findWithMethod(tx: Tx, clinicId: string, profileIds: string[]): Promise<Set<string>> {
	if (profileIds.length === 0) return new Set();
	const rows = await tx
		.selectFrom("methods")
		.select("profile_id")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "in", profileIds)
		.execute();
	return new Set(rows.map((row) => row.profile_id));
}

export async function noteReminded(tx: Tx, clinicId: string, profileId: string, now: number): Promise<void> {
	await tx
		.updateTable("profiles")
		.set({ last_reminded_at: now })
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.execute();
}
