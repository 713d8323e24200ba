import { equalText } from "../crypto/keyring.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { giveBackMessageTries } from "./message-limits.ts";
import { type Holder, listCodes, listSends, spendCode } from "./store.ts";

/** What became of a code. "expired" counts as wrong: it was right once, for this very sign-in or set-up. */
export type TextCodeVerdict = { kind: "right"; codeId: string } | { kind: "wrong" } | { kind: "expired" };

/**
 * Verifies a code that was texted and spends it, in the transaction of what it opens. Every code of this sign-in or
 * set-up works while it lives, also an earlier one. The caller has locked the profile and taken the try, and commits
 * whatever the outcome.
 *
 * @param asked.code six ASCII digits
 */
export async function verifyTextCode(
	tx: Tx,
	deps: Deps,
	asked: Holder & { code: string; now: number },
): Promise<TextCodeVerdict> {
	const { clinicId, profileId, now } = asked;
	const { keyring } = deps.config;
	let verdict: TextCodeVerdict = { kind: "wrong" };
	for (const { codeId, sealedCode, expiresAt } of await listCodes(tx, asked)) {
		if (!equalText(keyring.open(sealedCode, { clinicId, profileId, purpose: "text-code" }), asked.code))
			continue;
		verdict =
			expiresAt > now && (await spendCode(tx, clinicId, codeId, now))
				? { kind: "right", codeId }
				: { kind: "expired" };
		if (verdict.kind === "right") break;
	}
	if (verdict.kind === "right") await giveBackItsMessages(tx, deps, asked, verdict.codeId);
	return verdict;
}

/** A message whose code was used was wanted: it does not count against the number, the person or the network. */
async function giveBackItsMessages(
	tx: Tx,
	deps: Deps,
	{ clinicId, holderId }: Holder,
	codeId: string,
): Promise<void> {
	for (const send of await listSends(tx, clinicId, holderId)) {
		if (send.code_id !== codeId) continue;
		await giveBackMessageTries(
			tx,
			deps,
			{
				clinicId,
				profileId: send.profile_id,
				number: send.number,
				network: send.network,
				purpose: send.purpose,
				isKnown: send.known_browser === 1,
				activeStaff: 0,
			},
			send.sent_at,
		);
	}
}
