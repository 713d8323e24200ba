import { securityHeaders } from "../../src/web/headers.ts";
import type { App } from "../harness/app.ts";

export type Answer = {
	status: number;
	headers: Readonly<Record<string, string | number | string[] | undefined>>;
	/** As text where it is one. */
	body: string;
};

/** What only shows when something broke and nobody caught it. */
const INNARDS =
	/\n\s+at .+:\d+:\d+|node_modules|file:\/\/\/|SQLITE_|ERR_[A-Z]|FST_[A-Z]|SqliteError|SyntaxError|TypeError|RangeError|violates|constraint|relation "|\[object |kysely/i;
const FILES = /^text\/(css|javascript)|^image\/svg|^application\/json/;

/**
 * What is wrong with an answer, whatever was asked: a broken server, a missing header, a page without a heading,
 * something of the inside, something typed that became markup, a way to another site. Empty when it is decent.
 *
 * @param method of the request: HEAD has no body to judge
 */
export function whatIsWrongWith({ status, headers, body }: Answer, method: string, { url }: App): string[] {
	const wrong: string[] = [];
	const isBusy = status === 503 && headers["retry-after"] !== undefined;
	if (status >= 500 && !isBusy) wrong.push(`it is a ${status}`);

	const type = String(headers["content-type"] ?? "");
	for (const [name, value] of Object.entries(securityHeaders(false))) {
		if (name === "cache-control" && FILES.test(type)) continue;
		if (headers[name] !== value) wrong.push(`${name} is ${headers[name]}`);
	}

	const location = headers.location;
	if (location !== undefined && new URL(String(location), url).origin !== url.origin) {
		wrong.push(`it leads to ${location}`);
	}
	if (status === 303 && location === undefined) wrong.push("it leads nowhere");

	const hasBody = method !== "HEAD" && ![204, 303, 401].includes(status);
	const isPage = type === "text/html; charset=utf-8";
	const isDownload = /^application\/pdf$|^text\/csv; charset=utf-8$/.test(type);
	if (hasBody && !isPage && !FILES.test(type) && !isDownload) wrong.push(`it is of type "${type}"`);
	if (hasBody && isPage) {
		if (body.match(/<h1>(?:[^<]|<\/?span[^>]*>)+<\/h1>/g)?.length !== 1) wrong.push("it has not one heading");
		if (!/^<!doctype html><html lang="[a-z-]+">/.test(body)) wrong.push("it does not say its language");
		if (!/<title>[^<]+<\/title>/.test(body)) wrong.push("it has no title");
		if (/<hostile/i.test(body)) wrong.push("what was typed became markup");
		const innards = INNARDS.exec(body);
		if (innards) wrong.push(`it shows "${innards[0]}"`);
	}
	if (/\n|\r/.test(String(headers["set-cookie"] ?? ""))) wrong.push("a cookie breaks its line");
	return wrong;
}
