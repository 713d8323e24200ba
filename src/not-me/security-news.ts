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
 * @param sentTo the address the email goes to, where it is not the profile's
 */
export async function securityNews(
	tx: Tx,
	visit: Visit,
	{ clinicId, profileId, name, email }: Pick<Profile, "clinicId" | "profileId" | "name" | "email">,
	sentTo = email,
): Promise<EmailNews> {
	const { now } = visit;
	const token = PlainToken.fresh();
	await insertNotMeLink(tx, {
		clinic_id: clinicId,
		link_id: newId(now),
		token_hash: token.hash(),
		profile_id: profileId,
		sent_to: sentTo,
		since_at: now,
		made_at: now,
		expires_at: now + NOT_ME_LIVES_MS,
		used_at: null,
	});
	return { ...newsOf(visit, name), notMeUrl: visit.origin + paths.notMe.to(token.reveal()) };
}
