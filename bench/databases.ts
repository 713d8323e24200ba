import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompiledQuery } from "kysely";
import { connect } from "../src/db/connect.ts";
import { startPostgres } from "../test/harness/postgres-server.ts";

export const engines = ["sqlite", "postgres"] as const;
export type Engine = (typeof engines)[number];

/** One engine to make empty databases on, which are gone when it is closed. */
export type Databases = {
	engine: Engine;
	/** @param name `[a-z_]+` @returns its address, as `DATABASE_URL` has it */
	make: (name: string) => Promise<string>;
	close: () => Promise<void>;
};

export function openDatabases(engine: Engine): Promise<Databases> {
	return engine === "sqlite" ? sqliteDatabases() : postgresDatabases();
}

/** Files on this disk: every commit waits for it, as in service. */
async function sqliteDatabases(): Promise<Databases> {
	const folder = mkdtempSync(join(tmpdir(), "vestibule-bench-"));
	return {
		engine: "sqlite",
		make: async (name) => `sqlite:${join(folder, `${name}.db`)}`,
		close: async () => rmSync(folder, { recursive: true }),
	};
}

/** A server of its own, as PostgreSQL comes: every commit waits for the disk, as in service. */
async function postgresDatabases(): Promise<Databases> {
	const server = await startPostgres({ isDurable: true });
	return {
		engine: "postgres",
		async make(name) {
			const db = connect(server.url("postgres"));
			await db.executeQuery(CompiledQuery.raw(`create database ${name}`)).finally(() => db.destroy());
			return server.url(name);
		},
		close: server.stop,
	};
}
