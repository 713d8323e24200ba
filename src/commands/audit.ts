import { once } from "node:events";
import { parseArgs } from "node:util";
import { linkText, readLink } from "../activity/chain.ts";
import { EXPORT_FORMATS, exportActivity } from "../activity/export.ts";
import { type Broken, verifyActivity } from "../activity/verify.ts";
import { findClinic } from "../clinics/store.ts";
import type { Config } from "../config.ts";
import type { Db } from "../db/connect.ts";
import { open } from "./open.ts";
import { asksForHelp } from "./options.ts";

const AUDIT_HELP = `vestibule audit verify --clinic SHORT-NAME [--expect NUMBER:CODE]
    Checks that no event of the clinic was changed, inserted, reordered or removed, and names the first that
    was. --expect takes the latest number and code of an earlier check or export: only with it does it show
    that events were cut off at the end by somebody who could write to the database. What is older than
    VESTIBULE_ACTIVITY_YEARS was taken away, and leaves a mark: the check begins there.

vestibule audit export --clinic SHORT-NAME [--format csv|jsonl]
    Writes all events of the clinic, by number, as CSV (the default) or JSON Lines. Where earlier events were
    taken away, the first line is their mark ("not-kept"). The last line has the latest number and code.

Exit code: 0 all is as it was recorded, or exported; 1 an event is not as it was recorded, or not all could be
written; 2 the command is not as above, there is no such clinic, or what is expected is no longer kept.
`;

const OK = 0;
const BROKEN = 1;
const WRONG_USE = 2;

const sentences: Record<Broken, string> = {
	changed:
		"was changed, inserted or moved: its code does not fit it and the event before it. (It also does not fit when the key that its code names has been taken out of the key ring.)",
	removed: "was removed.",
	another: "is not the one that was expected: the events were begun again since.",
	mark: "was the last that was taken away when it was old, but the mark that says so was changed or moved, or is gone.",
	head: "does not fit the latest number and code that are kept beside the events: these were changed.",
};

type Given = {
	db: Db;
	config: Config;
	out: NodeJS.WritableStream;
	/** For what is not part of an export. */
	err?: NodeJS.WritableStream;
};

/** `vestibule audit …` */
export async function audit(args: string[]): Promise<number> {
	if (args.length === 0 || asksForHelp(args)) {
		console.log(AUDIT_HELP);
		return OK;
	}
	await using opened = await open();
	// Awaited here: the database closes when this returns.
	return await auditCommand(args, { ...opened, out: process.stdout });
}

/**
 * What it does, with the database opened.
 *
 * @param args what follows `audit`
 * @returns the exit code: 0 done and intact, 1 an event is not as it was recorded, 2 wrong use, no such clinic or no longer kept
 */
export async function auditCommand(args: string[], given: Given): Promise<number> {
	const { db, config, out, err = process.stderr } = given;
	const refuse = (sentence: string) => {
		err.write(`${sentence}\n\n${AUDIT_HELP}`);
		return WRONG_USE;
	};
	const unwritten: NodeJS.ErrnoException[] = [];
	out.on("error", (error) => unwritten.push(error));
	const asked = readArgs(args);
	if (typeof asked === "string") return refuse(asked);
	if (asked.help) {
		out.write(AUDIT_HELP);
		return OK;
	}
	const clinic = asked.clinic && (await findClinic(db, { shortName: asked.clinic }));
	if (!clinic) return refuse(asked.clinic ? `There is no clinic "${asked.clinic}"` : "--clinic is missing");

	if (asked.verb === "export") {
		const format = EXPORT_FORMATS.find((one) => one === asked.format);
		if (!format) return refuse(`--format must be ${EXPORT_FORMATS.join(" or ")}`);
		for await (const line of exportActivity(db, clinic.clinicId, format)) {
			if (!out.write(line)) await once(out, "drain").catch(() => {});
			if (unwritten.length > 0) break;
		}
		await new Promise((flushed) => out.write("", flushed));
		// Whoever reads it may have enough before the end.
		return unwritten.every(({ code }) => code === "EPIPE") ? OK : BROKEN;
	}

	const expect = asked.expect === undefined ? undefined : readLink(asked.expect);
	if (asked.expect !== undefined && !expect)
		return refuse("--expect must be NUMBER:CODE, as verify prints it");
	const found = await verifyActivity(db, config.keyring, clinic.clinicId, expect);
	if (found.kind === "broken") {
		out.write(`Event ${found.number} of ${clinic.shortName} ${sentences[found.how]}\n`);
		return BROKEN;
	}
	const kept = found.keptFrom > 1 ? ` Kept from ${found.keptFrom} on.` : "";
	const latest = found.latest ? ` Latest: ${linkText(found.latest)}` : " There is none yet.";
	out.write(`Every event of ${clinic.shortName} is as it was recorded.${kept}${latest}\n`);
	if (found.kind === "not-kept") {
		err.write(
			`What --expect names is older than what is kept: take a number from ${found.keptFrom - 1} on.\n`,
		);
		return WRONG_USE;
	}
	return OK;
}

type Asked = { help: boolean; verb: "verify" | "export"; clinic?: string; expect?: string; format: string };

/** @returns a sentence where the arguments are wrong */
function readArgs(args: string[]): Asked | string {
	try {
		const { values, positionals } = parseArgs({
			args,
			allowPositionals: true,
			options: {
				clinic: { type: "string" },
				expect: { type: "string" },
				format: { type: "string" },
				help: { type: "boolean", short: "h", default: false },
			},
		});
		const [verb, ...more] = positionals;
		const { help, clinic, expect, format } = values;
		if (help) return { help, verb: "verify", format: "csv" };
		if ((verb !== "verify" && verb !== "export") || more.length > 0)
			return "It is audit verify or audit export";
		if (verb === "verify" && format !== undefined) return "--format belongs to export";
		if (verb === "export" && expect !== undefined) return "--expect belongs to verify";
		return { help, verb, clinic, expect, format: format ?? "csv" };
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}
