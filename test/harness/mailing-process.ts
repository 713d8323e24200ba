/**
 * A process that queues the emails due to whole clinics: `node mailing-process.ts <database url> <keys> <now> sends|lingers`.
 * It prints "ready" and begins at a line from its parent, so that several begin together. `sends` ends when nothing is
 * due, `lingers` is to be killed.
 */
import { once } from "node:events";
import fastify from "fastify";
import { readConfig } from "../../src/config.ts";
import { connect } from "../../src/db/connect.ts";
import { startMailings } from "../../src/enforcement/mailing-worker.ts";

const [, , url = "", keys = "", now = "", manner = ""] = process.argv;
const config = readConfig({
	DATABASE_URL: url,
	VESTIBULE_KEYS: keys,
	VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
	VESTIBULE_MAIL_FROM: "no-reply@vestibule.example",
});
const db = connect(url);

process.stdout.write("ready\n");
await once(process.stdin, "data");
process.stdin.destroy();

const mailings = startMailings({ db, config, clock: () => Number(now), log: fastify({ logger: false }).log });
if (manner === "sends") {
	await mailings.drain();
	await mailings.stop();
	await db.destroy();
}
