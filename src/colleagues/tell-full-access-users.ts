import type { Clinic } from "../clinics/clinic.ts";
import type { Tx } from "../db/transaction.ts";
import type { EmailKind } from "../delivery/email-kind.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { addressesOf } from "../profiles/lately-changed.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import type { DoneNews, Email } from "../words/email.ts";
import { type Words, wordsFor } from "../words/words.ts";
import { type DoneBy, doneNews, doneNewsTo, isDoer, whenDone } from "./done-by.ts";

/**
 * Queues an email to each of these Full Access users about what was done to a colleague of theirs, the one who did it
 * included, with a button **This wasn't me**: each in their own language. The colleague gets an email of their own.
 *
 * @param write the email, of the words of its reader
 */
export async function tellFullAccessUsers(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	clinic: Clinic,
	users: readonly Profile[],
	told: {
		by: DoneBy;
		colleagueId: string;
		kind: EmailKind;
		write: (words: Words, news: DoneNews & { supportEmail: string }) => Email;
	},
): Promise<void> {
	const { by, colleagueId, kind } = told;
	const now = whenDone(by);
	const { supportEmail } = config;
	for (const user of users) {
		const { clinicId, profileId, name, language } = user;
		if (profileId === colleagueId) continue;
		// Who sat in the session of the one who did it may have changed that one's email before.
		const to = isDoer(by, user) ? addressesOf(user, now) : [user.email];
		for (const recipient of to) {
			const done = isDoer(by, user)
				? await doneNewsTo(tx, config, by, clinic, user, recipient)
				: doneNews(by, clinic, name);
			const email = told.write(wordsFor(language), { ...done, supportEmail });
			await queueEmail(tx, config.keyring, {
				clinicId,
				profileId,
				to: recipient,
				kind,
				about: colleagueId,
				email,
				now,
			});
		}
	}
}
