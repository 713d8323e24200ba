import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";

/**
 * Reads a mobile number as people write it.
 *
 * @param country where a number without a country code belongs, ISO 3166-1 alpha-2
 * @returns E.164, as `+16045550101`; undefined when nobody can have it
 */
export function readMobile(text: string, country: string): string | undefined {
	if (!isCountry(country)) return undefined;
	const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
	return number?.isValid() && number.ext === undefined ? number.number : undefined;
}

/** Whether it is a country that has telephone numbers, ISO 3166-1 alpha-2 in capitals. */
export function isCountry(text: string): text is CountryCode {
	return isSupportedCountry(text);
}
