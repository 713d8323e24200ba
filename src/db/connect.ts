import { closeSync, openSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import {
	CompiledQuery,
	type DatabaseConnection,
	type Dialect,
	Kysely,
	type LogEvent,
	PostgresDialect,
	PostgresDriver,
	type QueryResult,
	type SqliteDatabase,
	SqliteDialect,
	SqliteDriver,
	type SqliteStatement,
} from "kysely";
import pg from "pg";
import { seconds } from "../clock.ts";
import { OneTripClient } from "./one-trip.ts";
import type { Tables } from "./tables.ts";

/** The database, for reads outside a transaction. */
export type Db = Kysely<Tables>;

const INT8 = 20;

const MOST_CONNECTIONS = 10;
/**
 * So long a page waits for a connection, then it is 503: many times what a burst of sign-ins takes, and no longer than
 * that page asks people to wait before they try again.
 */
const CONNECTION_WAIT_MS = seconds(10);

/**
 * Opens the database that `DATABASE_URL` names.
 *
 * @param url `sqlite:path/to/file.db`, or `postgres://…` for PostgreSQL 15 or later
 * @param onQuery sees every statement as it is really sent; for tests
 */
export function connect(url: string, onQuery?: (event: LogEvent) => void): Db {
	const dialect = url.startsWith("sqlite:") ? sqlite(url.slice("sqlite:".length)) : postgres(url);
	return new Kysely<Tables>({ dialect, log: onQuery });
}

/** Whether this connection is PostgreSQL, for the few statements the engines do not share. */
export function isPostgres(db: Db): boolean {
	return db.getExecutor().adapter.supportsMultipleConnections !== false;
}

function postgres(connectionString: string): Dialect {
	// Counts and times are whole numbers below 2^53; `pg` would hand them over as strings.
	const types = {
		getTypeParser: ((oid: number, format?: "text" | "binary") =>
			oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
	};
	const pool = new pg.Pool({
		Client: OneTripClient,
		connectionString,
		types,
		max: MOST_CONNECTIONS,
		// Statements that do not wait for each other's answers travel together.
		pipeline: true,
		connectionTimeoutMillis: CONNECTION_WAIT_MS,
	});
	// A dropped connection must not end the process: what is under way on it, or the next query, reports what is wrong.
	pool.on("error", () => {});
	pool.on("connect", (client) => client.on("error", () => {}));
	const dialect = new PostgresDialect({ pool });
	dialect.createDriver = () => new OneTripPostgresDriver({ pool });
	return dialect;
}

/** The connection of each open transaction, for statements that do not wait for each other's answers. */
const openConnections = new WeakMap<Db, DatabaseConnection>();

/**
 * Sends a statement: inside a transaction by its connection itself, since Kysely would hold each one back until the
 * one before is answered. They are done in the order in which they are sent.
 */
export function send<Row>(db: Db, statement: CompiledQuery<Row>): Promise<QueryResult<Row>> {
	const connection = openConnections.get(db);
	return connection ? connection.executeQuery(statement) : db.executeQuery(statement);
}

/** Runs the work of an open transaction with its statements sent as they come. */
export async function sendingAtOnce<T, Tx extends Db>(tx: Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
	await tx.getExecutor().provideConnection(async (connection) => {
		openConnections.set(tx, connection);
	});
	try {
		return await work(tx);
	} finally {
		// Nothing is sent after the commit.
		openConnections.delete(tx);
	}
}

/** Sends `begin` together with the statement after it: no statement needs its answer. */
class OneTripPostgresDriver extends PostgresDriver {
	override async beginTransaction(connection: DatabaseConnection) {
		// Where it fails so does the statement after it, which PostgreSQL passes over then.
		connection.executeQuery(CompiledQuery.raw("begin")).catch(() => {});
	}
}

const ONLY_ITS_OWNER = 0o600;

/**
 * After so many changed pages of 4 KiB SQLite writes them from its `-wal` file into the database. By itself it does at
 * 1,000; most of them are the same few again and again. It looks a page up among 4,062 at once (WAL-index).
 */
const PAGES_BEFORE_CHECKPOINT = 4000;

function sqlite(file: string): Dialect {
	makeForOwnerAlone(file);
	const database = new DatabaseSync(file);
	database.exec(
		"pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000; pragma foreign_keys = on",
	);
	database.exec(`pragma wal_autocheckpoint = ${PAGES_BEFORE_CHECKPOINT}`);
	const dialect = new SqliteDialect({ database: preparedOnce(database) });
	dialect.createDriver = () => new ImmediateSqliteDriver({ database: preparedOnce(database) });
	return dialect;
}

/** Nobody else on this machine reads who works here and their hashes; what SQLite puts beside the file is as the file is. */
function makeForOwnerAlone(file: string): void {
	try {
		closeSync(openSync(file, "ax", ONLY_ITS_OWNER));
	} catch {
		// It is there already, and stays as its owner has it; or it cannot be made, which SQLite says.
	}
}

/** Takes the write lock at once: two processes never meet halfway through a transaction. */
class ImmediateSqliteDriver extends SqliteDriver {
	override async beginTransaction(connection: DatabaseConnection) {
		await connection.executeQuery(CompiledQuery.raw("begin immediate"));
	}
}

/** `node:sqlite` in the shape Kysely asks for, each statement prepared once. */
function preparedOnce(database: DatabaseSync): SqliteDatabase {
	const prepared = new Map<string, SqliteStatement>();
	return {
		close: () => database.close(),
		prepare(sql) {
			let statement = prepared.get(sql);
			if (!statement) {
				statement = asKysely(database.prepare(sql));
				prepared.set(sql, statement);
			}
			return statement;
		},
	};
}

function asKysely(statement: StatementSync): SqliteStatement {
	const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
	return {
		reader: statement.columns().length > 0,
		all: (parameters) => statement.all(...values(parameters)),
		run: (parameters) => statement.run(...values(parameters)),
		iterate: (parameters) => statement.iterate(...values(parameters)),
	};
}
