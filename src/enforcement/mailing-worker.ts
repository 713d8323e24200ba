import { setImmediate as turn } from "node:timers/promises";
import { seconds } from "../clock.ts";
import { Bell, ringFor } from "../delivery/bell.ts";
import type { Worker } from "../delivery/worker.ts";
import type { Deps } from "../deps.ts";
import { sendNextBatch } from "./send-mailings.ts";

/** So that what another process committed is on its way within seconds. */
const LONGEST_PAUSE_MS = seconds(5);
/**
 * So that emails to thousands leave most of the machine to people who sign in meanwhile (bench/ measures it): they
 * have to be sent too, and a machine that is busy has more of a pause.
 */
const PAUSE_AN_EMAIL_MS = 15;
const PAUSE_A_MILLISECOND_MS = 5;

/** Queues the emails that are due to whole clinics. Any number of processes may do it at once. */
export function startMailings(needs: Pick<Deps, "db" | "config" | "clock" | "log">): Worker {
	const bell = new Bell();
	const stopRinging = ringFor("mailing", bell);
	/** Rings once: a pause between batches is cut short by nothing else. */
	const end = new Bell();
	let isStopping = false;
	let lastBatch: Promise<unknown> = Promise.resolve();

	async function sendBatch(): Promise<number | undefined> {
		if (isStopping) return undefined;
		try {
			return await sendNextBatch(needs);
		} catch (error) {
			const text = error instanceof Error ? `${error.name}: ${error.message}` : "not an error";
			needs.log.error({ error: text }, "emails to a whole clinic could not be queued");
			return undefined;
		}
	}

	function sendBatchInTurn(): Promise<number | undefined> {
		const batch = lastBatch.then(sendBatch);
		lastBatch = batch;
		return batch;
	}

	async function loop(): Promise<void> {
		while (!isStopping) {
			const startedAt = performance.now();
			const emailed = await sendBatchInTurn();
			const tookMs = performance.now() - startedAt;
			if (emailed === undefined) await bell.orAfter(LONGEST_PAUSE_MS);
			else await end.orAfter(Math.max(PAUSE_AN_EMAIL_MS * emailed, PAUSE_A_MILLISECOND_MS * tookMs));
		}
	}
	const ended = loop();

	return {
		async stop() {
			isStopping = true;
			stopRinging();
			bell.ring();
			end.ring();
			await ended;
			await lastBatch;
		},
		async drain() {
			while ((await sendBatchInTurn()) !== undefined) await turn();
		},
	};
}
