/**
 * A worker in a process of its own: `node worker-process.ts <database url> <keys> sends|hangs`. It prints "ready" and
 * begins at a line from its parent, so that several begin together. Then it prints the id of every message it is
 * given to send, one a line; `sends` ends when nothing is due, `hangs` never finishes one.
 */
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import fastify from "fastify";
import { Keyring } from "../../src/crypto/keyring.ts";
import { connect } from "../../src/db/connect.ts";
import type { Outcome } from "../../src/delivery/send.ts";
import { startWorker } from "../../src/delivery/worker.ts";

const [, , url = "", keys = "", manner = ""] = process.argv;
const db = connect(url);

async function send({ messageId }: { messageId: string }): Promise<Outcome> {
	process.stdout.write(`${messageId}\n`);
	if (manner === "hangs") await new Promise(() => {});
	// Long enough for the others to have their share.
	await wait(20);
	return { kind: "sent" };
}

process.stdout.write("ready\n");
await once(process.stdin, "data");
process.stdin.destroy();

const worker = startWorker({
	db,
	config: { keyring: new Keyring(keys) },
	clock: () => Date.now(),
	log: fastify({ logger: false }).log,
	senders: { email: send, text: send },
});
await worker.drain();
await worker.stop();
await db.destroy();
