import { parseArgs } from "node:util";
import fastify from "fastify";
import { openSenders, startWork } from "../app.ts";
import { startUpkeep, upkeepOnce } from "../upkeep/start-upkeep.ts";
import { open } from "./open.ts";

const HELP = `vestibule work [--once]
  Sends what waits in the outbox and forgets what is over, beside processes of \`vestibule serve --no-worker\`.
  --once  ends when nothing is due any more`;

export async function work(args: string[]): Promise<number> {
	const { values } = parseArgs({
		args,
		options: { once: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
	});
	if (values.help) {
		console.log(HELP);
		return 0;
	}
	await using opened = await open();
	const { config, db, clock } = opened;
	const { log } = fastify({ logger: config.logLevel === "silent" ? false : { level: config.logLevel } });
	const senders = openSenders(opened);
	const worker = startWork({ db, config, clock, log }, senders);
	if (values.once) {
		await worker.drain();
		await upkeepOnce({ db, config, clock, log });
	} else {
		const upkeep = startUpkeep({ db, config, clock, log });
		await new Promise((resolve) => {
			process.once("SIGTERM", resolve);
			process.once("SIGINT", resolve);
		});
		await upkeep.stop();
	}
	await worker.stop();
	senders.close();
	return 0;
}
