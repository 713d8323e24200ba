import { isHashOfCode } from "../crypto/hash-code.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { endCodes, listCodes, spendCode } from "./store.ts";

/** What became of a code. "ended" counts as wrong: it was this person's once, and is too old or no longer of use. */
export type EmailedCodeVerdict = { kind: "right"; codeId: string } | { kind: "wrong" } | { kind: "ended" };

/**
 * Verifies a code that was emailed and spends it, and with it every other one of this person, in the transaction of
 * what it opens. The caller has locked the profile and taken the try, and commits whatever the outcome.
 *
 * @param asked.code eight ASCII digits
 */
export async function verifyEmailedCode(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	asked: { clinicId: string; profileId: string; code: string; now: number },
): Promise<EmailedCodeVerdict> {
	const { clinicId, profileId, now } = asked;
	const codes = await listCodes(tx, clinicId, profileId);
	// Another person's code, or another clinic's, has another hash.
	const matching = codes.filter(({ hash }) =>
		isHashOfCode(config.keyring, "emailed-code", asked, asked.code, hash),
	);
	if (matching.length === 0) return { kind: "wrong" };
	for (const { codeId } of matching) {
		// Works once: the row that changes decides.
		if (!(await spendCode(tx, clinicId, codeId, now))) continue;
		await endCodes(tx, clinicId, profileId, now);
		return { kind: "right", codeId };
	}
	return { kind: "ended" };
}
