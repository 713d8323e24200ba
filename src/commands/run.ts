import { ConfigError } from "../config.ts";
import { isDatabaseLost } from "../db/transaction.ts";
import { CommandError } from "./options.ts";

/** A command: its arguments without its name; answers the exit code. */
type Command = (args: string[]) => Promise<number>;

const commands: Record<string, { does: string; load: () => Promise<Command> }> = {
	serve: {
		does: "answer requests, and do the work of `vestibule work` as well",
		load: async () => (await import("./serve.ts")).serve,
	},
	work: {
		does: "send what waits in the outbox, and forget what is over",
		load: async () => (await import("./work.ts")).work,
	},
	migrate: {
		does: "bring the database up to this version",
		load: async () => (await import("./migrate.ts")).migrateCommand,
	},
	clinic: {
		does: "make a clinic with its first Full Access user",
		load: async () => (await import("./clinic.ts")).clinicCommand,
	},
	staff: {
		does: "invite, deactivate and reactivate staff",
		load: async () => (await import("./staff.ts")).staffCommand,
	},
	support: {
		does: "the last resort: turn off somebody's 2-Step Verification, or clear their waits",
		load: async () => (await import("./support.ts")).supportCommand,
	},
	audit: {
		does: "verify and export a clinic's activity",
		load: async () => (await import("./audit.ts")).audit,
	},
	keys: {
		does: "make a key, and seal everything under a new one",
		load: async () => (await import("./keys.ts")).keysCommand,
	},
	doctor: {
		does: "say what is wrong with this installation and what to do",
		load: async () => (await import("./doctor.ts")).doctor,
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
		if (isDatabaseLost(error)) {
			console.error(
				`The database of DATABASE_URL cannot be used (${textOf(error)}). See what is wrong with: vestibule doctor`,
			);
			return 1;
		}
		if (!isForTheOperator(error)) throw error;
		console.error(error.message);
		return error instanceof ConfigError ? 1 : 2;
	}
}

function usage(unknown: string | undefined): string {
	const list = Object.entries(commands).map(([name, { does }]) => `  ${name.padEnd(9)}${does}`);
	const first = unknown === undefined ? [] : [`There is no command "${unknown}".`, ""];
	return [...first, "vestibule <command> [--help]", "", ...list].join("\n");
}

function textOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function isForTheOperator(error: unknown): error is Error {
	if (error instanceof ConfigError || error instanceof CommandError) return true;
	return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
