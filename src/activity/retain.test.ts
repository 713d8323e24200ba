import { expect, test } from "vitest";
import { freshDatabase } from "../../test/harness/database.ts";
import { days } from "../clock.ts";
import { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import { inTransaction } from "../db/transaction.ts";
import { exportActivity } from "./export.ts";
import { findMark } from "./mark.ts";
import { recordEvent } from "./record.ts";
import { type Retained, retainActivity } from "./retain.ts";
import { storedEvents } from "./stored-events.ts";
import { type Verification, verifyActivity } from "./verify.ts";

const FIRST = Date.UTC(2020, 0, 1);
const NOW = Date.UTC(2026, 2, 2);
const keyring = new Keyring(Keyring.newKey("k1"));

const SOMETHING = {
	clinicId: "harbour",
	profileId: "avery",
	actor: "avery",
	address: "192.0.2.7",
	browserName: "Firefox",
	kind: "signed-out",
	detail: {},
} as const;

function record(db: Db, clinicId: string, at: number) {
	return inTransaction(db, (tx) => recordEvent(tx, keyring, { ...SOMETHING, clinicId, at }));
}

/** Ten events at two clinics, a day apart: at the first day 1, at the second day 2 and so on. */
async function tenDays(db: Db) {
	for (let day = 0; day < 10; day++) {
		await record(db, "harbour", FIRST + days(day));
		await record(db, "hill", FIRST + days(day));
	}
}

function retain(db: Db, before: number, clinicId = "harbour") {
	return retainActivity(db, keyring, clinicId, { before, now: NOW });
}

async function all<T>(generated: AsyncIterable<T>): Promise<T[]> {
	const found: T[] = [];
	for await (const each of generated) found.push(each);
	return found;
}

async function numbers(db: Db, clinicId = "harbour"): Promise<number[]> {
	const found = await all(storedEvents(db, clinicId, Number.MAX_SAFE_INTEGER));
	return found.map(({ number }) => number);
}

async function codeOf(db: Db, number: number): Promise<string> {
	for await (const event of storedEvents(db, "harbour", number))
		if (event.number === number) return event.code;
	throw new Error(`There is no event ${number}`);
}

const verify = (db: Db, expected?: { number: number; code: string }) =>
	verifyActivity(db, keyring, "harbour", expected);

test("what is older goes, the rest stays intact behind a mark, and it is recorded", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await tenDays(db);
	const fourth = await codeOf(db, 4);
	expect(await retain(db, FIRST + days(4))).toEqual({ kind: "taken", count: 4, isLast: true });
	expect(await numbers(db)).toEqual([5, 6, 7, 8, 9, 10, 11]);
	expect(await numbers(db, "hill")).toHaveLength(10);
	expect(await verify(db)).toMatchObject({ kind: "intact", keptFrom: 5, latest: { number: 11 } });
	expect(await verifyActivity(db, keyring, "hill")).toMatchObject({ kind: "intact", keptFrom: 1 });
	const last = (await all(storedEvents(db, "harbour", 11))).at(-1);
	expect(last).toMatchObject({ kind: "activity-retained", actor: "vestibule", detail: '{"upTo":4}' });

	// Nothing is left to take; then more is, up to where the mark goes on.
	expect(await retain(db, FIRST + days(4))).toEqual({ kind: "taken", count: 0, isLast: true });
	expect(await findMark(db, "harbour")).toMatchObject({ number: 4, code: fourth, at: NOW });
	expect(await retain(db, FIRST + days(5))).toEqual({ kind: "taken", count: 1, isLast: true });
	expect(await verify(db)).toMatchObject({ kind: "intact", keptFrom: 6, latest: { number: 12 } });
});

test("a long backlog goes in batches", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	for (let n = 0; n < 510; n++) await record(db, "harbour", FIRST);
	const before = FIRST + days(1);
	expect(await retain(db, before)).toEqual({ kind: "taken", count: 500, isLast: false });
	expect(await verify(db)).toMatchObject({ kind: "intact", keptFrom: 501 });
	expect(await retain(db, before)).toEqual({ kind: "taken", count: 10, isLast: true });
	expect(await verify(db)).toMatchObject({ kind: "intact", keptFrom: 511, latest: { number: 512 } });
});

test("a clock that jumps ahead takes nothing away, until it has gone on for 31 days", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	const years = (n: number) => n * days(365);
	// A year in which something happens each week.
	for (let week = 0; week < 52; week++) await record(db, "harbour", FIRST + days(7 * week));
	const kept = await numbers(db);
	for (const ahead of [years(6) + days(180), years(8), years(50)]) {
		const at = { before: FIRST + ahead - years(6), now: FIRST + ahead };
		// What is recorded by that clock makes it no truer, for as long as somebody may not have seen it.
		const tx = await db.startTransaction().execute();
		for (const day of [0, 1, 15, 30]) {
			const now = at.now + days(day);
			await recordEvent(tx, keyring, { ...SOMETHING, at: now });
			expect(await retainActivity(tx, keyring, "harbour", { before: at.before + days(day), now })).toEqual({
				kind: "held",
			});
		}
		expect((await numbers(tx)).slice(0, 52)).toEqual(kept);
		await tx.rollback().execute();
	}

	// A server that stood still for half a year goes on for 31 days first.
	const back = FIRST + years(6) + days(180);
	const retainAt = (now: number) => retainActivity(db, keyring, "harbour", { before: now - years(6), now });
	await record(db, "harbour", back);
	expect(await retainAt(back + days(30))).toEqual({ kind: "held" });
	expect(await retainAt(back + days(32))).toMatchObject({ kind: "taken", count: 31 });
	expect(await verify(db)).toMatchObject({ kind: "intact" });
});

test("where the operator has less kept, the rest goes at once while the clock goes on as ever", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	for (let month = 0; month < 72; month++) await record(db, "harbour", FIRST + days(30 * month));
	const now = FIRST + days(30 * 72);
	expect(await retainActivity(db, keyring, "harbour", { before: FIRST + days(900), now })).toMatchObject({
		kind: "taken",
		count: 30,
	});
});

test("of two processes at once only one takes them away", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await tenDays(db);
	const both = await Promise.all([retain(db, FIRST + days(4)), retain(db, FIRST + days(4))]);
	expect(both.map((each) => each.kind === "taken" && each.count).sort()).toEqual([0, 4]);
	expect(await numbers(db)).toEqual([5, 6, 7, 8, 9, 10, 11]);
	expect(await verify(db)).toMatchObject({ kind: "intact" });
});

test("an event recorded late, between older ones, keeps all after it", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	for (const day of [0, 1, 9, 2, 10]) await record(db, "harbour", FIRST + days(day));
	await retain(db, FIRST + days(5));
	expect(await numbers(db)).toEqual([3, 4, 5, 6]);
});

test("what was expected is still told from what is not, and of what went, that it went", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await tenDays(db);
	const [third, fourth, fifth] = [await codeOf(db, 3), await codeOf(db, 4), await codeOf(db, 5)];
	await retain(db, FIRST + days(4));
	expect(await verify(db, { number: 5, code: fifth })).toMatchObject({ kind: "intact" });
	expect(await verify(db, { number: 4, code: fourth })).toMatchObject({ kind: "intact" });
	expect(await verify(db, { number: 3, code: third })).toMatchObject({ kind: "not-kept", keptFrom: 5 });
	const another = { kind: "broken", number: 4, how: "another" };
	expect(await verify(db, { number: 4, code: third })).toEqual(another);
	// Being old hides nothing that is wrong with the rest.
	await db.deleteFrom("activity_events").where("clinic_id", "=", "harbour").where("number", "=", 7).execute();
	const removed = { kind: "broken", number: 7, how: "removed" };
	expect(await verify(db, { number: 3, code: third })).toEqual(removed);
});

const marks = (db: Db) => db.updateTable("activity_marks").where("clinic_id", "=", "harbour");
const event = (db: Db, number: number) =>
	db.updateTable("activity_events").where("clinic_id", "=", "harbour").where("number", "=", number);
const removeUpTo = (db: Db, number: number) =>
	db.deleteFrom("activity_events").where("clinic_id", "=", "harbour").where("number", "<=", number).execute();

/** Events 1 to 4 went; 5 to 11 are kept. */
const tampering: [string, (db: Db) => Promise<unknown>, Verification][] = [
	[
		"the mark gets another number",
		(db) => marks(db).set({ number: 5 }).execute(),
		{ kind: "broken", number: 5, how: "mark" },
	],
	[
		"the mark is moved on, over two events that are removed",
		async (db) => {
			const sixth = await codeOf(db, 6);
			await removeUpTo(db, 6);
			await marks(db).set({ number: 6, code: sixth }).execute();
		},
		{ kind: "broken", number: 6, how: "mark" },
	],
	[
		"the mark gets another time",
		(db) =>
			marks(db)
				.set({ at: NOW + 1 })
				.execute(),
		{ kind: "broken", number: 4, how: "mark" },
	],
	[
		"the mark gets another code",
		async (db) =>
			marks(db)
				.set({ code: await codeOf(db, 5) })
				.execute(),
		{ kind: "broken", number: 4, how: "mark" },
	],
	[
		"the mark of another clinic is put in its place",
		async (db) => {
			const other = await findMark(db, "hill");
			if (other)
				await marks(db)
					.set({ ...other, clinic_id: "harbour" })
					.execute();
		},
		{ kind: "broken", number: 6, how: "mark" },
	],
	[
		"the mark is removed",
		(db) => db.deleteFrom("activity_marks").where("clinic_id", "=", "harbour").execute(),
		{ kind: "broken", number: 4, how: "mark" },
	],
	[
		"the first that is kept is removed",
		(db) => removeUpTo(db, 5),
		{ kind: "broken", number: 5, how: "removed" },
	],
	[
		"a byte of the first that is kept is changed",
		(db) => event(db, 5).set({ actor: "averx" }).execute(),
		{ kind: "broken", number: 5, how: "changed" },
	],
	[
		"the first two that are kept change places",
		async (db) => {
			await event(db, 5).set({ number: 99 }).execute();
			await event(db, 6).set({ number: 5 }).execute();
			await event(db, 99).set({ number: 6 }).execute();
		},
		{ kind: "broken", number: 5, how: "changed" },
	],
	[
		"an event is inserted before the first that is kept",
		async (db) => {
			const fifth = db.selectFrom("activity_events").selectAll().where("clinic_id", "=", "harbour");
			const row = await fifth.where("number", "=", 5).executeTakeFirstOrThrow();
			await db
				.insertInto("activity_events")
				.values({ ...row, number: 4 })
				.execute();
		},
		{ kind: "broken", number: 4, how: "changed" },
	],
	[
		"the last is cut off",
		(db) =>
			db.deleteFrom("activity_events").where("clinic_id", "=", "harbour").where("number", "=", 11).execute(),
		{ kind: "broken", number: 11, how: "removed" },
	],
];

test("behind a mark, whatever is changed, moved, removed or forged is seen, and where", async () => {
	await using database = await freshDatabase();
	await tenDays(database.db);
	await retain(database.db, FIRST + days(4));
	await retain(database.db, FIRST + days(6), "hill");
	for (const [what, tamper, seen] of tampering) {
		const tx = await database.db.startTransaction().execute();
		await tamper(tx);
		expect.soft(await verify(tx), what).toEqual(seen);
		await tx.rollback().execute();
	}
	expect(await verify(database.db)).toMatchObject({ kind: "intact" });
});

const refused: [string, (db: Db) => Promise<unknown>, Retained][] = [
	[
		"events were made old, so that they go",
		(db) =>
			db
				.updateTable("activity_events")
				.set({ at: 0 })
				.where("clinic_id", "=", "harbour")
				.where("number", "in", [5, 6, 7])
				.execute(),
		{ kind: "broken", number: 5 },
	],
	["one of those that go was removed", (db) => removeUpTo(db, 5), { kind: "broken", number: 5 }],
	["the mark was forged", (db) => marks(db).set({ at: 1 }).execute(), { kind: "broken", number: 4 }],
];

test("retention makes good nothing that was tampered with: it stays, to be seen", async () => {
	await using database = await freshDatabase();
	await tenDays(database.db);
	await retain(database.db, FIRST + days(4));
	for (const [what, tamper, seen] of refused) {
		const tx = await database.db.startTransaction().execute();
		await tamper(tx);
		const [marked, before] = [await findMark(tx, "harbour"), await numbers(tx)];
		expect.soft(await retain(tx, FIRST + days(8)), what).toEqual(seen);
		expect.soft(await findMark(tx, "harbour"), what).toEqual(marked);
		expect.soft(await numbers(tx), what).toEqual(before);
		expect.soft(await verify(tx), what).toMatchObject({ kind: "broken" });
		await tx.rollback().execute();
	}
});

test("an export begins with the mark of what went", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await tenDays(db);
	const code = await codeOf(db, 4);
	await retain(db, FIRST + days(4));
	const lines = await all(exportActivity(db, "harbour", "jsonl"));
	expect(lines).toHaveLength(8);
	expect(JSON.parse(lines[0] ?? "")).toMatchObject({
		number: 4,
		code,
		kind: "not-kept",
		at: "2026-03-02T00:00:00.000Z",
	});
	expect(JSON.parse(lines[1] ?? "")).toMatchObject({ number: 5, kind: "signed-out" });
	const csv = await all(exportActivity(db, "harbour", "csv"));
	expect(csv[1]).toMatch(/^"4","2026-03-02T00:00:00.000Z","not-kept",/);
});
