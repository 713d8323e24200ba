import { readdir, readFile } from "node:fs/promises";
import { sql } from "kysely";
import { type Db, isPostgres } from "./connect.ts";

const FOLDER = new URL("../../migrations/", import.meta.url);
/** Any constant does, as long as nothing else in the database takes the same advisory lock. */
const ADVISORY_LOCK = 7_318_449_021;

/**
 * Applies the migrations that this database has not seen, in the order of their names, all in one transaction.
 *
 * @returns the names applied now
 */
export async function migrate(db: Db): Promise<string[]> {
	const files = await listMigrations();
	const texts = await Promise.all(files.map((name) => readFile(new URL(name, FOLDER), "utf8")));
	return db.transaction().execute(async (tx) => {
		if (isPostgres(tx)) await sql`select pg_advisory_xact_lock(${sql.lit(ADVISORY_LOCK)})`.execute(tx);
		await sql`create table if not exists migrations (name text not null primary key)`.execute(tx);
		const seen = await sql<{ name: string }>`select name from migrations`.execute(tx);
		const applied = new Set(seen.rows.map((row) => row.name));
		const fresh = files.filter((name) => !applied.has(name));
		for (const name of fresh) {
			for (const statement of statements(texts[files.indexOf(name)] ?? ""))
				await sql.raw(statement).execute(tx);
			await sql`insert into migrations (name) values (${name})`.execute(tx);
		}
		return fresh;
	});
}

/** The migrations that this database has not seen, in order; a database that was never migrated has seen none. */
export async function findMissingMigrations(db: Db): Promise<string[]> {
	const files = await listMigrations();
	const tables = await db.introspection.getTables();
	if (!tables.some((table) => table.name === "migrations")) return files;
	const { rows } = await sql<{ name: string }>`select name from migrations`.execute(db);
	return files.filter((name) => !rows.some((row) => row.name === name));
}

async function listMigrations(): Promise<string[]> {
	return (await readdir(FOLDER)).filter((name) => name.endsWith(".sql")).sort();
}

/** Migrations hold plain statements, each ending in `;` at the end of a line, and comments on lines of their own. */
function statements(text: string): string[] {
	return text
		.replaceAll(/^\s*--.*$/gm, "")
		.split(/;\s*$/m)
		.map((statement) => statement.trim())
		.filter((statement) => statement !== "");
}
