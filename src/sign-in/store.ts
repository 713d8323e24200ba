import type { Clinic } from "../clinics/clinic.ts";
import { toClinic } from "../clinics/store.ts";
import type { HashedToken } from "../crypto/tokens.ts";
import { compiledOnce, type Given } from "../db/compiled-once.ts";
import type { Db } from "../db/connect.ts";
import { clinicColumns, type MethodKind, profileColumns, type SignInRow } from "../db/tables.ts";
import { requireLock, type Tx } from "../db/transaction.ts";
import { toProfile } from "../profiles/store.ts";
import { codeWaits } from "../temporary-code/store.ts";
import type { SignIn } from "./sign-in.ts";

export async function insertSignIn(tx: Tx, row: SignInRow): Promise<void> {
	await insert.write(tx, row);
}

const insert = compiledOnce((tx: Tx, row: Given<SignInRow>) => tx.insertInto("sign_ins").values(row));

/**
 * The sign-in a token opens: not run out, of an active profile, begun under the doors as they are now, and in a
 * browser where its password works. Anything else is undefined.
 */
export async function findSignIn(
	db: Db,
	clinicId: string,
	tokenHash: HashedToken,
	now: number,
): Promise<SignIn | undefined> {
	const row = await liveSignIn.first(db, { clinicId, tokenHash, now });
	if (!row) return undefined;
	return {
		signInId: row.sign_in_id,
		profile: toProfile(row),
		passwordSetByLinkAt: row.set_by === "link" ? row.set_at : null,
		emailedCodePassedAt: row.emailed_code_passed_at,
		temporaryCodePassedAt: row.temporary_code_passed_at,
		knownBrowser: row.known_browser === 1,
		askedKind: row.asked_kind,
		returnTo: row.return_to,
		expiresAt: row.expires_at,
	};
}

const liveSignIn = compiledOnce((db, of: Given<{ clinicId: string; tokenHash: string; now: number }>) =>
	db
		// One row, found first: a plan kept from when the tables were empty would begin with all profiles of the clinic.
		.selectFrom((eb) =>
			eb
				.selectFrom("sign_ins")
				.select(["clinic_id", "profile_id", "doors_version", "sign_in_id", "known_browser", "asked_kind"])
				.select(["return_to", "expires_at"])
				.select(["emailed_code_passed_at", "temporary_code_passed_at"])
				.where("clinic_id", "=", of.clinicId)
				.where("token_hash", "=", of.tokenHash)
				.limit(1)
				.as("sign_ins"),
		)
		.innerJoin("profiles", (join) =>
			join
				.onRef("profiles.clinic_id", "=", "sign_ins.clinic_id")
				.onRef("profiles.profile_id", "=", "sign_ins.profile_id")
				.onRef("profiles.doors_version", "=", "sign_ins.doors_version"),
		)
		.innerJoin("passwords", (join) =>
			join
				.onRef("passwords.clinic_id", "=", "sign_ins.clinic_id")
				.onRef("passwords.profile_id", "=", "sign_ins.profile_id"),
		)
		.select(profileColumns)
		.select(["sign_in_id", "known_browser", "asked_kind", "return_to", "expires_at"])
		.select(["emailed_code_passed_at", "temporary_code_passed_at"])
		.select(["set_at", "set_by"])
		.where("active", "=", 1)
		.where("expires_at", ">", of.now)
		// Where the password works only in known browsers, one checked a moment earlier opens nothing elsewhere either.
		.where((eb) => eb.or([eb("known_browser", "=", 1), eb("only_known_browsers", "=", 0)])),
);

/** What lets a person in, or leads them on, as it is now. */
export type UnderLock = {
	clinic: Clinic;
	isSignInThere: boolean;
	/** Whether they have a Recovery Code and said that they saved it. */
	hasSavedCode: boolean;
	hasTemporaryCode: boolean;
};

/** Reads in one statement, with the profile locked, what else may have changed since a sign-in was found. */
export async function readUnderLock(
	tx: Tx,
	of: { clinicId: string; profileId: string; signInId: string | undefined; now: number },
): Promise<UnderLock> {
	requireLock(tx, of.profileId);
	const row = await underLock.one(tx, { ...of, signInId: of.signInId ?? "" });
	return {
		clinic: toClinic(row),
		isSignInThere: row.sign_in_id !== null,
		hasSavedCode: row.saved_at !== null,
		// SQLite says 1 or 0.
		hasTemporaryCode: Boolean(row.has_temporary_code),
	};
}

type AskedUnderLock = { clinicId: string; profileId: string; signInId: string; now: number };

const underLock = compiledOnce((tx: Tx, of: Given<AskedUnderLock>) =>
	tx
		.selectFrom("clinics")
		.leftJoin("sign_ins", (join) =>
			join.onRef("sign_ins.clinic_id", "=", "clinics.clinic_id").on("sign_ins.sign_in_id", "=", of.signInId),
		)
		.leftJoin("recovery_codes", (join) =>
			join
				.onRef("recovery_codes.clinic_id", "=", "clinics.clinic_id")
				.on("recovery_codes.profile_id", "=", of.profileId),
		)
		.select(clinicColumns.map((column) => `clinics.${column}` as const))
		.select(["sign_ins.sign_in_id", "recovery_codes.saved_at"])
		.select((eb) =>
			eb
				.exists(
					eb
						.selectFrom("temporary_codes")
						.select("code_id")
						.whereRef("temporary_codes.clinic_id", "=", "clinics.clinic_id")
						.where("temporary_codes.profile_id", "=", of.profileId)
						.where(codeWaits(of.now)),
				)
				.as("has_temporary_code"),
		)
		.where("clinics.clinic_id", "=", of.clinicId),
);

/** Whether a sign-in still waits, asked in a transaction. */
export async function isSignInThere(tx: Tx, clinicId: string, signInId: string): Promise<boolean> {
	return (await there.first(tx, { clinicId, signInId })) !== undefined;
}

const there = compiledOnce((tx: Tx, of: Given<{ clinicId: string; signInId: string }>) =>
	tx
		.selectFrom("sign_ins")
		.select("sign_in_id")
		.where("clinic_id", "=", of.clinicId)
		.where("sign_in_id", "=", of.signInId),
);

/** Ends one sign-in. @returns false when it had ended already */
export async function deleteSignIn(tx: Tx, clinicId: string, signInId: string): Promise<boolean> {
	return (await end.write(tx, { clinicId, signInId })) === 1;
}

const end = compiledOnce((tx: Tx, of: Given<{ clinicId: string; signInId: string }>) =>
	tx.deleteFrom("sign_ins").where("clinic_id", "=", of.clinicId).where("sign_in_id", "=", of.signInId),
);

export async function deleteSignInByToken(tx: Tx, clinicId: string, tokenHash: HashedToken): Promise<void> {
	await tx
		.deleteFrom("sign_ins")
		.where("clinic_id", "=", clinicId)
		.where("token_hash", "=", tokenHash)
		.execute();
}

/** Ends every sign-in of a person. @returns how many there were */
export async function deleteSignIns(tx: Tx, clinicId: string, profileId: string): Promise<number> {
	const { numDeletedRows } = await tx
		.deleteFrom("sign_ins")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.executeTakeFirst();
	return Number(numDeletedRows);
}

/** Forgets the sign-ins of a clinic that ran out. It reads all of the clinic's: for rare use. */
export async function deleteExpiredSignIns(tx: Tx, clinicId: string, now: number): Promise<void> {
	await tx.deleteFrom("sign_ins").where("clinic_id", "=", clinicId).where("expires_at", "<=", now).execute();
}

/** Ends the sign-ins of a person that wait in browsers which are not known. */
export async function deleteSignInsOfStrangers(tx: Tx, clinicId: string, profileId: string): Promise<void> {
	await tx
		.deleteFrom("sign_ins")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("known_browser", "=", 0)
		.execute();
}

/** Its emailed code was right: the journey is asked again from here. @returns false when the sign-in had ended */
export async function noteEmailedCodePassed(
	tx: Tx,
	clinicId: string,
	signInId: string,
	now: number,
): Promise<boolean> {
	const result = await tx
		.updateTable("sign_ins")
		.set({ emailed_code_passed_at: now })
		.where("clinic_id", "=", clinicId)
		.where("sign_in_id", "=", signInId)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** Its temporary code was right, in place of an emailed one. @returns false when the sign-in had ended */
export async function noteTemporaryCodePassed(
	tx: Tx,
	clinicId: string,
	signInId: string,
	now: number,
): Promise<boolean> {
	const result = await tx
		.updateTable("sign_ins")
		.set({ temporary_code_passed_at: now })
		.where("clinic_id", "=", clinicId)
		.where("sign_in_id", "=", signInId)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

export async function setAskedKind(
	tx: Tx,
	clinicId: string,
	signInId: string,
	kind: MethodKind,
): Promise<void> {
	await tx
		.updateTable("sign_ins")
		.set({ asked_kind: kind })
		.where("clinic_id", "=", clinicId)
		.where("sign_in_id", "=", signInId)
		.execute();
}
