/** Controls, halves of characters, breaks of lines, and what turns the direction of the text around it. */
const STEERS = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
/** Anything but spaces, marks that need a letter, and what no screen draws; of letters three kinds draw nothing. */
const VISIBLE = /[^\p{Z}\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * Whether what somebody typed is one line that can be read: shown in lists and printed in terminals, nothing in it
 * draws over, turns around or hides what stands beside it.
 */
export function isOneLine(text: string): boolean {
	return !STEERS.test(text) && VISIBLE.test(text);
}
