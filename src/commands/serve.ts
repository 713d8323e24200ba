import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { parseArgs } from "node:util";
import { createApp } from "../app.ts";
import { systemClock } from "../clock.ts";
import { type Config, ConfigError, readConfig } from "../config.ts";
import { Keyring } from "../crypto/keyring.ts";
import { connect } from "../db/connect.ts";
import { migrate } from "../db/migrate.ts";
import { giveBackMemory } from "./give-back-memory.ts";

const HELP = `vestibule serve [--no-worker]
  Answers requests at HOST and PORT, and sends what waits in the outbox.
  --no-worker  leave the outbox to \`vestibule work\`
vestibule serve --demo [--reset]
  The demo: its own data under data/, six staff, every message at /demo/inbox. This computer only.
  --reset      forget the demo's data and start over`;

const DEMO_FOLDER = "data";
const DEMO_KEYS = `${DEMO_FOLDER}/keys`;

export async function serve(args: string[]): Promise<number> {
	const { values } = parseArgs({
		args,
		options: {
			demo: { type: "boolean", default: false },
			reset: { type: "boolean", default: false },
			"no-worker": { type: "boolean", default: false },
			help: { type: "boolean", default: false },
		},
	});
	if (values.help) {
		console.log(HELP);
		return 0;
	}
	const { demo, reset } = values;
	if (demo) prepareDemo();
	const config = demo && reset ? await startOver() : readConfig(process.env, { demo });
	const db = connect(config.databaseUrl);
	await migrate(db);
	const app = await createApp({ config, db, clock: systemClock, noWorker: values["no-worker"] });
	if (config.demo) await (await import("../demo/demo-clinic.ts")).createDemoClinic(app.deps);
	try {
		await app.server.listen({ host: config.host, port: config.port });
	} catch (error) {
		await app.close();
		await db.destroy();
		throw whyNotListening(error, config);
	}
	if (config.demo) await sayHowToTry(config);
	giveBackMemory();

	await new Promise((resolve) => {
		process.once("SIGTERM", resolve);
		process.once("SIGINT", resolve);
	});
	await app.close();
	await db.destroy();
	return 0;
}

/** Forgets the demo's data, unless one that still runs would go on without it. */
async function startOver(): Promise<Config> {
	const before = readConfig(process.env, { demo: true });
	const probe = createServer();
	try {
		await once(probe.listen(before.port, before.host), "listening");
	} catch (error) {
		throw whyNotListening(error, before);
	}
	await once(probe.close(), "close");
	rmSync(DEMO_FOLDER, { recursive: true, force: true });
	prepareDemo();
	return readConfig(process.env, { demo: true });
}

function prepareDemo(): void {
	mkdirSync(DEMO_FOLDER, { recursive: true });
	if (!existsSync(DEMO_KEYS)) writeFileSync(DEMO_KEYS, `${Keyring.newKey("demo")}\n`, { mode: 0o600 });
}

async function sayHowToTry(config: Config): Promise<void> {
	const { DEMO_PASSWORD, DEMO_STAFF } = await import("../demo/demo-clinic.ts");
	const { paths } = await import("../paths.ts");
	const staff = DEMO_STAFF.map(
		({ email, access }) => `    ${email.padEnd(26)}${access === "full" ? "Full Access" : "Limited"}`,
	);
	console.log(
		[
			"",
			`  Vestibule is running as a demo: ${config.url.origin}`,
			`  Every email and text message: ${config.url.origin}${paths.demoInbox}`,
			"",
			"  Sign in as",
			...staff,
			`  with the password: ${DEMO_PASSWORD}`,
			"",
			"  Stop with Ctrl+C. Start over: npm start -- --reset",
			"",
		].join("\n"),
	);
}

function whyNotListening(error: unknown, { host, port }: Config): unknown {
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	switch (code) {
		case "EADDRINUSE":
			return new ConfigError(
				`PORT ${port} is in use by another program on ${host}: stop it, or set another PORT`,
			);
		case "EACCES":
			return new ConfigError(`PORT ${port} is not for this user: set another PORT, above 1023`);
		case "EADDRNOTAVAIL":
		case "ENOTFOUND":
			return new ConfigError(
				"HOST must be an address of this machine: 127.0.0.1 behind a proxy here, 0.0.0.0 for every address it has",
			);
		default:
			return error;
	}
}
