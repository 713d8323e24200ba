import type { Db } from "../db/connect.ts";
import { listMethods } from "../methods/store.ts";
import type { Profile } from "../profiles/profile.ts";
import type { JourneyFacts } from "./journey.rule.ts";

/**
 * Reads what the journey table asks for, as it is now. There is no enforcement, no trusted browser and no reset in
 * this version of the schema, so those facts are what they are without them.
 */
export async function readJourneyFacts(
	db: Db,
	profile: Profile,
	passwordSetByLinkAt: number | null,
	now: number,
): Promise<JourneyFacts> {
	const methods = await listMethods(db, profile.clinicId, profile.profileId);
	return {
		now,
		isResetPending: false,
		passwordSetByLinkAt,
		lastSignInAt: profile.lastSignInAt,
		// A blocked method is on as well: no number of wrong codes turns "has one" into "has none".
		hasMethodOn: methods.length > 0,
		isBrowserTrusted: false,
		clinicAllowsTrust: false,
		enforcement: { kind: "off" },
		hasPassedEmailedCode: false,
		hasPassedTemporaryCode: false,
		hasDeclinedSetUp: false,
	};
}
