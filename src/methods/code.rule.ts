const SIX_DIGITS = /^[0-9]{6}$/;

/**
 * Reads a verification code as people type, paste and dictate it: spaces, dashes and invisible characters are
 * ignored, and the digits of Japanese and Arabic keyboards are digits.
 *
 * @returns six ASCII digits; undefined when it is not a code
 */
export function readCode(text: string): string | undefined {
	const digits = text
		.normalize("NFKC")
		.replaceAll(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
		.replaceAll(/[\p{White_Space}\p{Pd}\p{Cf}\u2212]/gu, "");
	return SIX_DIGITS.test(digits) ? digits : undefined;
}
