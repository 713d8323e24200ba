import { days } from "../clock.ts";
import type { HashedToken } from "../crypto/tokens.ts";
import type { Db } from "../db/connect.ts";
import type { Tx } from "../db/transaction.ts";

/** A browser in which this person finished a sign-in stays known for this long. */
export const KNOWN_FOR_MS = days(90);

/**
 * Whether this person finished a sign-in in this browser lately. It only chooses which counters apply, and never
 * skips a step.
 *
 * @param profileId undefined asks the same question of nobody, with the same work
 */
export async function isKnownBrowser(
	db: Db,
	clinicId: string,
	profileId: string | undefined,
	hash: HashedToken | undefined,
	now: number,
): Promise<boolean> {
	const row = await db
		.selectFrom("browsers")
		.select("last_known_at")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId ?? "")
		.where("browser_hash", "=", hash ?? "")
		.executeTakeFirst();
	return row !== undefined && row.last_known_at > now - KNOWN_FOR_MS;
}

/** Whether this clinic gave out the browser cookie itself, so that one planted by somebody else is not taken on. */
export async function isOwnBrowser(db: Db, clinicId: string, hash: HashedToken): Promise<boolean> {
	const row = await db
		.selectFrom("browsers")
		.select("profile_id")
		.where("clinic_id", "=", clinicId)
		.where("browser_hash", "=", hash)
		.limit(1)
		.executeTakeFirst();
	return row !== undefined;
}

/** Makes this browser known for this person from now on. */
export async function knowBrowser(
	tx: Tx,
	browser: {
		clinicId: string;
		profileId: string;
		hash: HashedToken;
		name: string;
		address: string;
		now: number;
	},
): Promise<void> {
	const seen = { name: browser.name, address: browser.address, last_known_at: browser.now };
	await tx
		.insertInto("browsers")
		.values({
			clinic_id: browser.clinicId,
			profile_id: browser.profileId,
			browser_hash: browser.hash,
			first_known_at: browser.now,
			...seen,
		})
		.onConflict((conflict) => conflict.columns(["clinic_id", "profile_id", "browser_hash"]).doUpdateSet(seen))
		.execute();
}
