import { expect, test } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../test/harness/database.ts";
import { days, hours, minutes } from "../clock.ts";
import { acrossClinics } from "../db/across-clinics.ts";
import { inTransaction } from "../db/transaction.ts";
import { lockProfile } from "../profiles/store.ts";
import type { LimitName } from "./limits.ts";
import { deleteExpiredTries } from "./store.ts";
import {
	clearTries,
	closeLimit,
	giveBackHeld,
	giveBackTry,
	holdTries,
	peekTries,
	readProfileTries,
	takeTry,
} from "./take-try.ts";

const NOW = Date.UTC(2026, 2, 2, 9);
const avery = { clinicId: "harbour", key: "avery" };

function take({ db }: FreshDatabase, name: LimitName, of = avery, now = NOW) {
	return inTransaction(db, async (tx) => {
		await lockProfile(tx, of.clinicId, of.key);
		return takeTry(tx, name, of, now);
	});
}

function giveBack({ db }: FreshDatabase, name: LimitName, takenAt: number) {
	return inTransaction(db, async (tx) => {
		await lockProfile(tx, avery.clinicId, avery.key);
		await giveBackTry(tx, name, avery, takenAt);
	});
}

test.each([
	["passwordsUnknownBrowser", 10],
	["emailedCodesUnknownBrowser", 5],
	["passwordsNetwork", 100],
] as const)("of 200 tries at one moment, %s lets exactly %i go", async (name, number) => {
	await using database = await freshDatabase();
	const verdicts = await Promise.all(Array.from({ length: 200 }, () => take(database, name)));
	const went = verdicts.flatMap((verdict) => (verdict.kind === "go" ? [verdict.left] : []));
	expect(went.toSorted((a, b) => b - a)).toEqual(Array.from({ length: number }, (_, n) => number - 1 - n));
	const firsts = verdicts.filter((verdict) => verdict.kind !== "go" && verdict.isFirstRefusal);
	expect(firsts).toHaveLength(1);
});

test("a try is not counted when its transaction is undone", async () => {
	await using database = await freshDatabase();
	const undone = inTransaction(database.db, async (tx) => {
		await takeTry(tx, "emailedCodesKnownBrowser", avery, NOW);
		throw new Error("undone");
	});
	await expect(undone).rejects.toThrow("undone");
	expect(await take(database, "emailedCodesKnownBrowser")).toEqual({ kind: "go", left: 4 });
});

test("what is counted under the lock of a profile is neither taken, given back nor cleared without it", async () => {
	await using database = await freshDatabase();
	for (const act of [takeTry, giveBackTry, clearTries]) {
		const without = inTransaction(
			database.db,
			(tx): Promise<unknown> => act(tx, "codesKnownBrowser", avery, NOW),
		);
		await expect(without).rejects.toThrow("needs the lock of avery");
	}
});

test("of tries that are held those are counted that were not given back", async () => {
	await using database = await freshDatabase();
	const enter = (isRight: boolean) =>
		inTransaction(database.db, async (tx) => {
			await lockProfile(tx, avery.clinicId, avery.key);
			const names = ["codesUnknownBrowser", "codesUnknownBrowserADay"] as const;
			const wanted = names.map((name) => ({ name, ...avery }));
			const held = await holdTries(tx, wanted, await readProfileTries(tx, avery), NOW);
			if (held.kind === "go" && isRight) giveBackHeld(held.taken, NOW);
			return held.kind;
		});
	for (const isRight of [false, true, false, false, true, false]) expect(await enter(isRight)).toBe("go");
	expect(await peekTries(database.db, "codesUnknownBrowserADay", avery, NOW)).toEqual({
		kind: "go",
		left: 16,
	});
	expect(await enter(false)).toBe("go");
	expect(await enter(true)).toBe("refused");
});

test("each limit, key and clinic is counted apart", async () => {
	await using database = await freshDatabase();
	for (let n = 0; n < 5; n++) await take(database, "codesUnknownBrowser");
	expect(await take(database, "codesUnknownBrowser")).toMatchObject({ kind: "wait" });
	expect(await take(database, "codesKnownBrowser")).toMatchObject({ kind: "go" });
	expect(await take(database, "codesUnknownBrowser", { ...avery, key: "kim" })).toMatchObject({ kind: "go" });
	expect(await take(database, "codesUnknownBrowser", { ...avery, clinicId: "hill" })).toMatchObject({
		kind: "go",
	});
});

test("a network is counted over all clinics", async () => {
	await using database = await freshDatabase();
	const network = { clinicId: "harbour", key: "192.0.2.7" };
	for (let n = 0; n < 100; n++) await take(database, "passwordsNetwork", network);
	expect(await take(database, "passwordsNetwork", { ...network, clinicId: "hill" })).toMatchObject({
		kind: "wait",
	});
	const standing = await peekTries(
		database.db,
		"passwordsNetwork",
		{ ...network, clinicId: "hill" },
		NOW + minutes(16),
	);
	expect(standing).toEqual({ kind: "go", left: 100 });
});

test("looking at a limit counts nothing", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	expect(await peekTries(db, "codesUnknownBrowser", avery, NOW)).toEqual({ kind: "go", left: 5 });
	for (let n = 0; n < 5; n++) await take(database, "codesUnknownBrowser");
	const wait = { kind: "wait", until: NOW + minutes(15) };
	expect(await peekTries(db, "codesUnknownBrowser", avery, NOW)).toEqual(wait);
	expect(await take(database, "codesUnknownBrowser")).toEqual({ ...wait, isFirstRefusal: true });
});

test("a try that proved right is given back, and ends the wait it began", async () => {
	await using database = await freshDatabase();
	for (let n = 0; n < 5; n++) await take(database, "codesUnknownBrowser");
	await giveBack(database, "codesUnknownBrowser", NOW + 20);
	expect(await take(database, "codesUnknownBrowser", avery, NOW + 30)).toEqual({ kind: "go", left: 0 });
});

test("giving back where nothing was taken changes nothing", async () => {
	await using database = await freshDatabase();
	await giveBack(database, "codesUnknownBrowser", NOW);
	expect(await take(database, "codesUnknownBrowser")).toEqual({ kind: "go", left: 4 });
});

test("what is closed stays closed, for a right try too, until it is cleared", async () => {
	await using database = await freshDatabase();
	await take(database, "passwordsUnknownBrowser");
	await inTransaction(database.db, (tx) => closeLimit(tx, "passwordsUnknownBrowser", avery, NOW));
	await inTransaction(database.db, (tx) => giveBackTry(tx, "passwordsUnknownBrowser", avery, NOW));
	const much = NOW + days(1000);
	expect(await take(database, "passwordsUnknownBrowser", avery, much)).toEqual({
		kind: "closed",
		isFirstRefusal: true,
	});
	await inTransaction(database.db, (tx) => deleteExpiredTries(tx, "harbour", much));
	expect(await take(database, "passwordsUnknownBrowser", avery, much)).toEqual({
		kind: "closed",
		isFirstRefusal: false,
	});
	await inTransaction(database.db, (tx) => clearTries(tx, "passwordsUnknownBrowser", avery));
	expect(await take(database, "passwordsUnknownBrowser", avery, much)).toEqual({ kind: "go", left: 9 });
});

test("deleting what has expired forgets nothing that still counts", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	for (let n = 0; n < 3; n++) await take(database, "resetLinksAnHour");
	const rows = () => db.selectFrom("tries").select("key").where("clinic_id", "=", "harbour").execute();
	await inTransaction(db, (tx) => deleteExpiredTries(tx, "harbour", NOW + hours(1) - 1));
	expect(await take(database, "resetLinksAnHour", avery, NOW + hours(1) - 1)).toMatchObject({ kind: "wait" });
	await inTransaction(db, (tx) => deleteExpiredTries(tx, "hill", NOW + hours(1)));
	expect(await rows()).toHaveLength(1);
	await inTransaction(db, (tx) => deleteExpiredTries(tx, "harbour", NOW + hours(1)));
	expect(await rows()).toHaveLength(0);
});

test("deleting expired tries across clinics forgets nothing that still counts", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	const deleteExpired = (now: number) => inTransaction(db, (tx) => acrossClinics.deleteExpiredTries(tx, now));
	for (let n = 0; n < 100; n++) await take(database, "passwordsNetwork");
	await deleteExpired(NOW + minutes(15) - 1);
	expect(await take(database, "passwordsNetwork", avery, NOW + minutes(15) - 1)).toMatchObject({
		kind: "wait",
	});
	await deleteExpired(NOW + minutes(16));
	expect(await acrossClinics.findTries(db, "passwordsNetwork", avery.key)).toBeUndefined();
});

test("tries go on being counted while expired ones are deleted", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await take(database, "emailedCodesUnknownBrowser", avery, NOW - days(2));
	const verdicts = await Promise.all(
		Array.from({ length: 40 }, async (_, n) => {
			if (n % 4 === 3) await inTransaction(db, (tx) => deleteExpiredTries(tx, "harbour", NOW));
			return take(database, "emailedCodesUnknownBrowser");
		}),
	);
	expect(verdicts.filter((verdict) => verdict.kind === "go")).toHaveLength(5);
});

test("a stored state that cannot be read opens nothing", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await take(database, "codesUnknownBrowser");
	await db.updateTable("tries").set({ state: "{" }).where("clinic_id", "=", "harbour").execute();
	expect(await take(database, "codesUnknownBrowser")).toMatchObject({
		kind: "wait",
		until: NOW + minutes(15),
	});
	expect(await take(database, "codesUnknownBrowser", avery, NOW + minutes(15))).toMatchObject({
		kind: "go",
		left: 4,
	});
});
