import type { Keyring } from "./keyring.ts";

type Owner = { clinicId: string; profileId: string };
/** The kinds of code of which only a keyed hash is kept: they are short, so a plain hash could be tried through. */
type CodePurpose = "emailed-code" | "temporary-code";

/** What is kept of a code: its keyed hash, for one person alone. @param code ASCII digits */
export function hashOfCode(keyring: Keyring, purpose: CodePurpose, owner: Owner, code: string): string {
	return keyring.keyedHash(purpose, boundTo(owner, code));
}

/** Whether a hash is this code's and this person's, under whichever key of the ring it was made. */
export function isHashOfCode(
	keyring: Keyring,
	purpose: CodePurpose,
	owner: Owner,
	code: string,
	hash: string,
): boolean {
	return keyring.matchesKeyedHash(purpose, boundTo(owner, code), hash);
}

function boundTo({ clinicId, profileId }: Owner, code: string): string {
	return JSON.stringify([clinicId, profileId, code]);
}
