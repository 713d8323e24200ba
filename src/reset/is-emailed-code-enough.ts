import type { Db } from "../db/connect.ts";
import { findPassword } from "../passwords/store.ts";
import type { Profile } from "../profiles/profile.ts";
import { readJourneyFacts } from "../sign-in/facts.ts";
import { asksEmailedCode, nextStep } from "../sign-in/journey.rule.ts";

/**
 * Whether an emailed code does at this person's next sign-in once a reset is pending; else only a temporary code does.
 * The table of the journey itself is asked.
 */
export async function isEmailedCodeEnough(db: Db, profile: Profile, now: number): Promise<boolean> {
	const password = await findPassword(db, profile.clinicId, profile.profileId);
	const nothingPassed = {
		passwordSetByLinkAt: password?.set_by === "link" ? password.set_at : null,
		emailedCodePassedAt: null,
		temporaryCodePassedAt: null,
	};
	const at = { browserHash: undefined, now };
	const facts = await readJourneyFacts(db, { ...profile, resetPendingAt: now }, nothingPassed, at);
	return asksEmailedCode(nextStep(facts));
}
