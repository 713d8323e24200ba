import type { SelectQueryBuilder, Transaction } from "kysely";
import { commitTogether } from "./commit-together.ts";
import { type Db, isPostgres, sendingAtOnce } from "./connect.ts";
import type { Tables } from "./tables.ts";

/** An open transaction. Every store function that writes takes one; none opens one. */
export type Tx = Transaction<Tables>;

/**
 * Serialization failure, deadlock: PostgreSQL asks to run the whole transaction again. A key that another transaction
 * took between the question and the write: the next run sees it.
 */
const RUN_AGAIN = new Set(["40001", "40P01", "23505"]);

/**
 * Runs one transaction and commits what it wrote. Nothing but its own statements may be awaited inside.
 * Runs it again, at most twice, when PostgreSQL says that another one was in the way; on SQLite, where one that shared
 * its commit failed.
 */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
	for (let again = 0; ; again++) {
		try {
			return await runOnce(db, work);
		} catch (error) {
			if (again === 2 || !RUN_AGAIN.has(codeOf(error))) throw error;
		}
	}
}

/**
 * PostgreSQL says so of every statement after one that failed, and of one that was to be prepared after it: that one
 * says why.
 */
const AFTER_A_FAILURE = new Set(["25P02", "26000"]);

/** What an open transaction has sent without waiting for it, what it does last, and what is done once it is committed. */
type Pending = {
	writes: Promise<unknown>[];
	beforeCommit: (() => Promise<unknown>)[];
	afterCommit: (() => void)[];
	locks: Set<string>;
};
const pendingIn = new WeakMap<Tx, Pending>();

async function runOnce<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
	const pending: Pending = { writes: [], beforeCommit: [], afterCommit: [], locks: new Set() };
	const working = async (tx: Tx) => {
		// What was run before, and rolled back for another's sake, does nothing.
		pending.beforeCommit = [];
		pending.afterCommit = [];
		pending.locks.clear();
		pendingIn.set(tx, pending);
		const result = await work(tx);
		await Promise.all(pending.beforeCommit.map((act) => act()));
		return result;
	};
	const done = isPostgres(db)
		? db.transaction().execute((tx) => sendingAtOnce(tx, working))
		: commitTogether(db, working);
	await done.catch(() => {});
	const answers = await Promise.allSettled([...pending.writes, done]);
	const failures = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
	if (failures.length > 0) throw failures.find((one) => !AFTER_A_FAILURE.has(codeOf(one))) ?? failures[0];
	for (const act of pending.afterCommit) act();
	return done;
}

/** Keeps what was sent until the transaction ends, which it fails with. On SQLite, which would commit the rest, it waits. */
export async function keepForTheEnd(tx: Tx, write: Promise<unknown>): Promise<void> {
	const pending = pendingIn.get(tx);
	if (!pending || !isPostgres(tx)) {
		await write;
		return;
	}
	write.catch(() => {});
	pending.writes.push(write);
}

/** Does something as the last thing of the open transaction, unless what it does throws. */
export function beforeCommit(tx: Tx, act: () => Promise<unknown>): void {
	openPending(tx).beforeCommit.push(act);
}

/** Says that the open transaction has sent what locks something; what is sent after it comes once it is held. */
export function noteLock(tx: Tx, name: string): void {
	openPending(tx).locks.add(name);
}

/** @throws Error where the open transaction has not locked it: a mistake of ours, which changes nothing */
export function requireLock(tx: Tx, name: string): void {
	if (!openPending(tx).locks.has(name)) throw new Error(`Something needs the lock of ${name}`);
}

function openPending(tx: Tx): Pending {
	const pending = pendingIn.get(tx);
	if (!pending) throw new Error("There is no open transaction");
	return pending;
}

/** Does something in this process once the open transaction is committed. */
export function afterCommit(tx: Tx, act: () => void): void {
	pendingIn.get(tx)?.afterCommit.push(act);
}

/**
 * Runs one transaction that takes a try before it looks at what was entered, and commits both.
 *
 * @param takeTry the same try, by itself: where the transaction fails it went back with the rest
 */
export async function inCountingTransaction<T>(
	db: Db,
	takeTry: (tx: Tx) => Promise<unknown>,
	work: (tx: Tx) => Promise<T>,
): Promise<T> {
	try {
		return await inTransaction(db, work);
	} catch (error) {
		// Guessing: a failure gives no free try. It is counted before any answer leaves, as far as there is a database.
		await inTransaction(db, takeTry).catch(() => undefined);
		throw error;
	}
}

/** Locks the rows it reads until the transaction ends. On SQLite the transaction already holds the only lock. */
export function forUpdate<TB extends keyof Tables, O>(
	tx: Tx,
	query: SelectQueryBuilder<Tables, TB, O>,
): SelectQueryBuilder<Tables, TB, O> {
	return isPostgres(tx) ? query.forUpdate() : query;
}

/** Locks the rows it reads, without those that another transaction holds: it waits for nobody. */
export function skipLocked<TB extends keyof Tables, O>(
	tx: Tx,
	query: SelectQueryBuilder<Tables, TB, O>,
): SelectQueryBuilder<Tables, TB, O> {
	return isPostgres(tx) ? query.forUpdate().skipLocked() : query;
}

/**
 * What PostgreSQL says where it cannot be used now: out of reach or room, shutting down, no access, read only, others in
 * the way again and again.
 */
const LOST = /^(08|28|3D|53|57P|42501|25006|40001|40P01)/;
const UNREACHED = /^(ECONN|EHOST|ENET|ENOTFOUND|EAI_AGAIN|ENOENT|ETIMEDOUT|EPIPE)/;

/** Whether an error means that the database cannot be used now: the answer is 503, and nothing was changed. */
export function isDatabaseLost(error: unknown): boolean {
	const code = codeOf(error);
	return (
		LOST.test(code) ||
		UNREACHED.test(code) ||
		(code === "ERR_SQLITE_ERROR" &&
			/locked|busy|disk|readonly|unable to open|not a data/.test(String(error))) ||
		/Connection terminated|is not queryable|timeout exceeded when trying to connect/.test(String(error))
	);
}

function codeOf(error: unknown): string {
	return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}
