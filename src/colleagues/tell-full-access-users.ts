import type { Clinic } from "../clinics/clinic.ts";
import type { Tx } from "../db/transaction.ts";
import type { EmailKind } from "../delivery/email-kind.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import type { Profile } from "../profiles/profile.ts";
import type { DoneNews, Email } from "../words/email.ts";
import { type Words, wordsFor } from "../words/words.ts";
import { type DoneBy, doneNews, whenDone } from "./done-by.ts";

/**
 * Queues an email to each of these Full Access users about what was done to a colleague of theirs, the one who did it
 * included: each in their own language. The colleague gets an email of their own.
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
	for (const { clinicId, profileId, name, email, language } of users) {
		if (profileId === told.colleagueId) continue;
		const isReader = told.by.kind === "full-access" && told.by.visit.session.profile.profileId === profileId;
		const news = { ...doneNews(told.by, clinic, name, isReader), supportEmail: config.supportEmail };
		await queueEmail(tx, config.keyring, {
			clinicId,
			profileId,
			to: email,
			kind: told.kind,
			about: told.colleagueId,
			email: told.write(wordsFor(language), news),
			now: whenDone(told.by),
		});
	}
}
