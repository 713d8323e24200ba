import { type EventContext, recordEvent } from "../activity/record.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { giveBackTry, takeTry } from "../limits/take-try.ts";
import type { Profile } from "../profiles/profile.ts";
import { readRecoveryCode } from "../recovery-code/recovery-code.rule.ts";
import { findRecoveryCode } from "../recovery-code/store.ts";

/** Whose Recovery Code is entered, and which counters apply. */
type Who = { profile: Profile; knownBrowser: boolean };

/**
 * Takes a try of the Recovery Code, in a transaction that is committed before the code is looked at.
 *
 * @param event when, from where and by whom
 */
export async function takeRecoveryCodeTry(
	tx: Tx,
	deps: Deps,
	who: Who,
	event: EventContext,
): Promise<{ kind: "go"; left: number } | { kind: "wait"; until: number }> {
	const taken = await takeTry(tx, limitFor(who), keyOf(who), event.at);
	if (taken.kind === "go") return taken;
	const until = taken.kind === "wait" ? taken.until : Number.MAX_SAFE_INTEGER;
	if (taken.isFirstRefusal)
		await recordEvent(tx, deps.config.keyring, { ...event, kind: "recovery-code-waits", detail: { until } });
	return { kind: "wait", until };
}

/** Takes back the try of one that was right, in the transaction that spends it. */
export function giveRecoveryCodeTryBack(tx: Tx, who: Who, now: number): Promise<void> {
	return giveBackTry(tx, limitFor(who), keyOf(who), now);
}

/**
 * Compares a Recovery Code by its slow hash, outside any transaction. Same work for a code that cannot be one, and
 * where there is none.
 *
 * @param text as typed
 * @returns the id of the code that it is, for the write that spends it; undefined when it is wrong
 * @throws Overloaded
 */
export async function compareRecoveryCode(
	deps: Deps,
	{ clinicId, profileId }: Profile,
	text: string,
): Promise<string | undefined> {
	const stored = await findRecoveryCode(deps.db, clinicId, profileId);
	const code = readRecoveryCode(text);
	const hash = code === undefined ? undefined : stored?.hash;
	const matches = await deps.hasher.verify(code ?? "", hash, "welcome");
	return matches ? stored?.codeId : undefined;
}

function limitFor({ knownBrowser }: Who) {
	return knownBrowser ? "recoveryCodesKnownBrowser" : "recoveryCodesUnknownBrowser";
}

function keyOf({ profile }: Who) {
	return { clinicId: profile.clinicId, key: profile.profileId };
}
