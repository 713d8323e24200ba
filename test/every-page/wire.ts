import { connect } from "node:net";
import fc from "fast-check";
import type { Answer } from "./decent-answer.ts";
import type { Sent } from "./make-request.ts";

/** How a request is written badly. `silent` ones never end: there is nothing to answer. */
export type Scribble = { name: string; isSilent: boolean; write: (request: Sent) => Buffer };

const CRLF = "\r\n";
const bytes = (text: string, body?: Buffer) =>
	Buffer.concat([Buffer.from(text, "latin1"), body ?? Buffer.alloc(0)]);

/** A request as it should be, to be spoilt in one place. */
function written(
	{ method, target, headers, body }: Sent,
	{ version = "HTTP/1.1", extra = [] as string[], length = String(body?.length ?? 0), end = CRLF } = {},
): Buffer {
	const named = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
	const lines = [`${method} ${target} ${version}`, ...named, "connection: close", ...extra];
	if (length !== "") lines.push(`content-length: ${length}`);
	return bytes(lines.join(end) + end + end, body);
}

const with_ = (name: string, write: Scribble["write"]): Scribble => ({ name, isSilent: false, write });
const silent = (name: string, write: Scribble["write"]): Scribble => ({ name, isSilent: true, write });
const chunked = (sent: Sent, chunks: string) => {
	const head = written({ ...sent, body: undefined }, { length: "", extra: ["transfer-encoding: chunked"] });
	return Buffer.concat([head, bytes(chunks)]);
};

export const scribbles: Scribble[] = [
	with_("as it should be", (sent) => written(sent)),
	with_("in HTTP/1.0", (sent) => written(sent, { version: "HTTP/1.0" })),
	with_("in a version that is none", (sent) => written(sent, { version: "HTTP/9.9" })),
	with_("with bare line feeds", (sent) => written(sent, { end: "\n" })),
	with_("without a host", ({ headers: { host, ...headers }, ...sent }) => written({ ...sent, headers })),
	with_("with two hosts", (sent) => written(sent, { extra: ["host: evil.example"] })),
	with_("with the whole address", (sent) =>
		written({ ...sent, target: `http://evil.example${sent.target}` }),
	),
	with_("to nothing but a star", (sent) => written({ ...sent, target: "*" })),
	with_("to an authority", (sent) => written({ ...sent, method: "CONNECT", target: "evil.example:443" })),
	with_("to bytes above ASCII", (sent) => written({ ...sent, target: `${sent.target}/\xe9\xff` })),
	with_("to two slashes", (sent) => written({ ...sent, target: `//evil.example${sent.target}` })),
	with_("with a method of its own", (sent) => written({ ...sent, method: "FROBNICATE" })),
	with_("with a NUL in a header", (sent) => written(sent, { extra: ["x-a: \0"] })),
	with_("with a folded header", (sent) => written(sent, { extra: ["x-a: 1\r\n 2"] })),
	with_("with a header without a name", (sent) => written(sent, { extra: [": x"] })),
	with_("with a giant header", (sent) => written(sent, { extra: [`x-a: ${"a".repeat(40_000)}`] })),
	with_("with thousands of headers", (sent) => written(sent, { extra: Array(3_000).fill("a: b") })),
	with_("with a giant cookie", (sent) => written(sent, { extra: [`cookie: ${"a=b; ".repeat(2_000)}`] })),
	with_("to a giant address", (sent) => written({ ...sent, target: `${sent.target}?${"a".repeat(30_000)}` })),
	with_("with a length below nothing", (sent) => written(sent, { length: "-1" })),
	with_("with a length that is none", (sent) => written(sent, { length: "many" })),
	with_("with two lengths", (sent) => written(sent, { extra: ["content-length: 3"] })),
	with_("with a length and in chunks", (sent) => written(sent, { extra: ["transfer-encoding: chunked"] })),
	with_("in chunks", (sent) => chunked(sent, `4${CRLF}a=b&${CRLF}3${CRLF}c=d${CRLF}0${CRLF}${CRLF}`)),
	with_("in chunks that lie", (sent) => chunked(sent, `zz${CRLF}a${CRLF}`)),
	with_("expecting something else", (sent) => written(sent, { extra: ["expect: the unexpected"] })),
	with_("asking to go on as something else", (sent) =>
		written(sent, { extra: ["connection: upgrade", "upgrade: websocket"] }),
	),
	with_("twice in one go", (sent) => Buffer.concat([written(sent), written(sent)])),
	with_("as a handshake of TLS", () =>
		Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03]),
	),
	with_("as bytes of nothing", () => bytes("\0\xff\x01\r\n\r\n")),
	silent("with less than it promised", (sent) => written(sent, { length: "50000" })),
	silent("without its last lines", (sent) => written(sent).subarray(0, 40)),
	silent("as nothing", () => Buffer.alloc(0)),
];

export const scribble = fc.constantFrom(...scribbles);

/** Nobody waits longer for an answer. */
const LONGEST_ANSWER_MS = 30_000;
/** How long somebody who sent less than they promised stays. */
const STAYS_MS = 50;

/**
 * Writes bytes to the app as they are, and reads until it closes.
 *
 * @returns undefined where the connection was closed without a word
 * @throws Error where nothing came and it stayed open
 */
export function overTheWire(port: number, sent: Buffer, { isSilent }: Scribble): Promise<Answer | undefined> {
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		const socket = connect(port, "127.0.0.1", () => {
			socket.write(sent);
			if (isSilent) setTimeout(() => socket.destroy(), STAYS_MS);
		});
		socket.setTimeout(LONGEST_ANSWER_MS, () => {
			socket.destroy();
			reject(new Error(`No answer to ${sent.toString("latin1").slice(0, 500)}`));
		});
		socket.on("data", (data) => chunks.push(data));
		// The app may close while this is still writing.
		socket.on("error", () => {});
		socket.on("close", () => resolve(readAnswer(Buffer.concat(chunks).toString("latin1"))));
	});
}

function readAnswer(text: string): Answer | undefined {
	const [head = "", ...body] = text.split(CRLF + CRLF);
	const [first = "", ...lines] = head.split(CRLF);
	const status = /^HTTP\/1\.1 (\d{3})/.exec(first)?.[1];
	if (status === undefined) return undefined;
	const headers = Object.fromEntries(
		lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)]),
	);
	return { status: Number(status), headers, body: body.join(CRLF + CRLF) };
}
