import { parseArgs } from "node:util";
import { systemClock } from "../clock.ts";
import { readConfig } from "../config.ts";
import { addKeyInFront, newKey } from "../keys/new-key.ts";
import { sealAnew } from "../keys/seal-anew.ts";
import { open } from "./open.ts";
import { asksForHelp, CommandError } from "./options.ts";
import { refuse } from "./who.ts";

const HELP = `vestibule keys new
  Prints a fresh key, for a new VESTIBULE_KEYS_FILE or VESTIBULE_KEYS. Keep it as safe as the patient records.
vestibule keys rotate
  Puts a new key in front of those in VESTIBULE_KEYS_FILE, and seals everything anew under it. Earlier keys stay
  in the file: the activity log needs them. Processes that run take the new key by themselves.
vestibule keys rotate --only-seal
  Adds no key, and seals everything anew under the first one: after a key was put in front by hand, or to finish
  a rotation that was ended.`;

export async function keysCommand([action, ...args]: string[]): Promise<number> {
	if (action === undefined || asksForHelp([action, ...args])) {
		console.log(HELP);
		return 0;
	}
	switch (action) {
		case "new":
			parseArgs({ args });
			console.log(newKey(systemClock()));
			return 0;
		case "rotate":
			return rotate(args);
		default:
			throw new CommandError(`There is no "vestibule keys ${action}".\n\n${HELP}`);
	}
}

async function rotate(args: string[]): Promise<number> {
	const { values } = parseArgs({ args, options: { "only-seal": { type: "boolean", default: false } } });
	if (!values["only-seal"]) {
		const { keysFile } = readConfig(process.env);
		if (keysFile === undefined) return sayHow();
		try {
			addKeyInFront(keysFile, newKey(systemClock()));
		} catch (error) {
			return refuse(notReplaced(keysFile, error));
		}
	}
	// Read again: the new key is the first now.
	await using opened = await open();
	const { keyring } = opened.config;
	console.log(`The first key of the ring is ${keyring.currentId}. Sealing everything under it …`);
	const { rows, unopened } = await sealAnew(opened);
	console.log(`Sealed anew: ${rows}. Keep the earlier keys in the ring: the activity log needs them.`);
	console.log("Back up the key ring now: without it no authenticator app works.");
	if (unopened === 0) return 0;
	console.error(
		`Left as they are, since no key in the ring opens them: ${unopened}. Is a key missing? Put it back behind the others, and run: vestibule keys rotate --only-seal`,
	);
	return 1;
}

function notReplaced(keysFile: string, error: unknown): string {
	const why = error instanceof Error ? error.message : String(error);
	return `The key ring ${keysFile} could not be replaced (${why}). The command writes the new one beside it and puts it in its place: let it write in that folder, and run it again.`;
}

/** A command cannot change the environment of a process. */
function sayHow(): number {
	console.error(
		[
			"The keys are in VESTIBULE_KEYS, which this command cannot change. Put this key in front of them,",
			"with a comma after it, restart every process of Vestibule, and then run",
			"vestibule keys rotate --only-seal",
			"",
			newKey(systemClock()),
		].join("\n"),
	);
	return 1;
}
