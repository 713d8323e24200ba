/** What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection), full-width forms too. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** By it, in front of a file, a spreadsheet knows that the text is UTF-8. */
export const BYTE_ORDER_MARK = "\ufeff";

/** One line of RFC 4180, every cell quoted. A cell that a spreadsheet would take for a formula has an apostrophe in front. */
export function csvLine(cells: readonly string[]): string {
	const safe = cells.map((cell) => (FORMULA.test(cell) ? `'${cell}` : cell));
	return `${safe.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\r\n`;
}
