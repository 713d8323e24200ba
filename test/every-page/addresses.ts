import { fileAddress } from "../../src/web/files.ts";
import type { App } from "../harness/app.ts";
import type { Everybody } from "./states.ts";

/** What stands for the named parts of an address. */
function partsOf({ passwordLink, colleagueId }: Everybody): Record<string, string> {
	const [version = "", name = ""] = fileAddress("style.css").split("/").slice(-2);
	const receipt = { provider: "http", clinicId: "no-clinic", messageId: "no-message" };
	return {
		token: passwordLink.split("/").at(-1) ?? "",
		kind: "authenticator-app",
		profileId: colleagueId,
		version,
		name,
		...receipt,
	};
}

/** An address that leads to a route. @throws Error for a part that nothing is known to stand for */
export function addressOf(pattern: string, everybody: Everybody): string {
	const parts = partsOf(everybody);
	return pattern.replaceAll(/:([a-z]+)/gi, (_, name: string) => {
		const part = parts[name];
		if (part === undefined) throw new Error(`Say in addresses.ts what stands for :${name} of ${pattern}`);
		return part;
	});
}

/** An address of every route that takes this method. */
export function addressesFor(method: "GET" | "POST", app: App, everybody: Everybody): string[] {
	return app.routes
		.filter((route) => route.method === method)
		.map(({ pattern }) => addressOf(pattern, everybody));
}
