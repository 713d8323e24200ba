import { paths } from "../../src/paths.ts";
import { fileAddress } from "../../src/web/files.ts";
import type { App } from "../harness/app.ts";
import type { Everybody } from "./states.ts";

/** What stands for the named parts of an address. */
function partsOf(pattern: string, everybody: Everybody): Record<string, string> {
	const [version = "", name = ""] = fileAddress("style.css").split("/").slice(-2);
	const receipt = { provider: "http", clinicId: "no-clinic", messageId: "no-message" };
	return {
		token: linkAt(pattern, everybody).split("/").at(-1) ?? "",
		kind: "authenticator-app",
		profileId: colleagueAt(pattern, everybody),
		version,
		name,
		...receipt,
	};
}

/** Whose profile it is to which there is something to do. */
function colleagueAt(pattern: string, { colleagueId, deactivatedId, newEmailWaitsId }: Everybody): string {
	if (pattern === paths.reactivateColleague.pattern) return deactivatedId;
	return pattern === paths.cancelColleaguesEmailChange.pattern ? newEmailWaitsId : colleagueId;
}

/** Whose token it is that a link there ends in. */
function linkAt(pattern: string, { passwordLink, confirmEmailLink, notMeLink }: Everybody): string {
	if (pattern === paths.confirmEmail.pattern) return confirmEmailLink;
	return pattern === paths.notMe.pattern ? notMeLink : passwordLink;
}

/** An address that leads to a route. @throws Error for a part that nothing is known to stand for */
export function addressOf(pattern: string, everybody: Everybody): string {
	const parts = partsOf(pattern, everybody);
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
