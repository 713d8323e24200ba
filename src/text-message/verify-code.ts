import { equalText } from "../crypto/keyring.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { noteCodeUsed } from "./conversion.ts";
import { giveBackMessageTries } from "./message-limits.ts";
import { countryOf } from "./number.rule.ts";
import { type Holder, listCodes, listSends, spendCode } from "./store.ts";

/** What became of a code. "expired" counts as wrong: it was right once, for this very sign-in or set-up. */
export type TextCodeVerdict = { kind: "right"; codeId: string } | { kind: "wrong" } | { kind: "expired" };

/**
 * Verifies a code that was texted and spends it, in the transaction of what it opens. Every code of this sign-in or
 * set-up works while it lives, also an earlier one. The caller has locked the profile and taken the try, and commits
 * whatever the outcome.
 *
 * @param asked.code six ASCII digits
 * @param asked.number E.164, in a set-up: the one that goes on; undefined takes a code texted to any
 */
export async function verifyTextCode(
	tx: Tx,
	deps: Deps,
	asked: Holder & { code: string; number?: string; now: number },
): Promise<TextCodeVerdict> {
	const { clinicId, profileId, now } = asked;
	const { keyring } = deps.config;
	let verdict: TextCodeVerdict = { kind: "wrong" };
	for (const { codeId, number, sealedCode, expiresAt } of await listCodes(tx, asked)) {
		// A code texted to a number that was changed since proves nothing about the one that goes on.
		if (asked.number !== undefined && number !== asked.number) continue;
		if (!equalText(keyring.open(sealedCode, { clinicId, profileId, purpose: "text-code" }), asked.code))
			continue;
		verdict =
			expiresAt > now && (await spendCode(tx, clinicId, codeId, now))
				? { kind: "right", codeId }
				: { kind: "expired" };
		if (verdict.kind === "right") break;
	}
	if (verdict.kind === "right") await noteItWasUsed(tx, deps, asked, verdict.codeId);
	return verdict;
}

/** Its messages were wanted: they do not count against the number, the person or the network, and show that codes are used. */
async function noteItWasUsed(
	tx: Tx,
	deps: Deps,
	{ clinicId, holderId, now }: Holder & { now: number },
	codeId: string,
): Promise<void> {
	const sends = (await listSends(tx, clinicId, holderId)).filter((send) => send.code_id === codeId);
	const country = countryOf(sends[0]?.number ?? "");
	if (country !== undefined) await noteCodeUsed(tx, country, now);
	for (const send of sends) {
		const facts = {
			clinicId,
			profileId: send.profile_id,
			number: send.number,
			network: send.network,
			purpose: send.purpose,
			isKnown: send.known_browser === 1,
			activeStaff: send.active_staff,
		};
		await giveBackMessageTries(tx, deps, facts, send.sent_at);
	}
}
