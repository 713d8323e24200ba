export type ReadEmail = {
	from: string;
	subject: string;
	text: string;
	html: string;
	/** Every address in the text, in order. */
	links: string[];
	/** By their names in lower case, unfolded. */
	headers: Map<string, string>;
};

/** Reads a message (RFC 5322, RFC 2045 to 2047) as far as the app's own go: text and HTML side by side. */
export function readEmail(raw: string): ReadEmail {
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
