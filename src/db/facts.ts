import { sql } from "kysely";
import { type Db, isPostgres } from "./connect.ts";

/** What a database says of itself. */
export type DatabaseFacts = {
	engine: "SQLite" | "PostgreSQL";
	/** As `170002` is PostgreSQL 17.2; undefined for SQLite, which comes with Node. */
	version: number | undefined;
	/** Its own clock, epoch milliseconds; undefined for SQLite, which has the clock of this process. */
	now: number | undefined;
};

/** @throws where the database cannot be reached */
export async function readDatabaseFacts(db: Db): Promise<DatabaseFacts> {
	if (!isPostgres(db)) {
		await sql`select 1`.execute(db);
		return { engine: "SQLite", version: undefined, now: undefined };
	}
	const { rows } = await sql<{ version: number; now: number }>`
		select current_setting('server_version_num')::int as version,
			(extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(db);
	const [row] = rows;
	return { engine: "PostgreSQL", version: row?.version, now: row?.now };
}
