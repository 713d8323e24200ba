import { setImmediate as othersTurn } from "node:timers/promises";
import { CompiledQuery } from "kysely";
import { type Db, send, sendingAtOnce } from "./connect.ts";
import type { Tx } from "./transaction.ts";

/** How many transactions share a commit at most: whoever reads waits for all of them. */
const AT_MOST = 32;

const SAVEPOINT = CompiledQuery.raw("savepoint one");
const RELEASE = CompiledQuery.raw("release one");
const ROLL_BACK = CompiledQuery.raw("rollback to one");

/** A transaction that waits for its turn. `run` gives what to tell its caller once it is committed. */
type Waiting = { run: (tx: Tx) => Promise<() => void>; reject: (error: unknown) => void };

/**
 * The transactions of one SQLite database, whose every commit waits for the disk while all else stands still: those
 * that wait at the same moment are done one after the other and committed together. Each has a savepoint of its own,
 * so that one that fails leaves nothing and takes nothing from the others; none is told anything before the commit.
 */
class CommitTogether {
	readonly #db: Db;
	readonly #waiting: Waiting[] = [];
	#isAtWork = false;

	constructor(db: Db) {
		this.#db = db;
	}

	run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
		return new Promise((resolve, reject) => {
			this.#waiting.push({
				async run(tx) {
					const value = await work(tx);
					return () => resolve(value);
				},
				reject,
			});
			if (!this.#isAtWork) void this.#runAll();
		});
	}

	async #runAll(): Promise<void> {
		this.#isAtWork = true;
		do {
			// Whatever has reached this process by now comes along.
			await othersTurn();
			const first = this.#waiting.shift();
			if (first) await this.#runFrom(first);
		} while (this.#waiting.length > 0);
		this.#isAtWork = false;
	}

	/** Runs one and those that wait by then, and commits. */
	async #runFrom(first: Waiting): Promise<void> {
		const lot: Waiting[] = [];
		const tell: (() => void)[] = [];
		try {
			await this.#db.transaction().execute((tx) =>
				sendingAtOnce(tx, async () => {
					for (let one: Waiting | undefined = first; one; one = this.#nextOf(lot)) {
						lot.push(one);
						tell.push(await runInSavepoint(tx, one));
					}
				}),
			);
		} catch (error) {
			if (lot.length === 0) first.reject(error);
			for (const one of lot) one.reject(error);
			return;
		}
		for (const one of tell) one();
	}

	#nextOf(lot: readonly Waiting[]): Waiting | undefined {
		return lot.length < AT_MOST ? this.#waiting.shift() : undefined;
	}
}

async function runInSavepoint(tx: Tx, one: Waiting): Promise<() => void> {
	await send(tx, SAVEPOINT);
	try {
		const tell = await one.run(tx);
		await send(tx, RELEASE);
		return tell;
	} catch (error) {
		await send(tx, ROLL_BACK);
		await send(tx, RELEASE);
		return () => one.reject(error);
	}
}

const ofDatabases = new WeakMap<Db, CommitTogether>();

/** Runs a transaction on SQLite, committed together with those that wait at the same moment. */
export function commitTogether<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
	const together = ofDatabases.get(db) ?? new CommitTogether(db);
	ofDatabases.set(db, together);
	return together.run(work);
}
