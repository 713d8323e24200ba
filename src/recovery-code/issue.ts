import { randomBytes } from "node:crypto";
import type { Keyring, Sealed } from "../crypto/keyring.ts";
import { Unprintable } from "../crypto/unprintable.ts";
import { newId } from "../db/ids.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { newRecoveryCode, RANDOM_BYTES } from "./recovery-code.rule.ts";
import { READABLE_FOR_MS } from "./showing.rule.ts";
import { endRecoveryCode, insertRecoveryCode } from "./store.ts";

/** A fresh Recovery Code, already hashed, that belongs to nobody yet. Prints as `[recovery code]`. */
export class PreparedCode extends Unprintable {
	readonly #code: string;
	readonly hash: string;

	constructor(code: string, hash: string) {
		super("recovery code");
		this.#code = code;
		this.hash = hash;
	}

	seal(keyring: Keyring, clinicId: string, profileId: string): Sealed {
		return keyring.seal(this.#code, { clinicId, profileId, purpose: "recovery-code" });
	}
}

/** Makes and hashes a new code. Hashing is slow, so this comes before the transaction that issues it. */
export async function prepareRecoveryCode(
	{ hasher }: Pick<Deps, "hasher">,
	profileId: string,
): Promise<PreparedCode> {
	const code = newRecoveryCode(randomBytes(RANDOM_BYTES));
	return new PreparedCode(code, await hasher.hash(code, "welcome", profileId));
}

/**
 * Gives a person a prepared code, to be read in this session only, and ends the one before it. The caller has locked
 * the profile, and queues the email and records the event in the same transaction.
 *
 * @returns whether an earlier code was ended
 */
export async function issueRecoveryCode(
	tx: Tx,
	keyring: Keyring,
	to: { clinicId: string; profileId: string; sessionId: string; prepared: PreparedCode; now: number },
): Promise<boolean> {
	const { clinicId, profileId, prepared, now } = to;
	const endedEarlier = await endRecoveryCode(tx, clinicId, profileId);
	await insertRecoveryCode(tx, {
		clinicId,
		profileId,
		codeId: newId(now),
		hash: prepared.hash,
		sealed: { code: prepared.seal(keyring, clinicId, profileId), until: now + READABLE_FOR_MS },
		shownTo: to.sessionId,
		now,
	});
	return endedEarlier;
}
