import type { Clinic } from "../clinics/clinic.ts";
import type { Tx } from "../db/transaction.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import type { Profile } from "../profiles/profile.ts";
import { wordsFor } from "../words/words.ts";

/** Queues an email to each of these Full Access users about what the operator did with a colleague of theirs. */
export async function tellFullAccessUsers(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	clinic: Clinic,
	users: readonly Profile[],
	news: { change: "invited" | "deactivated" | "reactivated"; colleague: Profile; now: number },
): Promise<void> {
	const { change, colleague, now } = news;
	for (const { clinicId, profileId, name, email, language } of users) {
		if (profileId === colleague.profileId) continue;
		await queueEmail(tx, config.keyring, {
			clinicId,
			profileId,
			to: email,
			kind: "staff-changed",
			email: wordsFor(language).emails.staffChanged({
				clinicName: clinic.name,
				personName: name,
				when: now,
				timeZone: clinic.timeZone,
				change,
				colleague,
				supportEmail: config.supportEmail,
			}),
			now,
		});
	}
}
