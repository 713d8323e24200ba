import { findTrust, type TrustedBrowser } from "../browsers/store.ts";
import { isTrustLive } from "../browsers/trust.rule.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { readClinic } from "../clinics/store.ts";
import type { HashedToken } from "../crypto/tokens.ts";
import type { Db } from "../db/connect.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import { listMethods, type Method } from "../methods/store.ts";
import { wasChangedLately } from "../profiles/lately-changed.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import type { JourneyFacts } from "./journey.rule.ts";

/** What a sign-in has passed so far; one that has just begun has passed nothing. */
export type PassedSoFar = {
	/** When the password was set by an emailed link; null where the person changed it themselves. */
	passwordSetByLinkAt: number | null;
	emailedCodePassedAt: number | null;
	temporaryCodePassedAt: number | null;
	/** **Not now** is what is being answered now. */
	declinesSetUp?: boolean;
};

/** What the journey table asks for beside the profile and the sign-in. */
export type Surroundings = { clinic: Clinic; methods: Method[]; trust: TrustedBrowser | undefined };

/**
 * Reads what the journey table asks for, as it is now: the clinic's rule too, so that inside a transaction the
 * answer is the one of this moment.
 *
 * @param at.clinic outside a transaction, where it was read just now
 * @returns with the methods that are on, for whoever goes on from here
 */
export async function readJourneyFacts(
	db: Db,
	profile: Profile,
	passed: PassedSoFar,
	at: { browserHash: HashedToken | undefined; now: number; clinic?: Clinic | undefined },
): Promise<JourneyFacts & { methods: Method[] }> {
	return factsOf(profile, passed, await readSurroundings(db, profile, at), at.now);
}

/** Needs no more than the ids of the profile, so that it is sent together with what locks and reads that. */
export async function readSurroundings(
	db: Db,
	{ clinicId, profileId }: Pick<Profile, "clinicId" | "profileId">,
	at: { browserHash: HashedToken | undefined; clinic?: Clinic | Promise<Clinic> | undefined },
): Promise<Surroundings> {
	const [clinic, methods, trust] = await Promise.all([
		at.clinic ?? readClinic(db, clinicId),
		listMethods(db, clinicId, profileId),
		findTrust(db, clinicId, profileId, at.browserHash),
	]);
	return { clinic, methods, trust };
}

export function factsOf(
	profile: Profile,
	passed: PassedSoFar,
	{ clinic, methods, trust }: Surroundings,
	now: number,
): JourneyFacts & { methods: Method[] } {
	return {
		methods,
		now,
		isResetPending: profile.resetPendingAt !== null,
		wasEmailChangedLately: wasChangedLately(profile.emailChangedAt, now),
		passwordSetByLinkAt: passed.passwordSetByLinkAt,
		lastSignInAt: profile.lastSignInAt,
		// A blocked method is on as well: no number of wrong codes turns "has one" into "has none".
		hasMethodOn: methods.length > 0,
		isBrowserTrusted: trust !== undefined && isTrustLive(trust, clinic.rule.trustVersion, now),
		clinicAllowsTrust: clinic.rule.allowsTrust,
		enforcement: enforcementOf(clinic, now),
		hasPassedEmailedCode: passed.emailedCodePassedAt !== null,
		hasPassedTemporaryCode: passed.temporaryCodePassedAt !== null,
		hasDeclinedSetUp: passed.declinesSetUp ?? false,
	};
}
