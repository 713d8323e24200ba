import { parseSetCookie } from "cookie";

export type KeptCookie = {
	value: string;
	sameSite: "strict" | "lax" | "none";
	/** Epoch milliseconds; undefined for one that goes when the browser is closed. */
	expiresAt: number | undefined;
};

/** How a request came about, as far as cookies care (RFC 6265bis, 5.2). */
export type Coming = "from this site" | "by a link elsewhere" | "by a form elsewhere";

/** The cookies of one site in one browser (RFC 6265bis, as far as one site uses it). */
export class CookieJar {
	readonly #cookies = new Map<string, KeptCookie>();

	/** @param now epoch milliseconds */
	keep(setCookie: string, now: number): void {
		const { name, value = "", maxAge, sameSite = "lax" } = parseSetCookie(setCookie);
		if (maxAge !== undefined && maxAge <= 0) this.#cookies.delete(name);
		else {
			const expiresAt = maxAge === undefined ? undefined : now + maxAge * 1000;
			this.#cookies.set(name, { value, expiresAt, sameSite: String(sameSite) as KeptCookie["sameSite"] });
		}
	}

	/** The `Cookie` header of a request. */
	header(coming: Coming, now: number): string {
		const travels = ({ sameSite, expiresAt }: KeptCookie) =>
			(expiresAt === undefined || now < expiresAt) &&
			(coming === "from this site" ||
				sameSite === "none" ||
				(sameSite === "lax" && coming === "by a link elsewhere"));
		return [...this.#cookies]
			.filter(([, cookie]) => travels(cookie))
			.map(([name, { value }]) => `${name}=${value}`)
			.join("; ");
	}

	/** As a browser that is closed and opened again. */
	dropWhatEndsWithTheBrowser(): void {
		for (const [name, { expiresAt }] of this.#cookies)
			if (expiresAt === undefined) this.#cookies.delete(name);
	}

	get(name: string): string | undefined {
		return this.#cookies.get(name)?.value;
	}

	/** Puts a cookie in by hand, as somebody would who copied it. */
	set(name: string, value: string): void {
		this.#cookies.set(name, { value, sameSite: "lax", expiresAt: undefined });
	}

	/** A copy that lives on by itself. */
	copy(): CookieJar {
		const copy = new CookieJar();
		for (const [name, cookie] of this.#cookies) copy.#cookies.set(name, cookie);
		return copy;
	}

	clear(): void {
		this.#cookies.clear();
	}
}
