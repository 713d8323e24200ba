import type { Sealed } from "../crypto/keyring.ts";
import { compiledOnce, type Given } from "../db/compiled-once.ts";
import type { Db } from "../db/connect.ts";
import type { Tx } from "../db/transaction.ts";

/** A person's one Recovery Code. */
export type RecoveryCode = {
	codeId: string;
	/** argon2id of its 20 characters. */
	hash: string;
	madeAt: number;
	/** When the person said that they saved it. */
	savedAt: number | null;
	/** The session it was made in: no other one can read it. */
	shownTo: string;
	/** Readable again until then, unless **Done** comes first. */
	sealed: { code: Sealed; until: number } | undefined;
};

export async function findRecoveryCode(
	db: Db,
	clinicId: string,
	profileId: string,
): Promise<RecoveryCode | undefined> {
	const row = await codeOf.first(db, { clinicId, profileId });
	if (!row) return undefined;
	const { sealed_code: code, sealed_until: until } = row;
	return {
		codeId: row.code_id,
		hash: row.hash,
		madeAt: row.made_at,
		savedAt: row.saved_at,
		shownTo: row.shown_to,
		sealed: code !== null && until !== null ? { code: code as Sealed, until } : undefined,
	};
}

const codeOf = compiledOnce((db, of: Given<{ clinicId: string; profileId: string }>) =>
	db
		.selectFrom("recovery_codes")
		.select([
			"clinic_id",
			"profile_id",
			"code_id",
			"hash",
			"sealed_code",
			"sealed_until",
			"shown_to",
			"made_at",
			"saved_at",
		])
		.where("clinic_id", "=", of.clinicId)
		.where("profile_id", "=", of.profileId),
);

export async function insertRecoveryCode(
	tx: Tx,
	code: {
		clinicId: string;
		profileId: string;
		codeId: string;
		hash: string;
		sealed: { code: Sealed; until: number };
		shownTo: string;
		now: number;
	},
): Promise<void> {
	await tx
		.insertInto("recovery_codes")
		.values({
			clinic_id: code.clinicId,
			profile_id: code.profileId,
			code_id: code.codeId,
			hash: code.hash,
			sealed_code: code.sealed.code,
			sealed_until: code.sealed.until,
			shown_to: code.shownTo,
			made_at: code.now,
			saved_at: null,
		})
		.execute();
}

/** Ends a person's Recovery Code, whichever it is. @returns whether there was one */
export async function endRecoveryCode(tx: Tx, clinicId: string, profileId: string): Promise<boolean> {
	const result = await tx
		.deleteFrom("recovery_codes")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.executeTakeFirst();
	return result.numDeletedRows === 1n;
}

/**
 * Spends the very code whose hash was compared, in the transaction that opens what it opens.
 *
 * @returns false when it was spent, ended or replaced since; then nothing may open
 */
export async function spendRecoveryCode(
	tx: Tx,
	clinicId: string,
	profileId: string,
	codeId: string,
): Promise<boolean> {
	const result = await tx
		.deleteFrom("recovery_codes")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("code_id", "=", codeId)
		.executeTakeFirst();
	return result.numDeletedRows === 1n;
}

/**
 * Keeps only the hash: the person saved it. While it can still be read only the session it is shown to may say so,
 * or another one would take it out of sight.
 *
 * @returns false when it was saved, spent or replaced before
 */
export async function saveRecoveryCode(
	tx: Tx,
	code: { clinicId: string; profileId: string; codeId: string; shownTo: string; now: number },
): Promise<boolean> {
	const result = await tx
		.updateTable("recovery_codes")
		.set({ saved_at: code.now, sealed_code: null, sealed_until: null })
		.where("clinic_id", "=", code.clinicId)
		.where("profile_id", "=", code.profileId)
		.where("code_id", "=", code.codeId)
		.where((eb) =>
			eb.or([
				eb("shown_to", "=", code.shownTo),
				eb("sealed_code", "is", null),
				eb("sealed_until", "<=", code.now),
			]),
		)
		.where("saved_at", "is", null)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** Empties the sealed codes of a clinic whose time is over; their hashes stay. @returns how many there were */
export async function emptyExpiredCodes(tx: Tx, clinicId: string, now: number): Promise<number> {
	const result = await tx
		.updateTable("recovery_codes")
		.set({ sealed_code: null, sealed_until: null })
		.where("clinic_id", "=", clinicId)
		.where("sealed_code", "is not", null)
		.where("sealed_until", "<=", now)
		.executeTakeFirst();
	return Number(result.numUpdatedRows);
}
