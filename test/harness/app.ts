import type { FastifyInstance } from "fastify";
import { createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { Keyring } from "../../src/crypto/keyring.ts";
import type { Db } from "../../src/db/connect.ts";
import { createDemoClinic } from "../../src/demo/demo-clinic.ts";
import type { Deps } from "../../src/deps.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { freePort } from "./free-port.ts";
import { Inbox } from "./inbox.ts";
import { MovableClock } from "./movable-clock.ts";
import { QuickHasher } from "./quick-hasher.ts";
import { type Route, routesOf } from "./routes.ts";
import { Texts } from "./texts.ts";

export type App = AsyncDisposable & {
	/** The public address. */
	url: URL;
	/** Where it listens on 127.0.0.1. */
	port: number;
	db: Db;
	database: FreshDatabase;
	clock: MovableClock;
	inbox: Inbox;
	texts: Texts;
	deps: Deps;
	/** For requests without a socket. */
	readonly server: FastifyInstance;
	/** Every route that the parts mounted. */
	readonly routes: readonly Route[];
	/** Ends when no message waits any more. */
	drain: () => Promise<void>;
	/** Has something end before the app does, which it looks at. */
	endsFirst: (end: () => Promise<void>) => void;
	/**
	 * Ends the process, as far as one can from inside, and starts another on the same database and port.
	 *
	 * @param changes settings over those so far
	 */
	restart: (changes?: Record<string, string>) => Promise<void>;
};

export type AppOptions = {
	/** `demo` is Harbour Physio with its six staff. */
	clinic?: "demo" | "none";
	/** As `vestibule serve --demo` runs it, with its notes and its inbox page. */
	isDemo?: boolean;
	/** Settings over those of the harness. */
	environment?: Record<string, string>;
};

/** The real app on a port of its own, with a fresh database, a mail server, a gateway of text messages and a clock to move. */
export async function startApp({
	clinic = "demo",
	isDemo = false,
	environment = {},
}: AppOptions = {}): Promise<App> {
	const database = await freshDatabase();
	const inbox = await Inbox.open();
	const clock = new MovableClock();
	const texts = await Texts.open(() => clock.now());
	const port = await freePort();
	let settings: Record<string, string> = {
		DATABASE_URL: database.url,
		SMTP_URL: inbox.server.url,
		PORT: String(port),
		VESTIBULE_URL: `http://localhost:${port}`,
		VESTIBULE_KEYS: Keyring.newKey("test"),
		VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
		VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
		VESTIBULE_TRUSTED_PROXIES: "127.0.0.1",
		VESTIBULE_LOG_LEVEL: "error",
		// The demo shows its text messages in its own inbox.
		...(isDemo ? {} : texts.environment),
		...environment,
	};
	const start = async () => {
		const config = readConfig(settings, { demo: isDemo });
		const started = await createApp({ config, db: database.db, clock: clock.read });
		await started.server.listen({ host: "127.0.0.1", port });
		return started;
	};
	let running = await start();
	const endFirst: (() => Promise<void>)[] = [];
	inbox.fedBy(() => running.worker.drain());
	texts.fedBy(() => running.worker.drain());
	if (clinic === "demo") await createDemoClinic({ ...running.deps, hasher: new QuickHasher() });
	return {
		url: running.deps.config.url,
		port,
		db: database.db,
		database,
		clock,
		inbox,
		texts,
		deps: running.deps,
		get server() {
			return running.server;
		},
		get routes() {
			return routesOf(running.server);
		},
		drain: () => running.worker.drain(),
		endsFirst: (end) => void endFirst.push(end),
		async restart(changes = {}) {
			settings = { ...settings, ...changes };
			await running.close();
			running = await start();
		},
		async [Symbol.asyncDispose]() {
			for (const end of endFirst) await end();
			await running.close();
			await inbox[Symbol.asyncDispose]();
			await texts[Symbol.asyncDispose]();
			await database[Symbol.asyncDispose]();
		},
	};
}
