/** What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection), full-width forms too. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** One line of RFC 4180, every cell quoted. A cell that a spreadsheet would take for a formula has an apostrophe in front. */
export function csvLine(cells: readonly string[]): string {
	const safe = cells.map((cell) => (FORMULA.test(cell) ? `'${cell}` : cell));
	return `${safe.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\r\n`;
}
