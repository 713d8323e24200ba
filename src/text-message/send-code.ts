import { during } from "../activity/during.ts";
import type { TextLimit } from "../activity/events.ts";
import { recordEvent } from "../activity/record.ts";
import { days } from "../clock.ts";
import { freshDigits } from "../crypto/digits.ts";
import type { Db } from "../db/connect.ts";
import { newId } from "../db/ids.ts";
import type { Tx } from "../db/transaction.ts";
import { queueText } from "../delivery/outbox.ts";
import { findMessage } from "../delivery/store.ts";
import type { Deps } from "../deps.ts";
import type { Profile } from "../profiles/profile.ts";
import { countStaffSignedInSince } from "../profiles/store.ts";
import type { Visit } from "../web/visit.ts";
import { CODE_LIVES_MS, isSentAgain } from "./code-life.rule.ts";
import { noteCodeSent } from "./conversion.ts";
import { type MessageFacts, peekAtMessageTries, takeMessageTries } from "./message-limits.ts";
import { countryOf } from "./number.rule.ts";
import { sendsTo } from "./sends-to.rule.ts";
import { insertCode, insertSend, listCodes, listSends } from "./store.ts";
import { codeText } from "./text.rule.ts";

/** What became of asking for a code by text message. It is on its way only with `queued`. */
export type SentCode =
	| { kind: "queued" }
	/** The last one went out too lately. */
	| { kind: "wait"; until: number }
	/** This sign-in or set-up has had all its messages. */
	| { kind: "used-up" }
	| { kind: "limited"; by: TextLimit; until: number }
	/** The operator sends no messages to that country. */
	| { kind: "country" };

/** Why no code is texted now, whatever was sent before. */
export type Refusal = Extract<SentCode, { kind: "limited" | "country" }>;

/** For whom and for what a code is sent. */
type CodeFor = {
	profile: Profile;
	/** The sign-in or set-up that it belongs to. */
	holderId: string;
	/** E.164. */
	number: string;
	purpose: "sign-in" | "set-up";
	/** A known browser of a profile that confirmed this number. */
	isKnown: boolean;
};

/**
 * Sends a code, or the same one again while enough of its life is left, in the open transaction; the message leaves
 * after the commit. The caller has locked the profile. Counted before anything is sent.
 */
export async function sendCode(tx: Tx, deps: Deps, visit: Visit, to: CodeFor): Promise<SentCode> {
	const { now, clinic, origin } = visit;
	const { keyring } = deps.config;
	const { clinicId, profileId } = to.profile;
	const holder = { clinicId, profileId, holderId: to.holderId };

	const all = await listSends(tx, clinicId, to.holderId);
	const { last, resend: again } = sendsTo(to.number, all, now);
	if (again.kind !== "go") return again;

	const country = countryToText(deps, to.number);
	if (country === undefined) return { kind: "country" };

	// Paid-traffic fraud: no message before every counter has taken it.
	const facts = await readMessageFacts(tx, visit, to);
	const taken = await takeMessageTries(tx, deps, facts, now);
	if (taken.kind === "limited") {
		if (taken.isFirstRefusal) {
			const detail = { by: taken.by, until: taken.until };
			const event = during(visit, profileId, "nobody");
			await recordEvent(tx, keyring, { ...event, kind: "text-message-waits", detail });
		}
		return taken;
	}

	const codes = await listCodes(tx, holder);
	const living = codes.find((code) => code.number === to.number && isSentAgain(code, now));
	const code = living
		? keyring.open(living.sealedCode, { clinicId, profileId, purpose: "text-code" })
		: freshDigits(6);
	const codeId = living?.codeId ?? newId(now);
	const expiresAt = living?.expiresAt ?? now + CODE_LIVES_MS;
	if (!living) {
		const sealedCode = keyring.seal(code, { clinicId, profileId, purpose: "text-code" });
		await noteCodeSent(tx, country, now);
		await insertCode(tx, { ...holder, codeId, number: to.number, sealedCode, now, expiresAt });
	}

	const lastMessage = last && (await findMessage(tx, clinicId, last.message_id));
	const messageId = newId(now);
	await queueText(tx, keyring, {
		clinicId,
		profileId,
		messageId,
		to: to.number,
		kind: to.purpose === "sign-in" ? "sign-in-code" : "set-up-code",
		text: codeText({ code, clinicName: clinic.name, host: new URL(origin).hostname, words: visit.words }),
		now,
		expiresAt,
		// What did not arrive is tried by another provider first.
		avoid: lastMessage?.provider,
	});
	await insertSend(tx, {
		clinic_id: clinicId,
		message_id: messageId,
		code_id: codeId,
		held_by: to.holderId,
		profile_id: profileId,
		number: to.number,
		purpose: to.purpose,
		known_browser: to.isKnown ? 1 : 0,
		network: facts.network,
		active_staff: facts.activeStaff,
		sent_at: now,
	});
	return { kind: "queued" };
}

/** What asking for a first code would be told now, with nothing counted; undefined where it would be sent. */
export async function findRefusal(
	db: Db,
	deps: Pick<Deps, "config">,
	visit: Visit,
	to: CodeFor,
): Promise<Refusal | undefined> {
	if (countryToText(deps, to.number) === undefined) return { kind: "country" };
	const standing = await peekAtMessageTries(db, deps, await readMessageFacts(db, visit, to), visit.now);
	return standing.kind === "go" ? undefined : standing;
}

/** Where a number belongs; undefined where the operator sends no messages. */
function countryToText({ config }: Pick<Deps, "config">, number: string): string | undefined {
	const country = countryOf(number);
	return config.textCountries.find((allowed) => allowed === country);
}

async function readMessageFacts(db: Db, { network, now }: Visit, to: CodeFor): Promise<MessageFacts> {
	const { clinicId, profileId } = to.profile;
	return {
		clinicId,
		profileId,
		number: to.number,
		network: network.key,
		purpose: to.purpose,
		isKnown: to.isKnown,
		activeStaff: await countStaffSignedInSince(db, clinicId, now - days(30)),
	};
}
