import { z } from "zod";
import { SHORT_NAME } from "../clinics/host.rule.ts";
import { isCountry, readMobile } from "../profiles/mobile.rule.ts";
import { readEmail, readName } from "../profiles/person.rule.ts";
import { CommandError } from "./options.ts";

/** What a person may be called, and a clinic: one line that can be read. */
export const name = read(readName, "a name of at most 100 characters");

export const email = read(readEmail, "an email address, as avery@clinic.example");

export const shortName = z
	.string()
	.regex(SHORT_NAME, "1 to 40 small letters, digits and dashes, as harbour-physio");

/** The spelling of the list, however it was typed. An offset such as +02:00 knows no summer. */
export const timeZone = z
	.string()
	.refine(isTimeZone, "a time zone with its city, as America/Vancouver")
	.transform(
		(typed) =>
			Intl.supportedValuesOf("timeZone").find((zone) => zone.toLowerCase() === typed.toLowerCase()) ?? typed,
	);

export const country = z
	.string()
	.toUpperCase()
	.refine(isCountry, "a country as two letters (ISO 3166-1), as CA");

export const access = z.enum(["full", "limited"], "full or limited");

/**
 * A mobile number, once the country is known.
 *
 * @returns E.164, or null where none is given
 */
export function mobileOf(option: string, typed: string | undefined, country: string): string | null {
	if (typed === undefined) return null;
	const mobile = readMobile(typed, country);
	if (mobile) return mobile;
	throw new CommandError(
		`--${option} must be a telephone number, as people write it in ${country} or with +.`,
	);
}

/** What a rule reads, or a sentence of what it should be. */
function read(rule: (typed: string) => string | undefined, what: string) {
	return z.string().transform((typed, context) => {
		const known = rule(typed);
		if (known === undefined) context.addIssue({ code: "custom", message: what });
		return known ?? z.NEVER;
	});
}

function isTimeZone(text: string): boolean {
	if (!/^[a-z]/i.test(text)) return false;
	try {
		return new Intl.DateTimeFormat("en", { timeZone: text }) !== undefined;
	} catch {
		return false;
	}
}
