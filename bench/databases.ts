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
	/** Does what PostgreSQL does by itself within a minute of use: counts its rows, by which it plans. */
	settle: (url: string) => Promise<void>;
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
		settle: async () => {},
		close: async () => rmSync(folder, { recursive: true }),
	};
}

/** A server of its own, as PostgreSQL comes: every commit waits for the disk, as in service. */
async function postgresDatabases(): Promise<Databases> {
	const server = await startPostgres({ isDurable: true });
	return {
		engine: "postgres",
		async make(name) {
			await run(server.url("postgres"), `create database ${name}`);
			return server.url(name);
		},
		settle: (url) => run(url, "analyze"),
		close: server.stop,
	};
}

async function run(url: string, statement: string): Promise<void> {
	const db = connect(url);
	await db.executeQuery(CompiledQuery.raw(statement)).finally(() => db.destroy());
}
