import type { Clinic } from "../clinics/clinic.ts";
import { findClinic } from "../clinics/store.ts";
import type { Db } from "../db/connect.ts";
import { findProfileByEmail } from "../profiles/store.ts";
import { CommandError } from "./options.ts";

/** @throws CommandError where there is none */
export async function clinicNamed(db: Db, shortName: string): Promise<Clinic> {
	const clinic = await findClinic(db, { shortName });
	if (clinic) return clinic;
	throw new CommandError(`There is no clinic with the short name "${shortName}".`);
}

/** @returns the profile's id; "" where nobody has that email, which then is unknown */
export async function idOf(db: Db, clinic: Clinic, email: string): Promise<string> {
	return (await findProfileByEmail(db, clinic.clinicId, email))?.profileId ?? "";
}

export function nobody(email: string, clinic: Clinic): string {
	return `Nobody at ${clinic.name} has a staff profile with the email ${email}.`;
}

/** Says why nothing was done. @returns the exit code */
export function refuse(sentence: string): number {
	console.error(sentence);
	return 1;
}
