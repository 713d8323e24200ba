import { minutes } from "../clock.ts";
import type { OutboxRow } from "../db/tables.ts";
import { Batches } from "./batches.ts";
import { Bell, ringFor } from "./bell.ts";
import { type Claim, claimDue, claimExpired } from "./claim-due.ts";
import { type HandOver, handOver } from "./hand-over.ts";
import type { Outcome, Tried } from "./send.ts";
import { settle } from "./settle.ts";
import type { Worker, WorkerNeeds } from "./worker.ts";

type Channel = OutboxRow["channel"];

/** How many messages are handed over at once. One that hangs keeps its place. */
const AT_ONCE: Record<Channel, number> = { email: 8, text: 32 };
/** For so long what became of one is not written down while others may still end: a commit waits for the disk. */
const GATHERED_MS = 25;
const SHORTEST_PAUSE_MS = 100;
/** So that a message that another process committed is on its way within a second. */
const LONGEST_PAUSE_MS = 500;
const PAUSE_WITHOUT_SENDER_MS = minutes(1);

/** Sends what waits of one channel. Without a sender, those that expire are given up. */
export function startLine(channel: Channel, { db, config, clock, log, senders }: WorkerNeeds): Worker {
	const { keyring } = config;
	const via = handOver(channel, { db, keyring, senders });
	const underWay = new Set<Promise<void>>();
	const bell = new Bell();
	// Nothing that is committed can be sent without a sender, and what expires has its minute.
	const stopRinging = via ? ringFor(channel, bell) : () => {};
	let beingSent = 0;
	const noneIsBeingSent = new Bell();
	const settled = new Batches<Tried>(
		(lot) => settle(db, keyring, lot, clock()),
		async () => {
			if (beingSent > 0) await noneIsBeingSent.orAfter(GATHERED_MS);
		},
	);
	let isStopping = false;
	let lastClaim: Promise<unknown> = Promise.resolve();

	async function deliver(row: OutboxRow, send: HandOver): Promise<void> {
		const about = aboutMessage(row);
		try {
			const outcome = await attempt(row, send);
			await settled.add({ claimed: row, outcome });
			if (outcome.kind === "sent") log.info(about, "message sent");
			else log.warn({ ...about, became: outcome.kind, reason: outcome.reason }, "message not sent");
		} catch (error) {
			log.error({ ...about, error: textOf(error) }, "what became of a message could not be written down");
		}
	}

	async function attempt(row: OutboxRow, send: HandOver): Promise<Outcome> {
		beingSent++;
		try {
			return await send(row);
		} catch (error) {
			// Only the name: the text may quote the message.
			const name = error instanceof Error ? error.name : "Error";
			log.error({ ...aboutMessage(row), name }, "a sender broke");
			return { kind: "failed", reason: `The sender broke: ${name}` };
		} finally {
			beingSent--;
			if (beingSent === 0) noneIsBeingSent.ring();
		}
	}

	/** Fills the free places with messages that are due, and says how many it found. */
	async function startDue(): Promise<number> {
		const free = AT_ONCE[channel] - underWay.size;
		if (free === 0 || isStopping) return 0;
		let found: Claim;
		try {
			const claim = via ? claimDue : claimExpired;
			found = await claim(db, keyring, channel, clock(), free);
		} catch (error) {
			log.error({ error: textOf(error) }, "the outbox could not be read");
			return 0;
		}
		for (const row of found.expired) log.warn(aboutMessage(row), "message given up: it expired");
		for (const row of found.claimed) {
			if (!via) continue;
			const delivery = deliver(row, via).finally(() => {
				underWay.delete(delivery);
				// Several are claimed together, unless the others hang: then at the next look.
				if (underWay.size <= AT_ONCE[channel] / 2) bell.ring();
			});
			underWay.add(delivery);
		}
		return found.claimed.length + found.expired.length;
	}

	/** One claim at a time, so that the free places are counted right. */
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
				await bell.orAfter(via ? pauseMs : PAUSE_WITHOUT_SENDER_MS);
				pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
			}
		}
	}
	const ended = loop();

	return {
		async stop() {
			isStopping = true;
			stopRinging();
			bell.ring();
			await ended;
			await Promise.all(underWay);
		},
		async drain() {
			while ((await startDueInTurn()) > 0 || underWay.size > 0) await Promise.all(underWay);
		},
	};
}

/** What the log may say of a message: not to whom, and nothing it says. */
function aboutMessage(row: OutboxRow) {
	return { clinicId: row.clinic_id, messageId: row.message_id, message: row.kind, tries: row.tries };
}

function textOf(error: unknown): string {
	return error instanceof Error ? `${error.name}: ${error.message}` : "not an error";
}
