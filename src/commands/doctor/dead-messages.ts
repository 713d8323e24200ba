import { eachClinic } from "../../clinics/store.ts";
import { days } from "../../clock.ts";
import type { Db } from "../../db/connect.ts";
import { type DeadMessage, listDeadMessages } from "../../delivery/store.ts";
import { maskEmail } from "../../emailed-code/masked-email.rule.ts";
import { maskNumber } from "../../text-message/number.rule.ts";
import { type Finding, note } from "./finding.ts";

const SHOWN_FOR_DAYS = 7;
/** More would hide what else is found. */
const MOST_RECIPIENTS = 5;

const WHY = {
	email: {
		expired: "no mail server took it in time",
		providers: "the mail server refused it",
		"number-cannot-receive": "the mail server refused it",
	},
	text: {
		expired: "it could not be sent before its code ended",
		providers: "no provider takes it; try: vestibule doctor --text NUMBER",
		"number-cannot-receive": "the number cannot receive text messages; ask the person about it",
	},
} as const;

/** The messages given up in the last days, clinic by clinic: how many of each kind, to whom, since when and why. */
export async function* checkDeadMessages(db: Db, now: number): AsyncGenerator<Finding> {
	for await (const { clinicId, shortName } of eachClinic(db)) {
		const dead = await listDeadMessages(db, clinicId, now - days(SHOWN_FOR_DAYS));
		const alike = Map.groupBy(dead, ({ channel, kind, why }) => `${channel} ${kind} ${why}`);
		for (const messages of alike.values()) yield note(sentenceOf(shortName, messages));
	}
}

/** @param messages of one channel, kind and reason, the latest first */
function sentenceOf(shortName: string, messages: DeadMessage[]): string {
	const [latest] = messages;
	const first = messages.at(-1);
	if (!latest || !first) return "";
	const { channel, kind, why, last_error } = latest;
	const what = channel === "email" ? "email" : "text message";
	const count = messages.length === 1 ? `1 ${what}` : `${messages.length} ${what}s`;
	const masked = channel === "email" ? maskEmail : maskNumber;
	const recipients = [...new Set(messages.map(({ recipient }) => masked(recipient)))];
	const others = recipients.length - MOST_RECIPIENTS;
	const to = `${recipients.slice(0, MOST_RECIPIENTS).join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
	const from = new Date(first.ended_at).toISOString();
	const until = messages.length === 1 ? "" : `, the last at ${new Date(latest.ended_at).toISOString()}`;
	const said = last_error === null ? "" : ` (${last_error})`;
	return `${shortName}: ${count} (${kind}) to ${to} given up since ${from}${until}: ${WHY[channel][why ?? "providers"]}${said}.`;
}
