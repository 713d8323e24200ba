import { setTimeout as wait } from "node:timers/promises";
import type { Child } from "./child.ts";
import { type Site, Visitor } from "./http.ts";

/** Asks again and again until a server answers. @throws Error when it ends instead */
export async function untilItAnswers(site: Site, path: string, { process }: Child): Promise<void> {
	for (;;) {
		if (process.exitCode !== null) throw new Error(`The server ended with exit code ${process.exitCode}`);
		try {
			await new Visitor(site).get(path);
			return;
		} catch {
			await wait(5);
		}
	}
}
