import type { HashedToken } from "../crypto/tokens.ts";
import { compiledOnce, type Given } from "../db/compiled-once.ts";
import type { Db } from "../db/connect.ts";
import { type MethodKind, profileColumns, type SignInRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import { toProfile } from "../profiles/store.ts";
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
