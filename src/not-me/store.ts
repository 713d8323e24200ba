import type { HashedToken } from "../crypto/tokens.ts";
import type { Db } from "../db/connect.ts";
import type { NotMeLinkRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";

export async function insertNotMeLink(tx: Tx, link: NotMeLinkRow): Promise<void> {
	await tx.insertInto("not_me_links").values(link).execute();
}

export async function findNotMeLink(
	db: Db,
	clinicId: string,
	hash: HashedToken,
): Promise<NotMeLinkRow | undefined> {
	return db
		.selectFrom("not_me_links")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("token_hash", "=", hash)
		.executeTakeFirst();
}

/** Spends a link. @returns false when it was used or is too old: it did nothing */
export async function spendNotMeLink(
	tx: Tx,
	clinicId: string,
	linkId: string,
	now: number,
): Promise<boolean> {
	const result = await tx
		.updateTable("not_me_links")
		.set({ used_at: now })
		.where("clinic_id", "=", clinicId)
		.where("link_id", "=", linkId)
		.where("used_at", "is", null)
		.where("expires_at", ">", now)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/**
 * Ends the links of a person whose events all lie within what was undone, so that they undo nothing that comes after
 * it. Those of earlier events still work: there may be more to undo.
 */
export async function endNotMeLinksSince(
	tx: Tx,
	clinicId: string,
	profileId: string,
	since: number,
	now: number,
): Promise<void> {
	await tx
		.updateTable("not_me_links")
		.set({ used_at: now })
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("since_at", ">=", since)
		.where("used_at", "is", null)
		.execute();
}

/** Forgets the links of a clinic that ran out before a time. */
export async function deleteNotMeLinksExpiredBefore(tx: Tx, clinicId: string, before: number): Promise<void> {
	await tx
		.deleteFrom("not_me_links")
		.where("clinic_id", "=", clinicId)
		.where("expires_at", "<", before)
		.execute();
}
