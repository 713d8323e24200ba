import { createServer } from "node:net";

/** Below those that the system gives to whoever asks for any, and to what connects from here. */
const LOWEST = 20_000;
const EACH_PROCESS = 100;
const PROCESSES = 120;

let taken = 0;

/** A loopback port that nothing listens on: of a row of this process's own, so that no other one takes it meanwhile. */
export async function freePort(): Promise<number> {
	for (let tries = 0; tries < EACH_PROCESS; tries++) {
		const port = LOWEST + (process.pid % PROCESSES) * EACH_PROCESS + (taken++ % EACH_PROCESS);
		if (await isFree(port)) return port;
	}
	throw new Error("Every port of this process is taken");
}

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const probe = createServer().on("error", () => resolve(false));
		probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
	});
}
