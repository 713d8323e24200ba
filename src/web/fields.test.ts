import fc from "fast-check";
import { expect, test } from "vitest";
import { Fields } from "./fields.ts";

test("a missing field reads as empty", () => {
	for (const nothing of [undefined, null, "", 7, "text", {}]) {
		expect(new Fields(nothing).text("email")).toBe("");
		expect(new Fields(nothing).all("email")).toEqual([]);
		expect(new Fields(nothing).isTicked("email")).toBe(false);
	}
});

test("of a field sent twice the last one counts, and a group keeps them all", () => {
	const fields = new Fields({ lost: ["authenticator-app", "text-message"] });
	expect(fields.text("lost")).toBe("text-message");
	expect(fields.all("lost")).toEqual(["authenticator-app", "text-message"]);
});

test("names that every object has are no fields", () => {
	const fields = new Fields({ email: "avery@harbour.example" });
	for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
		expect(fields.text(name)).toBe("");
	}
	const sent = new Fields(JSON.parse('{"__proto__":"typed","constructor":["a","b"]}'));
	expect(sent.text("__proto__")).toBe("typed");
	expect(sent.text("constructor")).toBe("b");
});

test("whatever was sent, a field is text of at most 4,096 characters without NUL", () => {
	fc.assert(
		fc.property(fc.dictionary(fc.string(), fc.anything()), (raw) => {
			const fields = new Fields(raw);
			for (const name of Object.keys(raw)) {
				for (const text of [fields.text(name), ...fields.all(name)]) {
					expect(text.length).toBeLessThanOrEqual(4_096);
					expect(text).not.toContain("\u0000");
				}
			}
		}),
	);
	expect(new Fields({ email: `a\u0000b${"c".repeat(5_000)}` }).text("email")).toMatch(/^abc{4093}$/);
});

test("of the marks piled on one letter no more than 30 are taken, and no name loses one", () => {
	const piled = (marks: number) => `avery${"\u0301\u0316".repeat(marks / 2)}@harbour.example`;
	expect(new Fields({ email: piled(4_000) }).text("email")).toBe(piled(30));
	for (const typed of [
		piled(30),
		"Ó Súilleabháin".normalize("NFD"),
		"Nguyễn Thị Hồng Đào".normalize("NFD"),
		"हिन्दी བོད་སྐད",
	]) {
		expect(new Fields({ name: typed }).text("name")).toBe(typed);
	}
});
