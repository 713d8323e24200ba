import { expect, test } from "vitest";
import { freshDatabase } from "./database.ts";

test("each test has a database of its own", async () => {
	await using first = await freshDatabase();
	await using second = await freshDatabase();
	const clinic = {
		clinic_id: "1",
		short_name: "harbour",
		name: "Harbour Physio",
		time_zone: "UTC",
		country: "CA",
		required_from_on: null,
		allows_trust: 1,
		allows_texts: 1,
		trust_version: 0,
		sign_out_after_ms: 0,
		rule_version: 0,
	} as const;
	await first.db
		.insertInto("clinics")
		.values({ ...clinic, created_at: 0 })
		.execute();
	const query = (db: typeof first.db) =>
		db.selectFrom("clinics").selectAll().where("clinic_id", "=", "1").execute();
	expect(await query(first.db)).toHaveLength(1);
	expect(await query(second.db)).toHaveLength(0);
	expect(first.engine).toBe(process.env.TEST_ENGINE);
});

test("a statement that does not name its clinic fails the test that sent it", async () => {
	const { db, ...database } = await freshDatabase();
	await db.selectFrom("profiles").selectAll().where("email_key", "=", "avery").execute();
	await database.backdoor.selectFrom("sessions").selectAll().execute();
	await expect(database[Symbol.asyncDispose]()).rejects.toThrow(
		/do not name their clinic:\nselect \* from "profiles" where "email_key" = \S+$/,
	);
});
