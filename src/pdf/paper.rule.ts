/** Where printers hold US Letter (Unicode CLDR, supplemental measurement data, `paperSize`); A4 everywhere else. */
const LETTER = new Set(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]);

/** @param country ISO 3166-1 alpha-2, as `CA` */
export function paperOf(country: string): "LETTER" | "A4" {
	return LETTER.has(country) ? "LETTER" : "A4";
}
