import { recordEvent } from "../activity/record.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { newId } from "../db/ids.ts";
import type { Access } from "../db/tables.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { NEW_PROFILE, type Profile } from "../profiles/profile.ts";
import { findProfileByEmail, insertProfile, lockFullAccessUsers, lockProfile } from "../profiles/store.ts";
import { byOperator } from "./operator-event.ts";
import { type Invitation, sendInvitation } from "./send-invitation.ts";
import { tellFullAccessUsers } from "./tell-full-access-users.ts";

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
 * @returns `deactivated` where the profile there is cannot sign in: nothing was changed
 */
export function inviteStaff(
	deps: Pick<Deps, "config" | "db" | "clock">,
	clinic: Clinic,
	person: NewPerson,
): Promise<({ kind: "invited" | "invited-again" } & Invited) | { kind: "deactivated" }> {
	const now = deps.clock();
	return inTransaction(deps.db, async (tx) => {
		const fullAccessUsers = await lockFullAccessUsers(tx, clinic.clinicId);
		const invited = await inviteNew(tx, deps, clinic, person, fullAccessUsers, now);
		if (invited) return { kind: "invited", ...invited };

		const known = await findProfileByEmail(tx, clinic.clinicId, person.email);
		const profile = known && (await lockProfile(tx, clinic.clinicId, known.profileId));
		if (!profile?.active) return { kind: "deactivated" };
		const link = await sendInvitation(tx, deps, clinic, profile, now);
		await recordEvent(tx, deps.config.keyring, {
			...byOperator(clinic.clinicId, profile.profileId, now),
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
	now: number,
): Promise<Invited | undefined> {
	const { clinicId } = clinic;
	const profile: Profile = { clinicId, profileId: newId(now), ...person, ...NEW_PROFILE };
	if (!(await insertProfile(tx, profile, now))) return undefined;
	const link = await sendInvitation(tx, deps, clinic, profile, now);
	const news = { change: "invited", colleague: profile, now } as const;
	await tellFullAccessUsers(tx, deps, clinic, fullAccessUsers, news);
	const event = byOperator(clinicId, profile.profileId, now);
	const { keyring } = deps.config;
	await recordEvent(tx, keyring, { ...event, kind: "staff-invited", detail: { access: person.access } });
	await recordEvent(tx, keyring, {
		...event,
		kind: "password-link-sent",
		detail: { linkKind: "invitation" },
	});
	return { profile, link };
}
