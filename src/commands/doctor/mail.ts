import { minutes } from "../../clock.ts";
import type { Config } from "../../config.ts";
import { findNextDueAt } from "../../db/across-clinics.ts";
import type { Db } from "../../db/connect.ts";
import { newId } from "../../db/ids.ts";
import { smtpSender } from "../../delivery/mail.ts";
import { wordsFor } from "../../words/words.ts";
import { type Finding, fine, wrong } from "./finding.ts";

/** A worker looks twice a second: what has been due for so long is sent by none. */
const LONG_DUE_MS = minutes(5);

/** Whether the mail server takes a connection and the login, without sending anything. */
export async function checkMail(config: Config): Promise<Finding> {
	if (config.smtpUrl === undefined) {
		return wrong(
			"No SMTP_URL is set, so every email waits: forgotten passwords, invitations, warnings. Set it, as smtp://user:password@mail.clinic.example:587",
		);
	}
	const sender = smtpSender(config, config.smtpUrl);
	const outcome = await sender.check();
	sender.close();
	return outcome.kind === "sent"
		? fine("The mail server answers.")
		: wrong(`The mail server cannot be used: ${outcome.reason}. Check SMTP_URL.`);
}

/** Whether somebody sends what waits. */
export async function checkOutbox(db: Db, { textProviders }: Config, now: number): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const channel of ["email", "text"] as const) {
		const dueAt = await findNextDueAt(db, channel);
		if (dueAt === undefined || dueAt > now - LONG_DUE_MS) continue;
		if (channel === "text" && textProviders.length === 0) continue;
		const what = channel === "email" ? "Emails" : "Text messages";
		const needs = channel === "email" ? "SMTP_URL" : "VESTIBULE_SMS_PROVIDERS";
		const since = new Date(dueAt).toISOString();
		findings.push(
			wrong(
				`${what} have been due since ${since} and nobody sends them. Is \`vestibule serve\` or \`vestibule work\` running, with ${needs}?`,
			),
		);
	}
	return findings;
}

/** Sends one email at once, past the outbox. */
export async function sendTestEmail(config: Config, to: string, now: number): Promise<Finding> {
	if (config.smtpUrl === undefined) return wrong("No test email was sent, since no SMTP_URL is set.");
	const sender = smtpSender(config, config.smtpUrl);
	const outcome = await sender.send({
		clinicId: "",
		messageId: newId(now),
		kind: "test",
		to,
		email: wordsFor(undefined).emails.test(config.url.origin),
		madeAt: now,
	});
	sender.close();
	return outcome.kind === "sent"
		? fine(`The mail server took the test email to ${to}. Look whether it arrives, and not as spam.`)
		: wrong(`The test email to ${to} was not sent: ${outcome.reason}.`);
}
