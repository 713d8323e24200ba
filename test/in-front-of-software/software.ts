import { createServer, type IncomingHttpHeaders } from "node:http";

/** What the software was asked. */
export type Asked = { method: string; path: string; headers: IncomingHttpHeaders };

export type Software = AsyncDisposable & {
	port: number;
	/** Everything it was ever asked. */
	asked: Asked[];
};

/** The clinic's software: it knows nothing of signing in, and answers with what it was asked, as JSON. */
export async function startSoftware(): Promise<Software> {
	const asked: Asked[] = [];
	const server = createServer((request, response) => {
		const { method = "", url: path = "", headers } = request;
		asked.push({ method, path, headers });
		response.setHeader("content-type", "application/json").end(JSON.stringify(asked.at(-1)));
	});
	await new Promise<void>((resolve) => {
		server.listen(0, "127.0.0.1", resolve);
	});
	const address = server.address();
	return {
		port: typeof address === "object" && address ? address.port : 0,
		asked,
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
