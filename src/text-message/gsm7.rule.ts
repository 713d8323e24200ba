/** What one text message holds, in septets. A longer text is sent, and paid, as several. */
export const SEGMENT_SEPTETS = 160;

/** GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1): one septet a character. */
const BASIC = new Set(
	"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** Its extension table (6.2.1.1): an escape stands before each, so two septets. */
const EXTENDED = new Set("\f^{}\\[~]|€");

/** Letters and signs that lose no accent when taken apart, and how people write them where they are missing. */
const SPELLED: Readonly<Record<string, string>> = Object.fromEntries(
	[
		// Greek has capitals only there, and those that look like Latin ones are Latin ones.
		"ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX",
		"łl ŁL đd ĐD ðd ÐD ħh ĦH ıi ŧt ŦT ĸk ŋn ŊN þth ÞTh œoe ŒOE ẞß",
		"‘' ’' ‚' ‛' ′' `' ´' “\" ”\" „\" ″\" «\" »\" ‹' ›' ‐- ‑- ‒- –- —- ―- −- ⁄/ •. ·. ×x",
	]
		.flatMap((line) => line.split(" "))
		.map((pair) => [pair.slice(0, 1), pair.slice(1)]),
);

/** How many septets a text takes; undefined where a character of it is not in the alphabet. */
export function septets(text: string): number | undefined {
	let sum = 0;
	for (const character of text) {
		if (!isInGsm7(character)) return undefined;
		sum += EXTENDED.has(character) ? 2 : 1;
	}
	return sum;
}

/**
 * A name reduced to one line of the alphabet: accents and foreign signs are spelled with its own, the rest is left out.
 *
 * @returns empty where too little is left to know the name by, as of a name in another script
 */
export function nameInGsm7(name: string): string {
	const line = name.normalize("NFC").replaceAll(/[\p{White_Space}\p{Cc}]+/gu, " ");
	const reduced = tidy(Array.from(line, reducedCharacter).join(""));
	return countLetters(reduced) * 2 >= countLetters(line) ? reduced : "";
}

/** A name without its last word; of a single word, without its last letter. */
export function shorterName(name: string): string {
	const lastSpace = name.lastIndexOf(" ");
	return tidy(name.slice(0, lastSpace > 0 ? lastSpace : -1));
}

function reducedCharacter(character: string): string {
	if (isInGsm7(character)) return character;
	const parts = Array.from(character.normalize("NFKD"), (part) => {
		const letter = /\p{Script=Greek}/u.test(part) ? part.toUpperCase() : part;
		return SPELLED[letter] ?? letter;
	});
	return parts.join("").replaceAll(/./gsu, (part) => (isInGsm7(part) ? part : ""));
}

/** Without what only held together what was left out: "Physio (東京)" is "Physio". */
function tidy(name: string): string {
	return name
		.replaceAll(/\(\s*\)|\[\s*\]/g, "")
		.replaceAll(/ +/g, " ")
		.replaceAll(/^[ ,&/:|-]+|[ ,&/:|-]+$/g, "");
}

function isInGsm7(character: string): boolean {
	return BASIC.has(character) || EXTENDED.has(character);
}

function countLetters(text: string): number {
	return text.match(/\p{L}/gu)?.length ?? 0;
}
