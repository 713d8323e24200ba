import { systemClock } from "../clock.ts";
import { readConfig } from "../config.ts";
import { connect } from "../db/connect.ts";
import { migrate } from "../db/migrate.ts";
import type { Deps } from "../deps.ts";

/** The configuration of this environment and its database, brought up to this version; closed at the end of its scope. */
export async function open(): Promise<Pick<Deps, "config" | "db" | "clock"> & AsyncDisposable> {
	const config = readConfig(process.env);
	const db = connect(config.databaseUrl);
	await migrate(db);
	return { config, db, clock: systemClock, [Symbol.asyncDispose]: () => db.destroy() };
}
