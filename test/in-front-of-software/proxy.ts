import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type ProgramName, programPath } from "../harness/find-program.ts";

export type RunningProxy = AsyncDisposable & { port: number };

/** Where a proxy is to listen, and where the two servers behind it do. */
export type Behind = { own: number; vestibule: number; software: number };

/**
 * Starts a proxy and waits until it listens.
 *
 * @param folder its own, where it may write; it goes with the proxy
 */
export async function startProxy(
	program: ProgramName,
	words: readonly string[],
	port: number,
	folder: string,
): Promise<RunningProxy> {
	const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
	const proxy = spawn(programPath(program), words, { env });
	let complaints = "";
	proxy.stderr.on("data", (chunk) => {
		complaints += chunk;
	});
	const ended = new Promise<void>((resolve) => proxy.on("close", () => resolve()));
	while (!(await listens(port))) {
		if (proxy.exitCode !== null) throw new Error(`${program} ended: ${complaints}`);
		await wait(20);
	}
	return {
		port,
		async [Symbol.asyncDispose]() {
			proxy.kill();
			await ended;
			rmSync(folder, { recursive: true });
		},
	};
}

/** A configuration of docs/proxy with what is documented there replaced by what is so here. */
export function filledIn(file: string, replaced: readonly [documented: string, here: string][]): string {
	return replaced.reduce(
		(text, [documented, here]) => {
			if (!text.includes(documented)) throw new Error(`${file} has no "${documented}"`);
			return text.replaceAll(documented, here);
		},
		readFileSync(file, "utf8"),
	);
}

function listens(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const probe = connect(port, "127.0.0.1");
		probe.on("connect", () => {
			probe.destroy();
			resolve(true);
		});
		probe.on("error", () => resolve(false));
	});
}
