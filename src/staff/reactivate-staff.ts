import { recordEvent } from "../activity/record.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { lockClinic } from "../clinics/store.ts";
import { type DoneBy, eventOf, mayStillDo, nameOfDoer, whenDone } from "../colleagues/done-by.ts";
import { tellColleague } from "../colleagues/tell-colleague.ts";
import { tellFullAccessUsers } from "../colleagues/tell-full-access-users.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { type Invitation, sendInvitation } from "../passwords/send-invitation.ts";
import { findPassword } from "../passwords/store.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfile, lockFullAccessUsers, lockProfile, reactivateProfile } from "../profiles/store.ts";

export type Reactivated =
	/** @property link for somebody who never set a password; undefined where the earlier one works again */
	| { kind: "reactivated"; profile: Profile; link: Invitation | undefined }
	| { kind: "unknown" }
	| { kind: "active-already" }
	/** The doer may not, or not any more: nothing was changed. */
	| { kind: "not-allowed" };

/** Lets a deactivated person in again: with the password they had, or else with a link to set one. */
export function reactivateStaff(
	deps: Pick<Deps, "config" | "db">,
	clinic: Clinic,
	colleagueId: string,
	by: DoneBy,
): Promise<Reactivated> {
	const now = whenDone(by);
	const { clinicId } = clinic;
	const { keyring } = deps.config;
	return inTransaction(deps.db, async (tx) => {
		// Of two who get one address at the same moment, as a new one and as an earlier one, the second sees the first.
		await lockClinic(tx, clinicId);
		const fullAccessUsers = await lockFullAccessUsers(tx, clinicId);
		if (!(await mayStillDo(tx, by, fullAccessUsers, colleagueId))) return { kind: "not-allowed" };
		const locked = await lockProfile(tx, clinicId, colleagueId);
		if (!locked) return { kind: "unknown" };
		const { profileId } = locked;
		if (!(await reactivateProfile(tx, clinicId, profileId, now))) return { kind: "active-already" };

		// With the 7 days that begin again: the earlier address is told too.
		const profile = (await findProfile(tx, clinicId, profileId)) ?? locked;
		const hasPassword = (await findPassword(tx, clinicId, profileId)) !== undefined;
		const invitation = { now, invitedBy: nameOfDoer(by) };
		const link = hasPassword ? undefined : await sendInvitation(tx, deps, clinic, profile, invitation);
		if (!link) {
			await tellColleague(tx, deps, clinic, profile, {
				by,
				kind: "reactivated",
				hasNotMe: false,
				write: ({ emails }, news) => emails.reactivated({ ...news, email: profile.email }),
			});
		}
		await tellFullAccessUsers(tx, deps, clinic, fullAccessUsers, {
			by,
			colleagueId,
			kind: "staff-changed",
			write: (words, news) =>
				words.emails.staffChanged({ ...news, change: "reactivated", colleague: profile }),
		});
		const event = eventOf(by, clinicId, profileId);
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
