import { days } from "../clock.ts";
import type { HashedToken } from "../crypto/tokens.ts";
import { compiledOnce, type Given } from "../db/compiled-once.ts";
import type { Db } from "../db/connect.ts";
import { newId } from "../db/ids.ts";
import type { TrustedBrowserRow } from "../db/tables.ts";
import { skipLocked, type Tx } from "../db/transaction.ts";
import { TRUSTED_FOR_MS } from "./trust.rule.ts";

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
	return (await findKnownBrowser(db, clinicId, profileId ?? "", hash ?? "", now)) !== undefined;
}

/** Where and when this person last finished a sign-in in this browser; undefined where it is not known. */
export async function findKnownBrowser(
	db: Db,
	clinicId: string,
	profileId: string,
	hash: HashedToken | "",
	now: number,
): Promise<{ address: string; lastKnownAt: number } | undefined> {
	const row = await lastKnown.first(db, { clinicId, profileId, hash });
	const isKnown = row !== undefined && row.last_known_at > now - KNOWN_FOR_MS;
	return isKnown ? { address: row.address, lastKnownAt: row.last_known_at } : undefined;
}

const lastKnown = compiledOnce((db, of: Given<{ clinicId: string; profileId: string; hash: string }>) =>
	db
		.selectFrom("browsers")
		.select(["address", "last_known_at"])
		.where("clinic_id", "=", of.clinicId)
		.where("profile_id", "=", of.profileId)
		.where("browser_hash", "=", of.hash),
);

/** Whether this clinic gave out the browser cookie itself, so that one planted by somebody else is not taken on. */
export async function isOwnBrowser(db: Db, clinicId: string, hash: HashedToken): Promise<boolean> {
	return (await anyoneIn.first(db, { clinicId, hash })) !== undefined;
}

const anyoneIn = compiledOnce((db, of: Given<{ clinicId: string; hash: string }>) =>
	db
		.selectFrom("browsers")
		.select("profile_id")
		.where("clinic_id", "=", of.clinicId)
		.where("browser_hash", "=", of.hash)
		.limit(1),
);

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
	await know.writeAhead(tx, browser);
}

type SeenBrowser = Parameters<typeof knowBrowser>[1];

const know = compiledOnce((tx: Tx, of: Given<SeenBrowser>) => {
	const seen = { name: of.name, address: of.address, last_known_at: of.now };
	return tx
		.insertInto("browsers")
		.values({
			clinic_id: of.clinicId,
			profile_id: of.profileId,
			browser_hash: of.hash,
			first_known_at: of.now,
			...seen,
		})
		.onConflict((conflict) =>
			conflict.columns(["clinic_id", "profile_id", "browser_hash"]).doUpdateSet(seen),
		);
});

/** Forgets the browsers that a person first finished a sign-in in at a time or later. @returns how many */
export async function deleteBrowsersFirstKnownFrom(
	tx: Tx,
	clinicId: string,
	profileId: string,
	from: number,
): Promise<number> {
	const result = await tx
		.deleteFrom("browsers")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("first_known_at", ">=", from)
		.executeTakeFirst();
	return Number(result.numDeletedRows);
}

/**
 * Forgets browsers that are known no longer.
 *
 * @param before epoch milliseconds of the last finished sign-in
 * @returns how many, `atMost` at a time
 */
export async function deleteBrowsersKnownBefore(
	tx: Tx,
	clinicId: string,
	{ before, atMost }: { before: number; atMost: number },
): Promise<number> {
	const over = tx
		.selectFrom("browsers")
		.select(["profile_id", "browser_hash"])
		.where("clinic_id", "=", clinicId)
		.where("last_known_at", "<", before)
		.orderBy("last_known_at")
		.limit(atMost);
	const deleted = await tx
		.deleteFrom("browsers")
		.where("clinic_id", "=", clinicId)
		.where((eb) =>
			eb(
				eb.refTuple("profile_id", "browser_hash"),
				"in",
				// One in which somebody finishes a sign-in right now is held, and known again.
				skipLocked(tx, over).$asTuple("profile_id", "browser_hash"),
			),
		)
		.executeTakeFirst();
	return Number(deleted.numDeletedRows);
}

/**
 * Notes that a person finished a sign-in from a network.
 *
 * @param network `Network.key`
 * @returns when they last did so before; undefined where they never did, or it is forgotten
 */
export async function seeNetwork(
	tx: Tx,
	{
		clinicId,
		profileId,
		network,
		now,
	}: { clinicId: string; profileId: string; network: string; now: number },
): Promise<number | undefined> {
	const [row] = await Promise.all([
		networkSeen.first(tx, { clinicId, profileId, network }),
		noteNetwork.writeAhead(tx, { clinicId, profileId, network, now }),
	]);
	return row?.last_seen_at;
}

const networkSeen = compiledOnce((db, of: Given<{ clinicId: string; profileId: string; network: string }>) =>
	db
		.selectFrom("networks_seen")
		.select("last_seen_at")
		.where("clinic_id", "=", of.clinicId)
		.where("profile_id", "=", of.profileId)
		.where("network", "=", of.network),
);

const noteNetwork = compiledOnce(
	(tx: Tx, of: Given<{ clinicId: string; profileId: string; network: string; now: number }>) =>
		tx
			.insertInto("networks_seen")
			.values({
				clinic_id: of.clinicId,
				profile_id: of.profileId,
				network: of.network,
				last_seen_at: of.now,
			})
			.onConflict((conflict) =>
				conflict.columns(["clinic_id", "profile_id", "network"]).doUpdateSet({ last_seen_at: of.now }),
			),
);

/** Forgets the networks of a clinic that nobody was seen on since. It reads all of the clinic's: for rare use. */
export async function deleteNetworksSeenBefore(tx: Tx, clinicId: string, before: number): Promise<void> {
	await tx
		.deleteFrom("networks_seen")
		.where("clinic_id", "=", clinicId)
		.where("last_seen_at", "<", before)
		.execute();
}

/** Forgets the networks on which a person was last seen at a time or later: they may be a stranger's. */
export async function deleteNetworksSeenFrom(
	tx: Tx,
	clinicId: string,
	profileId: string,
	from: number,
): Promise<void> {
	await tx
		.deleteFrom("networks_seen")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("last_seen_at", ">=", from)
		.execute();
}

/** A browser that a person let skip the second step. Whether it still does is `trust.rule.ts`'s to say. */
export type TrustedBrowser = {
	trustId: string;
	browserHash: string;
	name: string;
	/** The network address it was trusted from. */
	address: string;
	trustedAt: number;
	endsAt: number;
	trustVersion: number;
};

/**
 * Trusts a browser for this person, and in the same statement requires that the clinic allows it: a checkbox
 * cleared at the same moment leaves nothing trusted.
 *
 * @returns false when the clinic does not allow it
 */
export async function trustBrowser(
	tx: Tx,
	browser: {
		clinicId: string;
		profileId: string;
		hash: HashedToken;
		name: string;
		address: string;
		now: number;
	},
): Promise<boolean> {
	const { clinicId, profileId, hash, now } = browser;
	await deleteTrust(tx, clinicId, profileId, { browserHash: hash });
	const result = await tx
		.insertInto("trusted_browsers")
		.columns([
			"clinic_id",
			"profile_id",
			"browser_hash",
			"trust_id",
			"trust_version",
			"name",
			"address",
			"trusted_at",
			"ends_at",
		])
		.expression((eb) =>
			eb
				.selectFrom("clinics")
				.select(({ val, cast }) => [
					"clinic_id",
					val(profileId).as("profile_id"),
					val<string>(hash).as("browser_hash"),
					val(newId(now)).as("trust_id"),
					"trust_version",
					val(browser.name).as("name"),
					val(browser.address).as("address"),
					cast<number>(val(now), "bigint").as("trusted_at"),
					cast<number>(val(now + TRUSTED_FOR_MS), "bigint").as("ends_at"),
				])
				.where("clinic_id", "=", clinicId)
				.where("allows_trust", "=", 1),
		)
		.executeTakeFirst();
	return result.numInsertedOrUpdatedRows === 1n;
}

/** What was given to this browser for this person; undefined without a browser cookie. */
export async function findTrust(
	db: Db,
	clinicId: string,
	profileId: string,
	hash: HashedToken | undefined,
): Promise<TrustedBrowser | undefined> {
	if (hash === undefined) return undefined;
	const row = await trustOf.first(db, { clinicId, profileId, hash });
	return row && toTrustedBrowser(row);
}

const trustOf = compiledOnce((db, of: Given<{ clinicId: string; profileId: string; hash: string }>) =>
	db
		.selectFrom("trusted_browsers")
		.select([
			"clinic_id",
			"profile_id",
			"browser_hash",
			"trust_id",
			"trust_version",
			"name",
			"address",
			"trusted_at",
			"ends_at",
		])
		.where("clinic_id", "=", of.clinicId)
		.where("profile_id", "=", of.profileId)
		.where("browser_hash", "=", of.hash),
);

/** All that this person trusted and that was not ended, the latest first; some may be over by time. */
export async function listTrust(db: Db, clinicId: string, profileId: string): Promise<TrustedBrowser[]> {
	const rows = await db
		.selectFrom("trusted_browsers")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.orderBy("trusted_at", "desc")
		.execute();
	return rows.map(toTrustedBrowser);
}

/** The same of several people at once. */
export async function listTrustOfMany(
	db: Db,
	clinicId: string,
	profileIds: readonly string[],
): Promise<(TrustedBrowser & { profileId: string })[]> {
	if (profileIds.length === 0) return [];
	const rows = await db
		.selectFrom("trusted_browsers")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "in", profileIds)
		.orderBy("trusted_at", "desc")
		.execute();
	return rows.map((row) => ({ profileId: row.profile_id, ...toTrustedBrowser(row) }));
}

/**
 * Ends this person's trust: of one browser, or of all.
 *
 * @returns how many ended
 */
export async function deleteTrust(
	tx: Tx,
	clinicId: string,
	profileId: string,
	which: { trustId: string } | { browserHash: string } | "all",
): Promise<number> {
	let query = tx
		.deleteFrom("trusted_browsers")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId);
	if (which !== "all") {
		query =
			"trustId" in which
				? query.where("trust_id", "=", which.trustId)
				: query.where("browser_hash", "=", which.browserHash);
	}
	const result = await query.executeTakeFirst();
	return Number(result.numDeletedRows);
}

/** Forgets trust of a clinic that is over by time. It reads all of the clinic's: for rare use. */
export async function deleteTrustOver(tx: Tx, clinicId: string, now: number): Promise<void> {
	await tx
		.deleteFrom("trusted_browsers")
		.where("clinic_id", "=", clinicId)
		.where("ends_at", "<=", now)
		.execute();
}

function toTrustedBrowser(row: TrustedBrowserRow): TrustedBrowser {
	return {
		trustId: row.trust_id,
		browserHash: row.browser_hash,
		name: row.name,
		address: row.address,
		trustedAt: row.trusted_at,
		endsAt: row.ends_at,
		trustVersion: row.trust_version,
	};
}
