import { createHmac } from "node:crypto";
import { Unprintable } from "./unprintable.ts";

/** A secret that another service knows too: a provider's token. Prints as `[secret]`. */
export class SharedSecret extends Unprintable {
	readonly #text: string;

	constructor(text: string) {
		super("secret");
		this.#text = text;
	}

	/** The secret itself. Only for the header that logs in to that service. */
	reveal(): string {
		return this.#text;
	}

	/** An HMAC keyed with the secret (RFC 2104). */
	sign(algorithm: "sha1" | "sha256", text: string | Uint8Array, encoding: "hex" | "base64"): string {
		return createHmac(algorithm, this.#text).update(text).digest(encoding);
	}
}
