import { sql } from "kysely";
import { expect, test } from "vitest";
import { freshDatabase } from "../../test/harness/database.ts";
import { compiledOnce } from "./compiled-once.ts";
import { inTransaction, type Tx } from "./transaction.ts";

const clinicId = "clinic";
const make = compiledOnce<{ key: string }, unknown, Tx>((tx, of) =>
	tx
		.insertInto("tries")
		.values({ clinic_id: clinicId, limit_name: "a", key: of.key, state: "-", expires_at: 0 }),
);
const find = compiledOnce<{ key: string }, { key: string; expires_at: number }>((db, of) =>
	db
		.selectFrom("tries")
		.select(["key", "expires_at"])
		.where("clinic_id", "=", clinicId)
		.where("key", "=", of.key),
);

test("each of the statements of one turn gets its own answer, the first time and later", async () => {
	await using database = await freshDatabase();
	for (const round of ["first", "second", "third"]) {
		const answers = await inTransaction(database.db, (tx) =>
			Promise.all([
				make.write(tx, { key: `${round} a` }),
				find.first(tx, { key: `${round} a` }),
				find.first(tx, { key: `${round} b` }),
				make.write(tx, { key: `${round} b` }),
				find.all(tx, { key: `${round} b` }),
			]),
		);
		const a = { key: `${round} a`, expires_at: 0 };
		const b = { key: `${round} b`, expires_at: 0 };
		expect(answers).toEqual([1, a, undefined, 1, [b]]);
	}
});

test("where one statement fails all of its turn do, with what was wrong, and the connection goes on", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await inTransaction(db, (tx) => make.write(tx, { key: "there" }));
	const late = compiledOnce<{ key: string }, unknown, Tx>((tx, of) =>
		tx.deleteFrom("tries").where("clinic_id", "=", clinicId).where("key", "=", of.key),
	);
	const nothing = null as unknown as string;
	for (let time = 0; time < 20; time++) {
		const turn = inTransaction(db, (tx) =>
			Promise.all([
				make.write(tx, { key: "before" }),
				make.write(tx, { key: nothing }),
				late.write(tx, { key: "there" }),
			]),
		);
		await expect(turn).rejects.toThrow(/null/i);
	}
	expect(await find.all(db, { key: "before" })).toEqual([]);
	expect(await find.all(db, { key: "there" })).toHaveLength(1);
	// What was to be prepared after the one that failed is prepared when it is sent again.
	expect(await inTransaction(db, (tx) => late.write(tx, { key: "there" }))).toBe(1);
});

test("a value that cannot be written fails its whole turn, and nothing is taken for the answer to something else", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	const unwritable: Record<string, unknown> = {};
	unwritable.itself = unwritable;
	const turn = inTransaction(db, (tx) =>
		Promise.all([
			make.write(tx, { key: "a" }),
			make.write(tx, { key: unwritable as unknown as string }),
			make.write(tx, { key: "b" }),
		]),
	);
	await expect(turn).rejects.toThrow();
	expect(await find.all(db, { key: "a" })).toEqual([]);
	expect(await find.all(db, { key: "b" })).toEqual([]);
});

test("what was prepared and is forgotten, as by a pooler in between, never goes without its transaction", async () => {
	await using database = await freshDatabase();
	const { db, engine } = database;
	for (const first of ["nothing", "a plain statement", "a wait"]) {
		if (engine === "postgres") await sql`deallocate all`.execute(db);
		const turn = inTransaction(db, async (tx) => {
			if (first === "a plain statement") await sql`select 1`.execute(tx);
			if (first === "a wait") await new Promise(setImmediate);
			await sql`insert into tries (clinic_id, limit_name, key, state, expires_at) values (${clinicId}, ${"a"}, ${first}, ${"-"}, ${0})`.execute(
				tx,
			);
			throw new Error("broken");
		});
		await expect(turn).rejects.toThrow("broken");
		expect(await sql`select key from tries where clinic_id = ${clinicId}`.execute(db)).toMatchObject({
			rows: [],
		});
	}
});
