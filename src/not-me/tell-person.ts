import type { Tx } from "../db/transaction.ts";
import type { EmailKind } from "../delivery/email-kind.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { addressesOf } from "../profiles/lately-changed.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import type { Visit } from "../web/visit.ts";
import type { Email, EmailNews } from "../words/email.ts";
import { securityNews } from "./security-news.ts";

/**
 * Queues a security email to a person about what happened to their profile, with a button **This wasn't me** of its
 * own: for 7 days after a change of email to the earlier address too, so that whoever changed it is not the only one
 * who hears of what they do next.
 *
 * @param profile as it was before, where its email or mobile number is changed with it
 */
export async function tellPerson(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	visit: Visit,
	profile: Profile,
	kind: EmailKind,
	write: (news: EmailNews) => Email,
): Promise<void> {
	const { clinicId, profileId } = profile;
	const { now } = visit;
	for (const to of addressesOf(profile, now)) {
		const email = write(await securityNews(tx, visit, profile, to));
		await queueEmail(tx, config.keyring, { clinicId, profileId, to, kind, email, now });
	}
}
