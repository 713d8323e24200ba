import type { Tx } from "../db/transaction.ts";
import type { EmailKind } from "../delivery/email-kind.ts";
import { newsOf } from "../delivery/news.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { securityNews } from "../not-me/security-news.ts";
import { addressesOf } from "../profiles/lately-changed.rule.ts";
import { listFullAccessUsers } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import type { Email, SettingsNews } from "../words/email.ts";
import { type Words, wordsFor } from "../words/words.ts";

/**
 * Queues an email to every Full Access user, each in their own language: to the one who changed the setting with a
 * button **This wasn't me**.
 *
 * @param write the email, of the words of its reader
 */
export async function tellFullAccessUsers(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	visit: SessionVisit,
	kind: EmailKind,
	write: (words: Words, news: SettingsNews) => Email,
): Promise<void> {
	const { now, session } = visit;
	const { clinicId, profileId: changedBy, name: changedByName } = session.profile;
	for (const user of await listFullAccessUsers(tx, clinicId)) {
		const { profileId, name, language } = user;
		const isDoer = profileId === changedBy;
		// Who sat in the session of the one who did it may have changed that one's email before.
		const to = isDoer ? addressesOf(user, now) : [user.email];
		for (const recipient of to) {
			const news = isDoer ? await securityNews(tx, visit, user, recipient) : newsOf(visit, name);
			const by = isDoer ? undefined : changedByName;
			const email = write(wordsFor(language), { ...news, by, supportEmail: config.supportEmail });
			await queueEmail(tx, config.keyring, { clinicId, profileId, to: recipient, kind, email, now });
		}
	}
}
