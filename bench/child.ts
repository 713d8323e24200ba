import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A Node process of its own, so that its CPU time and memory are its alone. */
export type Child = { process: ChildProcess; pid: number; stop: () => Promise<void> };

const running = new Set<ChildProcess>();
// However the measuring ends, nothing it started goes on.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
process.on("exit", () => {
	for (const child of running) child.kill("SIGKILL");
});

/**
 * @param file from this folder, as `bare-argon2.ts`
 * @param environment all of it: nothing is inherited but the path to programs
 */
export function startChild(file: string, args: string[], environment: Record<string, string> = {}): Child {
	const path = fileURLToPath(new URL(file, import.meta.url));
	const child = spawn(process.execPath, [path, ...args], {
		env: { PATH: process.env.PATH, NODE_ENV: "production", ...environment },
		stdio: ["ignore", "ignore", "inherit", "ipc"],
	});
	running.add(child);
	const ended = once(child, "exit").then(() => running.delete(child));
	return {
		process: child,
		pid: child.pid ?? 0,
		async stop() {
			child.kill("SIGTERM");
			await ended;
		},
	};
}
