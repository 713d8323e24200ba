import { sql } from "kysely";
import { expect, test } from "vitest";
import { freshDatabase } from "../../test/harness/database.ts";
import { compiledOnce } from "./compiled-once.ts";
import type { Db } from "./connect.ts";
import { afterCommit, forUpdate, inTransaction, isDatabaseLost, type Tx } from "./transaction.ts";

const clinicId = "clinic";
const begin = (db: Db) =>
	db.insertInto("activity_heads").values({ clinic_id: clinicId, number: 0, code: "-" }).execute();
const head = (db: Db) => db.selectFrom("activity_heads").select("number").where("clinic_id", "=", clinicId);
const write = (tx: Tx, number: number) =>
	tx.updateTable("activity_heads").set({ number }).where("clinic_id", "=", clinicId).execute();
const numberIn = async (db: Db) => (await head(db).executeTakeFirstOrThrow()).number;
const failure = (code: string) => Object.assign(new Error("the other one was first"), { code });

test("what a transaction wrote stays when it ends well, and nothing of it when it does not", async () => {
	await using database = await freshDatabase();
	await begin(database.db);
	expect(await inTransaction(database.db, async (tx) => write(tx, 1).then(() => "done"))).toBe("done");
	const broken = inTransaction(database.db, async (tx) => {
		await write(tx, 2);
		throw new Error("broken");
	});
	await expect(broken).rejects.toThrow("broken");
	expect(await numberIn(database.db)).toBe(1);
});

test.each(["40001", "40P01"])(
	"what PostgreSQL refuses with %s is done again, twice at most",
	async (code) => {
		await using database = await freshDatabase();
		await begin(database.db);
		let runs = 0;
		const failing = (times: number) =>
			inTransaction(database.db, async (tx) => {
				await write(tx, ++runs);
				if (runs <= times) throw failure(code);
				return runs;
			});
		expect(await failing(2)).toBe(3);
		expect(await numberIn(database.db)).toBe(3);
		runs = 0;
		await expect(failing(3)).rejects.toMatchObject({ code });
		expect([runs, await numberIn(database.db)]).toEqual([3, 3]);
	},
);

test("any other error is not tried again", async () => {
	await using database = await freshDatabase();
	let runs = 0;
	const broken = inTransaction(database.db, async () => {
		runs++;
		throw failure("23514");
	});
	await expect(broken).rejects.toMatchObject({ code: "23514" });
	expect(runs).toBe(1);
});

const written = compiledOnce<{ number: number }, unknown, Tx>((tx, of) =>
	tx.updateTable("activity_heads").set({ number: of.number }).where("clinic_id", "=", clinicId),
);
const inserted = compiledOnce<{ number: number }, unknown, Tx>((tx, of) =>
	tx.insertInto("activity_heads").values({ clinic_id: clinicId, number: of.number, code: "-" }),
);

test("nothing is committed where a write that nobody waited for fails, and what is thrown says why it failed", async () => {
	await using database = await freshDatabase();
	await begin(database.db);
	let isCommitted = false;
	let runs = 0;
	const broken = inTransaction(database.db, async (tx) => {
		runs++;
		afterCommit(tx, () => {
			isCommitted = true;
		});
		await written.writeAhead(tx, { number: 1 });
		// Taken already: this is tried again as well, since another transaction could have been in the way.
		await inserted.writeAhead(tx, { number: 2 });
		await written.writeAhead(tx, { number: 3 });
	});
	await expect(broken).rejects.toThrow(/unique/i);
	expect([runs, isCommitted]).toEqual([database.engine === "postgres" ? 3 : 1, false]);
	expect(await numberIn(database.db)).toBe(0);
});

test("what is done after the commit sees what was written", async () => {
	await using database = await freshDatabase();
	await begin(database.db);
	let seen: Promise<number> | undefined;
	await inTransaction(database.db, async (tx) => {
		afterCommit(tx, () => {
			seen = numberIn(database.db);
		});
		await written.writeAhead(tx, { number: 1 });
		expect(seen).toBeUndefined();
	});
	expect(await seen).toBe(1);
});

test("of transactions at the same moment one that fails leaves nothing, and takes nothing from the others", async () => {
	await using database = await freshDatabase();
	await begin(database.db);
	const { db, statements } = database;
	const countOne = (fails: boolean) =>
		inTransaction(db, async (tx) => {
			const { number } = await forUpdate(tx, head(tx)).executeTakeFirstOrThrow();
			await write(tx, number + 1);
			if (fails) throw new Error("broken");
			return number;
		});
	const counted = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => countOne(n % 4 === 2)));
	expect(counted.filter(({ status }) => status === "rejected")).toHaveLength(5);
	const numbers = counted.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
	expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, n) => n));
	expect(await numberIn(db)).toBe(15);
	// SQLite waits for the disk once for all of them.
	const commits = statements.filter((statement) => statement === "commit");
	expect(commits).toHaveLength(database.engine === "sqlite" ? 1 : 15);
});

test("where a commit fails, all who share it are told and nothing is kept", async () => {
	await using database = await freshDatabase();
	const { backdoor: db, engine } = database;
	await begin(db);
	await sql`create table parents (id integer primary key)`.execute(db);
	await sql`create table children (
		parent integer, foreign key (parent) references parents deferrable initially deferred
	)`.execute(db);
	const [counted, orphaned] = await Promise.allSettled([
		inTransaction(db, (tx) => write(tx, 1)),
		inTransaction(db, (tx) => sql`insert into children values (1)`.execute(tx)),
	]);
	expect(orphaned.status).toBe("rejected");
	expect(counted.status).toBe(engine === "sqlite" ? "rejected" : "fulfilled");
	expect(await numberIn(db)).toBe(engine === "sqlite" ? 0 : 1);
	await inTransaction(db, (tx) => write(tx, 2));
	expect(await numberIn(db)).toBe(2);
});

test("who reads a row to change it waits for whoever did so before: no change is lost", async () => {
	await using database = await freshDatabase();
	await begin(database.db);
	const countOne = () =>
		inTransaction(database.db, async (tx) => {
			const { number } = await forUpdate(tx, head(tx)).executeTakeFirstOrThrow();
			await write(tx, number + 1);
		});
	await Promise.all(Array.from({ length: 20 }, countOne));
	expect(await numberIn(database.db)).toBe(20);
});

test("a connection that is lost in the middle of a transaction takes nothing but that with it", async () => {
	await using database = await freshDatabase();
	const { db, engine } = database;
	await begin(db);
	const lost = inTransaction(db, async (tx) => {
		await write(tx, 1);
		if (engine === "postgres") await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx);
		throw Object.assign(new Error("disk I/O error"), { code: "ERR_SQLITE_ERROR" });
	});
	expect(isDatabaseLost(await lost.catch((error: unknown) => error))).toBe(true);
	expect(await numberIn(db)).toBe(0);
});

test.each<[unknown, boolean]>([
	[failure("08006"), true],
	[failure("53300"), true],
	[failure("57P01"), true],
	[failure("28P01"), true],
	[failure("3D000"), true],
	[failure("25006"), true],
	[failure("40P01"), true],
	[failure("ECONNREFUSED"), true],
	[failure("ENOTFOUND"), true],
	[new Error("timeout exceeded when trying to connect"), true],
	[new Error("Connection terminated unexpectedly"), true],
	[new Error("Client has encountered a connection error and is not queryable"), true],
	[Object.assign(new Error("database is locked"), { code: "ERR_SQLITE_ERROR" }), true],
	[Object.assign(new Error("UNIQUE constraint failed"), { code: "ERR_SQLITE_ERROR" }), false],
	[failure("23514"), false],
	[failure("22021"), false],
	[new TypeError("x is not a function"), false],
	[undefined, false],
	["08006", false],
])("%o means that the database cannot be reached: %s", (error, isLost) => {
	expect(isDatabaseLost(error)).toBe(isLost);
});
