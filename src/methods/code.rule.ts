const DIGITS = /^[0-9]+$/;

/**
 * Reads a verification code as people type, paste and dictate it: spaces, dashes and invisible characters are
 * ignored, and the digits of Japanese and Arabic keyboards are digits.
 *
 * @param length how many digits it has
 * @returns so many ASCII digits; undefined when it is not a code
 */
export function readCode(text: string, length = 6): string | undefined {
	const digits = text
		.normalize("NFKC")
		.replaceAll(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
		.replaceAll(/[\p{White_Space}\p{Pd}\p{Cf}\u2212]/gu, "");
	return digits.length === length && DIGITS.test(digits) ? digits : undefined;
}
