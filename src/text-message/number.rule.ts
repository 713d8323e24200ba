import {
	type CountryCode,
	isSupportedCountry,
	type PhoneNumber,
	parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import type { ChangedNumber } from "../activity/events.ts";

/** A mobile number that was typed. `e164` as `+16045550101`; `country` is where it belongs, ISO 3166-1 alpha-2. */
export type TypedNumber =
	| { kind: "number"; e164: string; country: string }
	| { kind: "refused"; why: "not-a-number" | "not-mobile" };

/** In North America nobody can tell a mobile number from another one: all ordinary ones are of the second type. */
const MOBILE = new Set(["MOBILE", "FIXED_LINE_OR_MOBILE"]);

/** What address books and web pages copy along with a number: marks that cannot be seen, and the scheme of a link. */
const COPIED_ALONG = /\p{Cf}|^\s*tel:|^\s+|\s+$/giu;

/**
 * Reads a mobile number as people write it. Numbers that cost whoever calls them, satellite ones and those of no
 * country are not mobile: paid-traffic fraud lives on them.
 *
 * @param country where a number without a country code belongs, ISO 3166-1 alpha-2
 */
export function readNumber(text: string, country: string): TypedNumber {
	const number = parsed(text.replaceAll(COPIED_ALONG, ""), country);
	if (!number?.isValid() || number.ext !== undefined) return { kind: "refused", why: "not-a-number" };
	const belongsTo = countryOf(number.number);
	if (belongsTo === undefined || !MOBILE.has(number.getType() ?? "")) {
		return { kind: "refused", why: "not-mobile" };
	}
	return { kind: "number", e164: number.number, country: belongsTo };
}

/** Where a number belongs, ISO 3166-1 alpha-2; undefined for one of no country, or of none any more. */
export function countryOf(e164: string): string | undefined {
	return parsed(e164)?.country;
}

/** A number that the reader need not learn from this page: "•••• •••• 4417". */
export function maskNumber(e164: string): string {
	return `•••• •••• ${e164.slice(-4)}`;
}

/** A change of number as it is recorded: whoever reads it learns neither whole. @param from E.164, null for none */
export function recordedNumbers(from: string | null, to: string | null): ChangedNumber {
	const hidden = (e164: string | null) => (e164 === null ? null : maskNumber(e164));
	return { from: hidden(from), to: hidden(to) };
}

/** A number in groups, with its country code: "+1 604 555 0101". */
export function prettyNumber(e164: string): string {
	return parsed(e164)?.formatInternational() ?? e164;
}

function parsed(text: string, country?: string): PhoneNumber | undefined {
	const defaultCountry = country !== undefined && isSupportedCountry(country) ? country : undefined;
	return parsePhoneNumberFromString(text, { defaultCountry: defaultCountry as CountryCode, extract: false });
}
