import type { Clinic } from "../clinics/clinic.ts";
import { clinicOrigin } from "../clinics/origin.ts";
import type { Tx } from "../db/transaction.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import type { Profile } from "../profiles/profile.ts";
import { wordsFor } from "../words/words.ts";
import { makePasswordLink } from "./make-link.ts";

/** A link that sets a password once: its whole address, until when it works, and where it was emailed. */
export type Invitation = { url: string; expiresAt: number; sentTo: string };

/**
 * Makes a link that sets a password and queues the email with it. The caller records `password-link-sent`.
 *
 * @param given.invitedBy a Full Access user's name; undefined where none did it
 */
export async function sendInvitation(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	clinic: Clinic,
	profile: Profile,
	{ now, invitedBy }: { now: number; invitedBy: string | undefined },
): Promise<Invitation> {
	const { clinicId, profileId, name: personName } = profile;
	const origin = clinicOrigin(config, clinic.shortName);
	const link = await makePasswordLink(tx, { clinicId, profileId, kind: "invitation", origin, now });
	await queueEmail(tx, config.keyring, {
		clinicId,
		profileId,
		to: profile.email,
		kind: "invitation",
		email: wordsFor(profile.language).emails.invitation({
			clinicName: clinic.name,
			personName,
			url: link.url,
			invitedBy,
		}),
		now,
		expiresAt: link.expiresAt,
	});
	return { ...link, sentTo: profile.email };
}
