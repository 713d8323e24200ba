import type { Tx } from "../db/transaction.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { securityNews } from "../not-me/security-news.ts";
import { addressesOf } from "../profiles/lately-changed.rule.ts";
import { numberToCall } from "../profiles/number-to-call.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import { prettyNumber } from "../text-message/number.rule.ts";
import type { Visit } from "../web/visit.ts";

/** Tells a person that the mobile number on their profile is another one. @param profile as it is with the new one */
export async function tellMobileChanged(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	visit: Visit,
	profile: Profile,
): Promise<void> {
	const { clinicId, profileId } = profile;
	const { now, words } = visit;
	const pretty = (number: string | null) => (number === null ? undefined : prettyNumber(number));
	const numbers = { mobile: pretty(profile.mobile), toCall: pretty(numberToCall(profile, now).number) };
	for (const to of addressesOf(profile, now)) {
		const news = { ...(await securityNews(tx, visit, profile, to)), ...numbers };
		const email = words.emails.mobileChanged(news);
		await queueEmail(tx, config.keyring, { clinicId, profileId, to, kind: "mobile-changed", email, now });
	}
}
