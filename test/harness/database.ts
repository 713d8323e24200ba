import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { CompiledQuery } from "kysely";
import { connect, type Db } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { namesItsClinic } from "./every-statement-names-its-clinic.ts";
import { databaseFolder } from "./folder.ts";

export type Engine = "sqlite" | "postgres";

export type FreshDatabase = AsyncDisposable & {
	db: Db;
	/** As `DATABASE_URL` has it, for another process. */
	url: string;
	engine: Engine;
	/** Behind the back of the code under test, for a test to look and to tamper: what it sends is not recorded. */
	backdoor: Db;
	/** Every statement sent through `db` so far, as it went to the database. */
	statements: readonly string[];
};

/** The migrated database that each PostgreSQL one is copied from. */
export const TEMPLATE = "vestibule_template";

/**
 * An empty, migrated database of its own, on the engine that `TEST_ENGINE` names. Its end drops it, and throws
 * if any statement sent through `db` did not name its clinic.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
	const engine = engineOfThisRun();
	const { url, drop } = engine === "postgres" ? await postgresDatabase() : await sqliteDatabase();
	const statements: string[] = [];
	const db = connect(url, (event) => statements.push(event.query.sql));
	const backdoor = connect(url);
	return {
		db,
		backdoor,
		url,
		engine,
		statements,
		async [Symbol.asyncDispose]() {
			await db.destroy();
			await backdoor.destroy();
			await drop();
			const nameless = [...new Set(statements)].filter((statement) => !namesItsClinic(statement));
			if (nameless.length > 0) {
				throw new Error(`These statements do not name their clinic:\n${nameless.join("\n")}`);
			}
		},
	};
}

function engineOfThisRun(): Engine {
	const engine = process.env.TEST_ENGINE ?? "sqlite";
	if (engine === "sqlite" || engine === "postgres") return engine;
	throw new Error(
		"This test file runs once, not once for each engine: vitest.config.ts sees that a file needs a database when it imports from test/harness itself",
	);
}

async function sqliteDatabase() {
	const folder = databaseFolder("sqlite");
	const url = `sqlite:${join(folder, "vestibule.db")}`;
	const db = connect(url);
	await migrate(db);
	await db.destroy();
	return { url, drop: async () => rmSync(folder, { recursive: true }) };
}

async function postgresDatabase() {
	const server = process.env.TEST_POSTGRES;
	if (server === undefined) throw new Error("PostgreSQL is started by test/harness/global-setup.ts only");
	const name = `test_${randomBytes(8).toString("hex")}`;
	await atOnce(server, `create database ${name} template ${TEMPLATE} strategy file_copy`);
	const url = new URL(server);
	url.pathname = `/${name}`;
	// PostgreSQL waits a tenth of a second for whoever has just hung up; no test waits with it. What is left goes with the server.
	const drop = async () => void atOnce(server, `drop database ${name} with (force)`).catch(() => {});
	return { url: url.href, drop };
}

/** Kept from one test to the next: what makes and drops their databases. */
let maintenance: Db | undefined;

async function atOnce(server: string, sql: string): Promise<void> {
	maintenance ??= connect(server);
	await maintenance.executeQuery(CompiledQuery.raw(sql));
}
