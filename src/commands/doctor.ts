import { parseArgs } from "node:util";
import { textProviders } from "../app.ts";
import { type Clock, systemClock } from "../clock.ts";
import { type Config, ConfigError, readConfig } from "../config.ts";
import type { Db } from "../db/connect.ts";
import { readNumber } from "../text-message/number.rule.ts";
import { checkActivity } from "./doctor/activity.ts";
import { checkClinics } from "./doctor/clinics.ts";
import { checkClock } from "./doctor/clock.ts";
import { checkPrivacy, openForLooking } from "./doctor/database.ts";
import { checkDeadMessages } from "./doctor/dead-messages.ts";
import { type Finding, fine, wrong } from "./doctor/finding.ts";
import { checkKeys } from "./doctor/keys.ts";
import { checkMail, checkOutbox, sendTestEmail } from "./doctor/mail.ts";
import { checkProxies } from "./doctor/proxies.ts";
import { testText } from "./doctor/text.ts";
import { checkTextLimits } from "./doctor/text-limits.ts";

const HELP = `vestibule doctor [--email EMAIL] [--text NUMBER]
  Looks whether everything is as it must be, and says what is wrong and what to do. It changes nothing.
  --email    also sends a test email there
  --text     also sends a test text message there, by each provider; with the country code, as +16045550100
  Exit code: 0 all is well, 1 something is wrong.`;

export async function doctor(args: string[]): Promise<number> {
	const { values } = parseArgs({
		args,
		options: {
			email: { type: "string" },
			text: { type: "string" },
			help: { type: "boolean", default: false },
		},
	});
	if (values.help) {
		console.log(HELP);
		return 0;
	}
	let wrongs = 0;
	for await (const { kind, sentence } of examine(values.email, values.text)) {
		console.log(`${kind.padEnd(6)}${sentence.replaceAll("\n", `\n${" ".repeat(6)}`)}`);
		if (kind === "wrong") wrongs++;
	}
	console.log(wrongs === 0 ? "\nAll is well." : `\nTo be mended: ${wrongs}.`);
	return wrongs === 0 ? 0 : 1;
}

async function* examine(email: string | undefined, text: string | undefined): AsyncGenerator<Finding> {
	const config = configOrFinding();
	if ("sentence" in config) return yield config;
	yield fine(`The configuration can be read, for ${config.url.origin}.`);
	yield checkProxies(config);
	const now = systemClock();
	const { db, finding } = await openForLooking(config.databaseUrl);
	yield finding;
	yield* checkPrivacy(config);
	if (db) {
		yield* await checkKeys(db, config);
		yield await checkClinics(db, config);
		yield* await checkOutbox(db, config, now);
		yield* checkDeadMessages(db, now);
		yield* checkTextLimits(db, config, now);
		yield* checkActivity(db, config, now);
		if (text !== undefined) yield* await testTextTo(text, { config, db, clock: systemClock });
	}
	yield await checkClock(db, now);
	await db?.destroy();
	yield await checkMail(config);
	if (email !== undefined) yield await sendTestEmail(config, email, now);
}

async function testTextTo(
	text: string,
	outside: { config: Config; db: Db; clock: Clock },
): Promise<Finding[]> {
	const number = text.startsWith("+") ? readNumber(text, "CA") : undefined;
	if (number?.kind !== "number") {
		return [wrong("--text must be: a mobile number with its country code, as +16045550100")];
	}
	return testText(outside.config, textProviders(outside), number.e164, outside.clock());
}

function configOrFinding(): Config | Finding {
	try {
		return readConfig(process.env);
	} catch (error) {
		if (error instanceof ConfigError) return wrong(error.message);
		throw error;
	}
}
