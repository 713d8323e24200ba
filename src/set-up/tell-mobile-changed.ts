import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { tellPerson } from "../not-me/tell-person.ts";
import { numberToCall } from "../profiles/number-to-call.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import { prettyNumber } from "../text-message/number.rule.ts";
import type { Visit } from "../web/visit.ts";

/**
 * Tells a person that the mobile number on their profile is another one.
 *
 * @param before the profile as it was
 * @param profile as it is with the new one
 */
export async function tellMobileChanged(
	tx: Tx,
	deps: Pick<Deps, "config">,
	visit: Visit,
	before: Profile,
	profile: Profile,
): Promise<void> {
	const { now, words } = visit;
	const pretty = (number: string | null) => (number === null ? undefined : prettyNumber(number));
	const numbers = { mobile: pretty(profile.mobile), toCall: pretty(numberToCall(profile, now).number) };
	await tellPerson(tx, deps, visit, before, "mobile-changed", (news) =>
		words.emails.mobileChanged({ ...news, ...numbers }),
	);
}
