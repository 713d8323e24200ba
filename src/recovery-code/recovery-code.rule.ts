/** Crockford's base 32: without I, L and O, which are read as 1 and 0, and without U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARACTERS = 20;
const READABLE = /^[0-9A-TV-Z]{20}$/i;

/** How many random bytes a new code takes: one a character, of which it uses five bits (100 bits in all). */
export const RANDOM_BYTES = CHARACTERS;

/**
 * Makes a new Recovery Code. 32 letters divide 256 evenly, so that each is as likely as any other.
 *
 * @param random `RANDOM_BYTES` bytes from a cryptographic source
 * @returns 20 characters of Crockford base 32, upper case, without dashes: the form that is hashed and sealed
 */
export function newRecoveryCode(random: Uint8Array): string {
	if (random.length !== RANDOM_BYTES) throw new RangeError(`A Recovery Code takes ${RANDOM_BYTES} bytes`);
	return Array.from(random, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/**
 * Reads a Recovery Code as a person typed or pasted it. Case, spaces, dashes of every kind and invisible
 * characters are ignored; I and L are read as 1, O as 0 (Crockford, Base 32).
 *
 * @returns the 20 characters that were hashed; undefined when this is no Recovery Code
 */
export function readRecoveryCode(text: string): string | undefined {
	const typed = text.replaceAll(/[\s\p{Dash}\p{Cf}]/gu, "");
	if (!READABLE.test(typed)) return undefined;
	return typed.toUpperCase().replaceAll(/[IL]/g, "1").replaceAll("O", "0");
}

/** The five groups of four that people read and write. */
export function groupsOf(code: string): string[] {
	return code.match(/.{4}/g) ?? [];
}

/** The code with its groups joined by dashes, so that it is copied and searched for as one word. */
export function inGroups(code: string): string {
	return groupsOf(code).join("-");
}
