import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { equalText, Keyring } from "./keyring.ts";

const today = Keyring.newKey("2026-12");
const earlier = Keyring.newKey("2026-01");
const keyring = new Keyring(`${today},${earlier}`);
const boundTo = { clinicId: "clinic", profileId: "profile", purpose: "authenticator-secret" } as const;

test("what was sealed opens again, whatever it is, and is sealed differently each time", () => {
	fc.assert(
		fc.property(fc.string(), (plain) => {
			const sealed = keyring.seal(plain, boundTo);
			expect(keyring.open(sealed, boundTo)).toBe(plain);
			expect(keyring.seal(plain, boundTo)).not.toBe(sealed);
			expect(sealed.startsWith("2026-12.")).toBe(true);
		}),
	);
});

test.each([
	["another clinic", { clinicId: "other" }],
	["another profile", { profileId: "other" }],
	["another purpose", { purpose: "recovery-code" as const }],
	["ids that run together the same", { clinicId: "clinicpro", profileId: "file" }],
])("a sealed value copied to %s does not open", (_where, change) => {
	const sealed = keyring.seal("secret", boundTo);
	expect(() => keyring.open(sealed, { ...boundTo, ...change })).toThrow();
});

test("a sealed value that was changed anywhere does not open", () => {
	const sealed = keyring.seal("a secret of some length", boundTo);
	const bytes = Buffer.from(sealed.slice("2026-12.".length), "base64url");
	fc.assert(
		fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
			const changed = Buffer.from(bytes);
			changed[at] = (changed[at] ?? 0) ^ mask;
			expect(() => keyring.open(`2026-12.${changed.toString("base64url")}`, boundTo)).toThrow();
			expect(() => keyring.open(`2026-12.${bytes.subarray(0, at).toString("base64url")}`, boundTo)).toThrow();
		}),
	);
	for (const text of ["", ".", "2026-12.", "2026-12.AAAA", `gone.${bytes.toString("base64url")}`]) {
		expect(() => keyring.open(text, boundTo)).toThrow();
	}
});

test("after a rotation the earlier key still opens, and a key that is gone opens and matches nothing", () => {
	const before = new Keyring(earlier);
	const sealed = before.seal("secret", boundTo);
	const hash = before.keyedHash("email", "avery@harbour.example");
	expect(keyring.open(sealed, boundTo)).toBe("secret");
	expect(keyring.isSealedByEarlierKey(sealed)).toBe(true);
	expect(keyring.isSealedByEarlierKey(keyring.seal("secret", boundTo))).toBe(false);
	expect(keyring.matchesKeyedHash("email", "avery@harbour.example", hash)).toBe(true);
	const after = new Keyring(today);
	expect(() => after.open(sealed, boundTo)).toThrow();
	expect(after.matchesKeyedHash("email", "avery@harbour.example", hash)).toBe(false);
	expect([keyring.currentId, keyring.oldestId]).toEqual(["2026-12", "2026-01"]);
});

test("a keyed hash fits its own purpose and text only", () => {
	const hash = keyring.keyedHash("email", "avery@harbour.example");
	expect(keyring.matchesKeyedHash("email", "avery@harbour.example", hash)).toBe(true);
	expect(keyring.matchesKeyedHash("activity", "avery@harbour.example", hash)).toBe(false);
	expect(keyring.matchesKeyedHash("email", "blake@harbour.example", hash)).toBe(false);
	for (const other of ["", ".", "2026-12.", hash.slice(1), `${hash}A`]) {
		expect(keyring.matchesKeyedHash("email", "avery@harbour.example", other)).toBe(false);
	}
});

test.each([
	["nothing", ""],
	["no base64", "id"],
	["a short key", `id:${Buffer.alloc(31).toString("base64")}`],
	["a long key", `id:${Buffer.alloc(33).toString("base64")}`],
	["a bad id", `ID:${Buffer.alloc(32).toString("base64")}`],
	["the same id twice", `${today}\n${today}`],
])("a key ring with %s is refused, and the error tells no key", (_what, text) => {
	let message = "";
	try {
		new Keyring(text);
	} catch (error) {
		message = String(error);
	}
	expect(message).toMatch(/key/);
	if (text.includes(":")) expect(message).not.toContain(text.split(/[:\n]/)[1]);
});

test("a key ring prints no key", () => {
	keyring.seal("secret", boundTo);
	const printed = inspect(keyring, { showHidden: true, depth: 9 }) + JSON.stringify({ keyring });
	const key = Buffer.from(today.split(":")[1] ?? "", "base64");
	for (const encoding of ["base64", "base64url", "hex"] as const) {
		expect(printed).not.toContain(key.toString(encoding).slice(0, 8));
	}
	expect(printed).not.toContain(inspect(key).slice(8, 20));
});

test("texts are equal only when they are the same", () => {
	fc.assert(
		fc.property(fc.string(), fc.string(), (a, b) => equalText(a, b) === (a === b) && equalText(a, a)),
	);
	expect(equalText("é", "e\u0301")).toBe(false);
	expect(equalText("", "a")).toBe(false);
});

test("a ring that is asked for a key it has not got reads its source again, once it is there", () => {
	let source = earlier;
	const running = new Keyring(source, () => source);
	const sealed = keyring.seal("secret", boundTo);
	expect(() => running.open(sealed, boundTo)).toThrow('The key ring has no key "2026-12"');
	source = "half of a fi";
	expect(() => running.open(sealed, boundTo)).toThrow('The key ring has no key "2026-12"');
	expect(running.currentId).toBe("2026-01");
	source = `${today}\n${earlier}\n`;
	expect(running.open(sealed, boundTo)).toBe("secret");
	expect([running.currentId, running.oldestId]).toEqual(["2026-12", "2026-01"]);
});
