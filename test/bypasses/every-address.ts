import { PlainToken } from "../../src/crypto/tokens.ts";
import { paths } from "../../src/paths.ts";
import type { App } from "../harness/app.ts";
import type { Browser, Reply } from "../harness/browser.ts";

/** One request that a browser can make: a method and an address that leads to a route of the running app. */
export type Place = { method: string; address: string };

/** A request to every route with every method it has, so that one mounted tomorrow is tried as well. */
export function everyPlace({ routes }: App): Place[] {
	return routes
		.filter(({ pattern }) => !pattern.startsWith(paths.files))
		.flatMap(({ method, pattern }) => {
			const kinds = pattern.includes(":kind") ? ["authenticator-app", "text-message"] : [""];
			return kinds.map((kind) => ({ method, address: filledIn(pattern.replace(":kind", kind)) }));
		});
}

/** The addresses that take a form. */
export function everyForm(app: App): string[] {
	return everyPlace(app)
		.filter(({ method }) => method === "POST")
		.map(({ address }) => address);
}

function filledIn(pattern: string): string {
	const address = pattern
		.replace(":token", PlainToken.fresh().reveal())
		.replace(":name", "anything")
		.replace(":profileId", "nobody");
	if (address.includes(":")) throw new Error(`What stands for the last part of ${pattern}?`);
	return address;
}

/** Whether this address belongs to an unfinished sign-in. */
export function isPageOfASignIn(address: string): boolean {
	return address.startsWith(`${paths.signIn}/`);
}

/** Sends a request with whatever cookies the browser holds, keeping none of the answer's. */
export function tryAt(
	browser: Browser,
	{ method, address }: Place,
	form?: Record<string, string>,
): Promise<Reply> {
	return browser.copy().send(address, { method, ...(method === "POST" ? { form: form ?? {} } : {}) });
}

/** What can be learned from an answer, besides the time. */
export function seenIn({ status, headers, body }: Reply) {
	return {
		status,
		location: headers.location,
		cookies: headers["set-cookie"],
		personal: Object.keys(headers).filter((name) => name.startsWith("vestibule-")),
		body: body.toString().replaceAll(/ data-now="\d+"/g, ""),
	};
}
