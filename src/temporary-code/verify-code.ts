import { isHashOfCode } from "../crypto/hash-code.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { listWaitingCodes, spendTemporaryCode } from "./store.ts";

/** What became of a code. */
export type TemporaryCodeVerdict = { kind: "right"; codeId: string } | { kind: "wrong" };

/**
 * Verifies a temporary code and spends it, in the transaction of what it opens. The caller has locked the profile
 * and taken the try, and commits whatever the outcome.
 *
 * @param asked.code eight ASCII digits
 */
export async function verifyTemporaryCode(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	asked: { clinicId: string; profileId: string; code: string; now: number },
): Promise<TemporaryCodeVerdict> {
	const { clinicId, profileId, code, now } = asked;
	for (const { code_id: codeId, code_hash: hash } of await listWaitingCodes(tx, clinicId, profileId, now)) {
		// Another person's code, or another clinic's, has another hash.
		if (!isHashOfCode(config.keyring, "temporary-code", asked, code, hash)) continue;
		// Works once: the row that changes decides.
		if (await spendTemporaryCode(tx, clinicId, codeId, now)) return { kind: "right", codeId };
	}
	return { kind: "wrong" };
}
