import type { FastifyBaseLogger } from "fastify";
import { type Clock, minutes } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Db } from "../db/connect.ts";
import type { OutboxRow } from "../db/tables.ts";
import { type Claim, claimDue, claimExpired } from "./claim-due.ts";
import { openMessage } from "./open-message.ts";
import type { Outcome, Send } from "./send.ts";
import { settle } from "./settle.ts";

const AT_ONCE = 8;
const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 1_000;
const PAUSE_WITHOUT_SENDER_MS = minutes(1);

export type Worker = {
	/** Looks at the outbox now: something was committed. */
	wake(): void;
	/** Claims nothing more, and ends when what is under way is finished. */
	stop(): Promise<void>;
	/** Ends when nothing is due any more. */
	drain(): Promise<void>;
};

export type WorkerNeeds = {
	db: Db;
	config: Pick<Config, "keyring">;
	clock: Clock;
	log: FastifyBaseLogger;
	/** How messages leave. Without it they wait, and only those that expire are given up. */
	send: Send | undefined;
};

/**
 * Sends what waits in the outbox, at least once each. Any number of workers may run, in any number of processes:
 * a claim keeps a message to one of them at a time, and runs out if its process dies.
 */
export function startWorker({ db, config, clock, log, send }: WorkerNeeds): Worker {
	const underWay = new Set<Promise<void>>();
	const bell = new Bell();
	let isStopping = false;
	let lastClaim: Promise<unknown> = Promise.resolve();

	if (send === undefined) log.warn("No SMTP_URL is set: emails wait in the outbox");

	async function deliver(row: OutboxRow, via: Send): Promise<void> {
		const about = aboutMessage(row);
		try {
			const outcome = await attempt(row, via);
			await settle(db, config.keyring, row, outcome, clock());
			if (outcome.kind === "sent") log.info(about, "message sent");
			else log.warn({ ...about, became: outcome.kind, reason: outcome.reason }, "message not sent");
		} catch (error) {
			log.error({ ...about, error: textOf(error) }, "what became of a message could not be written down");
		}
	}

	async function attempt(row: OutboxRow, via: Send): Promise<Outcome> {
		const message = openMessage(config.keyring, row);
		if (message === undefined) return { kind: "failed", reason: "No key in the ring opens its text" };
		try {
			return await via(message);
		} catch (error) {
			// Only the name: the text may quote the message.
			const name = error instanceof Error ? error.name : "Error";
			log.error({ ...aboutMessage(row), name }, "a sender broke");
			return { kind: "failed", reason: `The sender broke: ${name}` };
		}
	}

	/** Fills the free places with messages that are due, and says how many it found. */
	async function startDue(): Promise<number> {
		const free = AT_ONCE - underWay.size;
		if (free === 0 || isStopping) return 0;
		let found: Claim;
		try {
			found = await (send
				? claimDue(db, config.keyring, clock(), free)
				: claimExpired(db, config.keyring, clock(), free));
		} catch (error) {
			log.error({ error: textOf(error) }, "the outbox could not be read");
			return 0;
		}
		for (const row of found.expired) log.warn(aboutMessage(row), "message given up: it expired");
		for (const row of found.claimed) {
			if (!send) continue;
			const delivery = deliver(row, send).finally(() => {
				underWay.delete(delivery);
				bell.ring();
			});
			underWay.add(delivery);
		}
		return found.claimed.length + found.expired.length;
	}

	/** One claim at a time in this worker, so that the free places are counted right. */
	function startDueInTurn(): Promise<number> {
		const turn = lastClaim.then(startDue);
		lastClaim = turn;
		return turn;
	}

	async function loop(): Promise<void> {
		let pauseMs = SHORTEST_PAUSE_MS;
		while (!isStopping) {
			const found = await startDueInTurn();
			if (found > 0) pauseMs = SHORTEST_PAUSE_MS;
			else {
				await bell.orAfter(send ? pauseMs : PAUSE_WITHOUT_SENDER_MS);
				pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
			}
		}
	}
	const ended = loop();

	return {
		wake: () => bell.ring(),
		async stop() {
			isStopping = true;
			bell.ring();
			await ended;
			await Promise.all(underWay);
		},
		async drain() {
			while ((await startDueInTurn()) > 0 || underWay.size > 0) await Promise.all(underWay);
		},
	};
}

/** Wakes the loop early. A ring while nobody listens is kept for the next who does. */
class Bell {
	#hasRung = false;
	#wake = () => {};

	ring(): void {
		this.#hasRung = true;
		this.#wake();
	}

	async orAfter(milliseconds: number): Promise<void> {
		if (!this.#hasRung) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, milliseconds);
				this.#wake = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}
		this.#hasRung = false;
	}
}

/** What the log may say of a message: not to whom, and nothing it says. */
function aboutMessage(row: OutboxRow) {
	return { clinicId: row.clinic_id, messageId: row.message_id, message: row.kind, tries: row.tries };
}

function textOf(error: unknown): string {
	return error instanceof Error ? `${error.name}: ${error.message}` : "not an error";
}
