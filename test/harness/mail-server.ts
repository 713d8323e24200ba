import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** An email as a real mail server received it. */
export type ReceivedMail = {
	/** The envelope's recipients. */
	to: string[];
	/** As it came over the wire. */
	raw: string;
	header: (name: string) => string | undefined;
	/** The plain-text part, decoded. */
	text: string;
	/** The HTML part, decoded. */
	html: string;
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

/** A real mail server on a loopback port that keeps what it receives. */
export async function startMailServer({ port = 0, offersTls = false } = {}): Promise<MailServer> {
	const received: ReceivedMail[] = [];
	let attempts = 0;
	let toRecipient: SmtpAnswer;
	let toMessage: SmtpAnswer;
	let toLogin: SmtpAnswer;
	const server = new SMTPServer({
		authOptional: true,
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
				if (!error) received.push(readMail(Buffer.concat(chunks).toString("latin1"), to));
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

function refusal(answer: SmtpAnswer): Error | null {
	return answer ? Object.assign(new Error(answer.text), { responseCode: answer.code }) : null;
}

function readMail(raw: string, to: string[]): ReceivedMail {
	const [head = "", body = ""] = split(raw);
	const boundary = /boundary="([^"]+)"/.exec(head)?.[1] ?? "";
	const parts = body.split(`--${boundary}`).map((part) => split(part.replace(/^\r\n/, "")));
	const part = (type: string) => {
		const [partHead = "", content = ""] = parts.find(([theHead]) => theHead?.includes(type)) ?? [];
		const encoding = headerIn(partHead, "Content-Transfer-Encoding") ?? "7bit";
		return decode(content, encoding).replaceAll("\r\n", "\n");
	};
	return {
		to,
		raw,
		header: (name) => headerIn(head, name),
		text: part("text/plain"),
		html: part("text/html"),
	};
}

function split(entity: string): string[] {
	const end = entity.indexOf("\r\n\r\n");
	return [entity.slice(0, end), entity.slice(end + 4)];
}

/** A header with its folded lines joined and its encoded words (RFC 2047) read. */
function headerIn(head: string, name: string): string | undefined {
	const unfolded = head.replaceAll(/\r\n[ \t]+/g, " ");
	const value = new RegExp(`^${name}: (.*)$`, "im").exec(unfolded)?.[1];
	return value
		?.replaceAll(/\?= =\?/g, "?==?")
		.replaceAll(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
			decode(text.replaceAll("_", " "), kind.toUpperCase() === "B" ? "base64" : "quoted-printable"),
		);
}

function decode(text: string, encoding: string): string {
	if (encoding === "base64") return Buffer.from(text, "base64").toString("utf8");
	if (encoding !== "quoted-printable") return text;
	const bytes = text
		.replaceAll(/=\r\n/g, "")
		.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
	return Buffer.from(bytes, "latin1").toString("utf8");
}
