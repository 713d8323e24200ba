import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { SMTPConnection } from "smtp-server/lib/smtp-connection.js";
import { type ReadEmail, readEmail } from "./read-email.ts";

/** An email as a mail server received it. */
export type ReceivedMail = ReadEmail & {
	/** The envelope's recipients, as they were named. */
	to: string[];
};

/** What the server says to a recipient or to a message: nothing to accept it, or an SMTP answer. */
export type SmtpAnswer = { code: number; text: string } | undefined;

export type MailServer = AsyncDisposable & {
	/** As `SMTP_URL` has it. */
	url: string;
	port: number;
	received: ReceivedMail[];
	/** How often a recipient was named to it. */
	attempts: () => number;
	answerRecipient: (answer: SmtpAnswer) => void;
	answerMessage: (answer: SmtpAnswer) => void;
	answerLogin: (answer: SmtpAnswer) => void;
};

/** A real mail server on a loopback port that keeps what it receives and answers as a test wants. */
export async function startMailServer({ port = 0, offersTls = false } = {}): Promise<MailServer> {
	const received: ReceivedMail[] = [];
	let attempts = 0;
	let toRecipient: SmtpAnswer;
	let toMessage: SmtpAnswer;
	let toLogin: SmtpAnswer;
	const server = new PromptServer({
		authOptional: true,
		disableReverseLookup: true,
		allowInsecureAuth: true,
		hideSTARTTLS: !offersTls,
		onAuth: (_login, _session, done) => done(refusal(toLogin), toLogin ? undefined : { user: "vestibule" }),
		onRcptTo(_address, _session, done) {
			attempts++;
			done(refusal(toRecipient));
		},
		onData(stream, session, done) {
			const chunks: Buffer[] = [];
			stream.on("data", (chunk: Buffer) => chunks.push(chunk));
			stream.on("end", () => {
				const error = refusal(toMessage);
				const to = session.envelope.rcptTo.map(({ address }) => address);
				if (!error) received.push({ ...readEmail(Buffer.concat(chunks).toString("latin1")), to });
				done(error);
			});
		},
	});
	// A client that drops its connection is its own business.
	server.on("error", () => {});
	await new Promise<void>((resolve) => {
		server.listen(port, "127.0.0.1", resolve);
	});
	const { port: actualPort } = server.server.address() as AddressInfo;
	return {
		url: `smtp://127.0.0.1:${actualPort}`,
		port: actualPort,
		received,
		attempts: () => attempts,
		answerRecipient: (answer) => {
			toRecipient = answer;
		},
		answerMessage: (answer) => {
			toMessage = answer;
		},
		answerLogin: (answer) => {
			toLogin = answer;
		},
		[Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
	};
}

/** Greets at once: smtp-server waits a tenth of a second for who talks too early, at every connection of every test. */
class PromptServer extends SMTPServer {
	override connect(...[socket, options]: Parameters<SMTPServer["connect"]>): void {
		const connection = new PromptConnection(this, socket, options);
		this.connections.add(connection);
		// A client that drops its connection is its own business.
		connection.on("error", () => {});
		connection.init();
	}
}

class PromptConnection extends SMTPConnection {
	override init(): void {
		this._setListeners(() => this.connectionReady());
	}
}

function refusal(answer: SmtpAnswer): Error | null {
	return answer ? Object.assign(new Error(answer.text), { responseCode: answer.code }) : null;
}
