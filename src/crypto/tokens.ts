import { hash, randomBytes } from "node:crypto";
import { Unprintable } from "./unprintable.ts";

declare const hashed: unique symbol;
/** The SHA-256 of a token, base64url: all that the database keeps of it. */
export type HashedToken = string & { [hashed]: true };

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits that open a session, a sign-in, a browser's rows or a link. Prints as `[token]`. */
export class PlainToken extends Unprintable {
	readonly #text: string;

	private constructor(text: string) {
		super("token");
		this.#text = text;
	}

	static fresh(): PlainToken {
		return new PlainToken(randomBytes(32).toString("base64url"));
	}

	/** A token as a browser sent it; undefined when it has not the shape of one. */
	static read(text: string | undefined): PlainToken | undefined {
		return text !== undefined && TOKEN.test(text) ? new PlainToken(text) : undefined;
	}

	/** The token itself. Only for a Set-Cookie header and the address in an email. */
	reveal(): string {
		return this.#text;
	}

	hash(): HashedToken {
		return hash("sha256", this.#text, "base64url") as HashedToken;
	}

	/** The form token of the session or sign-in that this token opens: derived, so that nothing is kept. */
	formToken(): string {
		return hash("sha256", `form/${this.#text}`, "base64url");
	}
}
