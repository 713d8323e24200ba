import { type EventContext, recordEvent } from "../activity/record.ts";
import { freshDigits, inTwoGroups } from "../crypto/digits.ts";
import { hashOfCode } from "../crypto/hash-code.ts";
import type { Keyring } from "../crypto/keyring.ts";
import { Unprintable } from "../crypto/unprintable.ts";
import { newId } from "../db/ids.ts";
import type { Tx } from "../db/transaction.ts";
import { endWaitingCodes, insertTemporaryCode } from "./store.ts";
import { TEMPORARY_CODE_DIGITS } from "./temporary-code.rule.ts";

/** A temporary code on its way to whoever tells it. Prints as `[temporary code]`. */
export class TemporaryCode extends Unprintable {
	readonly #digits: string;

	constructor(digits: string) {
		super("temporary code");
		this.#digits = digits;
	}

	/** For the one page, or the one line of a command, that shows it: in two groups of four digits. */
	reveal(): string {
		return inTwoGroups(this.#digits);
	}
}

/**
 * Gives a person a temporary code and ends the one before it, in the open transaction, which has locked the profile
 * and asked whether they may be given one. The caller queues the emails; the events are recorded by `recordGiven`.
 *
 * @param given.by a profile id, or `operator`
 * @returns the code, to be shown once and kept nowhere
 */
export async function giveTemporaryCode(
	tx: Tx,
	keyring: Keyring,
	given: { clinicId: string; profileId: string; by: string; livesMs: number; now: number },
): Promise<{ code: TemporaryCode; until: number; hasReplaced: boolean }> {
	const { clinicId, profileId, now } = given;
	const until = now + given.livesMs;
	const hasReplaced = (await endWaitingCodes(tx, clinicId, profileId, now)) > 0;
	const digits = freshDigits(TEMPORARY_CODE_DIGITS);
	await insertTemporaryCode(tx, {
		clinic_id: clinicId,
		code_id: newId(now),
		profile_id: profileId,
		code_hash: hashOfCode(keyring, "temporary-code", given, digits),
		given_by: given.by,
		made_at: now,
		expires_at: until,
		spent_at: null,
		ended_at: null,
	});
	return { code: new TemporaryCode(digits), until, hasReplaced };
}

/** Records what `giveTemporaryCode` did, last in its transaction. */
export async function recordGiven(
	tx: Tx,
	keyring: Keyring,
	event: EventContext,
	given: { until: number; hasReplaced: boolean },
	how: "in-person" | "by-phone" | "by-operator",
): Promise<void> {
	if (given.hasReplaced)
		await recordEvent(tx, keyring, { ...event, kind: "temporary-code-ended", detail: { why: "replaced" } });
	const detail = { until: given.until, how };
	await recordEvent(tx, keyring, { ...event, kind: "temporary-code-given", detail });
}
