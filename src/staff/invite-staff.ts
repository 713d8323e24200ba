import { recordEvent } from "../activity/record.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { lockClinic } from "../clinics/store.ts";
import { days } from "../clock.ts";
import { type DoneBy, eventOf, mayStillDo, nameOfDoer, whenDone } from "../colleagues/done-by.ts";
import { tellFullAccessUsers } from "../colleagues/tell-full-access-users.ts";
import { newId } from "../db/ids.ts";
import type { Access } from "../db/tables.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { takeTry } from "../limits/take-try.ts";
import { type Invitation, sendInvitation } from "../passwords/send-invitation.ts";
import type { LateHolder } from "../profiles/lately-changed.rule.ts";
import { NEW_PROFILE, type Profile } from "../profiles/profile.ts";
import {
	countStaffSignedInSince,
	findLateHolder,
	findProfileByEmail,
	insertProfile,
	lockFullAccessUsers,
	lockProfile,
} from "../profiles/store.ts";
import { sendLink, wasJustSentLink } from "./send-password-link.ts";

/** Somebody who is to have a staff profile. */
export type NewPerson = {
	name: string;
	email: string;
	access: Access;
	/** E.164, or null. */
	mobile: string | null;
};

export type Invited = { profile: Profile; link: Invitation };

export type InvitedOrNot =
	| ({ kind: "invited" } & Invited)
	/** They had a staff profile, of which nothing was changed. */
	| ({ kind: "invited-again" } & Invited)
	/** A link is on its way already: nothing was changed. Not for the operator, who is shown each link. */
	| { kind: "just-invited"; profile: Profile }
	| { kind: "deactivated"; profile: Profile }
	/** The clinic has sent as many invitations as go in a day; until then, epoch milliseconds. */
	| { kind: "wait"; until: number }
	/** It was somebody else's email until within the last 7 days. */
	| { kind: "email-was-anothers"; holder: LateHolder }
	/** It is the email of whoever invites. */
	| { kind: "oneself" }
	/** The doer may not, or not any more: nothing was changed. */
	| { kind: "not-allowed" };

/**
 * Makes a staff profile and emails a link to set a password. For an email that has a profile already it sends
 * another link and changes nothing else; earlier links work on until one is used.
 */
export function inviteStaff(
	deps: Pick<Deps, "config" | "db">,
	clinic: Clinic,
	person: NewPerson,
	by: DoneBy,
): Promise<InvitedOrNot> {
	const { clinicId } = clinic;
	return inTransaction(deps.db, async (tx): Promise<InvitedOrNot> => {
		// Of two who get one address at the same moment, as a new one and as an earlier one, the second sees the first.
		await lockClinic(tx, clinicId);
		const fullAccessUsers = await lockFullAccessUsers(tx, clinicId);
		if (!(await mayStillDo(tx, by, fullAccessUsers, undefined))) return { kind: "not-allowed" };
		const known = await lockByEmail(tx, clinicId, person.email);
		// Nobody sends themselves what a colleague is to send them.
		if (known && by.kind === "full-access" && known.profileId === by.visit.session.profile.profileId) {
			return { kind: "oneself" };
		}
		if (known && !known.active) return { kind: "deactivated", profile: known };
		if (by.kind === "full-access") {
			if (known && (await wasJustSentLink(tx, known, whenDone(by)))) {
				return { kind: "just-invited", profile: known };
			}
			// Nobody who got in floods the world's mailboxes in this clinic's name.
			const verdict = await takeInvitation(tx, clinicId, whenDone(by));
			if (verdict !== "go") return { kind: "wait", until: verdict.until };
		}

		if (!known) {
			const invited = await inviteNew(tx, deps, clinic, person, fullAccessUsers, by);
			if (invited) return { kind: "invited", ...invited };
			const holder = await findLateHolder(tx, clinicId, person.email, whenDone(by));
			if (holder) return { kind: "email-was-anothers", holder };
		}
		// Invited by another command at the same moment, where there is nobody yet to lock.
		const profile = known ?? (await lockByEmail(tx, clinicId, person.email));
		if (!profile) throw new Error("A profile with an email that is taken is not there");
		const link = await sendLink(tx, deps, clinic, profile, fullAccessUsers, by);
		return { kind: "invited-again", profile, link };
	});
}

/**
 * Makes a staff profile, with its link and emails, in an open transaction.
 *
 * @param fullAccessUsers who is told of it
 * @returns undefined where this clinic has a profile with that email, or had until within the last 7 days
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
	const link = await sendInvitation(tx, deps, clinic, profile, { now, invitedBy: nameOfDoer(by) });
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

async function lockByEmail(tx: Tx, clinicId: string, email: string): Promise<Profile | undefined> {
	const found = await findProfileByEmail(tx, clinicId, email);
	return found && lockProfile(tx, clinicId, found.profileId);
}

async function takeInvitation(tx: Tx, clinicId: string, now: number): Promise<"go" | { until: number }> {
	const activeStaff = await countStaffSignedInSince(tx, clinicId, now - days(30));
	const of = { clinicId, key: "clinic", clinic: { activeStaff, ceiling: 0 } };
	const verdict = await takeTry(tx, "invitationsADay", of, now);
	if (verdict.kind === "go") return "go";
	if (verdict.kind === "closed") throw new Error("Invitations are never closed");
	return { until: verdict.until };
}
