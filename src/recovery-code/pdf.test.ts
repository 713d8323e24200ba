import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { NEW_CLINIC } from "../clinics/clinic.ts";
import { en } from "../words/en.ts";
import { drawRecoverySheet, type RecoverySheet } from "./pdf.ts";

const clinic = {
	clinicId: "c",
	shortName: "harbour",
	name: "Harbour Physio",
	timeZone: "America/Vancouver",
	country: "CA",
	...NEW_CLINIC,
};
const sheet: RecoverySheet = {
	words: en,
	clinic,
	personName: "Avery Chen",
	email: "avery@harbour.example",
	code: "7K2M9QXR04TVB8WCYZ3H",
	// 7 December in Vancouver, 8 December in London.
	madeAt: Date.UTC(2026, 11, 8, 3),
	signInUrl: "https://harbour.example.com/sign-in",
	supportEmail: "privacy@vestibule.example",
};

const draw = (change: Partial<RecoverySheet> = {}) => drawRecoverySheet({ ...sheet, ...change });
const read = (program: string, parameters: string[], pdf: Uint8Array) =>
	execFileSync(program, parameters, { input: pdf, encoding: "utf8" });
/** What stands on the page, each run of spaces and line breaks as one space. */
const textOf = (pdf: Uint8Array) => read("pdftotext", ["-layout", "-", "-"], pdf).replaceAll(/\s+/g, " ");

test("the sheet says whose code it is, of which clinic, from when, how to use it and whom to ask", async () => {
	const text = textOf(await draw());
	expect(text).toContain("7K2M-9QXR-04TV-B8WC-YZ3H");
	expect(text).toContain("For Avery Chen Clinic Harbour Physio Made on Mon 7 Dec 2026");
	expect(text).toContain("Sign in at https://harbour.example.com/sign-in");
	expect(text).toContain("Choose “Use recovery code instead”.");
	expect(text).toContain("Works once");
	expect(text).toContain("a password manager, an authenticator app or secure cloud storage");
	expect(text).toContain("Ask a Full Access user of your clinic.");
	expect(text).toContain("privacy@vestibule.example");
});

test.each([
	"Łucja Żółć",
	"Nguyễn Thị Hồng Đào",
	"Élodie Brûlé",
	"Οδυσσέας Ελύτης",
	"Мария Щукина",
	"山田花子",
	"Hanako 髙﨑",
])("%s is written as it is", async (personName) => {
	const text = textOf(await draw({ personName: personName.normalize("NFD") }));
	expect(text.normalize("NFC")).toContain(`For ${personName} Clinic`);
	expect(text).not.toContain(sheet.email);
});

test.each([
	["สมชาย", "For avery@harbour.example Clinic"],
	["Somchai สมชาย", "For Somchai (avery@harbour.example) Clinic"],
	["Avery 🦊 Chen", "For Avery Chen (avery@harbour.example) Clinic"],
	["", "For avery@harbour.example Clinic"],
])("a name that no font can draw (%s) is followed by the email", async (personName, line) => {
	expect(textOf(await draw({ personName }))).toContain(line);
});

test("a clinic's name that no font can draw makes room for its address", async () => {
	const text = textOf(await draw({ clinic: { ...clinic, name: "คลินิกท่าเรือ" } }));
	expect(text).toContain("Clinic harbour.example.com Made on");
});

test.each([
	["CA", "letter"],
	["US", "letter"],
	["JP", "A4"],
	["GB", "A4"],
])("the paper of %s is %s", async (country, paper) => {
	const facts = read("pdfinfo", ["-"], await draw({ clinic: { ...clinic, country } }));
	expect(facts).toMatch(new RegExp(`Page size:.*\\(${paper}\\)`));
});

test("it is one page, however long the names are, and can be read aloud", async () => {
	const pdf = await draw({
		clinic: { ...clinic, name: "Harbourside Physiotherapy ".repeat(8), country: "US" },
		personName: "Wolfeschlegelsteinhausenbergerdorff ".repeat(5),
		signInUrl: `https://${"a".repeat(40)}.${"example".repeat(8)}.com/sign-in`,
		supportEmail: `${"privacy".repeat(9)}@${"vestibule".repeat(12)}.example`,
	});
	const facts = read("pdfinfo", ["-"], pdf);
	expect(facts).toMatch(/Pages:\s+1\n/);
	expect(facts).toMatch(/Tagged:\s+yes/);
	expect(textOf(pdf)).toContain("Ask a Full Access user");
	expect(read("pdfinfo", ["-struct-text", "-"], pdf)).toMatch(/H1.*\s+"Recovery Code"/);
});

test("its fonts travel with it", async () => {
	const [, , ...fonts] = read("pdffonts", ["-"], await draw())
		.trim()
		.split("\n");
	expect(fonts).toHaveLength(3);
	for (const font of fonts) expect(font).toMatch(/IBMPlex.* yes yes yes /);
});
