import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { hours, minutes } from "../clock.ts";
import { PlainToken } from "../crypto/tokens.ts";
import { newId } from "../db/ids.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { takeTry } from "../limits/take-try.ts";
import type { Method } from "../methods/store.ts";
import { acceptPassword, type RightPassword } from "../passwords/try-password.ts";
import type { Profile } from "../profiles/profile.ts";
import { lockProfile } from "../profiles/store.ts";
import type { Visit } from "../web/visit.ts";
import { readJourneyFacts } from "./facts.ts";
import { type FinishedSignIn, finishSignIn } from "./finish-sign-in.ts";
import { nextStep } from "./journey.rule.ts";
import { pathOf } from "./path-of-step.ts";
import { deleteSignInByToken, insertSignIn } from "./store.ts";

/** A sign-in left unfinished is over after this. */
const SIGN_IN_LIVES_MS = minutes(15);
/** And after this where it waits for an emailed code or a set-up. */
const WAITING_SIGN_IN_LIVES_MS = hours(1);

/** What the composer adds to the beginning of a sign-in, as a code by text message. */
export type SignInBegun = (
	tx: Tx,
	visit: Visit,
	signIn: { signInId: string; profile: Profile; methods: readonly Method[]; knownBrowser: boolean },
) => Promise<void>;

/**
 * Accepts a right password: starts the session where nothing more is asked, and otherwise the sign-in.
 *
 * @param begun what else happens in the same transaction when a second step is asked for
 * @returns undefined when the profile changed while the password was compared: ask for it again; `wait` where so many
 *   were begun and not finished that this one is not
 */
export async function startSignIn(
	deps: Deps,
	visit: Visit,
	right: RightPassword,
	returnTo: string | null,
	begun: SignInBegun,
): Promise<FinishedSignIn | { kind: "wait"; until: number } | undefined> {
	const { now, browser } = visit;
	const { clinicId, profileId, doorsVersion } = right.profile;
	return inTransaction(deps.db, async (tx) => {
		const profile = await lockProfile(tx, clinicId, profileId);
		// Deactivated, a new password or another change since the password was compared: it opens nothing.
		if (!profile?.active || profile.doorsVersion !== doorsVersion) return undefined;
		await acceptPassword(tx, right, now);
		// An earlier sign-in in this browser ends with the new one.
		if (visit.cookies.signIn) await deleteSignInByToken(tx, clinicId, visit.cookies.signIn.hash());

		const passed = {
			passwordSetByLinkAt: right.setByLinkAt,
			emailedCodePassedAt: null,
			temporaryCodePassedAt: null,
		};
		const at = { browserHash: browser.hash, now };
		const facts = await readJourneyFacts(tx, profile, passed, at);
		const { methods } = facts;
		const step = nextStep(facts);
		if (step.kind === "session") {
			return finishSignIn(tx, deps, visit, { profile, signInId: undefined, methods, by: step.by, returnTo });
		}
		const event = during(visit, profileId, "nobody");
		let areUsedUp = false;
		// Whoever has the password fills neither the database nor the activity with it.
		if (!right.knownBrowser) {
			const taken = await takeTry(tx, "signInsUnknownBrowser", { clinicId, key: profileId }, now);
			if (taken.kind === "wait") return taken;
			areUsedUp = taken.kind === "go" && taken.left === 0;
		}
		const token = PlainToken.fresh();
		const signInId = newId(now);
		await insertSignIn(tx, {
			clinic_id: clinicId,
			sign_in_id: signInId,
			token_hash: token.hash(),
			profile_id: profileId,
			doors_version: doorsVersion,
			browser_hash: browser.hash ?? null,
			known_browser: right.knownBrowser ? 1 : 0,
			browser_name: browser.name,
			address: visit.network.address,
			asked_kind: null,
			return_to: returnTo,
			started_at: now,
			expires_at: now + (step.kind === "second-step" ? SIGN_IN_LIVES_MS : WAITING_SIGN_IN_LIVES_MS),
			emailed_code_passed_at: null,
			temporary_code_passed_at: null,
		});
		if (step.kind === "second-step")
			await begun(tx, visit, { signInId, profile, methods, knownBrowser: right.knownBrowser });
		await recordEvent(tx, deps.config.keyring, { ...event, kind: "sign-in-started", detail: {} });
		if (areUsedUp)
			await recordEvent(tx, deps.config.keyring, { ...event, kind: "sign-ins-used-up", detail: {} });
		return { path: pathOf(step), cookies: [{ name: "sign-in", token }] };
	});
}
