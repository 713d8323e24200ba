import { systemClock } from "../clock.ts";
import { type Config, readConfig } from "../config.ts";
import { connect, type Db } from "../db/connect.ts";
import { migrate } from "../db/migrate.ts";

/** The configuration of this environment and its database, brought up to this version. Close the database at the end. */
export async function open(): Promise<{ config: Config; db: Db; clock: typeof systemClock }> {
	const config = readConfig(process.env);
	const db = connect(config.databaseUrl);
	await migrate(db);
	return { config, db, clock: systemClock };
}
