import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeNewPassword, LONGEST_PASSWORD } from "./password.rule.ts";

const context = { clinicName: "Harbour Physio", personName: "Avery Chen", email: "avery@harbour.example" };
const kindOf = (text: string) => judgeNewPassword(text, context).kind;

test.each([
	["quiet lanterns over water", "fine"],
	["Łódź über Straße 東京", "fine"],
	["fourteen chars", "too-short"],
	[`${"🦊".repeat(3)}abcdefghijk`, "too-short"],
	["a b".repeat(86), "too-long"],
	["passwordpassword", "common"],
	["Password Password 2026", "common"],
	["p4ssw0rd p4ssw0rd", "common"],
	["correct horse battery staple", "common"],
	["aaaaaaaaaaaaaaaa", "repeated"],
	["lantern lantern lantern", "repeated"],
	["abcdefghijklmnop", "repeated"],
	["qwertyuiop12345", "repeated"],
	["987654321098765", "repeated"],
	["HarbourPhysio2026!", "personal"],
	["avery.chen harbour", "personal"],
	["avery@harbour.example", "personal"],
	["harbour lanterns at night", "fine"],
])("the new password %j is judged %s", (text, kind) => {
	expect(kindOf(text)).toBe(kind);
});

test("a password is kept in one spelling, however its accents were typed", () => {
	const judged = judgeNewPassword("caf\u0065\u0301 by the quiet harbour", context);
	expect(judged).toEqual({ kind: "fine", password: "caf\u00e9 by the quiet harbour" });
});

test("no text ends in anything but a verdict, and none outside the length is fine", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
			const verdict = judgeNewPassword(text, context);
			const length = [...text.normalize("NFC")].length;
			if (verdict.kind === "fine") expect(length >= 15 && length <= LONGEST_PASSWORD).toBe(true);
		}),
	);
});
