import { PlainToken } from "../../src/crypto/tokens.ts";
import { paths } from "../../src/paths.ts";
import type { Browser } from "../harness/browser.ts";

/** The names on plain-http localhost. */
export const cookies = {
	session: "vestibule-session",
	signIn: "vestibule-sign-in",
	browser: "vestibule-browser",
} as const;

/** Whether this browser holds a session that opens something. */
export async function isIn(browser: Browser): Promise<boolean> {
	return (await browser.send(paths.authCheck)).status === 204;
}

/** What each form carries inside the session, or inside the sign-in, that this browser holds. */
export function formToken(browser: Browser, of: "session" | "signIn"): string {
	const token = PlainToken.read(browser.cookies.get(cookies[of]));
	if (!token) throw new Error(`This browser holds no ${of}`);
	return token.formToken();
}

/** Somebody who made a cookie up: it has the shape of one, and opens nothing. */
export function withMadeUp(browser: Browser, name: string): Browser {
	return withOnly(browser, name, PlainToken.fresh().reveal());
}

/** A browser that holds one cookie and nothing else. */
export function withOnly(browser: Browser, name: string, value: string): Browser {
	const copy = browser.copy();
	copy.cookies.clear();
	copy.cookies.set(name, value);
	return copy;
}
