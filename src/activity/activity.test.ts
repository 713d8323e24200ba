import { expect, test } from "vitest";
import { freshDatabase } from "../../test/harness/database.ts";
import { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import type { ActivityEventRow } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import { linkText, readLink, textToSign } from "./chain.ts";
import type { Event } from "./events.ts";
import { recordEvent } from "./record.ts";
import { storedEvents } from "./stored-events.ts";
import { type Verification, verifyActivity } from "./verify.ts";

const NOW = Date.UTC(2026, 2, 2, 9);
const oldKey = Keyring.newKey("k1");
const keyring = new Keyring(oldKey);

function record(
	db: Db,
	event: Event,
	{ clinicId = "harbour", keys = keyring, browserName = "Firefox" } = {},
) {
	const from = { profileId: "avery", actor: "nobody", address: "192.0.2.7", browserName };
	return inTransaction(db, (tx) => recordEvent(tx, keys, { clinicId, at: NOW, ...from, ...event }));
}

/** Ten sign-ins of the clinic, and one of another. */
async function tenEvents(db: Db) {
	await record(db, { kind: "signed-in", detail: { by: "password" } }, { clinicId: "hill" });
	for (let n = 0; n < 10; n++) {
		await record(db, { kind: "signed-in", detail: { by: n % 2 ? "authenticator-app" : "text-message" } });
	}
}

async function all(db: Db, clinicId = "harbour"): Promise<ActivityEventRow[]> {
	const events: ActivityEventRow[] = [];
	for await (const event of storedEvents(db, clinicId, Number.MAX_SAFE_INTEGER)) events.push(event);
	return events;
}

const change = (db: Db, number: number, to: Partial<ActivityEventRow>) =>
	db
		.updateTable("activity_events")
		.set(to)
		.where("clinic_id", "=", "harbour")
		.where("number", "=", number)
		.execute();

const remove = (db: Db, number: number) =>
	db.deleteFrom("activity_events").where("clinic_id", "=", "harbour").where("number", "=", number).execute();

const setHead = (db: Db, head: { number?: number; code?: string }) =>
	db.updateTable("activity_heads").set(head).where("clinic_id", "=", "harbour").execute();

test("events are numbered from 1 in their clinic, and are intact as recorded", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	expect(await verifyActivity(db, keyring, "harbour")).toEqual({
		kind: "intact",
		latest: undefined,
		keptFrom: 1,
	});
	await tenEvents(db);
	const events = await all(db);
	expect(events.map((event) => event.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
	expect(events[1]).toEqual({
		clinic_id: "harbour",
		number: 2,
		at: NOW,
		kind: "signed-in",
		profile_id: "avery",
		actor: "nobody",
		address: "192.0.2.7",
		browser_name: "Firefox",
		detail: '{"by":"authenticator-app"}',
		code: expect.stringMatching(/^k1\.[\w-]{43}$/),
	});
	const latest = { number: 10, code: events[9]?.code };
	expect(await verifyActivity(db, keyring, "harbour")).toEqual({ kind: "intact", latest, keptFrom: 1 });
	expect(await verifyActivity(db, keyring, "hill")).toMatchObject({ kind: "intact", latest: { number: 1 } });
});

const changes: Partial<ActivityEventRow>[] = [
	{ at: NOW + 1 },
	{ kind: "signed-on" },
	{ profile_id: "averx" },
	{ profile_id: null },
	{ actor: "nobodz" },
	{ address: "192.0.2.8" },
	{ address: null },
	{ browser_name: "Firefoy" },
	{ detail: '{"by":"authenticator-aqp"}' },
	{ detail: '{"by": "authenticator-app"}' },
	{ code: "k1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
	{ code: "" },
	{ number: -1 },
	{ number: 0 },
];

const tampering: [string, (db: Db) => Promise<unknown>, Verification][] = [
	...changes.map((to): [string, (db: Db) => Promise<unknown>, Verification] => [
		`its 4th event gets ${JSON.stringify(to)}`,
		(db) => change(db, 4, to),
		{ kind: "broken", number: to.number ?? 4, how: "changed" },
	]),
	["its first event is removed", (db) => remove(db, 1), { kind: "broken", number: 1, how: "removed" }],
	["its 7th event is removed", (db) => remove(db, 7), { kind: "broken", number: 7, how: "removed" }],
	[
		"its 7th event is removed and the others move up",
		async (db) => {
			await remove(db, 7);
			for (const number of [8, 9, 10]) await change(db, number, { number: number - 1 });
			await setHead(db, { number: 9 });
		},
		{ kind: "broken", number: 7, how: "changed" },
	],
	[
		"its 3rd and 5th events change places",
		async (db) => {
			await change(db, 3, { number: 99 });
			await change(db, 5, { number: 3 });
			await change(db, 99, { number: 5 });
		},
		{ kind: "broken", number: 3, how: "changed" },
	],
	[
		"an event is inserted before its 6th",
		async (db) => {
			const fifth = (await all(db))[4];
			for (const number of [10, 9, 8, 7, 6]) await change(db, number, { number: number + 1 });
			if (fifth)
				await db
					.insertInto("activity_events")
					.values({ ...fifth, number: 6 })
					.execute();
			await setHead(db, { number: 11 });
		},
		{ kind: "broken", number: 6, how: "changed" },
	],
	[
		"an event is added at its end",
		async (db) => {
			const tenth = (await all(db))[9];
			if (tenth)
				await db
					.insertInto("activity_events")
					.values({ ...tenth, number: 11 })
					.execute();
			await setHead(db, { number: 11 });
		},
		{ kind: "broken", number: 11, how: "changed" },
	],
	[
		"an event of another clinic is put in place of its first",
		async (db) => {
			const other = (await all(db, "hill"))[0];
			if (other) await change(db, 1, { ...other, clinic_id: "harbour" });
		},
		{ kind: "broken", number: 1, how: "changed" },
	],
	[
		"its last two events are cut off",
		async (db) => {
			await remove(db, 10);
			await remove(db, 9);
		},
		{ kind: "broken", number: 9, how: "removed" },
	],
	[
		"all its events are gone",
		(db) => db.deleteFrom("activity_events").where("clinic_id", "=", "harbour").execute(),
		{ kind: "broken", number: 1, how: "removed" },
	],
	["its head is set back", (db) => setHead(db, { number: 8 }), { kind: "broken", number: 9, how: "head" }],
	[
		"its head's code is changed",
		(db) => setHead(db, { code: "x" }),
		{ kind: "broken", number: 10, how: "head" },
	],
	[
		"its head is gone",
		(db) => db.deleteFrom("activity_heads").where("clinic_id", "=", "harbour").execute(),
		{ kind: "broken", number: 1, how: "head" },
	],
];

test("a clinic's activity is seen to be broken, and where, however it was tampered with", async () => {
	await using database = await freshDatabase();
	await tenEvents(database.db);
	for (const [what, tamper, seen] of tampering) {
		const tx = await database.db.startTransaction().execute();
		await tamper(tx);
		expect.soft(await verifyActivity(tx, keyring, "harbour"), what).toEqual(seen);
		expect.soft(await verifyActivity(tx, keyring, "hill"), what).toMatchObject({ kind: "intact" });
		await tx.rollback().execute();
	}
	expect(await verifyActivity(database.db, keyring, "harbour")).toMatchObject({ kind: "intact" });
});

test("a cut at the end with the head set back is seen against a number and code from before", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await tenEvents(db);
	const [eighth, , tenth] = (await all(db)).slice(7);
	if (!eighth || !tenth) throw new Error("There are ten events");
	await remove(db, 10);
	await remove(db, 9);
	await setHead(db, { number: 8, code: eighth.code });
	expect(await verifyActivity(db, keyring, "harbour")).toMatchObject({ kind: "intact" });
	expect(await verifyActivity(db, keyring, "harbour", eighth)).toMatchObject({ kind: "intact" });
	const removed = { kind: "broken", number: 9, how: "removed" };
	expect(await verifyActivity(db, keyring, "harbour", tenth)).toEqual(removed);
	// Those recorded since, over the gap, do not hide it.
	for (let n = 0; n < 4; n++) await record(db, { kind: "signed-out", detail: {} });
	expect(await verifyActivity(db, keyring, "harbour")).toMatchObject({ kind: "intact" });
	const another = { kind: "broken", number: 10, how: "another" };
	expect(await verifyActivity(db, keyring, "harbour", tenth)).toEqual(another);
});

test("events from before a rotation of keys stay intact, as long as the earlier key is in the ring", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await tenEvents(db);
	const newKey = Keyring.newKey("k2");
	const rotated = new Keyring(`${newKey}\n${oldKey}`);
	await record(db, { kind: "keys-rotated", detail: { keyId: "k2" } }, { keys: rotated });
	await record(db, { kind: "signed-out", detail: {} }, { keys: rotated });
	expect((await all(db)).at(-1)?.code).toMatch(/^k2\./);
	const intact = { kind: "intact", latest: { number: 12 } };
	expect(await verifyActivity(db, rotated, "harbour")).toMatchObject(intact);
	await change(db, 10, { at: NOW - 1 });
	const changed = { kind: "broken", number: 10, how: "changed" };
	expect(await verifyActivity(db, rotated, "harbour")).toEqual(changed);
	const withoutOld = { kind: "broken", number: 1, how: "changed" };
	expect(await verifyActivity(db, new Keyring(newKey), "harbour")).toEqual(withoutOld);
});

test("fifty events recorded at one moment make one unbroken chain, also while it is verified", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	const recorded = Array.from({ length: 50 }, async (_, n) => {
		await record(db, { kind: "signed-in", detail: { by: "password" } });
		return n % 5 === 0 ? verifyActivity(db, keyring, "harbour") : undefined;
	});
	for (const seen of await Promise.all(recorded)) if (seen) expect(seen.kind).toBe("intact");
	expect(await verifyActivity(db, keyring, "harbour")).toMatchObject({
		kind: "intact",
		latest: { number: 50 },
	});
});

test("an event is not recorded when the change it tells of is undone, and leaves no gap", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await tenEvents(db);
	const from = { clinicId: "harbour", at: NOW, profileId: null, actor: "vestibule", address: null };
	const undone = inTransaction(db, async (tx) => {
		await recordEvent(tx, keyring, { ...from, browserName: null, kind: "signed-out", detail: {} });
		throw new Error("undone");
	});
	await expect(undone).rejects.toThrow("undone");
	await record(db, { kind: "signed-out", detail: {} });
	expect(await verifyActivity(db, keyring, "harbour")).toMatchObject({
		kind: "intact",
		latest: { number: 11 },
	});
});

test("whatever a browser calls itself is recorded, and stays intact", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	for (const browserName of ["Fire\0fox", "half \ud83d of it", "'; drop table --", "日本語 ", ""]) {
		await record(db, { kind: "signed-out", detail: {} }, { browserName });
	}
	expect(await verifyActivity(db, keyring, "harbour")).toMatchObject({
		kind: "intact",
		latest: { number: 5 },
	});
});

test("more events than are read at once are verified", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await tenEvents(db);
	const events = await all(db);
	while (events.length < 501) {
		const [before] = events.slice(-1);
		if (!before) throw new Error("There are ten events");
		const next = { ...before, number: before.number + 1 };
		events.push({ ...next, code: keyring.keyedHash("activity", textToSign(next, before.code)) });
	}
	await db.insertInto("activity_events").values(events.slice(10)).execute();
	await setHead(db, { number: 501, code: events.at(-1)?.code ?? "" });
	expect(await verifyActivity(db, keyring, "harbour")).toMatchObject({
		kind: "intact",
		latest: { number: 501 },
	});
	await remove(db, 500);
	const removed = { kind: "broken", number: 500, how: "removed" };
	expect(await verifyActivity(db, keyring, "harbour")).toEqual(removed);
});

test("a number and code are read as they were written, and nothing else is", () => {
	const link = { number: 12, code: "k1.abc_-D" };
	expect(readLink(linkText(link))).toEqual(link);
	for (const text of [
		"",
		"12",
		"12:",
		":k1.a",
		"0:k1.a",
		"-1:k1.a",
		"1.5:k1.a",
		"12:k1",
		"x:k1.a",
		"12:k1.a b",
	]) {
		expect(readLink(text)).toBeUndefined();
	}
});
