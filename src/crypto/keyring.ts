import {
	createCipheriv,
	createDecipheriv,
	createHmac,
	createSecretKey,
	hkdfSync,
	type KeyObject,
	randomBytes,
	timingSafeEqual,
} from "node:crypto";

declare const sealed: unique symbol;
/** Text that only the key ring opens: `keyId.base64url(iv ‖ ciphertext ‖ tag)`. */
export type Sealed = string & { [sealed]: true };

/** What a sealed value is bound to: moved to another clinic, profile or purpose it does not open. */
export type SealedFor = { clinicId: string; profileId: string; purpose: SealPurpose };
export type SealPurpose = "authenticator-secret" | "recovery-code" | "message-body" | "text-code";

/** What a keyed hash is for; each has a key of its own. */
type HashPurpose =
	| "activity"
	| "activity-mark"
	| "email"
	| "emailed-code"
	| "form"
	| "number"
	| "temporary-code";

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The operator's keys. The first seals and signs; the others still open what was sealed before a rotation.
 * Nothing of it prints.
 */
export class Keyring {
	#keys: ReadonlyMap<string, Buffer>;
	readonly #derived = new Map<string, KeyObject>();
	readonly #readAgain: (() => string) | undefined;

	/**
	 * @param text keys newest first, separated by commas or new lines: `id:base64` with 32 bytes each
	 * @param readAgain where the text came from, asked when a key is named that is not in the ring: so a rotation
	 *   reaches a process that is running
	 * @throws Error saying what is wrong with it, without the keys
	 */
	constructor(text: string, readAgain?: () => string) {
		this.#keys = readKeys(text);
		this.#readAgain = readAgain;
	}

	/** The id of the key that seals now. */
	get currentId(): string {
		return [...this.#keys.keys()][0] ?? "";
	}

	/** The id of the key that has been in the ring longest. */
	get oldestId(): string {
		return [...this.#keys.keys()].at(-1) ?? "";
	}

	/** A fresh entry for a key ring, as the constructor reads it. */
	static newKey(id: string): string {
		return `${id}:${randomBytes(32).toString("base64")}`;
	}

	/** Seals text with AES-256-GCM; clinic, profile and purpose are associated data. */
	seal(plain: string, boundTo: SealedFor): Sealed {
		const iv = randomBytes(IV_BYTES);
		const cipher = createCipheriv("aes-256-gcm", this.#key(this.currentId, "seal"), iv);
		cipher.setAAD(associated(boundTo));
		const body = Buffer.concat([iv, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
		return `${this.currentId}.${body.toString("base64url")}` as Sealed;
	}

	/** @throws Error when it was sealed for something else, changed, or by a key that is gone */
	open(value: string, boundTo: SealedFor): string {
		const [id = "", encoded = ""] = value.split(".");
		const body = Buffer.from(encoded, "base64url");
		if (body.length < IV_BYTES + TAG_BYTES) throw new Error("Not a sealed value");
		const decipher = createDecipheriv("aes-256-gcm", this.#key(id, "seal"), body.subarray(0, IV_BYTES));
		decipher.setAAD(associated(boundTo));
		decipher.setAuthTag(body.subarray(-TAG_BYTES));
		const plain = Buffer.concat([decipher.update(body.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
		return plain.toString("utf8");
	}

	/** Whether a value was sealed by a key other than today's, so that a rotation seals it anew. */
	isSealedByEarlierKey(value: string): boolean {
		return !value.startsWith(`${this.currentId}.`);
	}

	/** HMAC-SHA-256 under a key of its own for each purpose, as `keyId.base64url`. */
	keyedHash(purpose: HashPurpose, text: string, keyId = this.currentId): string {
		const mac = createHmac("sha256", this.#key(keyId, purpose)).update(text).digest("base64url");
		return `${keyId}.${mac}`;
	}

	/** Whether `hash` is the keyed hash of `text` under the key it names. A key that is gone matches nothing. */
	matchesKeyedHash(purpose: HashPurpose, text: string, hash: string): boolean {
		const keyId = hash.split(".")[0] ?? "";
		if (!this.#root(keyId)) return false;
		return equalText(this.keyedHash(purpose, text, keyId), hash);
	}

	#key(id: string, purpose: string): KeyObject {
		const name = `${id}/${purpose}`;
		const known = this.#derived.get(name);
		if (known) return known;
		const root = this.#root(id);
		if (!root) throw new Error(`The key ring has no key "${id}"`);
		const derived = createSecretKey(Buffer.from(hkdfSync("sha256", root, "", `vestibule/${purpose}`, 32)));
		this.#derived.set(name, derived);
		return derived;
	}

	#root(id: string): Buffer | undefined {
		if (!this.#keys.has(id) && this.#readAgain) {
			try {
				this.#keys = readKeys(this.#readAgain());
			} catch {
				// What cannot be read now leaves the ring as it was.
			}
		}
		return this.#keys.get(id);
	}

	toJSON() {
		return "[keyring]";
	}
}

function readKeys(text: string): Map<string, Buffer> {
	const keys = new Map<string, Buffer>();
	for (const entry of text.split(/[,\n]/).map((part) => part.trim())) {
		if (entry === "") continue;
		const [id = "", base64 = ""] = entry.split(":");
		const key = Buffer.from(base64, "base64");
		if (!/^[a-z0-9-]{1,32}$/.test(id) || key.length !== 32 || keys.has(id)) {
			throw new Error("Each key is id:base64, with an id of its own of a-z, 0-9 and -, and 32 bytes");
		}
		keys.set(id, key);
	}
	if (keys.size === 0) throw new Error("There is no key in the ring");
	return keys;
}

/** Compares two texts in a time that tells nothing of where they differ. */
export function equalText(a: string, b: string): boolean {
	const left = Buffer.from(a);
	const right = Buffer.from(b);
	return left.length === right.length && timingSafeEqual(left, right);
}

function associated({ clinicId, profileId, purpose }: SealedFor): Buffer {
	return Buffer.from(JSON.stringify([clinicId, profileId, purpose]));
}
