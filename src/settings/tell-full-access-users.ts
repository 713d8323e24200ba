import type { Tx } from "../db/transaction.ts";
import type { EmailKind } from "../delivery/email-kind.ts";
import { newsOf } from "../delivery/news.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { listFullAccessUsers } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import type { Email, SettingsNews } from "../words/email.ts";
import { type Words, wordsFor } from "../words/words.ts";

/**
 * Queues an email to every Full Access user, whoever changed the setting included: each in their own language.
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
	for (const { profileId, name, email, language } of await listFullAccessUsers(tx, clinicId)) {
		await queueEmail(tx, config.keyring, {
			clinicId,
			profileId,
			to: email,
			kind,
			email: write(wordsFor(language), {
				...newsOf(visit, name),
				by: profileId === changedBy ? undefined : changedByName,
				supportEmail: config.supportEmail,
			}),
			now,
		});
	}
}
