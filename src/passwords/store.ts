import type { HashedToken } from "../crypto/tokens.ts";
import { compiledOnce, type Given } from "../db/compiled-once.ts";
import type { Db } from "../db/connect.ts";
import type { PasswordLinkRow, PasswordRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";

/** @param profileId undefined asks the same question of nobody, with the same work */
export async function findPassword(
	db: Db,
	clinicId: string,
	profileId: string | undefined,
): Promise<PasswordRow | undefined> {
	return passwordOf.first(db, { clinicId, profileId: profileId ?? "" });
}

const passwordOf = compiledOnce((db, of: Given<{ clinicId: string; profileId: string }>) =>
	db
		.selectFrom("passwords")
		.select(["clinic_id", "profile_id", "password_id", "hash", "set_at", "set_by", "only_known_browsers"])
		.where("clinic_id", "=", of.clinicId)
		.where("profile_id", "=", of.profileId),
);

export async function writePassword(tx: Tx, row: PasswordRow): Promise<void> {
	const { clinic_id, profile_id, ...set } = row;
	await tx
		.insertInto("passwords")
		.values(row)
		.onConflict((conflict) => conflict.columns(["clinic_id", "profile_id"]).doUpdateSet(set))
		.execute();
}

/** From here the password works only in known browsers, until a new one is set. @returns false when it was so */
export async function keepToKnownBrowsers(tx: Tx, clinicId: string, profileId: string): Promise<boolean> {
	const result = await tx
		.updateTable("passwords")
		.set({ only_known_browsers: 1 })
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("only_known_browsers", "=", 0)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** Every password is hashed by the first; by the second no password has the hash that the first made of it. */
const OPENS = "$argon2id$";
const OPENS_NOTHING = "$argon2i$";

/** From here the password is wrong as any other is. Its hash can be told, so that the next one is not the same again. */
export async function endPassword(tx: Tx, clinicId: string, profileId: string): Promise<void> {
	await tx
		.updateTable("passwords")
		.set((eb) => ({ hash: eb.fn<string>("replace", ["hash", eb.val(OPENS), eb.val(OPENS_NOTHING)]) }))
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.execute();
}

/** The hash of what was set last, whether it still opens anything or not. */
export function hashSetLast({ hash }: PasswordRow): string {
	return hash.replace(OPENS_NOTHING, () => OPENS);
}

/** As if nobody had ever set one. */
export async function deletePassword(tx: Tx, clinicId: string, profileId: string): Promise<void> {
	await tx
		.deleteFrom("passwords")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.execute();
}

export async function insertLink(tx: Tx, link: PasswordLinkRow): Promise<void> {
	await tx.insertInto("password_links").values(link).execute();
}

export async function findLink(
	db: Db,
	clinicId: string,
	hash: HashedToken,
): Promise<PasswordLinkRow | undefined> {
	return db
		.selectFrom("password_links")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("token_hash", "=", hash)
		.executeTakeFirst();
}

/** Spends a link. @returns false when it was used, had ended or was too old: it opened nothing */
export async function spendLink(tx: Tx, clinicId: string, linkId: string, now: number): Promise<boolean> {
	const result = await tx
		.updateTable("password_links")
		.set({ used_at: now })
		.where("clinic_id", "=", clinicId)
		.where("link_id", "=", linkId)
		.where("used_at", "is", null)
		.where("ended_at", "is", null)
		.where("expires_at", ">", now)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** Whether a link of a person was made after a time that still works. */
export async function hasLinkMadeAfter(
	db: Db,
	clinicId: string,
	profileId: string,
	after: number,
): Promise<boolean> {
	const row = await db
		.selectFrom("password_links")
		.select("link_id")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("made_at", ">", after)
		.where("used_at", "is", null)
		.where("ended_at", "is", null)
		.limit(1)
		.executeTakeFirst();
	return row !== undefined;
}

/** Ends every link of a person that is still open. */
export async function endLinks(tx: Tx, clinicId: string, profileId: string, now: number): Promise<void> {
	await tx
		.updateTable("password_links")
		.set({ ended_at: now })
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("used_at", "is", null)
		.where("ended_at", "is", null)
		.execute();
}

/** Forgets the links of a clinic that ran out before a time. It reads all of the clinic's: for rare use. */
export async function deleteLinksExpiredBefore(tx: Tx, clinicId: string, before: number): Promise<void> {
	await tx
		.deleteFrom("password_links")
		.where("clinic_id", "=", clinicId)
		.where("expires_at", "<", before)
		.execute();
}
