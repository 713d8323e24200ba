import { expect, test } from "vitest";
import { isCountry, readMobile } from "./mobile.rule.ts";

test.each([
	["604 555 0101", "CA", "+16045550101"],
	["(604) 822-0101", "CA", "+16048220101"],
	["1-604-822-0101", "CA", "+16048220101"],
	["+44 7400 123456", "CA", "+447400123456"],
	["07400 123456", "GB", "+447400123456"],
	["06 12 34 56 78", "FR", "+33612345678"],
	["0612345678", "CA", undefined],
	["call me on 604 822 0101", "CA", undefined],
	["604 822 0101 ext. 5", "CA", undefined],
	["", "CA", undefined],
	["604 822 0101", "XX", undefined],
])("%j in %s is read as %s", (typed, country, number) => {
	expect(readMobile(typed, country)).toBe(number);
});

test("a country is two capitals that exist", () => {
	expect(["CA", "US", "GB", "PL"].every(isCountry)).toBe(true);
	expect(["ca", "Canada", "XX", "EU", ""].some(isCountry)).toBe(false);
});
