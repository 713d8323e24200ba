import { format } from "node:util";
import { vi } from "vitest";
import { run } from "../../src/commands/run.ts";

export type Ran = { exitCode: number; out: string; err: string };

/**
 * Runs a command of the program in this process, as `vestibule …` does, and takes what it prints.
 *
 * @param environment all of it: nothing of this process's own is seen
 */
export async function runCommand(environment: Record<string, string>, ...words: string[]): Promise<Ran> {
	const printed = { out: "", err: "" };
	const spies = [
		vi.spyOn(console, "log").mockImplementation((...said) => {
			printed.out += `${format(...said)}\n`;
		}),
		vi.spyOn(console, "error").mockImplementation((...said) => {
			printed.err += `${format(...said)}\n`;
		}),
		vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
			printed.out += String(chunk);
			return true;
		}),
		vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
			printed.err += String(chunk);
			return true;
		}),
	];
	const own = process.env;
	process.env = environment;
	try {
		const exitCode = await run(words);
		return { exitCode, ...printed };
	} finally {
		process.env = own;
		for (const spy of spies) spy.mockRestore();
	}
}
