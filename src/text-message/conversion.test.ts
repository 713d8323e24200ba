import { expect, test } from "vitest";
import { runCommand } from "../../test/harness/command.ts";
import { type FreshDatabase, freshDatabase } from "../../test/harness/database.ts";
import { insertClinic } from "../clinics/store.ts";
import { days, hours } from "../clock.ts";
import { Keyring } from "../crypto/keyring.ts";
import { inTransaction } from "../db/transaction.ts";
import { takeTry } from "../limits/take-try.ts";
import { forgetWhatIsOver } from "../upkeep/forget.ts";
import { warnOfUnusedCodes } from "../upkeep/warn-of-unused-codes.ts";
import { isLow, percentUsed } from "./conversion.rule.ts";
import { noteCodeSent, noteCodeUsed, readConversion } from "./conversion.ts";

const NOW = Date.UTC(2026, 2, 2, 9, 30);

async function textedTo(
	{ db }: FreshDatabase,
	country: string,
	codes: { sent: number; used: number },
	now = NOW,
) {
	await inTransaction(db, async (tx) => {
		for (let n = 0; n < codes.sent; n++) await noteCodeSent(tx, country, now + n);
		for (let n = 0; n < codes.used; n++) await noteCodeUsed(tx, country, now + n);
	});
}

test.each([
	{ sent: 0, used: 0, low: false, percent: 0 },
	{ sent: 49, used: 0, low: false, percent: 0 },
	{ sent: 50, used: 14, low: true, percent: 28 },
	{ sent: 50, used: 15, low: false, percent: 30 },
	{ sent: 1000, used: 299, low: true, percent: 30 },
	{ sent: 1000, used: 950, low: false, percent: 95 },
	{ sent: 50, used: 60, low: false, percent: 120 },
])("of $sent codes $used used is too few: $low", ({ low, percent, ...codes }) => {
	expect(isLow({ country: "CA", ...codes })).toBe(low);
	expect(percentUsed({ country: "CA", ...codes })).toBe(percent);
});

test("codes texted and used are counted by country, for a day", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await textedTo(database, "CA", { sent: 20, used: 19 });
	await textedTo(database, "US", { sent: 3, used: 0 });
	await textedTo(database, "CA", { sent: 2, used: 2 }, NOW + hours(3));
	const us = { country: "US", sent: 3, used: 0 };
	expect(await readConversion(db, NOW + hours(3))).toEqual([{ country: "CA", sent: 22, used: 21 }, us]);
	expect(await readConversion(db, NOW + days(1))).toEqual([{ country: "CA", sent: 2, used: 2 }]);
	expect(await readConversion(db, NOW + days(2))).toEqual([]);
});

test("a count is not made when its transaction is undone, and none is lost where many are made at once", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	const undone = inTransaction(db, async (tx) => {
		await noteCodeSent(tx, "CA", NOW);
		throw new Error("undone");
	});
	await expect(undone).rejects.toThrow("undone");
	await Promise.all(
		Array.from({ length: 60 }, (_, n) =>
			inTransaction(db, async (tx) => {
				await noteCodeSent(tx, "CA", NOW + (n % 4));
				await noteCodeUsed(tx, "CA", NOW + (n % 4));
			}),
		),
	);
	expect(await readConversion(db, NOW)).toEqual([{ country: "CA", sent: 60, used: 60 }]);
});

test("what no longer counts is forgotten, and nothing else", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await textedTo(database, "CA", { sent: 1, used: 1 });
	await textedTo(database, "US", { sent: 1, used: 0 }, NOW + hours(1));
	await forgetWhatIsOver({ db, clock: () => NOW + days(1) });
	expect(await database.backdoor.selectFrom("codes_of_countries").select("country").execute()).toEqual([
		{ country: "US" },
	]);
	expect(await readConversion(db, NOW + days(1))).toEqual([{ country: "US", sent: 1, used: 0 }]);
});

test("the log warns of a country where few codes are used, and of no other", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await textedTo(database, "CA", { sent: 60, used: 55 });
	await textedTo(database, "US", { sent: 50, used: 3 });
	const warnings: unknown[] = [];
	const log = { warn: (facts: unknown) => warnings.push(facts) };
	await warnOfUnusedCodes({ db, clock: () => NOW, log: log as never });
	expect(warnings).toEqual([{ country: "US", sent: 50, used: 3 }]);
});

test("vestibule doctor shows countries, ceiling, the share of codes used and clinics that had all of theirs", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	const now = Date.now();
	await textedTo(database, "CA", { sent: 60, used: 54 }, now);
	await inTransaction(db, async (tx) => {
		for (const name of ["harbour", "hill", "lake"]) {
			const clinic = { clinicId: name, shortName: name, name, timeZone: "UTC", country: "CA" };
			await insertClinic(tx, clinic, now);
		}
		await takeTry(tx, "textsStoppedEmailADay", { clinicId: "harbour", key: "clinic" }, now);
		await takeTry(tx, "textsStoppedEmailADay", { clinicId: "hill", key: "ceiling" }, now);
	});
	const environment = {
		DATABASE_URL: database.url,
		VESTIBULE_KEYS: Keyring.newKey("test"),
		VESTIBULE_CLINICS: "many",
		VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
		VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
		VESTIBULE_SMS_COUNTRIES: "ca, us,gb",
		VESTIBULE_SMS_CLINIC_CEILING: "200",
		VESTIBULE_SMS_PROVIDERS: "http",
		VESTIBULE_HTTP_SMS_URL: "http://localhost:1/",
		VESTIBULE_HTTP_SMS_SECRET: "a secret of more than 32 characters",
	};
	const { out } = await runCommand(environment, "doctor");
	expect(out).toContain("fine  Text messages may go to CA, US, GB, at most 200 a day for one clinic.");
	expect(out).toContain("fine  Of 60 codes texted to CA in the last day, 54 were used (90 %).");
	expect(out).toMatch(/^note {2}In the last day harbour had so many unused text messages/m);
	expect(out).toMatch(/^note {2}In the last day hill reached VESTIBULE_SMS_CLINIC_CEILING/m);
	expect(out).not.toContain("lake");

	await textedTo(database, "GB", { sent: 80, used: 2 }, now);
	const again = await runCommand(environment, "doctor");
	expect(again.out).toMatch(
		/^wrong Of 80 codes texted to GB in the last day, 2 were used \(3 %\)\. Somebody may be making you pay .* take GB out of VESTIBULE_SMS_COUNTRIES\.$/m,
	);
	const without = await runCommand({ ...environment, VESTIBULE_SMS_PROVIDERS: "" }, "doctor");
	expect(without.out).not.toContain("may go to");
});
