import { hash } from "@node-rs/argon2";
import { Hasher } from "../../src/crypto/hasher.ts";

/**
 * Hashes with argon2id at its lowest cost. The demo's passwords are hashed so for tests, which sign in thousands of
 * times; the app under test hashes what it is given as it always does.
 */
export class QuickHasher extends Hasher {
	override hash(secret: string): Promise<string> {
		return hash(secret, { memoryCost: 8, timeCost: 1, parallelism: 1 });
	}
}
