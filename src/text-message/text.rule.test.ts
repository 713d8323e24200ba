import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readConfig } from "../config.ts";
import { Keyring } from "../crypto/keyring.ts";
import { en } from "../words/en.ts";
import { nameInGsm7, septets } from "./gsm7.rule.ts";
import { codeText } from "./text.rule.ts";

const host = "harbour.example.com";
const textFor = (clinicName: string, itsHost = host, code = "482913") =>
	codeText({ code, clinicName, host: itsHost, words: en });

test("a text names the clinic, and ends with the line that binds its code to the site", () => {
	expect(textFor("Harbour Physio")).toBe(
		"482913 is your Harbour Physio security code. Never share it.\n\n@harbour.example.com #482913",
	);
});

describe("a clinic's name in the letters of a text message", () => {
	test.each([
		["Harbour Physio", "Harbour Physio"],
		["Clínica São João", "Clinica Sao Joao"],
		["Clinique de l’Île – Montréal", "Clinique de l'Ile - Montréal"],
		["Garçon & Çelik", "Garcon & Çelik"],
		["Zażółć Gęślą Jaźń", "Zazolc Gesla Jazn"],
		["Klinik Straße Ürün", "Klinik Straße Ürün"],
		["“Best” care…", '"Best" care...'],
		["ＡＢＣ　Clinic", "ABC Clinic"],
		["Φυσιοθεραπεία Ψυχής", "ΦYΣIOΘEPAΠEIA ΨYXHΣ"],
		["Zdrowie 🦷 Ψυχή", "Zdrowie ΨYXH"],
		["Ďáblický œuvre Þór", "Dablicky oeuvre Thor"],
		["Physio (東京)", "Physio"],
		["Harbour 💪 Physio", "Harbour Physio"],
		["Клиника – Harbour Physio", "Harbour Physio"],
		["A [B] {C} €5", "A [B] {C} €5"],
		["  two\n lines\t", "two lines"],
		["24/7", "24/7"],
		["Клиника 24", ""],
		["東京クリニック", ""],
		["عيادة الميناء", ""],
		["💪", ""],
		["", ""],
	])("%j is %j", (name, reduced) => expect(nameInGsm7(name)).toBe(reduced));

	test("is left out where too little of it is left", () => {
		expect(textFor("東京クリニック")).toBe(
			"482913 is your security code. Never share it.\n\n@harbour.example.com #482913",
		);
	});

	test("is cut by words where the text would not fit, and by letters where it is one word", () => {
		const long =
			"The Very Long and Winding Harbour Physiotherapy and Sports Medicine Centre of the North Shore";
		expect(textFor(long)).toBe(
			"482913 is your The Very Long and Winding Harbour Physiotherapy and Sports Medicine Centre of the security code. Never share it.\n\n@harbour.example.com #482913",
		);
		const text = textFor("W".repeat(100));
		expect(text).toContain("W".repeat(60));
		expect(septets(text)).toBe(160);
	});
});

describe("septets", () => {
	test("are counted as the alphabet has them: one a character, two of its extension, none of others", () => {
		expect(septets("abc ABC 123")).toBe(11);
		expect(septets("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r")).toBe(44);
		expect(septets("^{}\\[~]|€\f")).toBe(20);
		for (const outside of ["ç", "`", "Á", "’", "–", "\t", "\u00a0", "α", "б", "💪", "a\u0301"]) {
			expect([outside, septets(outside)]).toEqual([outside, undefined]);
		}
	});

	test("have 127 characters and 10 more, as the standard says", () => {
		const characters = Array.from({ length: 0x2fff }, (_, n) => String.fromCharCode(n));
		const count = (length: number) => characters.filter((one) => septets(one) === length).length;
		expect([count(1), count(2)]).toEqual([127, 10]);
	});
});

const names = fc.oneof(
	fc.string({ unit: "binary", maxLength: 120 }),
	fc.string({ unit: "grapheme", maxLength: 120 }),
	fc.string({ unit: fc.constantFrom(..."€[]{}~^|\\"), maxLength: 100 }),
	fc.string({ unit: fc.constantFrom(..."ab éçŁψ東б[€@#\n"), maxLength: 100 }),
	fc.lorem({ maxCount: 20 }),
);
/** As long as the configuration allows them. */
const hosts = fc
	.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?){0,4}$/)
	.filter((name) => name.length <= 100);
const codes = fc.integer({ min: 0, max: 999_999 }).map((code) => String(code).padStart(6, "0"));

test("every text is one segment, says the code first, and ends with the exact bound line", () => {
	fc.assert(
		fc.property(names, hosts, codes, (name, itsHost, code) => {
			const text = textFor(name, itsHost, code);
			expect(septets(text)).toBeLessThanOrEqual(160);
			const lines = text.split("\n");
			expect(lines).toHaveLength(3);
			expect(lines[0]).toMatch(new RegExp(`^${code} is your (.+ )?security code\\. Never share it\\.$`));
			expect(lines[1]).toBe("");
			expect(lines[2]).toBe(`@${itsHost} #${code}`);
		}),
		{ numRuns: 2000 },
	);
});

describe("the configuration allows no host that does not fit", () => {
	const label = "a".repeat(49);
	const longest = `${label}.${"b".repeat(50)}`;
	const config = (itsHost: string, clinics: "one" | "many") =>
		readConfig({
			DATABASE_URL: "sqlite:x",
			VESTIBULE_KEYS: Keyring.newKey("test"),
			VESTIBULE_SUPPORT_EMAIL: "privacy@harbour.example",
			VESTIBULE_MAIL_FROM: "Harbour <no-reply@harbour.example>",
			VESTIBULE_URL: `https://${itsHost}`,
			VESTIBULE_CLINICS: clinics,
		});

	test("of one clinic", () => {
		expect(config(longest, "one").url.hostname).toBe(longest);
		expect(septets(textFor("Harbour Physio", longest))).toBeLessThanOrEqual(160);
		expect(() => config(`c${longest}`, "one")).toThrow(/VESTIBULE_URL .* at most 100 characters/);
	});

	test("of many, with their short names before it", () => {
		const most = longest.slice(-59);
		expect(config(most, "many").url.hostname).toBe(most);
		expect(septets(textFor("Harbour Physio", `${"s".repeat(40)}.${most}`))).toBeLessThanOrEqual(160);
		expect(() => config(`c${most}`, "many")).toThrow(/at most 59 characters/);
	});
});
