import { parseArgs } from "node:util";
import { z } from "zod";

/** A command that does not do as it was called: a sentence or more for the operator. */
export class CommandError extends Error {
	override name = "CommandError";
}

/**
 * Reads the options of a command, each `--name value`.
 *
 * @param command as it is called, as `clinic create`
 * @param fields the option's name without its dashes → what it must be; the message completes "--name must be …"
 * @throws CommandError naming every option that is missing or wrong
 */
export function readOptions<Fields extends z.ZodRawShape>(
	command: string,
	args: string[],
	fields: Fields,
): z.infer<z.ZodObject<Fields>> {
	const options = Object.fromEntries(Object.keys(fields).map((name) => [name, { type: "string" as const }]));
	const { values } = parseArgs({ args, options });
	const parsed = z.object(fields).safeParse(values);
	if (parsed.success) return parsed.data;

	const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
	const missing = names.filter((name) => values[name] === undefined).map((name) => `--${name}`);
	const wrong = parsed.error.issues.filter((issue) => values[String(issue.path[0])] !== undefined);
	throw new CommandError(
		[
			...(missing.length > 0 ? [`vestibule ${command} needs ${listed(missing)}.`] : []),
			...wrong.map((issue) => `--${String(issue.path[0])} must be ${issue.message}.`),
		].join("\n"),
	);
}

/** Whether help is all that is asked for. */
export function asksForHelp(args: readonly string[]): boolean {
	return args[0] === "help" || args.includes("--help");
}

function listed(names: string[]): string {
	return [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");
}
