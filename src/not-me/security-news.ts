import { days } from "../clock.ts";
import { PlainToken } from "../crypto/tokens.ts";
import { newId } from "../db/ids.ts";
import type { Tx } from "../db/transaction.ts";
import { newsOf } from "../delivery/news.ts";
import { paths } from "../paths.ts";
import type { Profile } from "../profiles/profile.ts";
import type { Visit } from "../web/visit.ts";
import type { EmailNews } from "../words/email.ts";
import { insertNotMeLink } from "./store.ts";

/** The button works so long. */
const NOT_ME_LIVES_MS = days(7);

/**
 * What every security email to a person tells, with a fresh button **This wasn't me**: it works once, and undoes what
 * happened from this visit onward. Called in the transaction that queues the email.
 *
 * @param profile as it was before, where its email or mobile number is changed with it
 * @param sentTo the address the email goes to, where it is not the profile's
 */
export async function securityNews(
	tx: Tx,
	visit: Visit,
	profile: Pick<Profile, "clinicId" | "profileId" | "name" | "email" | "mobile">,
	sentTo = profile.email,
): Promise<EmailNews> {
	const notMeUrl = await makeNotMeLink(tx, profile, { sentTo, origin: visit.origin, now: visit.now });
	return { ...newsOf(visit, profile.name), notMeUrl };
}

/**
 * Makes the link of one button **This wasn't me**.
 *
 * @param profile as it was before, where its email or mobile number is changed with it: what the button puts back
 * @param given.sentTo the address the email goes to
 * @param given.origin where this clinic is reached, from `VESTIBULE_URL`
 * @param given.now when the thing happened that the email tells of, epoch milliseconds
 * @returns the whole address, to be emailed and kept nowhere
 */
export async function makeNotMeLink(
	tx: Tx,
	profile: Pick<Profile, "clinicId" | "profileId" | "email" | "mobile">,
	{ sentTo, origin, now }: { sentTo: string; origin: string; now: number },
): Promise<string> {
	const { clinicId, profileId, email, mobile } = profile;
	const token = PlainToken.fresh();
	await insertNotMeLink(tx, {
		clinic_id: clinicId,
		link_id: newId(now),
		token_hash: token.hash(),
		profile_id: profileId,
		sent_to: sentTo,
		since_at: now,
		email,
		mobile,
		made_at: now,
		expires_at: now + NOT_ME_LIVES_MS,
		used_at: null,
	});
	return origin + paths.notMe.to(token.reveal());
}
