import { createHmac, createSecretKey } from "node:crypto";
import { Secret } from "otpauth";
import type { Keyring, Sealed } from "../crypto/keyring.ts";
import { Unprintable } from "../crypto/unprintable.ts";

const BYTES = 20;
const BASE32 = /^[A-Z2-7]{32}$/;

/** Whose authenticator secret it is. */
type SecretOwner = { clinicId: string; profileId: string };

/** The 160 bits that an authenticator app and Vestibule share (RFC 4226, 4 R6). Prints as `[secret]`. */
export class AuthenticatorSecret extends Unprintable {
	readonly #base32: string;

	private constructor(base32: string) {
		super("secret");
		this.#base32 = base32;
	}

	/** 20 random bytes, new at every set-up. */
	static fresh(): AuthenticatorSecret {
		return AuthenticatorSecret.read(new Secret({ size: BYTES }).base32);
	}

	/**
	 * @param base32 32 characters of RFC 4648 base 32, without padding
	 * @throws Error when it is anything else
	 */
	static read(base32: string): AuthenticatorSecret {
		if (!BASE32.test(base32)) throw new Error("Not an authenticator secret");
		return new AuthenticatorSecret(base32);
	}

	/** @throws Error when it was sealed for somebody else, changed, or by a key that is gone */
	static open(keyring: Keyring, sealed: string, { clinicId, profileId }: SecretOwner): AuthenticatorSecret {
		return AuthenticatorSecret.read(
			keyring.open(sealed, { clinicId, profileId, purpose: "authenticator-secret" }),
		);
	}

	/** For the database: opens only for this clinic and this profile. */
	seal(keyring: Keyring, { clinicId, profileId }: SecretOwner): Sealed {
		return keyring.seal(this.#base32, { clinicId, profileId, purpose: "authenticator-secret" });
	}

	/** The 32 characters themselves. Only for the set-up page and for computing codes. */
	reveal(): string {
		return this.#base32;
	}

	/** HMAC-SHA-1 under these bits (RFC 4226, 5.3), in the shape that `otpauth` asks for. The key is read once. */
	hmac(): (algorithm: string, key: Uint8Array, message: Uint8Array) => Uint8Array {
		const key = createSecretKey(Secret.fromBase32(this.#base32).bytes);
		return (_algorithm, _key, message) => createHmac("sha1", key).update(message).digest();
	}
}
