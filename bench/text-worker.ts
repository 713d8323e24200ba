/**
 * A worker in a process of its own: `node text-worker.ts <database>`. At the word "begin" it hands the text messages
 * that wait to a provider that takes each one at once, and then tells which ones it handed over.
 */
import fastify from "fastify";
import { systemClock } from "../src/clock.ts";
import { Keyring } from "../src/crypto/keyring.ts";
import { connect } from "../src/db/connect.ts";
import { textSender } from "../src/delivery/hand-over-text.ts";
import type { ProviderAdapter } from "../src/delivery/text-provider.ts";
import { startWorker } from "../src/delivery/worker.ts";

const [, , databaseUrl = ""] = process.argv;
const db = connect(databaseUrl);
const handedOver: string[] = [];
const instant: ProviderAdapter = {
	name: "http",
	async ask({ messageId }) {
		handedOver.push(messageId);
		return { kind: "taken" };
	},
	readReceipt: () => ({ kind: "nothing" }),
};

process.once("message", async () => {
	const worker = startWorker({
		db,
		config: { keyring: new Keyring(process.env.VESTIBULE_KEYS ?? "") },
		clock: systemClock,
		log: fastify({ logger: false }).log,
		senders: { email: undefined, text: textSender([instant], systemClock, () => "https://clinic.example/") },
	});
	await worker.drain();
	await worker.stop();
	await db.destroy();
	process.send?.(handedOver);
});
process.send?.("ready");
