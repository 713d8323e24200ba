import { get } from "node:http";
import { brotliDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";

/** What comes with the first ten packets of a new connection (RFC 6928). */
const FIRST_FLIGHT_BYTES = 14 * 1024;

test("the Sign in page and its stylesheet come in one go, as they are sent, headers and all", async () => {
	await using app = await startApp();
	const page = await arrived(app, paths.signIn, "br");
	const stylesheet = /<link rel="stylesheet" href="([^"]+)"/.exec(page.body.toString())?.[1] ?? "";
	const sent = await arrived(app, stylesheet, "br");
	expect(page.bytes + sent.bytes).toBeLessThanOrEqual(FIRST_FLIGHT_BYTES);
	expect(brotliDecompressSync(sent.body)).toEqual((await arrived(app, stylesheet, "identity")).body);
});

/** One answer, and how many bytes of it came over the wire. */
function arrived(app: App, path: string, encoding: string): Promise<{ bytes: number; body: Buffer }> {
	const options = {
		port: app.port,
		host: "127.0.0.1",
		path,
		headers: { "accept-encoding": encoding },
		agent: false,
	};
	return new Promise((resolve, reject) => {
		get(options, (answer) => {
			const chunks: Buffer[] = [];
			answer.on("data", (chunk: Buffer) => chunks.push(chunk));
			answer.on("end", () => resolve({ bytes: answer.socket.bytesRead, body: Buffer.concat(chunks) }));
		}).on("error", reject);
	});
}
