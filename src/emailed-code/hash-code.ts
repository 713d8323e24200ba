import type { Keyring } from "../crypto/keyring.ts";

type Owner = { clinicId: string; profileId: string };

/** What is kept of a code: its keyed hash, for one person alone. @param code eight ASCII digits */
export function hashOfCode(keyring: Keyring, owner: Owner, code: string): string {
	return keyring.keyedHash("emailed-code", boundTo(owner, code));
}

/** Whether a hash is this code's and this person's, under whichever key of the ring it was made. */
export function isHashOfCode(keyring: Keyring, owner: Owner, code: string, hash: string): boolean {
	return keyring.matchesKeyedHash("emailed-code", boundTo(owner, code), hash);
}

function boundTo({ clinicId, profileId }: Owner, code: string): string {
	return JSON.stringify([clinicId, profileId, code]);
}
