import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { App } from "../harness/app.ts";
import { freePort } from "../harness/free-port.ts";

/** Vestibule as it is installed, built from the sources as they are now. */
export type Build = Disposable & { main: string };

export function build(): Build {
	// `npm test` has just built it.
	if (process.env.BUILT_MAIN) return { main: resolve(process.env.BUILT_MAIN), [Symbol.dispose]: () => {} };
	const folder = mkdtempSync(join(tmpdir(), "vestibule-build-"));
	for (const name of ["migrations", "public", "node_modules", "package.json"]) {
		symlinkSync(resolve(name), join(folder, name));
	}
	const outDir = join(folder, "dist");
	execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.build.json", "--outDir", outDir]);
	return {
		main: join(outDir, "main.js"),
		[Symbol.dispose]: () => rmSync(folder, { recursive: true }),
	};
}

/** `vestibule serve` on a port of its own, with the clock of the world. The outbox is left to the app of the harness. */
export type Process = AsyncDisposable & {
	port: number;
	/** All that it said, on standard output and standard error. */
	log: () => string;
};

/**
 * Starts another process on the database of an app.
 *
 * @param environment settings over those of the app, its keys among them
 */
export async function startProcess(
	{ main }: Build,
	app: App,
	environment: Record<string, string>,
): Promise<Process> {
	const port = await freePort();
	const said: Buffer[] = [];
	const child = spawn(process.execPath, [main, "serve", "--no-worker"], {
		env: {
			PATH: process.env.PATH,
			DATABASE_URL: app.database.url,
			SMTP_URL: app.inbox.server.url,
			PORT: String(port),
			VESTIBULE_URL: app.url.origin,
			VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
			VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
			VESTIBULE_TRUSTED_PROXIES: "127.0.0.1",
			VESTIBULE_LOG_LEVEL: "error",
			...environment,
		},
		stdio: ["ignore", "pipe", "pipe"],
	});
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
	const log = () => Buffer.concat(said).toString();
	const ended = new Promise<void>((done) => child.on("exit", () => done()));
	await answers(port, child, log);
	return {
		port,
		log,
		async [Symbol.asyncDispose]() {
			child.kill("SIGTERM");
			await ended;
		},
	};
}

/** The same site as the app's, reached through another of its processes. */
export function throughProcess(app: App, { port }: Process): App {
	return { ...app, port };
}

async function answers(port: number, child: ChildProcess, log: () => string): Promise<void> {
	for (let tries = 0; tries < 600; tries++) {
		if (child.exitCode !== null) break;
		const answer = await fetch(`http://127.0.0.1:${port}/sign-in`).catch(() => undefined);
		if (answer?.ok) return;
		await wait(100);
	}
	child.kill("SIGKILL");
	throw new Error(`The process did not start: ${log()}`);
}
