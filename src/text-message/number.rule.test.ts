import fc from "fast-check";
import { type CountryCode, getCountries, getExampleNumber } from "libphonenumber-js/max";
import examples from "libphonenumber-js/mobile/examples";
import { expect, test } from "vitest";
import { countryOf, maskNumber, prettyNumber, readNumber } from "./number.rule.ts";

const example = (country: CountryCode) => getExampleNumber(country, examples);

/** Ways in which people, address books and web pages write the same number. */
function spellings(country: CountryCode): string[] {
	const number = example(country);
	if (!number) return [];
	const international = number.formatInternational();
	const national = number.formatNational();
	return [
		number.number,
		international,
		national,
		number.getURI(),
		national.replaceAll(" ", "-"),
		national.replaceAll(" ", "\u00a0"),
		international.replaceAll(" ", "."),
		`  ${international}  `,
		`\u202a${international}\u202c`,
		`\u2068${national}\u2069`,
		national.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
	];
}

test("a mobile number of any country is the same however it is written there", () => {
	const countries = getCountries().filter(example);
	expect(countries.length).toBeGreaterThan(200);
	for (const country of countries) {
		const e164 = example(country)?.number ?? "";
		for (const typed of spellings(country)) {
			const expected = { kind: "number", e164, country: countryOf(e164) };
			expect([typed, readNumber(typed, country)]).toEqual([typed, expected]);
		}
	}
});

test.each([
	["604 555 0101", "CA", "+16045550101"],
	["(604) 555-0101", "US", "+16045550101"],
	["1-604-555-0101", "CA", "+16045550101"],
	["604/555.0101", "CA", "+16045550101"],
	["011 44 7400 123456", "CA", "+447400123456"],
	["0044 7400 123456", "FR", "+447400123456"],
	["+44 (0)7400 123456", "CA", "+447400123456"],
	["447400123456", "GB", "+447400123456"],
	["06 12 34 56 78", "FR", "+33612345678"],
	["tel:+1-604-555-0101", "CA", "+16045550101"],
	["+١٦٠٤٥٥٥٠١٠١", "CA", "+16045550101"],
	["+1 604 555 0101", "no country", "+16045550101"],
])("%j typed in %s is %s", (typed, country, e164) => {
	expect(readNumber(typed, country)).toMatchObject({ kind: "number", e164 });
});

test.each([
	["", "CA"],
	["call me", "CA"],
	["604 555 010", "CA"],
	["604 555 01011", "CA"],
	["call 604 555 0101 today", "CA"],
	["604 555 0101 ext. 5", "CA"],
	["604 555 0101, 604 555 0102", "CA"],
	["+1 604 555 0101;ext=5", "CA"],
	["604 555 0101", "no country"],
	["911", "CA"],
	["4417", "US"],
	["+0 604 555 0101", "CA"],
	["avery@harbour.example", "CA"],
	["9".repeat(10_000), "CA"],
])("%j typed in %s is no number", (typed, country) => {
	expect(readNumber(typed, country)).toEqual({ kind: "refused", why: "not-a-number" });
});

test.each([
	["020 7183 8750", "GB", "a landline"],
	["01 09 75 83 51", "FR", "a landline"],
	["+1 800 555 0101", "CA", "free for who calls it"],
	["+1 900 555 0101", "CA", "dear for who calls it"],
	["+44 909 879 0000", "GB", "dear for who calls it"],
	["+1 500 555 0006", "US", "a personal number"],
	["+44 70 1234 5678", "GB", "a personal number"],
	["+44 56 1234 5678", "GB", "over the internet"],
	["+44 7640 123456", "GB", "a pager"],
	["+881 612 345 678", "CA", "of a satellite"],
	["+800 1234 5678", "CA", "of no country"],
])("%s typed in %s is %s, and gets no text message", (typed, country) => {
	expect(readNumber(typed, country)).toEqual({ kind: "refused", why: "not-mobile" });
});

test("a country code says which country a number is of, whatever the clinic's", () => {
	expect(readNumber("+1 416 555 0101", "US")).toMatchObject({ country: "CA" });
	expect(readNumber("+1 212 555 0101", "CA")).toMatchObject({ country: "US" });
	expect(readNumber("+44 7911 123456", "GB")).toMatchObject({ country: "GG" });
	expect(countryOf("+16045550101")).toBe("CA");
	expect(countryOf("+33612345678")).toBe("FR");
	expect(countryOf("+881612345678")).toBeUndefined();
	expect(countryOf("")).toBeUndefined();
});

test("whatever is typed is read or refused, and what was read is read again as itself", () => {
	const anything = fc.oneof(
		fc.string({ unit: "binary", maxLength: 300 }),
		fc.string({ unit: fc.constantFrom(..."0123456789+-(). \u202a"), maxLength: 30 }),
	);
	fc.assert(
		fc.property(anything, fc.constantFrom(...getCountries()), (typed, country) => {
			const read = readNumber(typed, country);
			if (read.kind === "refused") return;
			expect(read.e164).toMatch(/^\+[1-9]\d{4,14}$/);
			expect(readNumber(read.e164, "CA")).toEqual(read);
			expect(readNumber(prettyNumber(read.e164), "CA")).toEqual(read);
			expect(countryOf(read.e164)).toBe(read.country);
		}),
		{ numRuns: 1000 },
	);
});

test("a number is shown by its last four digits, or whole in groups", () => {
	expect(maskNumber("+16045554417")).toBe("•••• •••• 4417");
	expect(prettyNumber("+16045554417")).toBe("+1 604 555 4417");
	expect(prettyNumber("+447700900123")).toBe("+44 7700 900123");
	expect(prettyNumber("not a number")).toBe("not a number");
});
