import { expect, test } from "vitest";
import { freshDatabase } from "../../test/harness/database.ts";
import { compiledOnce, type Given } from "./compiled-once.ts";
import { inTransaction, type Tx } from "./transaction.ts";

type Head = { clinicId: string; number: number; code: string };

/** @returns the statements of this test, and how often one of them was built */
function statements() {
	const built = { times: 0 };
	const insert = compiledOnce((tx: Tx, head: Given<Head>) =>
		tx
			.insertInto("activity_heads")
			.values({ clinic_id: head.clinicId, number: head.number, code: head.code })
			.onConflict((conflict) => conflict.column("clinic_id").doNothing()),
	);
	const find = compiledOnce((db, of: Given<{ clinicId: string; above: number }>) => {
		built.times++;
		return db
			.selectFrom("activity_heads")
			.select(["number", "code"])
			.where("clinic_id", "=", of.clinicId)
			.where("number", ">", of.above);
	});
	return { built, insert, find };
}

test("a statement is built once and runs with the values of each call, in a transaction and outside", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	const { built, insert, find } = statements();
	await inTransaction(db, async (tx) => {
		expect(await insert.write(tx, { clinicId: "a", number: 1, code: "one" })).toBe(1);
		expect(await insert.write(tx, { clinicId: "b", number: 2, code: "two" })).toBe(1);
		expect(await find.all(tx, { clinicId: "a", above: 0 })).toEqual([{ number: 1, code: "one" }]);
	});
	expect(await find.first(db, { clinicId: "b", above: 0 })).toEqual({ number: 2, code: "two" });
	expect(await find.first(db, { clinicId: "b", above: 2 })).toBeUndefined();
	expect(await find.one(db, { above: 1, clinicId: "b" })).toEqual({ number: 2, code: "two" });
	expect(built.times).toBe(1);
});

test("a write says how many rows it wrote, and goes with the transaction that fails", async () => {
	await using database = await freshDatabase();
	const { insert, find } = statements();
	const head = { clinicId: "a", number: 1, code: "one" };
	const failing = inTransaction(database.db, async (tx) => {
		expect([await insert.write(tx, head), await insert.write(tx, head)]).toEqual([1, 0]);
		throw new Error("failed later");
	});
	await expect(failing).rejects.toThrow("failed later");
	expect(await find.first(database.db, { clinicId: "a", above: 0 })).toBeUndefined();
});

test("a row that has to be there, and a value that was left out, are errors", async () => {
	await using database = await freshDatabase();
	const { find } = statements();
	await expect(find.one(database.db, { clinicId: "a", above: 0 })).rejects.toThrow("no result");
	const without = { clinicId: "a" } as { clinicId: string; above: number };
	await expect(find.first(database.db, without)).rejects.toThrow("needs a value for above");
});

test("one statement serves two databases", async () => {
	await using first = await freshDatabase();
	await using second = await freshDatabase();
	const { insert, find } = statements();
	await inTransaction(first.db, (tx) => insert.write(tx, { clinicId: "a", number: 1, code: "one" }));
	expect(await find.first(first.db, { clinicId: "a", above: 0 })).toEqual({ number: 1, code: "one" });
	expect(await find.first(second.db, { clinicId: "a", above: 0 })).toBeUndefined();
});
