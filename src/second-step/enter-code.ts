import { readApp } from "../authenticator-app/verify-code.ts";
import { inCountingTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { ProfileTries } from "../limits/take-try.ts";
import { thatWork } from "../methods/working-methods.ts";
import { lockProfile } from "../profiles/store.ts";
import { factsOf, readSurroundings } from "../sign-in/facts.ts";
import { type FinishedSignIn, finishSignIn, readArrival } from "../sign-in/finish-sign-in.ts";
import type { OpenSignIn } from "../sign-in/gate.tsx";
import { nextStep, type Step } from "../sign-in/journey.rule.ts";
import { overIfEnded } from "../sign-in/sign-in-ended.ts";
import { readUnderLock } from "../sign-in/store.ts";
import { type Entry, type TriedCode, takeCodeTry, tryCode } from "./try-code.ts";
import { methodToAsk } from "./ways.rule.ts";

export type EnteredCode =
	| { kind: "in"; finished: FinishedSignIn }
	| Exclude<TriedCode, { kind: "right" }>
	| { kind: "wait"; until: number }
	/** Something else is due. */
	| { kind: "elsewhere"; step: Step }
	/** No method takes codes: they are blocked. */
	| { kind: "blocked" }
	/** Too many wrong ones from strangers: the password works only in known browsers, and this is none. */
	| { kind: "closed" }
	/** The sign-in has ended, or something about this person changed. */
	| { kind: "over" };

/**
 * Enters the code of a method at sign-in. One transaction, committed whatever the outcome: the try, the spending of
 * the code, the session and the events. Where the sign-in is cancelled at the same moment only the try stays.
 *
 * @param code six ASCII digits, as `readCode` gives them
 * @param trusts whether this browser is to skip the second step for 30 days, where the clinic allows it
 */
export async function enterCode(
	deps: Deps,
	visit: OpenSignIn,
	code: string,
	trusts: boolean,
): Promise<EnteredCode> {
	const { clinic, now, signIn } = visit;
	const { clinicId } = clinic;
	const { signInId, knownBrowser, returnTo } = signIn;
	const { profileId, doorsVersion } = signIn.profile;
	const asked: Entry = { profile: signIn.profile, where: { kind: "sign-in", id: signInId }, knownBrowser };
	const takeTry = (tx: Tx, read?: ProfileTries) => takeCodeTry(tx, deps, visit, asked, read);
	const takeTryAlone = async (tx: Tx) => (await lockProfile(tx, clinicId, profileId)) && takeTry(tx);
	return inCountingTransaction(deps.db, takeTryAlone, async (tx): Promise<EnteredCode> => {
		// Sent together, the profile's lock first: what is sent after it is read once it is held.
		const locked = lockProfile(tx, clinicId, profileId);
		const read = readUnderLock(tx, { clinicId, profileId, signInId, now });
		const clinicNow = read.then((found) => found.clinic);
		const [profile, { isSignInThere }, surroundings, app, arrival] = await Promise.all([
			locked,
			read,
			readSurroundings(tx, signIn.profile, { browserHash: visit.browser.hash, clinic: clinicNow }),
			readApp(tx, { clinicId, profileId, now }),
			readArrival(tx, visit, signIn.profile, read),
		]);
		// A sign-in parked before the profile changed finishes nothing.
		if (!profile?.active || profile.doorsVersion !== doorsVersion) return { kind: "over" };
		// The same form sent twice at once: the code that has just got in is no wrong one.
		if (!isSignInThere) return { kind: "over" };
		// The journey is asked under the lock: a code opens nothing unless the second step is what is due.
		const step = nextStep(factsOf(profile, signIn, surroundings, now));
		if (step.kind !== "second-step") return { kind: "elsewhere", step };
		const { methods } = surroundings;
		const method = methodToAsk(thatWork(deps, methods), signIn.askedKind);
		if (!method) return { kind: "blocked" };

		// Counted before the code is looked at.
		const taken = await takeTry(tx, arrival.tries);
		if (taken.kind === "wait") return taken;

		const tried = await tryCode(tx, deps, visit, { ...asked, profile }, { method, code, taken, app });
		if (tried.kind !== "right") return taken.isLastOfTheDay ? { kind: "closed" } : tried;
		const by = method.kind;
		const ended = { profile, signInId, methods, by, returnTo, trusts, arrival };
		return { kind: "in", finished: await finishSignIn(tx, deps, visit, ended) };
	}).catch(overIfEnded);
}
