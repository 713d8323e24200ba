import { recordEvent } from "../activity/record.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { type DoneBy, eventOf, mayStillDo, whenDone } from "../colleagues/done-by.ts";
import { tellFullAccessUsers } from "../colleagues/tell-full-access-users.ts";
import { newId } from "../db/ids.ts";
import type { Access } from "../db/tables.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { NEW_PROFILE, type Profile } from "../profiles/profile.ts";
import { findProfileByEmail, insertProfile, lockFullAccessUsers, lockProfile } from "../profiles/store.ts";
import { type Invitation, sendInvitation } from "../passwords/send-invitation.ts";

/** Somebody who is to have a staff profile. */
export type NewPerson = {
	name: string;
	email: string;
	access: Access;
	/** E.164, or null. */
	mobile: string | null;
};

export type Invited = { profile: Profile; link: Invitation };

/**
 * Makes a staff profile and emails a link to set a password. For an email that has a profile already it sends
 * another link and changes nothing else; earlier links work on until one is used.
 *
 * @returns `deactivated` where the profile there is cannot sign in, `not-allowed` where the doer may not any more:
 *   nothing was changed
 */
export function inviteStaff(
	deps: Pick<Deps, "config" | "db">,
	clinic: Clinic,
	person: NewPerson,
	by: DoneBy,
): Promise<
	({ kind: "invited" | "invited-again" } & Invited) | { kind: "deactivated" } | { kind: "not-allowed" }
> {
	return inTransaction(deps.db, async (tx) => {
		const fullAccessUsers = await lockFullAccessUsers(tx, clinic.clinicId);
		if (!(await mayStillDo(tx, by, fullAccessUsers, undefined))) return { kind: "not-allowed" };
		const invited = await inviteNew(tx, deps, clinic, person, fullAccessUsers, by);
		if (invited) return { kind: "invited", ...invited };

		const known = await findProfileByEmail(tx, clinic.clinicId, person.email);
		const profile = known && (await lockProfile(tx, clinic.clinicId, known.profileId));
		if (!profile?.active) return { kind: "deactivated" };
		const link = await sendInvitation(tx, deps, clinic, profile, whenDone(by));
		await recordEvent(tx, deps.config.keyring, {
			...eventOf(by, clinic.clinicId, profile.profileId),
			kind: "password-link-sent",
			detail: { linkKind: "invitation" },
		});
		return { kind: "invited-again", profile, link };
	});
}

/**
 * Makes a staff profile, with its link and emails, in an open transaction.
 *
 * @param fullAccessUsers who is told of it
 * @returns undefined where this clinic has a profile with that email
 */
export async function inviteNew(
	tx: Tx,
	deps: Pick<Deps, "config">,
	clinic: Clinic,
	person: NewPerson,
	fullAccessUsers: readonly Profile[],
	by: DoneBy,
): Promise<Invited | undefined> {
	const { clinicId } = clinic;
	const now = whenDone(by);
	const profile: Profile = { clinicId, profileId: newId(now), ...person, ...NEW_PROFILE };
	if (!(await insertProfile(tx, profile, now))) return undefined;
	const link = await sendInvitation(tx, deps, clinic, profile, whenDone(by));
	await tellFullAccessUsers(tx, deps, clinic, fullAccessUsers, {
		by,
		colleagueId: profile.profileId,
		kind: "staff-changed",
		write: ({ emails }, news) => emails.staffChanged({ ...news, change: "invited", colleague: profile }),
	});
	const event = eventOf(by, clinicId, profile.profileId);
	const { keyring } = deps.config;
	await recordEvent(tx, keyring, { ...event, kind: "staff-invited", detail: { access: person.access } });
	await recordEvent(tx, keyring, {
		...event,
		kind: "password-link-sent",
		detail: { linkKind: "invitation" },
	});
	return { profile, link };
}
