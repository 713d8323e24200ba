import { generateSync } from "otplib";
import { AuthenticatorSecret } from "../src/authenticator-app/secret.ts";
import { insertAuthenticatorApp } from "../src/authenticator-app/store.ts";
import { type Clinic, NEW_CLINIC } from "../src/clinics/clinic.ts";
import { insertClinic } from "../src/clinics/store.ts";
import { Hasher } from "../src/crypto/hasher.ts";
import { Keyring } from "../src/crypto/keyring.ts";
import type { Db } from "../src/db/connect.ts";
import { newId } from "../src/db/ids.ts";
import { inTransaction, type Tx } from "../src/db/transaction.ts";
import { insertMethod } from "../src/methods/store.ts";
import { writePassword } from "../src/passwords/store.ts";
import { NEW_PROFILE } from "../src/profiles/profile.ts";
import { insertProfile } from "../src/profiles/store.ts";
import { insertRecoveryCode, saveRecoveryCode } from "../src/recovery-code/store.ts";
import { atOnce } from "./at-once.ts";

/** Somebody who can sign in with the password of all and an authenticator app of their own. */
export type Person = { email: string; secret: AuthenticatorSecret };

export const PASSWORD = "quiet lanterns over water";
export const KEYS = Keyring.newKey("bench");

const keyring = new Keyring(KEYS);
/** The one hash that all staff share: hashing is what takes long. */
export const PASSWORD_HASH = await new Hasher().hash(PASSWORD, "welcome");
const A_TRANSACTION = 500;
export const CONNECTIONS = 8;

export async function makeClinic(db: Db, shortName: string): Promise<Clinic> {
	const now = Date.now();
	const place = { timeZone: "America/Vancouver", country: "CA" };
	const clinic = { clinicId: newId(now), shortName, name: "Harbour Physio", ...place, ...NEW_CLINIC };
	await inTransaction(db, (tx) => insertClinic(tx, clinic, now));
	return clinic;
}

/** Makes staff who have the authenticator app on and their Recovery Code saved. */
export async function hire(db: Db, { clinicId, shortName }: Clinic, count: number): Promise<Person[]> {
	const people: Person[] = [];
	const emails = Array.from(
		{ length: count },
		(_, n) => `person-${String(n).padStart(6, "0")}@${shortName}.example`,
	);
	const transactions = Array.from({ length: Math.ceil(count / A_TRANSACTION) }, (_, n) =>
		emails.slice(n * A_TRANSACTION, (n + 1) * A_TRANSACTION),
	);
	await atOnce(CONNECTIONS, transactions, (some) =>
		inTransaction(db, async (tx) => {
			for (const email of some) people.push(await hireOne(tx, clinicId, email));
		}),
	);
	return people;
}

/** The code that a person's authenticator app shows now. */
export function codeOf({ secret }: Person): string {
	return generateSync({ secret: secret.reveal() });
}

async function hireOne(tx: Tx, clinicId: string, email: string): Promise<Person> {
	const now = Date.now();
	const profileId = newId(now);
	const methodId = newId(now);
	const codeId = newId(now);
	const owner = { clinicId, profileId };
	const secret = AuthenticatorSecret.fresh();
	await insertProfile(
		tx,
		{
			...owner,
			name: "Avery Chen",
			email,
			mobile: "+16045550101",
			access: "limited",
			...NEW_PROFILE,
		},
		now,
	);
	await writePassword(tx, {
		clinic_id: clinicId,
		profile_id: profileId,
		password_id: newId(now),
		hash: PASSWORD_HASH,
		set_at: now,
		set_by: "change",
		only_known_browsers: 0,
	});
	await insertMethod(tx, { ...owner, kind: "authenticator-app", methodId, isDefault: true, now });
	await insertAuthenticatorApp(tx, { ...owner, methodId, sealedSecret: secret.seal(keyring, owner) });
	const sealed = { code: keyring.seal("none", { ...owner, purpose: "recovery-code" }), until: now };
	const shown = { ...owner, codeId, shownTo: "nobody", now };
	await insertRecoveryCode(tx, { ...shown, hash: PASSWORD_HASH, sealed });
	await saveRecoveryCode(tx, shown);
	return { email, secret };
}
