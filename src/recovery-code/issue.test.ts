import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../test/harness/database.ts";
import { minutes } from "../clock.ts";
import { Hasher } from "../crypto/hasher.ts";
import { Keyring } from "../crypto/keyring.ts";
import { inTransaction } from "../db/transaction.ts";
import { issueRecoveryCode, PreparedCode, prepareRecoveryCode } from "./issue.ts";
import { readRecoveryCode } from "./recovery-code.rule.ts";
import {
	emptyExpiredCodes,
	endRecoveryCode,
	findRecoveryCode,
	saveRecoveryCode,
	spendRecoveryCode,
} from "./store.ts";

const keyring = new Keyring(Keyring.newKey("test"));
const hasher = new Hasher();
const now = Date.UTC(2026, 11, 7, 20);
const avery = { clinicId: "harbour", profileId: "avery" };
const blake = { clinicId: "harbour", profileId: "blake" };
const sessionId = "this session";
const averyElsewhere = { clinicId: "hillside", profileId: "avery" };

let database: FreshDatabase;
beforeEach(async () => {
	database = await freshDatabase();
});
afterEach(() => database[Symbol.asyncDispose]());

type Person = typeof avery;
const find = ({ clinicId, profileId }: Person) => findRecoveryCode(database.db, clinicId, profileId);
const issue = (to: Person, at = now, prepared = new PreparedCode("A".repeat(20), "hash")) =>
	inTransaction(database.db, (tx) => issueRecoveryCode(tx, keyring, { ...to, sessionId, prepared, now: at }));
const spend = ({ clinicId, profileId }: Person, codeId: string) =>
	inTransaction(database.db, (tx) => spendRecoveryCode(tx, clinicId, profileId, codeId));
const save = (whose: Person, codeId: string) =>
	inTransaction(database.db, (tx) => saveRecoveryCode(tx, { ...whose, codeId, shownTo: sessionId, now }));
const idOf = async (whose: Person) => (await find(whose))?.codeId ?? "";

test("the code that was issued is the one that can be shown, and the one that its hash fits", async () => {
	expect(await issue(avery, now, await prepareRecoveryCode({ hasher }, avery.profileId))).toBe(false);
	const code = await find(avery);
	expect(code).toMatchObject({ madeAt: now, savedAt: null });
	expect(code?.sealed?.until).toBe(now + minutes(15));
	const shown = keyring.open(code?.sealed?.code ?? "", { ...avery, purpose: "recovery-code" });
	expect(readRecoveryCode(shown)).toBe(shown);
	expect(await hasher.verify(shown, code?.hash, "welcome")).toBe(true);
});

test("two codes are never alike", async () => {
	const texts = await Promise.all(
		[1, 2].map(async () => {
			const prepared = await prepareRecoveryCode({ hasher }, avery.profileId);
			const sealed = prepared.seal(keyring, "harbour", "avery");
			return keyring.open(sealed, { ...avery, purpose: "recovery-code" });
		}),
	);
	expect(new Set(texts).size).toBe(2);
});

test("a new code ends the earlier one", async () => {
	await issue(avery);
	const earlier = await idOf(avery);
	expect(await issue(avery, now + 1)).toBe(true);
	expect(await spend(avery, earlier)).toBe(false);
	expect(await spend(avery, await idOf(avery))).toBe(true);
});

test("a code is spent once, also when it is used twice at the same moment", async () => {
	await issue(avery);
	const codeId = await idOf(avery);
	const spent = await Promise.all([spend(avery, codeId), spend(avery, codeId), spend(avery, codeId)]);
	expect(spent.filter(Boolean)).toHaveLength(1);
	expect(await find(avery)).toBeUndefined();
});

test("a spending that is rolled back leaves the code", async () => {
	await issue(avery);
	const codeId = await idOf(avery);
	const failing = inTransaction(database.db, async (tx) => {
		await spendRecoveryCode(tx, avery.clinicId, avery.profileId, codeId);
		throw new Error("no session after all");
	});
	await expect(failing).rejects.toThrow("no session after all");
	expect(await spend(avery, codeId)).toBe(true);
});

test("nobody spends, saves or ends another person's code, nor that of the same person elsewhere", async () => {
	await issue(avery);
	const codeId = await idOf(avery);
	for (const other of [blake, averyElsewhere]) {
		expect(await find(other)).toBeUndefined();
		expect(await spend(other, codeId)).toBe(false);
		expect(await save(other, codeId)).toBe(false);
		expect(
			await inTransaction(database.db, (tx) => endRecoveryCode(tx, other.clinicId, other.profileId)),
		).toBe(false);
	}
	expect(await find(avery)).toMatchObject({ codeId, savedAt: null });
});

test("a sealed code copied to another profile does not open", async () => {
	await issue(avery);
	const sealed = (await find(avery))?.sealed?.code ?? "";
	expect(() => keyring.open(sealed, { ...blake, purpose: "recovery-code" })).toThrow();
});

test("once it is saved only the hash is left, and saving again changes nothing", async () => {
	await issue(avery);
	const codeId = await idOf(avery);
	expect(await save(avery, codeId)).toBe(true);
	expect(await save(avery, codeId)).toBe(false);
	expect(await find(avery)).toMatchObject({ hash: "hash", savedAt: now, sealed: undefined });
	expect(await spend(avery, codeId)).toBe(true);
});

test("sealed codes whose time is over are emptied, in this clinic only, and still work", async () => {
	await issue(avery);
	await issue(blake, now + 1);
	await issue(averyElsewhere);
	const emptied = await inTransaction(database.db, (tx) =>
		emptyExpiredCodes(tx, "harbour", now + minutes(15)),
	);
	expect(emptied).toBe(1);
	expect(await find(avery)).toMatchObject({ hash: "hash", savedAt: null, sealed: undefined });
	expect((await find(blake))?.sealed).toBeDefined();
	expect((await find(averyElsewhere))?.sealed).toBeDefined();
	expect(await spend(avery, await idOf(avery))).toBe(true);
});

test("a prepared code does not print", () => {
	const prepared = new PreparedCode("SECRETSECRETSECRET00", "hash");
	for (const printed of [inspect(prepared), `${prepared}`, JSON.stringify({ prepared })]) {
		expect(printed).toContain("[recovery code]");
		expect(printed).not.toContain("SECRET");
	}
});
