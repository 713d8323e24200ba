import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { Profile } from "../profiles/profile.ts";
import { type SentCode, sendCode } from "../text-message/send-code.ts";
import { findNumber } from "../text-message/store.ts";
import type { Visit } from "../web/visit.ts";
import { methodToAsk } from "./ways.rule.ts";
import { listWorkingMethods } from "./working-methods.ts";

type BegunSignIn = { signInId: string; profile: Profile; knownBrowser: boolean };

/** Texts the code of a sign-in to the number that this person confirmed. The caller has locked the profile. */
export async function sendSignInText(
	tx: Tx,
	deps: Deps,
	visit: Visit,
	{ signInId, profile, knownBrowser }: BegunSignIn,
): Promise<SentCode | undefined> {
	const number = await findNumber(tx, profile.clinicId, profile.profileId);
	if (number === undefined) return undefined;
	const to = { profile, holderId: signInId, number, purpose: "sign-in", isKnown: knownBrowser } as const;
	return sendCode(tx, deps, visit, to);
}

/** A sign-in has begun: where its first method is text messages, the code is on its way with it. */
export async function sendFirstText(tx: Tx, deps: Deps, visit: Visit, signIn: BegunSignIn): Promise<void> {
	const { clinicId, profileId } = signIn.profile;
	const methods = await listWorkingMethods(tx, deps, clinicId, profileId);
	if (methodToAsk(methods, null)?.kind === "text-message") await sendSignInText(tx, deps, visit, signIn);
}
