import type { Clinic } from "../clinics/clinic.ts";
import type { Deps } from "../deps.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import { peekTries } from "../limits/take-try.ts";
import { listWorkingMethods } from "../methods/working-methods.ts";
import { wasChangedLately } from "../profiles/lately-changed.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import { findRecoveryCode } from "../recovery-code/store.ts";
import { findCodeWait } from "../second-step/try-code.ts";
import { liveAfter } from "../sessions/lifetime.rule.ts";
import { isSignedInWithCode } from "../sessions/store.ts";
import { offeredKinds } from "../set-up/offered-kinds.ts";
import type { SignInVisit } from "../sign-in/gate.tsx";
import { asksEmailedCode } from "../sign-in/journey.rule.ts";
import { listWaitingCodes } from "../temporary-code/store.ts";
import { isThereAHelper } from "./store.ts";

/** Who is helped, and what can work for them now: nothing personal is known before the password. */
export type Helped =
	| { kind: "anybody" }
	| { kind: "second-step"; ways: WaysBack }
	/**
	 * @property isAsked else only a temporary code does
	 * @property canSend whether one more code may be emailed now
	 */
	| { kind: "emailed-code"; isAsked: boolean; canSend: boolean; colleague: Colleague }
	| { kind: "set-up"; offersTexts: boolean };

/** What a Full Access user of the clinic can do: a temporary code waits, one could be given, or nobody there can. */
type Colleague = "has-given-code" | "can-help" | "cannot-help";

type WaysBack = {
	hasAppThatWorks: boolean;
	hasTextsThatWork: boolean;
	hasRecoveryCode: boolean;
	/** A session that passed a code; there one may also turn the method off where the clinic does not require it. */
	signedInElsewhere: "replace" | "replace-or-turn-off" | undefined;
	colleague: Colleague;
};

/** What somebody in the middle of a sign-in can try now. */
export async function whoIsHelped(deps: Deps, inside: SignInVisit): Promise<Helped> {
	const { clinic, now, signIn, step } = inside;
	const { clinicId, profileId } = signIn.profile;
	switch (step.kind) {
		case "prove": {
			const at = { clinicId, key: profileId };
			const standing = await peekTries(deps.db, "emailedCodesAnHour", at, now);
			return {
				kind: "emailed-code",
				isAsked: asksEmailedCode(step),
				canSend: asksEmailedCode(step) && standing.kind === "go",
				colleague: await colleagueOf(deps, signIn.profile, now),
			};
		}
		case "forced-set-up":
		case "offer-set-up":
			return { kind: "set-up", offersTexts: offeredKinds(deps.config, clinic).includes("text-message") };
		default:
			return { kind: "second-step", ways: await waysBack(deps, inside) };
	}
}

async function waysBack(deps: Deps, { clinic, now, signIn }: SignInVisit): Promise<WaysBack> {
	const { profile, knownBrowser } = signIn;
	const { clinicId, profileId } = profile;
	const waits = (await findCodeWait(deps.db, profile, knownBrowser, now)) !== undefined;
	const methods = await listWorkingMethods(deps.db, deps, clinicId, profileId);
	const open = waits
		? []
		: methods.filter((method) => method.blockedAt === null).map((method) => method.kind);
	return {
		hasAppThatWorks: open.includes("authenticator-app"),
		hasTextsThatWork: open.includes("text-message"),
		hasRecoveryCode: (await findRecoveryCode(deps.db, clinicId, profileId)) !== undefined,
		signedInElsewhere: (await isSignedInWithCode(deps.db, clinicId, profileId, liveAfter(clinic, now)))
			? whatIsDoneElsewhere(clinic, now)
			: undefined,
		colleague: await colleagueOf(deps, profile, now),
	};
}

function whatIsDoneElsewhere(clinic: Clinic, now: number) {
	return enforcementOf(clinic, now).kind === "in-force" ? "replace" : "replace-or-turn-off";
}

/** Whether somebody at the clinic can help: with a method of their own, and not for a week after a changed email. */
async function colleagueOf({ db }: Deps, profile: Profile, now: number): Promise<Colleague> {
	const { clinicId, profileId } = profile;
	if ((await listWaitingCodes(db, clinicId, profileId, now)).length > 0) return "has-given-code";
	if (wasChangedLately(profile.emailChangedAt, now)) return "cannot-help";
	return (await isThereAHelper(db, clinicId, profileId)) ? "can-help" : "cannot-help";
}
