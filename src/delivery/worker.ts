import type { FastifyBaseLogger } from "fastify";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Db } from "../db/connect.ts";
import { startLine } from "./line.ts";
import type { Senders } from "./send.ts";

export type Worker = {
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
	senders: Senders;
};

/**
 * Sends what waits in the outbox, at least once each. Any number of workers may run, in any number of processes:
 * a claim keeps a message to one of them at a time, and runs out if its process dies.
 */
export function startWorker(needs: WorkerNeeds): Worker {
	const { email, text } = needs.senders;
	if (!email) needs.log.warn("No SMTP_URL is set: emails wait in the outbox");
	if (!text) needs.log.info("No VESTIBULE_SMS_PROVIDERS is set: text messages are not offered");

	// A mail server that hangs keeps no text message waiting.
	const lines = [startLine("text", needs), startLine("email", needs)];
	return {
		async stop() {
			await Promise.all(lines.map((line) => line.stop()));
		},
		async drain() {
			await Promise.all(lines.map((line) => line.drain()));
		},
	};
}
