import { recordEvent } from "../activity/record.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { inTransaction } from "../db/transaction.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { findPassword } from "../passwords/store.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfileByEmail, lockFullAccessUsers, lockProfile, setActive } from "../profiles/store.ts";
import { wordsFor } from "../words/words.ts";
import { byOperator } from "./operator-event.ts";
import { type Invitation, sendInvitation } from "./send-invitation.ts";
import { tellFullAccessUsers } from "./tell-full-access-users.ts";

export type Reactivated =
	/** @property link for somebody who never set a password; undefined where the earlier one works again */
	| { kind: "reactivated"; profile: Profile; link: Invitation | undefined }
	| { kind: "unknown" }
	| { kind: "active-already" };

/** Lets a deactivated person in again: with the password they had, or else with a link to set one. */
export function reactivateStaff(
	deps: Pick<Deps, "config" | "db" | "clock">,
	clinic: Clinic,
	email: string,
): Promise<Reactivated> {
	const now = deps.clock();
	const { clinicId } = clinic;
	const { keyring } = deps.config;
	return inTransaction(deps.db, async (tx) => {
		const fullAccessUsers = await lockFullAccessUsers(tx, clinicId);
		const found = await findProfileByEmail(tx, clinicId, email);
		const profile = found && (await lockProfile(tx, clinicId, found.profileId));
		if (!profile) return { kind: "unknown" };
		if (!(await setActive(tx, clinicId, profile.profileId, true))) return { kind: "active-already" };

		const { profileId } = profile;
		const hasPassword = (await findPassword(tx, clinicId, profileId)) !== undefined;
		const link = hasPassword ? undefined : await sendInvitation(tx, deps, clinic, profile, now);
		if (!link) {
			const { emails } = wordsFor(profile.language);
			const news = {
				clinicName: clinic.name,
				personName: profile.name,
				when: now,
				timeZone: clinic.timeZone,
			};
			await queueEmail(tx, keyring, {
				clinicId,
				profileId,
				to: profile.email,
				kind: "reactivated",
				email: emails.reactivated(news),
				now,
			});
		}
		await tellFullAccessUsers(tx, deps, clinic, fullAccessUsers, {
			change: "reactivated",
			colleague: profile,
			now,
		});
		const event = byOperator(clinicId, profileId, now);
		await recordEvent(tx, keyring, { ...event, kind: "staff-reactivated", detail: {} });
		if (link) {
			await recordEvent(tx, keyring, {
				...event,
				kind: "password-link-sent",
				detail: { linkKind: "invitation" },
			});
		}
		return { kind: "reactivated", profile, link };
	});
}
