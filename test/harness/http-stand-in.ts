import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type StandInRequest = { method: string; url: URL; headers: IncomingHttpHeaders; body: string };
export type StandInAnswer = { status: number; body?: unknown; headers?: Record<string, string> };

export type HttpStandIn = AsyncDisposable & {
	/** `http://127.0.0.1:port`. */
	origin: string;
	/** Ends it, with every connection, as a machine that goes away. */
	stop: () => Promise<void>;
};

/** What a request gets: an answer, none for ever, or the end of its connection. */
export type StandInReaction = StandInAnswer | "hangs" | "breaks off";

/** Another service on a loopback port. */
export async function startHttpStandIn(
	answer: (request: StandInRequest) => StandInReaction | Promise<StandInReaction>,
	{ port = 0 } = {},
): Promise<HttpStandIn> {
	const server = createServer((incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
		incoming.on("end", async () => {
			const { method = "", url = "", headers } = incoming;
			const body = Buffer.concat(chunks).toString();
			const given = await answer({ method, url: new URL(url, "http://127.0.0.1"), headers, body });
			if (given === "breaks off") incoming.socket.destroy();
			else if (given !== "hangs") write(outgoing, given);
		});
	});
	await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
	const { port: actualPort } = server.address() as AddressInfo;
	const stop = () => end(server);
	return { origin: `http://127.0.0.1:${actualPort}`, stop, [Symbol.asyncDispose]: stop };
}

function write(outgoing: ServerResponse, { status, body, headers }: StandInAnswer): void {
	outgoing.writeHead(status, { "content-type": "application/json", ...headers });
	outgoing.end(body === undefined ? undefined : JSON.stringify(body));
}

function end(server: Server): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}
