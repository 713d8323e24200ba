import { setImmediate as othersTurn } from "node:timers/promises";
import { type Db, sendingAtOnce } from "./connect.ts";
import type { Tx } from "./transaction.ts";

/** How many transactions share a commit at most: whoever reads waits for all of them. */
const AT_MOST = 32;

/** A transaction that waits for its turn. `run` gives what to tell its caller once it is committed. */
type Waiting = { run: (tx: Tx) => Promise<() => void>; reject: (error: unknown) => void };

/**
 * The transactions of one SQLite database, whose every commit waits for the disk while all else stands still: those
 * that wait at the same moment are done one after the other and committed together. None is told anything before the
 * commit. Where one fails, all is rolled back, and the others are begun again without it.
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
			await this.#runSome();
		} while (this.#waiting.length > 0);
		this.#isAtWork = false;
	}

	/** Runs those that wait by then, as many as may share a commit, and commits. */
	async #runSome(): Promise<void> {
		const done: Waiting[] = [];
		const tell: (() => void)[] = [];
		let underWay = this.#waiting.shift();
		try {
			await this.#db.transaction().execute((tx) =>
				sendingAtOnce(tx, async () => {
					while (underWay) {
						tell.push(await underWay.run(tx));
						done.push(underWay);
						underWay = done.length < AT_MOST ? this.#waiting.shift() : undefined;
					}
				}),
			);
		} catch (error) {
			if (underWay) {
				underWay.reject(error);
				this.#waiting.unshift(...done);
			} else {
				for (const one of done) one.reject(error);
			}
			return;
		}
		for (const one of tell) one();
	}
}

const ofDatabases = new WeakMap<Db, CommitTogether>();

/** Runs a transaction on SQLite, committed together with those that wait at the same moment. It may be run again. */
export function commitTogether<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
	const together = ofDatabases.get(db) ?? new CommitTogether(db);
	ofDatabases.set(db, together);
	return together.run(work);
}
