import { type ExpressionBuilder, expressionBuilder, type SqlBool, sql } from "kysely";
import { compiledOnce, type Given } from "../db/compiled-once.ts";
import type { Db } from "../db/connect.ts";
import { type Access, type ProfileRow, profileColumns, type Tables } from "../db/tables.ts";
import { forUpdate, noteLock, skipLocked, type Tx } from "../db/transaction.ts";
import { LATELY_MS, type LateHolder } from "./lately-changed.rule.ts";
import { nameOrder } from "./name-order.rule.ts";
import { emailKey, type Profile } from "./profile.ts";

export async function findProfile(db: Db, clinicId: string, profileId: string): Promise<Profile | undefined> {
	const row = await select(db, clinicId).where("profile_id", "=", profileId).executeTakeFirst();
	return row && toProfile(row);
}

export async function findProfileByEmail(
	db: Db,
	clinicId: string,
	email: string,
): Promise<Profile | undefined> {
	const row = await profileByEmail.first(db, { clinicId, emailKey: emailKey(email) });
	return row && toProfile(row);
}

const profileByEmail = compiledOnce((db, of: Given<{ clinicId: string; emailKey: string }>) =>
	db
		.selectFrom("profiles")
		.select(profileColumns)
		.where("clinic_id", "=", of.clinicId)
		.where("email_key", "=", of.emailKey),
);

/**
 * Locks a profile until the transaction ends. Every story that changes how this person gets in does it first, so
 * that two of them never decide on the same facts at the same moment.
 */
export async function lockProfile(tx: Tx, clinicId: string, profileId: string): Promise<Profile | undefined> {
	noteLock(tx, profileId);
	const row = await lock.first(tx, { clinicId, profileId });
	return row && toProfile(row);
}

const lock = compiledOnce((tx: Tx, of: Given<{ clinicId: string; profileId: string }>) =>
	forUpdate(
		tx,
		tx
			.selectFrom("profiles")
			.select(profileColumns)
			.where("clinic_id", "=", of.clinicId)
			.where("profile_id", "=", of.profileId),
	),
);

/**
 * @returns false when that email is another's of this clinic, or was until within the last 7 days: nothing was changed
 */
export async function insertProfile(tx: Tx, profile: Profile, now: number): Promise<boolean> {
	const { clinicId, profileId, email } = profile;
	const row: Omit<ProfileRow, "deactivated_at"> = {
		clinic_id: clinicId,
		profile_id: profileId,
		name: profile.name,
		name_order: nameOrder(profile.name),
		email,
		email_key: emailKey(email),
		mobile: profile.mobile,
		access: profile.access,
		active: profile.active ? 1 : 0,
		language: profile.language,
		created_at: now,
		last_sign_in_at: null,
		doors_version: profile.doorsVersion,
		last_reminded_at: null,
		reset_pending_at: profile.resetPendingAt,
		email_changed_at: profile.emailChangedAt,
		earlier_email: profile.earlierEmail,
		earlier_email_key: profile.earlierEmail && emailKey(profile.earlierEmail),
		mobile_changed_at: profile.mobileChangedAt,
		earlier_mobile: profile.earlierMobile,
	};
	const columns = Object.keys(row) as (keyof typeof row)[];
	const result = await tx
		.insertInto("profiles")
		.columns(columns)
		.expression(
			tx
				.selectNoFrom(({ val }) => columns.map((column) => val(row[column]).as(column)))
				.where(isNobodyElses(clinicId, profileId, email, now)),
		)
		.onConflict((conflict) => conflict.columns(["clinic_id", "email_key"]).doNothing())
		.executeTakeFirst();
	return result.numInsertedOrUpdatedRows === 1n;
}

/** Keeps a person out. @returns false when it was so already */
export async function deactivateProfile(
	tx: Tx,
	clinicId: string,
	profileId: string,
	now: number,
): Promise<boolean> {
	const result = await tx
		.updateTable("profiles")
		.set({ active: 0, deactivated_at: now })
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("active", "=", 1)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/**
 * Lets a person in again. The 7 days after a change of email or number that were running when they were deactivated
 * begin again: nobody waits them out while the owner can do nothing. An earlier email that somebody else has by now
 * is forgotten.
 *
 * @returns false when it was so already
 */
export async function reactivateProfile(
	tx: Tx,
	clinicId: string,
	profileId: string,
	now: number,
): Promise<boolean> {
	const result = await tx
		.updateTable("profiles")
		.set((eb) => {
			const wasRunning = (changedAt: "email_changed_at" | "mobile_changed_at") =>
				eb(changedAt, ">", eb("deactivated_at", "-", LATELY_MS));
			const again = (changedAt: "email_changed_at" | "mobile_changed_at") =>
				eb.case().when(wasRunning(changedAt)).then(now).else(eb.ref(changedAt)).end();
			const isAnothers = eb.exists(
				eb
					.selectFrom("profiles as others")
					.select("others.profile_id")
					.where("others.clinic_id", "=", clinicId)
					.whereRef("others.email_key", "=", "profiles.earlier_email_key")
					.where("others.profile_id", "<>", profileId),
			);
			const unlessAnothers = (column: "earlier_email" | "earlier_email_key") =>
				eb.case().when(isAnothers).then(null).else(eb.ref(column)).end();
			return {
				active: 1,
				deactivated_at: null,
				email_changed_at: again("email_changed_at"),
				earlier_email: unlessAnothers("earlier_email"),
				earlier_email_key: unlessAnothers("earlier_email_key"),
				mobile_changed_at: again("mobile_changed_at"),
			};
		})
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("active", "=", 0)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** @returns false when it was so already */
export async function setName(tx: Tx, clinicId: string, profileId: string, name: string): Promise<boolean> {
	const result = await tx
		.updateTable("profiles")
		.set({ name, name_order: nameOrder(name) })
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("name", "!=", name)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** @returns false when it was so already */
export async function setAccess(
	tx: Tx,
	clinicId: string,
	profileId: string,
	access: Access,
): Promise<boolean> {
	const result = await tx
		.updateTable("profiles")
		.set({ access })
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("access", "!=", access)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/**
 * Says that how this person gets in has changed: a new password, a reset, deactivation, a changed email, a method
 * going on, off or being replaced. Every sign-in and set-up begun before is over from here.
 *
 * @returns the version that sign-ins and set-ups must carry from now on
 */
export async function changeDoors(tx: Tx, clinicId: string, profileId: string): Promise<number> {
	const row = await tx
		.updateTable("profiles")
		.set((eb) => ({ doors_version: eb("doors_version", "+", 1) }))
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.returning("doors_version")
		.executeTakeFirstOrThrow();
	return row.doors_version;
}

/**
 * The number to reach a person at; codes go to the one that text messages were set up with. The one before it is
 * kept, to be called for 7 days. A second change within them keeps what was there before the first: it is not
 * forgotten by changing twice.
 *
 * @param mobile E.164, or null for none
 * @returns false when it was that one already
 */
export async function setMobile(
	tx: Tx,
	clinicId: string,
	profileId: string,
	mobile: string | null,
	now: number,
): Promise<boolean> {
	const result = await tx
		.updateTable("profiles")
		.set((eb) => ({
			mobile,
			earlier_mobile: eb
				.case()
				.when("mobile_changed_at", ">", now - LATELY_MS)
				.then(eb.ref("earlier_mobile"))
				.else(eb.ref("mobile"))
				.end(),
			mobile_changed_at: now,
		}))
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("mobile", "is distinct from", mobile)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/**
 * Puts a confirmed email in the place of the one before, which is kept for 7 days as `setMobile` keeps a number, where
 * this person has signed in before. The profile is locked.
 *
 * @returns false when it is another's of this clinic, or was until within the last 7 days: nothing was changed
 */
export async function setEmail(
	tx: Tx,
	clinicId: string,
	profileId: string,
	email: string,
	now: number,
): Promise<boolean> {
	const result = await tx
		.updateTable("profiles")
		.set((eb) => {
			const isKept = eb.or([eb("last_sign_in_at", "is", null), eb("email_changed_at", ">", now - LATELY_MS)]);
			const keptOr = (earlier: "earlier_email" | "earlier_email_key", current: "email" | "email_key") =>
				eb.case().when(isKept).then(eb.ref(earlier)).else(eb.ref(current)).end();
			return {
				email,
				email_key: emailKey(email),
				earlier_email: keptOr("earlier_email", "email"),
				earlier_email_key: keptOr("earlier_email_key", "email_key"),
				email_changed_at: eb
					.case()
					.when("last_sign_in_at", "is", null)
					.then(eb.ref("email_changed_at"))
					.else(now)
					.end(),
			};
		})
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		// Two never have one email: it is asked in the statement that takes it.
		.where(isNobodyElses(clinicId, profileId, email, now))
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/**
 * Puts back an email that was in force before, as a change of its own: for 7 days from here no colleague helps, and
 * password links go where they went, to the earliest of the 7 days. The profile is locked.
 *
 * @returns false when somebody else of this clinic has it by now: nothing was changed
 */
export async function putBackEmail(
	tx: Tx,
	clinicId: string,
	profileId: string,
	email: string,
	now: number,
): Promise<boolean> {
	const result = await tx
		.updateTable("profiles")
		.set({ email, email_key: emailKey(email), email_changed_at: now })
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where(isNobodyElses(clinicId, profileId, email, now))
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/**
 * Puts back a mobile number that was there before, as a change of its own: for 7 days from here the one to call is the
 * earliest of the 7 days, as it was. The profile is locked.
 */
export async function putBackMobile(
	tx: Tx,
	clinicId: string,
	profileId: string,
	mobile: string | null,
	now: number,
): Promise<void> {
	await tx
		.updateTable("profiles")
		.set({ mobile, mobile_changed_at: now })
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.execute();
}

/** A reset is pending from here, until a session starts (`noteSignIn`). */
export async function startReset(tx: Tx, clinicId: string, profileId: string, now: number): Promise<void> {
	await tx
		.updateTable("profiles")
		.set({ reset_pending_at: now })
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.execute();
}

/**
 * Whether an email is no other's of the clinic, and was nobody else's until within the last 7 days: an address that is
 * handed on gets the password links of whoever had it.
 */
function isNobodyElses(clinicId: string, profileId: string, email: string, now: number) {
	const eb = expressionBuilder<Tables>();
	const others = eb
		.selectFrom("profiles as others")
		.select("others.profile_id")
		.where("others.clinic_id", "=", clinicId)
		.where("others.profile_id", "<>", profileId);
	const key = emailKey(email);
	const has = others.where("others.email_key", "=", key);
	const hadLately = others
		.where("others.earlier_email_key", "=", key)
		.where("others.email_changed_at", ">", now - LATELY_MS);
	return eb.and([eb.not(eb.exists(has)), eb.not(eb.exists(hadLately))]);
}

/** Who else had an email until within the last 7 days, for which it is nobody else's. */
export async function findLateHolder(
	db: Db,
	clinicId: string,
	email: string,
	now: number,
	exceptProfileId = "",
): Promise<LateHolder | undefined> {
	const row = await db
		.selectFrom("profiles")
		.select(["name", "email_changed_at"])
		.where("clinic_id", "=", clinicId)
		.where("earlier_email_key", "=", emailKey(email))
		.where("email_changed_at", ">", now - LATELY_MS)
		.where("profile_id", "<>", exceptProfileId)
		.executeTakeFirst();
	const since = row?.email_changed_at ?? undefined;
	return row && since !== undefined ? { name: row.name, since, until: since + LATELY_MS } : undefined;
}

/** A clinic larger than this is as large as this, for whatever grows with it: counting must not. */
const MOST_COUNTED = 500;

/** How many staff signed in since a time; 500 at most. */
export async function countStaffSignedInSince(db: Db, clinicId: string, since: number): Promise<number> {
	const rows = await db
		.selectFrom("profiles")
		.select("profile_id")
		.where("clinic_id", "=", clinicId)
		.where("last_sign_in_at", ">", since)
		.limit(MOST_COUNTED)
		.execute();
	return rows.length;
}

export async function noteSignIn(tx: Tx, clinicId: string, profileId: string, now: number, language: string) {
	await signedIn.writeAhead(tx, { clinicId, profileId, now, language });
}

const signedIn = compiledOnce(
	(tx: Tx, of: Given<{ clinicId: string; profileId: string; now: number; language: string }>) =>
		tx
			.updateTable("profiles")
			// A session ends a pending reset.
			.set({ last_sign_in_at: of.now, language: of.language, reset_pending_at: null })
			.where("clinic_id", "=", of.clinicId)
			.where("profile_id", "=", of.profileId),
);

/**
 * Locks everybody with Full Access who is active until the transaction ends, so that only one transaction at a time
 * decides whether one of them may go. Comes before `lockProfile`; always in the same order, so that two never wait
 * for each other.
 */
export async function lockFullAccessUsers(tx: Tx, clinicId: string): Promise<Profile[]> {
	const rows = await forUpdate(tx, fullAccessUsers(tx, clinicId)).execute();
	return rows.map(toProfile);
}

/** Everybody with Full Access who is active, for what they are told. */
export async function listFullAccessUsers(db: Db, clinicId: string): Promise<Profile[]> {
	const rows = await fullAccessUsers(db, clinicId).execute();
	return rows.map(toProfile);
}

/** The names of some people by their ids, deactivated ones too; who is not of this clinic is not among them. */
export async function listNames(
	db: Db,
	clinicId: string,
	profileIds: readonly string[],
): Promise<Map<string, string>> {
	if (profileIds.length === 0) return new Map();
	const rows = await db
		.selectFrom("profiles")
		.select(["profile_id", "name"])
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "in", profileIds)
		.execute();
	return new Map(rows.map((row) => [row.profile_id, row.name]));
}

/** The first of a clinic's staff by name, deactivated ones too, to choose one of. */
export async function listFirstByName(db: Db, clinicId: string, atMost: number): Promise<Profile[]> {
	const rows = await select(db, clinicId).orderBy("name_order").orderBy("profile_id").limit(atMost).execute();
	return rows.map(toProfile);
}

/** Where a person stands in a list by name. */
export type PlaceByName = { nameOrder: string; profileId: string };

/** Where somebody stands in the lists by name, deactivated or not; undefined where they are not of this clinic. */
export async function findPlaceByName(
	db: Db,
	clinicId: string,
	profileId: string,
): Promise<PlaceByName | undefined> {
	const row = await db
		.selectFrom("profiles")
		.select("name_order")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.executeTakeFirst();
	return row && { nameOrder: row.name_order, profileId };
}

/** For lists by name: who comes after a place in them. */
export function comesAfter(eb: ExpressionBuilder<Tables, "profiles">, { nameOrder, profileId }: PlaceByName) {
	return eb(eb.refTuple("name_order", "profile_id"), ">", eb.tuple(nameOrder, profileId));
}

/** For lists by name: who comes before a place in them. */
export function comesBefore(
	eb: ExpressionBuilder<Tables, "profiles">,
	{ nameOrder, profileId }: PlaceByName,
) {
	return eb(eb.refTuple("name_order", "profile_id"), "<", eb.tuple(nameOrder, profileId));
}

/**
 * What finds people by something of their name or email: any of these.
 *
 * SQLite knows capital and small only of the letters a to z: of others both are looked for.
 */
export function nameOrEmailHolds(typed: string) {
	const email = emailKey(typed);
	const capital = email.replaceAll(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase());
	return [
		sql<SqlBool>`lower(name) like ${holding(email)} escape '!'`,
		sql<SqlBool>`name like ${holding(capital)} escape '!'`,
		sql<SqlBool>`email_key like ${holding(email)} escape '!'`,
	];
}

function holding(text: string): string {
	return `%${text.replaceAll(/[!%_]/g, "!$&")}%`;
}

/**
 * Says where some of those stand whom a version before this one wrote, and who are therefore first in every list.
 *
 * @returns how many there were, `atMost` at a time
 */
export async function putNamesInOrder(tx: Tx, clinicId: string, atMost: number): Promise<number> {
	const without = tx
		.selectFrom("profiles")
		.select(["profile_id", "name"])
		.where("clinic_id", "=", clinicId)
		.where("name_order", "=", "")
		.orderBy("profile_id")
		.limit(atMost);
	// One whom somebody edits right now is held, and is next.
	const rows = await skipLocked(tx, without).execute();
	for (const { profile_id, name } of rows) {
		await tx
			.updateTable("profiles")
			.set({ name_order: nameOrder(name) })
			.where("clinic_id", "=", clinicId)
			.where("profile_id", "=", profile_id)
			.execute();
	}
	return rows.length;
}

function fullAccessUsers(db: Db, clinicId: string) {
	return select(db, clinicId).where("access", "=", "full").where("active", "=", 1).orderBy("profile_id");
}

function select(db: Db, clinicId: string) {
	return db.selectFrom("profiles").selectAll().where("clinic_id", "=", clinicId);
}

export function toProfile(row: Omit<ProfileRow, "name_order">): Profile {
	return {
		clinicId: row.clinic_id,
		profileId: row.profile_id,
		name: row.name,
		email: row.email,
		mobile: row.mobile,
		access: row.access,
		active: row.active === 1,
		language: row.language,
		lastSignInAt: row.last_sign_in_at,
		doorsVersion: row.doors_version,
		resetPendingAt: row.reset_pending_at,
		emailChangedAt: row.email_changed_at,
		earlierEmail: row.earlier_email,
		mobileChangedAt: row.mobile_changed_at,
		earlierMobile: row.earlier_mobile,
	};
}
