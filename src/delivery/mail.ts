import { seconds } from "../clock.ts";
import type { Config } from "../config.ts";
import { emailHtml } from "./email-html.tsx";
import { emailText } from "./email-text.ts";
import type { Outcome, OutgoingEmail, SendEmail } from "./send.ts";

/** An attempt ends well within the worker's lease, so that no two workers send one message at once. */
const LONGEST_ATTEMPT_MS = seconds(45);

/** One address and nothing else: no second one, no name, no line break, no part of a header. */
const ONE_ADDRESS = /^[^\s\p{Cc}<>()[\]\\,;:"@]{1,64}@[^\s\p{Cc}<>()[\]\\,;:"@]{1,255}$/u;

type SmtpSender = {
	send: SendEmail;
	/** Closes the connections that are kept open. */
	close(): void;
	/** Connects and logs in, and sends nothing. @returns `sent` where a server would take an email */
	check(): Promise<Outcome>;
};

/**
 * Sends emails through the server that `SMTP_URL` names. Unless that is this very machine, its connection must be
 * encrypted; `?requireTLS=false` at the end of `SMTP_URL` is the operator's way to say otherwise.
 */
export function smtpSender(config: Pick<Config, "mailFrom" | "url">, smtpUrl: string): SmtpSender {
	let opened: ReturnType<typeof open> | undefined;
	const transport = () => {
		opened ??= open(smtpUrl);
		return opened;
	};
	return {
		async send(message) {
			if (!ONE_ADDRESS.test(message.to)) return { kind: "refused", reason: "Not an email address" };
			try {
				await (await transport()).sendMail({
					...contents(message, config),
					signal: AbortSignal.timeout(LONGEST_ATTEMPT_MS),
				});
				return { kind: "sent" };
			} catch (error) {
				return outcomeOf(error);
			}
		},
		async check() {
			try {
				await (await transport()).verify();
				return { kind: "sent" };
			} catch (error) {
				return outcomeOf(error);
			}
		},
		close: () => void opened?.then((open) => open.close()),
	};
}

/** Loads the mailer with the first email: it holds 8 MB. */
async function open(smtpUrl: string) {
	const { createTransport } = await import("nodemailer");
	const isLocal = isThisMachine(new URL(smtpUrl).hostname);
	return createTransport({
		url: smtpUrl,
		pool: true,
		maxConnections: 8,
		// The outbox tries again, and keeps count.
		maxRequeues: 0,
		idleTimeout: seconds(10),
		connectionTimeout: seconds(10),
		greetingTimeout: seconds(10),
		socketTimeout: seconds(30),
		requireTLS: !isLocal,
		// Nobody is between a machine and itself, and its own mail server seldom has a certificate that others vouch for.
		tls: { rejectUnauthorized: !isLocal },
		disableFileAccess: true,
		disableUrlAccess: true,
	});
}

/** What goes into the envelope and the headers. Every address is given as one, never as text to be taken apart. */
function contents(
	{ messageId, to, email, madeAt }: OutgoingEmail,
	{ mailFrom, url }: Pick<Config, "mailFrom" | "url">,
) {
	return {
		from: mailFrom,
		to: { name: "", address: to },
		subject: oneLine(email.subject),
		text: emailText(email),
		html: emailHtml(email),
		date: new Date(madeAt),
		// The same at every try: a mailbox can tell that a second copy is one.
		messageId: `<${messageId}@${url.hostname}>`,
		// No answers from people's out-of-office (RFC 3834, 5; the second one is Exchange's).
		headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
	};
}

function oneLine(text: string): string {
	return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

/** A server's answer as the operator may read it: its numbers only, since its text may quote the message. */
function outcomeOf(error: unknown): Outcome {
	const { code = "", command = "", responseCode, response = "" } = error as SmtpError;
	if (responseCode === undefined)
		return { kind: "failed", reason: `No answer from the mail server: ${code}` };
	const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
	const reason = ["The mail server answered", responseCode, enhanced, "to", command]
		.filter(Boolean)
		.join(" ");
	// 5yz says not to repeat it (RFC 5321, 4.2.1). Said of the login or the sender it is the operator's to mend.
	const isAboutThisMessage = command === "RCPT TO" || command === "DATA";
	return { kind: responseCode >= 500 && isAboutThisMessage ? "refused" : "failed", reason };
}

type SmtpError = { code?: string; command?: string; responseCode?: number; response?: string };

function isThisMachine(host: string): boolean {
	return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
}
