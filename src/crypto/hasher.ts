import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";

/** argon2id, 19 MiB, 2 passes, 1 lane (OWASP Password Storage Cheat Sheet; the algorithm's default is argon2id). */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Who waits for a hash. `welcome` is known browsers, second steps and people inside a session; `stranger`
 * everybody else. Each has its own share of the queue.
 */
type Lane = "welcome" | "stranger";

/** A few seconds of waiting work, and no more. */
const MOST_WAITING_MS = 3_000;

/** More than one person has made at once, with every button pressed several times. */
const MOST_WAITING_OF_ONE = 20;

/** Thrown when too much hashing waits; the edge answers 503 with `Retry-After`. */
export class Overloaded extends Error {
	override name = "Overloaded";
}

type Job = { run: () => Promise<void>; whose: string };

/**
 * Hashes passwords and Recovery Codes on at most as many threads as there are cores. The lanes take turns,
 * and strangers are turned away when seconds of their work wait.
 */
export class Hasher {
	readonly #threads = availableParallelism();
	readonly #waiting: Record<Lane, Job[]> = { welcome: [], stranger: [] };
	/** How many wait of one person, where that is counted. */
	readonly #waitingOf = new Map<string, number>();
	#running = 0;
	#lastLane: Lane = "stranger";
	#typicalMs = 20;
	#dummy: Promise<string> | undefined;

	/**
	 * @param whose a profile's id, where nothing else bounds how many one person has made
	 * @throws Overloaded
	 */
	hash(secret: string, lane: Lane, whose = ""): Promise<string> {
		return this.#queue(lane, whose, () => hash(secret, PARAMETERS));
	}

	/**
	 * Whether a secret is the one that was hashed. Without a hash it does the same work against a dummy and
	 * answers no, so that nobody can tell an unknown email by the time it takes.
	 *
	 * @param whose as of `hash`
	 * @throws Overloaded
	 */
	async verify(secret: string, hashed: string | undefined, lane: Lane, whose = ""): Promise<boolean> {
		this.#dummy ??= hash("nobody has this password", PARAMETERS);
		const dummy = await this.#dummy;
		const matches = await this.#queue(lane, whose, () => verify(hashed ?? dummy, secret));
		return matches && hashed !== undefined;
	}

	#queue<T>(lane: Lane, whose: string, work: () => Promise<T>): Promise<T> {
		const ahead = this.#waiting[lane].length;
		const ofOne = this.#waitingOf.get(whose) ?? 0;
		// Nobody keeps all the others waiting.
		if (ofOne >= MOST_WAITING_OF_ONE) return Promise.reject(new Overloaded("Too much hashing of one waits"));
		if (lane === "stranger" && (ahead * this.#typicalMs) / this.#threads > MOST_WAITING_MS) {
			return Promise.reject(new Overloaded("Too much hashing waits"));
		}
		return new Promise<T>((resolve, reject) => {
			this.#waiting[lane].push({ run: () => work().then(resolve, reject), whose });
			if (whose !== "") this.#waitingOf.set(whose, ofOne + 1);
			this.#next();
		});
	}

	#next(): void {
		if (this.#running >= this.#threads) return;
		// Turn and turn about while both lanes wait: neither can starve the other.
		const preferred: Lane = this.#lastLane === "welcome" ? "stranger" : "welcome";
		const lane = this.#waiting[preferred].length > 0 ? preferred : this.#lastLane;
		const job = this.#waiting[lane].shift();
		if (!job) return;
		const leftOfOne = (this.#waitingOf.get(job.whose) ?? 1) - 1;
		if (leftOfOne > 0) this.#waitingOf.set(job.whose, leftOfOne);
		else this.#waitingOf.delete(job.whose);
		this.#lastLane = lane;
		this.#running++;
		const startedAt = performance.now();
		void job.run().finally(() => {
			this.#running--;
			this.#typicalMs += (performance.now() - startedAt - this.#typicalMs) / 16;
			this.#next();
		});
	}
}
