import { HOTP, Secret } from "otpauth";
import { expect, test } from "vitest";
import { freshDatabase } from "../../test/harness/database.ts";
import { minutes, seconds } from "../clock.ts";
import { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import { inTransaction } from "../db/transaction.ts";
import { AuthenticatorSecret } from "./secret.ts";
import { deleteAuthenticatorApp, deleteStepsBefore, findAppSecret, insertAuthenticatorApp } from "./store.ts";
import { FORGET_AFTER_STEPS, timeStepAt } from "./time-step.rule.ts";
import { verifyAuthenticatorCode } from "./verify-code.ts";

const SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const NOW = Date.UTC(2026, 11, 7, 17, 0, 10);
const STEP = timeStepAt(NOW);
const keyring = new Keyring(Keyring.newKey("test"));
const avery = { clinicId: "harbour", profileId: "avery", methodId: "averys-app" };

/** What Avery's phone shows, `steps` of 30 seconds from now. */
const codeAt = (steps: number) => HOTP.generate({ secret: Secret.fromBase32(SEED), counter: STEP + steps });

async function withAverysApp(db: Db) {
	await inTransaction(db, (tx) =>
		insertAuthenticatorApp(tx, {
			...avery,
			sealedSecret: AuthenticatorSecret.read(SEED).seal(keyring, avery),
		}),
	);
	return (code: string, now = NOW, whose = avery) =>
		inTransaction(db, (tx) => verifyAuthenticatorCode(tx, keyring, { ...whose, code, now }));
}

const spentSteps = async (db: Db) =>
	(
		await db
			.selectFrom("authenticator_steps")
			.select("time_step")
			.where("clinic_id", "=", avery.clinicId)
			.where("method_id", "=", avery.methodId)
			.orderBy("time_step")
			.execute()
	).map((row) => row.time_step - STEP);

test("a code opens once, and not again in the neighbouring step", async () => {
	await using database = await freshDatabase();
	const enter = await withAverysApp(database.db);
	expect(await enter(codeAt(0))).toEqual({ kind: "right", timeStep: STEP });
	expect(await enter(codeAt(0))).toEqual({ kind: "wrong" });
	expect(await enter(codeAt(0), NOW - seconds(30))).toEqual({ kind: "wrong" });
	expect(await enter(codeAt(0), NOW + seconds(30))).toEqual({ kind: "wrong" });
});

test("each step is remembered singly: the later one first, then the earlier ones", async () => {
	await using database = await freshDatabase();
	const enter = await withAverysApp(database.db);
	for (const steps of [1, -1, 0]) expect(await enter(codeAt(steps))).toMatchObject({ kind: "right" });
	for (const steps of [1, -1, 0]) expect(await enter(codeAt(steps))).toEqual({ kind: "wrong" });
	expect(await spentSteps(database.db)).toEqual([-1, 0, 1]);
});

test("a code from 3 minutes ahead is refused when its time comes, and its neighbours are not", async () => {
	await using database = await freshDatabase();
	const enter = await withAverysApp(database.db);
	expect(await enter(codeAt(6))).toEqual({ kind: "clock", minutes: 3, direction: "fast" });
	expect(await spentSteps(database.db)).toEqual([6]);
	expect(await enter(codeAt(6))).toEqual({ kind: "wrong" });
	const threeMinutesLater = NOW + minutes(3);
	expect(await enter(codeAt(6), threeMinutesLater)).toEqual({ kind: "wrong" });
	expect(await enter(codeAt(5), threeMinutesLater)).toMatchObject({ kind: "right" });
	expect(await enter(codeAt(7), threeMinutesLater)).toMatchObject({ kind: "right" });
});

test("a code from 3 minutes ago says so once", async () => {
	await using database = await freshDatabase();
	const enter = await withAverysApp(database.db);
	expect(await enter(codeAt(-6))).toEqual({ kind: "clock", minutes: 3, direction: "slow" });
	expect(await enter(codeAt(-6))).toEqual({ kind: "wrong" });
	expect(await enter(codeAt(0))).toMatchObject({ kind: "right" });
});

test("a wrong code spends nothing", async () => {
	await using database = await freshDatabase();
	const enter = await withAverysApp(database.db);
	const shown = new Set(Array.from({ length: 45 }, (_, index) => codeAt(index - 22)));
	const wrong = ["000000", "111111", "222222"].find((code) => !shown.has(code)) ?? "";
	expect(await enter(wrong)).toEqual({ kind: "wrong" });
	expect(await spentSteps(database.db)).toEqual([]);
});

test("steps spent more than an hour ago are forgotten, and their codes are no use by then", async () => {
	await using database = await freshDatabase();
	const enter = await withAverysApp(database.db);
	await enter(codeAt(0));
	await enter(codeAt(110), NOW + minutes(55));
	expect(await spentSteps(database.db)).toEqual([0, 110]);
	await enter(codeAt(122), NOW + minutes(61));
	const oldest = timeStepAt(NOW + minutes(61)) - FORGET_AFTER_STEPS;
	await inTransaction(database.db, (tx) => deleteStepsBefore(tx, avery.clinicId, oldest));
	expect(await spentSteps(database.db)).toEqual([110, 122]);
	expect(await enter(codeAt(0), NOW + minutes(61))).toEqual({ kind: "wrong" });
});

test("a code opens nothing of another person, another clinic or an app that is off", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	const enter = await withAverysApp(db);
	expect(await enter(codeAt(0), NOW, { ...avery, profileId: "blake" })).toEqual({ kind: "wrong" });
	expect(await enter(codeAt(0), NOW, { ...avery, clinicId: "lakeside" })).toEqual({ kind: "wrong" });
	expect(await enter(codeAt(0), NOW, { ...avery, methodId: "an-earlier-app" })).toEqual({ kind: "wrong" });
	await enter(codeAt(1));
	await inTransaction(db, (tx) => deleteAuthenticatorApp(tx, avery.clinicId, avery.methodId));
	expect(await enter(codeAt(0))).toEqual({ kind: "wrong" });
	expect(await spentSteps(db)).toEqual([]);
});

test("the secret lies sealed, and a row moved to another person does not open", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await withAverysApp(db);
	const { sealed = "" } = (await findAppSecret(db, avery, { from: STEP, to: STEP })) ?? {};
	expect(sealed).not.toContain(SEED);
	expect(AuthenticatorSecret.open(keyring, sealed, avery).reveal()).toBe(SEED);
	expect(() => AuthenticatorSecret.open(keyring, sealed, { ...avery, profileId: "blake" })).toThrow();
	expect(() => AuthenticatorSecret.open(keyring, sealed, { ...avery, clinicId: "lakeside" })).toThrow();
});

test("of 200 entries of one code at the same moment exactly one is right", async () => {
	await using database = await freshDatabase();
	const enter = await withAverysApp(database.db);
	// Connections are opened before, so that the entries really meet.
	await Promise.all(Array.from({ length: 20 }, () => spentSteps(database.db)));
	const verdicts = await Promise.all(Array.from({ length: 200 }, () => enter(codeAt(0))));
	expect(verdicts.filter((verdict) => verdict.kind === "right")).toHaveLength(1);
	expect(verdicts.filter((verdict) => verdict.kind === "wrong")).toHaveLength(199);
});
