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
	/** A reset is pending since then: a colleague or the operator turned 2-Step Verification off. */
	resetPendingAt: number | null;
	/** The latest change of email, by somebody who had signed in before. */
	emailChangedAt: number | null;
	/** The one before it, to which password links go for 7 days. */
	earlierEmail: string | null;
	mobileChangedAt: number | null;
	/** The number to call for 7 days after the change. */
	earlierMobile: string | null;
};

/** What a staff profile begins with. */
export const NEW_PROFILE = {
	active: true,
	language: "en",
	lastSignInAt: null,
	doorsVersion: 0,
	resetPendingAt: null,
	emailChangedAt: null,
	earlierEmail: null,
	mobileChangedAt: null,
	earlierMobile: null,
} as const satisfies Partial<Profile>;

/** What makes two spellings of an email one: NFC, no spaces around it, lower case. */
export function emailKey(email: string): string {
	return email.normalize("NFC").trim().toLowerCase();
}
