import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { connect } from "./connect.ts";
import { migrate } from "./migrate.ts";

const folder = mkdtempSync(join(tmpdir(), "vestibule-migrate-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("an empty database gets every migration in order, once, and loses nothing when asked again", async () => {
	const db = connect(`sqlite:${join(folder, "again.db")}`);
	const files = readdirSync(new URL("../../migrations/", import.meta.url));
	expect(await migrate(db)).toEqual(files.filter((name) => name.endsWith(".sql")).sort());
	await db.insertInto("activity_heads").values({ clinic_id: "clinic", number: 7, code: "-" }).execute();
	expect(await migrate(db)).toEqual([]);
	expect(await db.selectFrom("activity_heads").select("number").execute()).toEqual([{ number: 7 }]);
	await db.destroy();
});

test("every table's primary key begins with the clinic, but for the counters that must see them all", async () => {
	const db = connect(`sqlite:${join(folder, "keys.db")}`);
	await migrate(db);
	const { rows } = await sql<{ table: string; first: string }>`
		select m.name as "table", c.name as "first" from sqlite_master m, pragma_table_info(m.name) c
		where m.type = 'table' and c.pk = 1`.execute(db);
	const others = rows.filter(({ first }) => first !== "clinic_id").map(({ table }) => table);
	expect(rows.length).toBeGreaterThan(10);
	expect(others.sort()).toEqual(["codes_of_countries", "migrations", "tries_across_clinics"]);
	await db.destroy();
});
