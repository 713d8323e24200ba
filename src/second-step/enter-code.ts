import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { verifyAuthenticatorCode } from "../authenticator-app/verify-code.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import { newsOf } from "../delivery/news.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { giveBackTry, takeTry } from "../limits/take-try.ts";
import { block, countWrong, type Method, noteUse } from "../methods/store.ts";
import { closePasswordToStrangers } from "../passwords/try-password.ts";
import type { Profile } from "../profiles/profile.ts";
import { lockProfile } from "../profiles/store.ts";
import { readJourneyFacts } from "../sign-in/facts.ts";
import { type FinishedSignIn, finishSignIn } from "../sign-in/finish-sign-in.ts";
import type { SignInVisit } from "../sign-in/gate.tsx";
import { nextStep } from "../sign-in/journey.rule.ts";
import { deleteSignInsOfStrangers, isSignInThere } from "../sign-in/store.ts";
import { verifyTextCode } from "../text-message/verify-code.ts";
import { methodToAsk } from "./ways.rule.ts";
import { listWorkingMethods } from "./working-methods.ts";

/** A method takes no more codes after this many wrong ones in a row. */
export const WRONG_IN_A_ROW_THAT_BLOCK = 100;

export type EnteredCode =
	| { kind: "in"; finished: FinishedSignIn }
	| { kind: "wrong"; left: number }
	/** Right for another time: the phone's clock is off. Counts as wrong. */
	| { kind: "clock"; minutes: number; direction: "slow" | "fast"; left: number }
	/** A texted code that was right and is too old. Counts as wrong. */
	| { kind: "expired"; left: number }
	| { kind: "wait"; until: number }
	/** No method takes codes: they are blocked. */
	| { kind: "blocked" }
	/** Too many wrong ones from strangers: the password works only in known browsers, and this is none. */
	| { kind: "closed" }
	/** The sign-in has ended, or something about this person changed. */
	| { kind: "over" };

/**
 * Enters the code of a method at sign-in. One transaction, committed whatever the outcome: the try, the spending of
 * the code, the session and the events.
 *
 * @param code six ASCII digits, as `readCode` gives them
 */
export async function enterCode(deps: Deps, visit: SignInVisit, code: string): Promise<EnteredCode> {
	const { clinic, now, signIn } = visit;
	const { clinicId } = clinic;
	const { profileId, doorsVersion } = signIn.profile;
	return inTransaction(deps.db, async (tx): Promise<EnteredCode> => {
		const profile = await lockProfile(tx, clinicId, profileId);
		// A sign-in parked before the profile changed finishes nothing.
		if (!profile?.active || profile.doorsVersion !== doorsVersion) return { kind: "over" };
		// The same form sent twice at once: the code that has just got in is no wrong one.
		if (!(await isSignInThere(tx, clinicId, signIn.signInId))) return { kind: "over" };
		// The journey is asked again under the lock: a code opens nothing unless the second step is what is due.
		const facts = await readJourneyFacts(tx, profile, signIn, { browserHash: visit.browser.hash, now });
		if (nextStep(facts).kind !== "second-step") return { kind: "over" };
		const method = methodToAsk(await listWorkingMethods(tx, deps, clinicId, profileId), signIn.askedKind);
		if (!method) return { kind: "blocked" };

		// Counted before the code is looked at; no resend, other method or new sign-in resets it.
		const try_ = await takeCodeTry(tx, deps, visit, profile);
		if (try_.kind === "wait") return try_;

		const { methodId } = method;
		const verdict =
			method.kind === "authenticator-app"
				? await verifyAuthenticatorCode(tx, deps.config.keyring, { clinicId, profileId, methodId, code, now })
				: await verifyTextCode(tx, deps, { clinicId, profileId, holderId: signIn.signInId, code, now });
		if (verdict.kind !== "right") {
			await refuseCode(tx, deps, visit, profile, method, { verdict, isLastOfTheDay: try_.isLastOfTheDay });
			if (try_.isLastOfTheDay) return { kind: "closed" };
			return { ...verdict, left: try_.left };
		}
		await giveCodeTryBack(tx, visit);
		await noteUse(tx, clinicId, profileId, methodId, now);
		const { signInId, returnTo } = signIn;
		const finished = await finishSignIn(tx, deps, visit, { profile, signInId, by: method.kind, returnTo });
		return finished ? { kind: "in", finished } : { kind: "over" };
	});
}

type CodeTry = { kind: "go"; left: number; isLastOfTheDay: boolean } | { kind: "wait"; until: number };

/** Takes a try of the counters that apply: known browsers have their own, so that a thief's guesses close no owner out. */
async function takeCodeTry(tx: Tx, deps: Deps, visit: SignInVisit, profile: Profile): Promise<CodeTry> {
	const at = { clinicId: profile.clinicId, key: profile.profileId };
	let left = Number.POSITIVE_INFINITY;
	let isLastOfTheDay = false;
	for (const limit of limitsFor(visit)) {
		const verdict = await takeTry(tx, limit, at, visit.now);
		if (verdict.kind === "go") {
			left = Math.min(left, verdict.left);
			isLastOfTheDay ||= limit === "codesUnknownBrowserADay" && verdict.left === 0;
			continue;
		}
		const until = verdict.kind === "wait" ? verdict.until : Number.MAX_SAFE_INTEGER;
		if (verdict.isFirstRefusal) {
			const event = during(visit, profile.profileId, "nobody");
			await recordEvent(tx, deps.config.keyring, { ...event, kind: "second-step-waits", detail: { until } });
		}
		return { kind: "wait", until };
	}
	return { kind: "go", left, isLastOfTheDay };
}

async function giveCodeTryBack(tx: Tx, visit: SignInVisit): Promise<void> {
	const at = { clinicId: visit.clinic.clinicId, key: visit.signIn.profile.profileId };
	for (const limit of limitsFor(visit)) await giveBackTry(tx, limit, at, visit.now);
}

function limitsFor({ signIn }: SignInVisit) {
	return signIn.knownBrowser
		? (["codesKnownBrowser"] as const)
		: (["codesUnknownBrowser", "codesUnknownBrowserADay"] as const);
}

/** What a wrong code leads to: its event, the method blocked, and in the end the password kept to known browsers. */
async function refuseCode(
	tx: Tx,
	deps: Deps,
	visit: SignInVisit,
	profile: Profile,
	method: Method,
	wrong: {
		verdict: { kind: "wrong" | "expired" } | { kind: "clock"; direction: "slow" | "fast" };
		isLastOfTheDay: boolean;
	},
): Promise<void> {
	const { clinicId, profileId } = profile;
	const { keyring } = deps.config;
	const { now, words } = visit;
	const news = newsOf(visit, profile.name);
	const event = during(visit, profileId, "nobody");
	const isBlocked = (await countWrong(tx, clinicId, profileId, method.methodId)) >= WRONG_IN_A_ROW_THAT_BLOCK;
	if (isBlocked) await block(tx, clinicId, profileId, method.methodId, now);

	// So many wrong codes from strangers: somebody has the password.
	const isClosed = wrong.isLastOfTheDay && (await closePasswordToStrangers(tx, deps, profile, now));
	if (wrong.isLastOfTheDay) await deleteSignInsOfStrangers(tx, clinicId, profileId);
	const mayTell =
		isClosed &&
		(await takeTry(tx, "passwordThiefEmailADay", { clinicId, key: profileId }, now)).kind === "go";

	const to = { clinicId, profileId, to: profile.email, now };
	if (isBlocked) {
		const email = words.emails.methodBlocked({ ...news, methodName: words.methods[method.kind] });
		await queueEmail(tx, keyring, { ...to, kind: "method-blocked", email });
	}
	if (mayTell) {
		const email = words.emails.somebodyHasYourPassword(news);
		await queueEmail(tx, keyring, { ...to, kind: "somebody-has-your-password", email });
	}

	const clock = wrong.verdict.kind === "clock" ? { clock: wrong.verdict.direction } : {};
	await recordEvent(tx, keyring, {
		...event,
		kind: "second-step-refused",
		detail: { method: method.kind, ...clock },
	});
	if (isBlocked)
		await recordEvent(tx, keyring, { ...event, kind: "method-blocked", detail: { method: method.kind } });
	if (isClosed) {
		const detail = { why: "wrong-codes" } as const;
		await recordEvent(tx, keyring, { ...event, kind: "password-only-known-browsers", detail });
	}
}
