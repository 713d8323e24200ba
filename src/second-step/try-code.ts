import { during } from "../activity/during.ts";
import type { Event } from "../activity/events.ts";
import { type EventContext, recordEvent } from "../activity/record.ts";
import type { AppSecret } from "../authenticator-app/store.ts";
import { verifyAuthenticatorCode } from "../authenticator-app/verify-code.ts";
import type { Db } from "../db/connect.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import {
	findProfileTries,
	giveBackHeld,
	type HeldTry,
	holdTries,
	type ProfileTries,
	peekAtTries,
	readProfileTries,
	takeTry,
} from "../limits/take-try.ts";
import { block, countWrong, type Method, noteUse } from "../methods/store.ts";
import { tellPerson } from "../not-me/tell-person.ts";
import { closePasswordToStrangers } from "../passwords/try-password.ts";
import type { Profile } from "../profiles/profile.ts";
import { deleteSignInsOfStrangers } from "../sign-in/store.ts";
import { verifyTextCode } from "../text-message/verify-code.ts";
import type { Visit } from "../web/visit.ts";

/** A method takes no more codes after this many wrong ones in a row. */
const WRONG_IN_A_ROW_THAT_BLOCK = 100;

/** Where a code is entered, and by whom. */
export type Entry = {
	/** As locked for this transaction. */
	profile: Profile;
	/** What was texted belongs to it. */
	where: { kind: "sign-in" | "session"; id: string };
	/** Which counters apply. */
	knownBrowser: boolean;
};

type CodeLimit = "codesKnownBrowser" | "codesUnknownBrowser" | "codesUnknownBrowserADay";

/** @property isLastOfTheDay if this one is wrong, somebody has the password */
type CodeTry = { kind: "go"; taken: readonly HeldTry[]; left: number; isLastOfTheDay: boolean };

export type TriedCode =
	/** It is spent. */
	| { kind: "right" }
	| { kind: "wrong"; left: number }
	/** Right for another time: the phone's clock is off. Counts as wrong. */
	| { kind: "clock"; minutes: number; direction: "slow" | "fast"; left: number }
	/** A texted code that was right and is too old. Counts as wrong. */
	| { kind: "expired"; left: number };

/**
 * Takes a try before the code is looked at; no resend, other method or new sign-in resets it. Known browsers have
 * counters of their own, so that a thief's guesses close no owner out.
 *
 * @param read what `readProfileTries` gave in this transaction already
 */
export async function takeCodeTry(
	tx: Tx,
	deps: Deps,
	visit: Visit,
	entry: Entry,
	read?: ProfileTries,
): Promise<CodeTry | { kind: "wait"; until: number }> {
	const { clinicId, profileId } = entry.profile;
	const stored = read ?? (await readProfileTries(tx, { clinicId, key: profileId }));
	const verdict = await holdTries(tx, triesOf(entry.profile, entry.knownBrowser), stored, visit.now);
	if (verdict.kind === "refused") {
		const { until, isFirstRefusal } = verdict;
		if (isFirstRefusal) {
			const event = { kind: "second-step-waits", detail: { until } } as const;
			await recordEvent(tx, deps.config.keyring, { ...contextOf(visit, entry), ...event });
		}
		return { kind: "wait", until };
	}
	const { taken } = verdict;
	const left = Math.min(...taken.map((one) => one.left));
	const ofTheDay = taken.find((one) => one.wanted.name === "codesUnknownBrowserADay");
	return { kind: "go", taken, left, isLastOfTheDay: ofTheDay?.left === 0 };
}

/** Until when no code of a method is looked at, after too many wrong ones; nothing is counted. For pages. */
export async function findCodeWait(
	db: Db,
	profile: Profile,
	knownBrowser: boolean,
	now: number,
): Promise<number | undefined> {
	const read = await findProfileTries(db, { clinicId: profile.clinicId, key: profile.profileId });
	const standing = await peekAtTries(db, triesOf(profile, knownBrowser), now, read);
	return standing.kind === "refused" ? standing.until : undefined;
}

/**
 * Tries a code of a method that is on, in the transaction of what it opens, which commits whatever the outcome. A
 * right one is spent and its try given back; a wrong one counts towards blocking the method.
 *
 * @param code six ASCII digits, as `readCode` gives them
 * @param given.taken what `takeCodeTry` gave before
 * @param given.app the authenticator app, where it was read in this transaction already
 */
export async function tryCode(
	tx: Tx,
	deps: Deps,
	visit: Visit,
	entry: Entry,
	{ method, code, taken, app }: { method: Method; code: string; taken: CodeTry; app?: AppSecret | undefined },
): Promise<TriedCode> {
	const { now } = visit;
	const { clinicId, profileId } = entry.profile;
	const { methodId } = method;
	const verdict =
		method.kind === "authenticator-app"
			? await verifyAuthenticatorCode(
					tx,
					deps.config.keyring,
					{ clinicId, profileId, methodId, code, now },
					app,
				)
			: await verifyTextCode(tx, deps, { clinicId, profileId, holderId: entry.where.id, code, now });
	if (verdict.kind !== "right") {
		await refuseCode(tx, deps, visit, entry, { method, verdict, isLastOfTheDay: taken.isLastOfTheDay });
		return { ...verdict, left: taken.left };
	}
	giveBackHeld(taken.taken, now);
	await noteUse(tx, clinicId, profileId, methodId, now);
	return { kind: "right" };
}

function triesOf({ clinicId, profileId }: Profile, knownBrowser: boolean) {
	const limits: readonly CodeLimit[] = knownBrowser
		? ["codesKnownBrowser"]
		: ["codesUnknownBrowser", "codesUnknownBrowserADay"];
	return limits.map((name) => ({ name, clinicId, key: profileId }));
}

/** What a wrong code leads to: its event, the method blocked, and in the end the password kept to known browsers. */
async function refuseCode(
	tx: Tx,
	deps: Deps,
	visit: Visit,
	entry: Entry,
	wrong: {
		method: Method;
		verdict: { kind: "wrong" | "expired" } | { kind: "clock"; direction: "slow" | "fast" };
		isLastOfTheDay: boolean;
	},
): Promise<void> {
	const { profile } = entry;
	const { clinicId, profileId } = profile;
	const { keyring } = deps.config;
	const { now, words } = visit;
	const { method } = wrong;
	const event = contextOf(visit, entry);
	const isBlocked = (await countWrong(tx, clinicId, profileId, method.methodId)) >= WRONG_IN_A_ROW_THAT_BLOCK;
	if (isBlocked) await block(tx, clinicId, profileId, method.methodId, now);

	// So many wrong codes from strangers: somebody has the password.
	const isClosed = wrong.isLastOfTheDay && (await closePasswordToStrangers(tx, deps, profile, now));
	if (wrong.isLastOfTheDay) await deleteSignInsOfStrangers(tx, clinicId, profileId);
	const mayTell =
		isClosed &&
		(await takeTry(tx, "passwordThiefEmailADay", { clinicId, key: profileId }, now)).kind === "go";

	if (isBlocked) {
		const methodName = words.methods[method.kind];
		await tellPerson(tx, deps, visit, profile, "method-blocked", (news) =>
			words.emails.methodBlocked({ ...news, methodName }),
		);
	}
	if (mayTell) {
		const write = words.emails.somebodyHasYourPassword;
		await tellPerson(tx, deps, visit, profile, "somebody-has-your-password", write);
	}

	await recordEvent(tx, keyring, { ...event, ...refusalOf(entry, wrong) });
	if (isBlocked)
		await recordEvent(tx, keyring, { ...event, kind: "method-blocked", detail: { method: method.kind } });
	if (isClosed) {
		const detail = { why: "wrong-codes" } as const;
		await recordEvent(tx, keyring, { ...event, kind: "password-only-known-browsers", detail });
	}
}

function refusalOf(
	{ where }: Entry,
	{ method, verdict }: { method: Method; verdict: { kind: string; direction?: "slow" | "fast" } },
): Event {
	const clock = verdict.direction ? { clock: verdict.direction } : {};
	return where.kind === "sign-in"
		? { kind: "second-step-refused", detail: { method: method.kind, ...clock } }
		: { kind: "asked-again-refused", detail: { asked: method.kind, ...clock } };
}

function contextOf(visit: Visit, { profile: { profileId }, where }: Entry): EventContext {
	return during(visit, profileId, where.kind === "sign-in" ? "nobody" : profileId);
}
