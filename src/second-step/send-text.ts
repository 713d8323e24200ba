import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { Method } from "../methods/store.ts";
import { thatWork } from "../methods/working-methods.ts";
import type { Profile } from "../profiles/profile.ts";
import type { OpenSignIn } from "../sign-in/gate.tsx";
import { findRefusal, type Refusal, type SentCode, sendCode } from "../text-message/send-code.ts";
import { findNumber } from "../text-message/store.ts";
import type { Visit } from "../web/visit.ts";
import { findCodeWait } from "./try-code.ts";
import { methodToAsk } from "./ways.rule.ts";

/** Also: too many codes were wrong, and until then none is looked at. */
export type TextedOrNot = SentCode | { kind: "codes-wait"; until: number };

/**
 * Texts a code to the number that this person confirmed. The caller has locked the profile.
 *
 * @param holderId the sign-in or session that it belongs to
 * @returns undefined when no number is on
 */
export async function sendText(
	tx: Tx,
	deps: Deps,
	visit: Visit,
	{ holderId, profile, knownBrowser }: { holderId: string; profile: Profile; knownBrowser: boolean },
): Promise<TextedOrNot | undefined> {
	const number = await findNumber(tx, profile.clinicId, profile.profileId);
	if (number === undefined) return undefined;
	// Nobody pays for a code that nobody would look at.
	const until = await findCodeWait(tx, profile, knownBrowser, visit.now);
	if (until !== undefined) return { kind: "codes-wait", until };
	const to = { profile, holderId, number, purpose: "sign-in", isKnown: knownBrowser } as const;
	return sendCode(tx, deps, visit, to);
}

/** Why no code can be texted to this person's sign-in now; undefined where one can. Nothing is counted. */
export async function findTextRefusal(deps: Deps, visit: OpenSignIn): Promise<Refusal | undefined> {
	const { signInId: holderId, profile, knownBrowser: isKnown } = visit.signIn;
	const number = await findNumber(deps.db, profile.clinicId, profile.profileId);
	if (number === undefined) return undefined;
	return findRefusal(deps.db, deps, visit, { profile, holderId, number, purpose: "sign-in", isKnown });
}

/** A sign-in has begun: where its first method is text messages, the code is on its way with it. */
export async function sendFirstText(
	tx: Tx,
	deps: Deps,
	visit: Visit,
	{
		signInId,
		methods,
		...who
	}: { signInId: string; profile: Profile; methods: readonly Method[]; knownBrowser: boolean },
): Promise<void> {
	if (methodToAsk(thatWork(deps, methods), null)?.kind !== "text-message") return;
	await sendText(tx, deps, visit, { holderId: signInId, ...who });
}
