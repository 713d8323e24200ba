import { eachClinic } from "../../clinics/store.ts";
import type { Config } from "../../config.ts";
import type { Db } from "../../db/connect.ts";
import { type Conversion, isLow, percentUsed } from "../../text-message/conversion.rule.ts";
import { readConversion } from "../../text-message/conversion.ts";
import { findStop } from "../../text-message/message-limits.ts";
import { type Finding, fine, note, wrong } from "./finding.ts";

type Limits = Pick<Config, "textProviders" | "textCountries" | "textCeiling">;

/** Where text messages may go and how many, whether they are used, and which clinics have had all of theirs. */
export async function* checkTextLimits(db: Db, config: Limits, now: number): AsyncGenerator<Finding> {
	if (config.textProviders.length === 0) return;
	yield fine(
		`Text messages may go to ${config.textCountries.join(", ")}, at most ${config.textCeiling} a day for one clinic.`,
	);
	for (const conversion of await readConversion(db, now)) yield findingOf(conversion);
	for await (const { clinicId, shortName } of eachClinic(db)) {
		const stop = await findStop(db, clinicId, now);
		if (stop === "ceiling") {
			yield note(
				`In the last day ${shortName} reached VESTIBULE_SMS_CLINIC_CEILING, so nobody there got a text message any more. Raise it if these were wanted.`,
			);
		}
		if (stop === "clinic") {
			yield note(
				`In the last day ${shortName} had so many unused text messages that browsers not known there got no more.`,
			);
		}
	}
}

function findingOf(conversion: Conversion): Finding {
	const { country, sent, used } = conversion;
	const share = `Of ${sent} codes texted to ${country} in the last day, ${used} were used (${percentUsed(conversion)} %).`;
	return isLow(conversion)
		? wrong(
				`${share} Somebody may be making you pay for messages. If nobody of your clinics is there, take ${country} out of VESTIBULE_SMS_COUNTRIES.`,
			)
		: fine(share);
}
