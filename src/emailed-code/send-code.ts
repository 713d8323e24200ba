import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { freshDigits, inTwoGroups } from "../crypto/digits.ts";
import { hashOfCode } from "../crypto/hash-code.ts";
import { newId } from "../db/ids.ts";
import type { Tx } from "../db/transaction.ts";
import { newsOf } from "../delivery/news.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { takeTry } from "../limits/take-try.ts";
import type { Profile } from "../profiles/profile.ts";
import type { Visit } from "../web/visit.ts";
import { EMAILED_CODE_DIGITS, EMAILED_CODE_LIVES_MS } from "./code-life.rule.ts";
import { insertCode } from "./store.ts";

/** What became of asking for a code by email. It is on its way only with `queued`. */
export type SentCode = { kind: "queued" } | { kind: "wait"; until: number };

/**
 * Makes a code and queues the email that carries it, in the open transaction; the email leaves after the commit.
 * Codes sent before go on working. The caller has locked the profile.
 */
export async function sendEmailedCode(
	tx: Tx,
	deps: Pick<Deps, "config">,
	visit: Visit,
	profile: Profile,
): Promise<SentCode> {
	const { now, words } = visit;
	const { clinicId, profileId, name, email } = profile;
	const { keyring } = deps.config;
	const event = during(visit, profileId, "nobody");

	// Who has the password cannot fill the mailbox.
	const taken = await takeTry(tx, "emailedCodesAnHour", { clinicId, key: profileId }, now);
	if (taken.kind !== "go") {
		const until = taken.kind === "wait" ? taken.until : Number.MAX_SAFE_INTEGER;
		if (taken.isFirstRefusal) {
			await recordEvent(tx, keyring, { ...event, kind: "emailed-code-waits", detail: { until } });
		}
		return { kind: "wait", until };
	}

	const code = freshDigits(EMAILED_CODE_DIGITS);
	const codeId = newId(now);
	const expiresAt = now + EMAILED_CODE_LIVES_MS;
	await insertCode(tx, {
		clinicId,
		profileId,
		codeId,
		hash: hashOfCode(keyring, "emailed-code", profile, code),
		now,
		expiresAt,
	});
	await queueEmail(tx, keyring, {
		clinicId,
		profileId,
		messageId: codeId,
		to: email,
		kind: "emailed-code",
		email: words.emails.emailedCode({ ...newsOf(visit, name), code: inTwoGroups(code) }),
		now,
		expiresAt,
	});
	await recordEvent(tx, keyring, { ...event, kind: "emailed-code-sent", detail: {} });
	return { kind: "queued" };
}
