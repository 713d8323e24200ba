import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "../harness/app.ts";
import { axeSource } from "../harness/chromium.ts";
import type { Page } from "../harness/page.ts";

export type Shown = AsyncDisposable & {
	origin: string;
	/** Where axe is, as a script that a page's own policy lets in. */
	axe: string;
};

const KEPT = { "content-type": "text/javascript", "cache-control": "max-age=3600, immutable" };

/** A site whose first page is what `next` says, as it was answered once; its files are the app's, and a browser keeps them. */
export async function showAnswers(app: App, next: () => Page): Promise<Shown> {
	const server = createServer(async ({ url = "/" }, outgoing) => {
		if (url === "/") {
			const { status, headers, html } = next();
			outgoing.setHeader("content-type", "text/html; charset=utf-8");
			outgoing.setHeader("content-security-policy", String(headers["content-security-policy"]));
			// The next page has the same address, and a browser keeps a 410 for good.
			outgoing.setHeader("cache-control", "no-store");
			return outgoing.writeHead(status).end(html);
		}
		if (url === "/axe.js") return outgoing.writeHead(200, KEPT).end(axeSource);
		const { status, headers, body } = await fetch(new URL(url, app.url));
		for (const name of ["content-type", "cache-control"]) outgoing.setHeader(name, headers.get(name) ?? "");
		return outgoing.writeHead(status).end(body && Buffer.from(await new Response(body).arrayBuffer()));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return {
		origin: `http://127.0.0.1:${port}`,
		axe: "/axe.js",
		async [Symbol.asyncDispose]() {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
}
