import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PlainToken } from "./tokens.ts";

test("a fresh token is 256 bits, and no two are the same", () => {
	const tokens = Array.from({ length: 1_000 }, () => PlainToken.fresh().reveal());
	expect(new Set(tokens).size).toBe(1_000);
	for (const token of tokens) expect(Buffer.from(token, "base64url")).toHaveLength(32);
});

test("a token never prints", () => {
	const token = PlainToken.fresh();
	const printed = [
		`${token}`,
		JSON.stringify({ token }),
		inspect(token),
		inspect({ token }, { showHidden: true, depth: 9 }),
	];
	for (const text of printed) {
		expect(text).toContain("[token]");
		expect(text).not.toContain(token.reveal());
	}
});

test("what has not the shape of a token is none", () => {
	const token = PlainToken.fresh().reveal();
	expect(PlainToken.read(token)?.reveal()).toBe(token);
	for (const text of [
		undefined,
		"",
		token.slice(1),
		`${token}A`,
		`${token}\n`,
		` ${token}`,
		token.replace(/.$/, "="),
	]) {
		expect(PlainToken.read(text)).toBeUndefined();
	}
	fc.assert(
		fc.property(fc.string(), (text) => /^[\w-]{43}$/.test(text) || PlainToken.read(text) === undefined),
	);
});

test("the database keeps the SHA-256 of the text, and the form token is another one", () => {
	const token = PlainToken.read("A".repeat(43));
	expect(token?.hash()).toBe("DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo");
	expect(token?.formToken()).not.toBe(token?.hash());
	expect(token?.formToken()).toBe(PlainToken.read("A".repeat(43))?.formToken());
	expect(token?.formToken()).not.toBe(PlainToken.fresh().formToken());
});
