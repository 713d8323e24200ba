import { SMTPServer } from "smtp-server";

export type Email = {
	/** The address that the mail server was given, in lower case. */
	to: string;
	from: string;
	subject: string;
	text: string;
	html: string;
	/** Every address in the text, in order. */
	links: string[];
	headers: Map<string, string>;
};

/** A real mail server on a loopback port, and what it took. */
export class Inbox implements AsyncDisposable {
	readonly #emails: Email[] = [];
	readonly #server: SMTPServer;
	#sendAllThatWaits: () => Promise<void> = async () => {};
	/** How many of the next messages are refused, and with what. */
	#refusals: { code: number; times: number } = { code: 0, times: 0 };

	private constructor() {
		this.#server = new SMTPServer({
			authOptional: true,
			disabledCommands: ["STARTTLS", "AUTH"],
			onData: (stream, session, done) => {
				const chunks: Buffer[] = [];
				stream.on("data", (chunk: Buffer) => chunks.push(chunk));
				stream.on("end", () => {
					if (this.#refusals.times > 0) {
						this.#refusals.times--;
						return done(
							Object.assign(new Error("Refused by the test"), { responseCode: this.#refusals.code }),
						);
					}
					const email = readEmail(Buffer.concat(chunks).toString("latin1"));
					for (const { address } of session.envelope.rcptTo) {
						this.#emails.push({ ...email, to: address.toLowerCase() });
					}
					done();
				});
			},
		});
	}

	static async open(): Promise<Inbox> {
		const inbox = new Inbox();
		await new Promise<void>((resolve) => inbox.#server.listen(0, "127.0.0.1", resolve));
		return inbox;
	}

	/** As `SMTP_URL` has it. */
	get url(): string {
		const address = this.#server.server.address();
		return `smtp://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
	}

	/** @param sendAllThatWaits ends when the app's worker has nothing left to send */
	fedBy(sendAllThatWaits: () => Promise<void>): void {
		this.#sendAllThatWaits = sendAllThatWaits;
	}

	/** Everything that has come, oldest first, also what was waiting until now. @param to to this address only */
	async all(to?: string): Promise<Email[]> {
		await this.#sendAllThatWaits();
		return this.#emails.filter((email) => to === undefined || email.to === to.toLowerCase());
	}

	/** @throws Error if nothing came to this address */
	async latest(to: string): Promise<Email> {
		const email = (await this.all(to)).at(-1);
		if (email === undefined) {
			const others = this.#emails.map(({ to: other, subject }) => `${other}: ${subject}`);
			throw new Error(`No email came to ${to}. There is: ${others.join("; ") || "nothing"}`);
		}
		return email;
	}

	/** Throws away what has come so far. */
	async clear(): Promise<void> {
		await this.#sendAllThatWaits();
		this.#emails.length = 0;
	}

	/** @param code as 451 (try again) or 550 (for good) */
	refuseNext(times: number, code: number): void {
		this.#refusals = { times, code };
	}

	[Symbol.asyncDispose](): Promise<void> {
		return new Promise((resolve) => this.#server.close(() => resolve()));
	}
}

/** Reads a message (RFC 5322, RFC 2045 to 2047) as far as the app's own go: text and HTML side by side. */
export function readEmail(raw: string): Omit<Email, "to"> {
	const { headers, body } = readPart(raw);
	const boundary = /boundary="?([^";]+)"?/.exec(headers.get("content-type") ?? "")?.[1];
	const parts = boundary === undefined ? [raw] : body.split(`--${boundary}`).slice(1, -1);
	const read = parts.map((part) => readPart(part.replace(/^\r\n/, "")));
	const content = (type: string) => read.find((part) => part.headers.get("content-type")?.startsWith(type));
	const text = content("text/plain")?.decoded() ?? "";
	return {
		headers,
		from: decodeWords(headers.get("from") ?? ""),
		subject: decodeWords(headers.get("subject") ?? ""),
		text,
		html: content("text/html")?.decoded() ?? "",
		links: text.match(/https?:\/\/[^\s<>"]+/g) ?? [],
	};
}

function readPart(raw: string) {
	const [head = "", ...rest] = raw.split("\r\n\r\n");
	const lines = head.replaceAll(/\r\n[ \t]+/g, " ").split("\r\n");
	const headers = new Map(
		lines.map((line) => {
			const [name = "", ...value] = line.split(": ");
			return [name.toLowerCase(), value.join(": ")] as const;
		}),
	);
	const body = rest.join("\r\n\r\n");
	const encoding = headers.get("content-transfer-encoding")?.toLowerCase();
	const decoded = () => {
		if (encoding === "base64") return Buffer.from(body, "base64").toString().trim();
		const plain = encoding === "quoted-printable" ? unquote(body.replaceAll(/=\r\n/g, "")) : body;
		return Buffer.from(plain, "latin1").toString().replaceAll("\r\n", "\n").trim();
	};
	return { headers, body, decoded };
}

function unquote(text: string): string {
	return text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
		String.fromCharCode(Number.parseInt(hex, 16)),
	);
}

function decodeWords(header: string): string {
	const joined = header.replaceAll(/\?=\s+=\?/g, "?==?");
	return joined.replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, encoding: string, text: string) =>
		encoding.toLowerCase() === "b"
			? Buffer.from(text, "base64").toString()
			: Buffer.from(unquote(text.replaceAll("_", " ")), "latin1").toString(),
	);
}
