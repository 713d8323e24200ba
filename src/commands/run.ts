import { ConfigError } from "../config.ts";

/** A command: its arguments without its name; answers the exit code. */
export type Command = (args: string[]) => Promise<number>;

const commands: Record<string, { does: string; load: () => Promise<Command> }> = {
	serve: {
		does: "answer requests, and send what waits in the outbox",
		load: async () => (await import("./serve.ts")).serve,
	},
	migrate: {
		does: "bring the database up to this version",
		load: async () => (await import("./migrate.ts")).migrateCommand,
	},
};

/** Runs the command that the arguments name. @returns the exit code: 0 done, 1 not done, 2 not understood */
export async function run([name, ...args]: string[]): Promise<number> {
	const command =
		name === undefined ? undefined : Object.entries(commands).find(([known]) => known === name)?.[1];
	if (!command) {
		const isAsked = name === undefined || name === "--help" || name === "help";
		(isAsked ? console.log : console.error)(usage(isAsked ? undefined : name));
		return isAsked ? 0 : 2;
	}
	try {
		return await (await command.load())(args);
	} catch (error) {
		if (!(error instanceof ConfigError) && !isArgumentError(error)) throw error;
		console.error(error.message);
		return 2;
	}
}

function usage(unknown: string | undefined): string {
	const list = Object.entries(commands).map(([name, { does }]) => `  ${name.padEnd(9)}${does}`);
	const first = unknown === undefined ? [] : [`There is no command "${unknown}".`, ""];
	return [...first, "vestibule <command> [--help]", "", ...list].join("\n");
}

function isArgumentError(error: unknown): error is Error {
	return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
