/** Beyond these two of a name come together as they were made; an index takes no longer ones. */
const CHARACTERS_COUNTED = 60;

/** Letters that Unicode does not take apart, and what people look them up under. */
const LOOKED_UP_UNDER: Record<string, string> = {
	ł: "l",
	ø: "o",
	đ: "d",
	ð: "d",
	þ: "th",
	ß: "ss",
	æ: "ae",
	œ: "oe",
	ı: "i",
	ħ: "h",
	ŧ: "t",
};

/**
 * What staff are sorted by, so that "Łukasz" stands among the L and "de Vries" among the D: without accents, capitals
 * and punctuation, word by word. Other scripts follow the Latin one, each in the order of Unicode.
 *
 * @returns digits only, which every database sorts alike whatever its collation; never empty
 */
export function nameOrder(name: string): string {
	const letters = name
		.normalize("NFKD")
		.toLowerCase()
		// Accents of Latin, Greek and Cyrillic letters; the marks of other scripts are letters of theirs.
		.replaceAll(/[\u0300-\u036f]/g, "")
		.replaceAll(/[łøđðþßæœıħŧ]/g, (letter) => LOOKED_UP_UNDER[letter] ?? letter)
		.replaceAll(/['’ʼ]/g, "")
		.replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, " ")
		.trim();
	const digits = [...letters].slice(0, CHARACTERS_COUNTED).map(digitsOf).join("");
	// Before whatever goes on: "Ann" before "Ann Lee" before "Anna".
	return `${digits}0`;
}

/** Spaces, then 0 to 9, then a to z, then all others. */
function digitsOf(letter: string): string {
	if (letter === " ") return "10";
	if (/^[0-9a-z]$/.test(letter)) return String(11 + Number.parseInt(letter, 36));
	return `9${String(letter.codePointAt(0)).padStart(7, "0")}`;
}
