import type { Clinic } from "../clinics/clinic.ts";
import type { Tx } from "../db/transaction.ts";
import type { EmailKind } from "../delivery/email-kind.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { addressesOf } from "../profiles/lately-changed.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import type { DoneNews, Email } from "../words/email.ts";
import { type Words, wordsFor } from "../words/words.ts";
import { type DoneBy, doneNews, doneNewsTo, whenDone } from "./done-by.ts";

/**
 * Queues an email to a person about what was done to their profile, in their language: for 7 days after a change of
 * email to the earlier address too.
 *
 * @param colleague as the profile was before, where an address is changed with it
 * @param told.hasNotMe whether it has the button **This wasn't me**
 */
export async function tellColleague(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	clinic: Clinic,
	colleague: Profile,
	told: {
		by: DoneBy;
		kind: EmailKind;
		hasNotMe: boolean;
		write: (words: Words, news: DoneNews) => Email;
	},
): Promise<void> {
	const { clinicId, profileId, name, language } = colleague;
	const { by, kind } = told;
	const now = whenDone(by);
	for (const to of addressesOf(colleague, now)) {
		const news = told.hasNotMe
			? await doneNewsTo(tx, config, by, clinic, colleague, to)
			: doneNews(by, clinic, name);
		const email = told.write(wordsFor(language), news);
		await queueEmail(tx, config.keyring, { clinicId, profileId, to, kind, email, now });
	}
}
