import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { groupsOf, inGroups, newRecoveryCode, RANDOM_BYTES, readRecoveryCode } from "./recovery-code.rule.ts";

const randomness = fc.uint8Array({ minLength: RANDOM_BYTES, maxLength: RANDOM_BYTES });
const codes = randomness.map(newRecoveryCode);
const ignored = fc.stringMatching(/^[\s\u2010-\u2015\u2212\u00ad\u200b\ufeff-]{0,3}$/);

test("a new code is 20 characters without I, L, O and U", () => {
	fc.assert(fc.property(codes, (code) => /^[0-9A-HJKMNP-TV-Z]{20}$/.test(code)));
});

test("every character is as likely as every other: 100 bits in all", () => {
	const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
	const counts = new Map<string, number>();
	for (const byte of everyByte) {
		const [first = ""] = newRecoveryCode(new Uint8Array(RANDOM_BYTES).fill(byte));
		counts.set(first, (counts.get(first) ?? 0) + 1);
	}
	expect(counts.size ** 20).toBe(2 ** 100);
	expect(new Set(counts.values())).toEqual(new Set([8]));
});

test("each byte makes its own character", () => {
	fc.assert(
		fc.property(randomness, fc.nat(RANDOM_BYTES - 1), (random, at) => {
			const other = Uint8Array.from(random);
			other[at] = (random[at] ?? 0) ^ 1;
			const [before, after] = [newRecoveryCode(random), newRecoveryCode(other)];
			const differing = [...before].flatMap((character, index) =>
				character === after[index] ? [] : [index],
			);
			expect(differing).toEqual([at]);
		}),
	);
});

test("a code takes exactly its random bytes", () => {
	expect(() => newRecoveryCode(randomBytes(RANDOM_BYTES - 1))).toThrow(RangeError);
});

test("a code is read as it is shown, in five groups of four", () => {
	fc.assert(
		fc.property(codes, (code) => {
			expect(groupsOf(code).map((group) => group.length)).toEqual([4, 4, 4, 4, 4]);
			expect(readRecoveryCode(inGroups(code))).toBe(code);
			expect(readRecoveryCode(groupsOf(code).join(" "))).toBe(code);
		}),
	);
});

test("case, spaces, dashes of every kind and invisible characters are ignored", () => {
	fc.assert(
		fc.property(
			codes,
			fc.array(fc.tuple(fc.boolean(), ignored), { minLength: 20, maxLength: 20 }),
			(code, noise) => {
				const typed = [...code].map((character, index) => {
					const [isLower, before] = noise[index] ?? [false, ""];
					return before + (isLower ? character.toLowerCase() : character);
				});
				expect(readRecoveryCode(typed.join(""))).toBe(code);
			},
		),
	);
});

test("I and L are read as 1, and O as 0", () => {
	expect(readRecoveryCode("IiLl OoOo 1100 AAAA ZZZZ")).toBe("111100001100AAAAZZZZ");
});

test.each([
	["nothing", ""],
	["19 characters", "A".repeat(19)],
	["21 characters", "A".repeat(21)],
	["a U", `${"A".repeat(19)}U`],
	["a u", `${"A".repeat(19)}u`],
	["another character", `${"A".repeat(19)}!`],
	["a letter that only looks like A", `${"A".repeat(19)}\u0410`],
	["a letter that becomes an ASCII one in upper case", `${"A".repeat(19)}\u0131`],
])("%s is no Recovery Code", (_, typed) => {
	expect(readRecoveryCode(typed)).toBeUndefined();
});

test("what is read is always 20 characters of the alphabet, whatever was typed", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary", maxLength: 60 }), (typed) => {
			const read = readRecoveryCode(typed);
			return read === undefined || /^[0-9A-HJKMNP-TV-Z]{20}$/.test(read);
		}),
	);
});
