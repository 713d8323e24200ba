import { parseCookie, stringifySetCookie } from "cookie";
import { PlainToken } from "../crypto/tokens.ts";

type CookieName = "session" | "sign-in" | "browser";

/** A cookie to set, or with no token to expire. */
export type Cookie = { name: CookieName; token: PlainToken | undefined };

const BROWSER_DAYS = 400;

/** The tokens a request carries. */
export function readCookies(
	header: string | undefined,
	secure: boolean,
): Record<CookieName, PlainToken | undefined> {
	const cookies = parseCookie(header ?? "");
	const read = (name: CookieName) => PlainToken.read(cookies[fullName(name, secure)]);
	return { session: read("session"), "sign-in": read("sign-in"), browser: read("browser") };
}

/** A `Set-Cookie` value. The browser cookie outlives sessions; the others end with the browser. */
export function writeCookie({ name, token }: Cookie, secure: boolean): string {
	return stringifySetCookie({
		name: fullName(name, secure),
		value: token?.reveal() ?? "",
		path: "/",
		httpOnly: true,
		secure,
		sameSite: name === "browser" ? "strict" : "lax",
		maxAge: token === undefined ? 0 : name === "browser" ? BROWSER_DAYS * 86_400 : undefined,
	});
}

function fullName(name: CookieName, secure: boolean): string {
	return secure ? `__Host-vestibule-${name}` : `vestibule-${name}`;
}
