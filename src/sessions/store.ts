import type { HashedToken } from "../crypto/tokens.ts";
import { compiledOnce, type Given } from "../db/compiled-once.ts";
import type { Db } from "../db/connect.ts";
import { type MethodKind, profileColumns, type SignedInBy } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import { toProfile } from "../profiles/store.ts";
import type { LiveAfter } from "./lifetime.rule.ts";
import type { ListedSession, Session } from "./session.ts";

export type NewSession = {
	clinicId: string;
	sessionId: string;
	tokenHash: HashedToken;
	profileId: string;
	/** As it was when the password was checked. */
	doorsVersion: number;
	browserHash: HashedToken;
	browserName: string;
	address: string;
	signedInBy: SignedInBy;
	now: number;
	expiresAt: number;
	methodPassedAt: number | null;
	lostPhoneUntil: number | null;
	returnTo: string | null;
};

/**
 * Starts a session, and in the same statement requires that the profile is active and that nothing about how this
 * person gets in has changed since the password was checked.
 *
 * @returns false when it is not so any more: there is no session
 */
export async function insertSession(tx: Tx, session: NewSession): Promise<boolean> {
	return (await insert.write(tx, session)) === 1;
}

const insert = compiledOnce((tx: Tx, session: Given<NewSession>) =>
	tx
		.insertInto("sessions")
		.columns([
			"clinic_id",
			"session_id",
			"token_hash",
			"profile_id",
			"browser_hash",
			"browser_name",
			"address",
			"signed_in_by",
			"started_at",
			"last_seen_at",
			"expires_at",
			"method_passed_at",
			"lost_phone_until",
			"lost_kinds",
			"set_up_signs_out",
			"return_to",
			"wrong_proofs",
		])
		.expression((eb) =>
			eb
				.selectFrom("profiles")
				.select(({ lit, cast }) => [
					"clinic_id",
					cast<string>(session.sessionId, "text").as("session_id"),
					cast<string>(session.tokenHash, "text").as("token_hash"),
					"profile_id",
					cast<string>(session.browserHash, "text").as("browser_hash"),
					cast<string>(session.browserName, "text").as("browser_name"),
					cast<string>(session.address, "text").as("address"),
					cast<SignedInBy>(session.signedInBy, "text").as("signed_in_by"),
					cast<number>(session.now, "bigint").as("started_at"),
					cast<number>(session.now, "bigint").as("last_seen_at"),
					cast<number>(session.expiresAt, "bigint").as("expires_at"),
					cast<number | null>(session.methodPassedAt, "bigint").as("method_passed_at"),
					cast<number | null>(session.lostPhoneUntil, "bigint").as("lost_phone_until"),
					lit(null).as("lost_kinds"),
					lit(1).as("set_up_signs_out"),
					cast<string | null>(session.returnTo, "text").as("return_to"),
					lit(0).as("wrong_proofs"),
				])
				.where("clinic_id", "=", session.clinicId)
				.where("profile_id", "=", session.profileId)
				.where("active", "=", 1)
				.where("doors_version", "=", session.doorsVersion),
		),
);

/** The session a token opens, of an active profile; whether it is over is `lifetime.rule.ts`'s to say. */
export async function findSession(
	db: Db,
	clinicId: string,
	tokenHash: HashedToken,
): Promise<Session | undefined> {
	const row = await sessionByToken.first(db, { clinicId, tokenHash });
	if (!row) return undefined;
	return {
		sessionId: row.session_id,
		profile: toProfile(row),
		browserHash: row.browser_hash,
		browserName: row.browser_name,
		address: row.address,
		signedInBy: row.signed_in_by,
		startedAt: row.started_at,
		lastSeenAt: row.last_seen_at,
		expiresAt: row.expires_at,
		methodPassedAt: row.method_passed_at,
		lostPhoneUntil: row.lost_phone_until,
		lostKinds: (row.lost_kinds?.split(",") ?? []) as MethodKind[],
		setUpSignsOut: row.set_up_signs_out === 1,
		returnTo: row.return_to,
		wrongProofs: row.wrong_proofs,
	};
}

const sessionByToken = compiledOnce((db, of: Given<{ clinicId: string; tokenHash: string }>) =>
	db
		.selectFrom("sessions")
		.innerJoin("profiles", (join) =>
			join
				.onRef("profiles.clinic_id", "=", "sessions.clinic_id")
				.onRef("profiles.profile_id", "=", "sessions.profile_id"),
		)
		.select(profileColumns)
		.select([
			"session_id",
			"browser_hash",
			"browser_name",
			"address",
			"signed_in_by",
			"started_at",
			"last_seen_at",
			"expires_at",
			"method_passed_at",
			"lost_phone_until",
			"lost_kinds",
			"set_up_signs_out",
			"return_to",
			"wrong_proofs",
		])
		.where("sessions.clinic_id", "=", of.clinicId)
		.where("token_hash", "=", of.tokenHash)
		.where("active", "=", 1),
);

/** Gives a session another token: whoever has a copy of the earlier one is out. */
export async function renewToken(
	tx: Tx,
	clinicId: string,
	sessionId: string,
	tokenHash: HashedToken,
): Promise<void> {
	await update(tx, clinicId, sessionId).set({ token_hash: tokenHash }).execute();
}

export async function noteSeen(tx: Tx, clinicId: string, sessionId: string, now: number): Promise<void> {
	await update(tx, clinicId, sessionId).set({ last_seen_at: now }).execute();
}

/** This session has passed a method's code or the Recovery Code. */
export async function noteMethodPassed(
	tx: Tx,
	clinicId: string,
	sessionId: string,
	now: number,
): Promise<void> {
	await update(tx, clinicId, sessionId).set({ method_passed_at: now }).execute();
}

/** When a session last passed a method's code or the Recovery Code, asked in a transaction; undefined when it has ended. */
export async function findMethodPassed(
	tx: Tx,
	clinicId: string,
	sessionId: string,
): Promise<number | null | undefined> {
	const row = await tx
		.selectFrom("sessions")
		.select("method_passed_at")
		.where("clinic_id", "=", clinicId)
		.where("session_id", "=", sessionId)
		.executeTakeFirst();
	return row?.method_passed_at;
}

/** Counts a password or code given inside a session, before it is looked at. @returns how many there are; 0 when it has ended */
export async function countWrongProof(tx: Tx, clinicId: string, sessionId: string): Promise<number> {
	const row = await update(tx, clinicId, sessionId)
		.set((eb) => ({ wrong_proofs: eb("wrong_proofs", "+", 1) }))
		.returning("wrong_proofs")
		.executeTakeFirst();
	return row?.wrong_proofs ?? 0;
}

/** Takes back the one just counted, since it was not looked at. */
export async function takeBackWrongProof(tx: Tx, clinicId: string, sessionId: string): Promise<void> {
	await update(tx, clinicId, sessionId)
		.set((eb) => ({ wrong_proofs: eb("wrong_proofs", "-", 1) }))
		.where("wrong_proofs", ">", 0)
		.execute();
}

/** Forgets those counted, after a right one. @returns false when the session has ended */
export async function clearWrongProofs(tx: Tx, clinicId: string, sessionId: string): Promise<boolean> {
	const result = await update(tx, clinicId, sessionId).set({ wrong_proofs: 0 }).executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** What is chosen where a set-up begins: which kinds it replaces as lost, and whether it ends the other sessions. */
export async function noteSetUpChoices(
	tx: Tx,
	clinicId: string,
	sessionId: string,
	choices: { lostKinds: readonly MethodKind[]; signsOut: boolean },
): Promise<void> {
	await update(tx, clinicId, sessionId)
		.set({
			lost_kinds: choices.lostKinds.length > 0 ? choices.lostKinds.join(",") : null,
			set_up_signs_out: choices.signsOut ? 1 : 0,
		})
		.execute();
}

/** *Lost your phone?* has been answered: from here on, asking again is as everywhere. */
export async function endLostPhone(tx: Tx, clinicId: string, sessionId: string): Promise<void> {
	await update(tx, clinicId, sessionId).set({ lost_phone_until: null, lost_kinds: null }).execute();
}

/** Whether a session still stands, asked in a transaction. */
export async function isSessionThere(tx: Tx, clinicId: string, sessionId: string): Promise<boolean> {
	const row = await tx
		.selectFrom("sessions")
		.select("session_id")
		.where("clinic_id", "=", clinicId)
		.where("session_id", "=", sessionId)
		.executeTakeFirst();
	return row !== undefined;
}

/** Where to go on after the pages that come first. */
export async function keepReturnTo(
	tx: Tx,
	clinicId: string,
	sessionId: string,
	returnTo: string,
): Promise<void> {
	await update(tx, clinicId, sessionId).set({ return_to: returnTo }).execute();
}

/** The page first asked for, which is led to once: it is forgotten here. */
export async function takeReturnTo(tx: Tx, clinicId: string, sessionId: string): Promise<void> {
	await update(tx, clinicId, sessionId).set({ return_to: null }).execute();
}

/** @returns false when it had ended already */
export async function deleteSession(tx: Tx, clinicId: string, sessionId: string): Promise<boolean> {
	const result = await tx
		.deleteFrom("sessions")
		.where("clinic_id", "=", clinicId)
		.where("session_id", "=", sessionId)
		.executeTakeFirst();
	return result.numDeletedRows === 1n;
}

/** Ends one session of this person and of nobody else. @returns false when they have none of this id, or it has ended */
export async function deleteSessionOf(
	tx: Tx,
	clinicId: string,
	profileId: string,
	sessionId: string,
): Promise<boolean> {
	const result = await tx
		.deleteFrom("sessions")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("session_id", "=", sessionId)
		.executeTakeFirst();
	return result.numDeletedRows === 1n;
}

export async function deleteSessionByToken(tx: Tx, clinicId: string, tokenHash: HashedToken): Promise<void> {
	await deleteByToken.writeAhead(tx, { clinicId, tokenHash });
}

const deleteByToken = compiledOnce((tx: Tx, of: Given<{ clinicId: string; tokenHash: string }>) =>
	tx.deleteFrom("sessions").where("clinic_id", "=", of.clinicId).where("token_hash", "=", of.tokenHash),
);

/** Ends a person's sessions, but for one to keep. @returns how many ended */
export async function deleteSessions(
	tx: Tx,
	clinicId: string,
	profileId: string,
	keep?: string,
): Promise<number> {
	const result = await tx
		.deleteFrom("sessions")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("session_id", "!=", keep ?? "")
		.executeTakeFirst();
	return Number(result.numDeletedRows);
}

/** A person's live sessions but for one, the last used first. @param most how many at most */
export async function listOtherSessions(
	db: Db,
	clinicId: string,
	profileId: string,
	but: string,
	live: LiveAfter,
	most: number,
): Promise<ListedSession[]> {
	const rows = await db
		.selectFrom("sessions")
		.select([
			"session_id",
			"browser_name",
			"address",
			"signed_in_by",
			"started_at",
			"last_seen_at",
			"expires_at",
		])
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("session_id", "!=", but)
		.where("last_seen_at", ">", live.lastSeenAt)
		.where("started_at", ">", live.startedAt)
		.where("expires_at", ">", live.expiresAt)
		.orderBy("last_seen_at", "desc")
		.orderBy("session_id", "desc")
		.limit(most)
		.execute();
	return rows.map((row) => ({
		sessionId: row.session_id,
		browserName: row.browser_name,
		address: row.address,
		signedInBy: row.signed_in_by,
		startedAt: row.started_at,
		lastSeenAt: row.last_seen_at,
		expiresAt: row.expires_at,
	}));
}

/** The live sessions of several people at once, the oldest first. */
export async function listSessionsOfMany(
	db: Db,
	clinicId: string,
	profileIds: readonly string[],
	live: LiveAfter,
): Promise<{ profileId: string; browserName: string; startedAt: number }[]> {
	if (profileIds.length === 0) return [];
	const rows = await db
		.selectFrom("sessions")
		.select(["profile_id", "browser_name", "started_at"])
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "in", profileIds)
		.where("last_seen_at", ">", live.lastSeenAt)
		.where("started_at", ">", live.startedAt)
		.where("expires_at", ">", live.expiresAt)
		.orderBy("started_at")
		.execute();
	return rows.map((row) => ({
		profileId: row.profile_id,
		browserName: row.browser_name,
		startedAt: row.started_at,
	}));
}

/** Forgets the sessions of a clinic that are over. It reads all of the clinic's: for rare use. */
export async function deleteSessionsOver(tx: Tx, clinicId: string, live: LiveAfter): Promise<void> {
	await tx
		.deleteFrom("sessions")
		.where("clinic_id", "=", clinicId)
		.where((eb) =>
			eb.or([
				eb("last_seen_at", "<=", live.lastSeenAt),
				eb("started_at", "<=", live.startedAt),
				eb("expires_at", "<=", live.expiresAt),
			]),
		)
		.execute();
}

/** How many sessions of a person are live. */
export async function countLiveSessions(
	db: Db,
	clinicId: string,
	profileId: string,
	live: LiveAfter,
): Promise<number> {
	const { count } = await db
		.selectFrom("sessions")
		.select((eb) => eb.fn.countAll<number>().as("count"))
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("last_seen_at", ">", live.lastSeenAt)
		.where("started_at", ">", live.startedAt)
		.where("expires_at", ">", live.expiresAt)
		.executeTakeFirstOrThrow();
	return count;
}

/** Whether this person has a live session that passed a method's code or the Recovery Code. */
export async function isSignedInWithCode(
	db: Db,
	clinicId: string,
	profileId: string,
	live: LiveAfter,
): Promise<boolean> {
	const row = await db
		.selectFrom("sessions")
		.select("session_id")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("method_passed_at", "is not", null)
		.where("last_seen_at", ">", live.lastSeenAt)
		.where("started_at", ">", live.startedAt)
		.where("expires_at", ">", live.expiresAt)
		.limit(1)
		.executeTakeFirst();
	return row !== undefined;
}

function update(tx: Tx, clinicId: string, sessionId: string) {
	return tx.updateTable("sessions").where("clinic_id", "=", clinicId).where("session_id", "=", sessionId);
}
