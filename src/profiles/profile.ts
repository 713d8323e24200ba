import type { Access } from "../db/tables.ts";

/** One person at one clinic. */
export type Profile = {
	clinicId: string;
	profileId: string;
	name: string;
	email: string;
	mobile: string | null;
	access: Access;
	active: boolean;
	/** The language this person last used, for emails. */
	language: string;
	lastSignInAt: number | null;
	/** Grows with every change of how this person gets in; see `changeDoors`. */
	doorsVersion: number;
};

/** What makes two spellings of an email one: NFC, no spaces around it, lower case. */
export function emailKey(email: string): string {
	return email.normalize("NFC").trim().toLowerCase();
}
