import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { lockClinic } from "../clinics/store.ts";
import { PlainToken } from "../crypto/tokens.ts";
import type { Db } from "../db/connect.ts";
import type { EmailChangeRow } from "../db/tables.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import { newsOf } from "../delivery/news.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { findEmailChange, spendEmailChange } from "../email-change/store.ts";
import { securityNews } from "../not-me/security-news.ts";
import { sendInvitation } from "../passwords/send-invitation.ts";
import { findPassword } from "../passwords/store.ts";
import { keepClosedUnder } from "../passwords/try-password.ts";
import { addressesOf } from "../profiles/lately-changed.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfile, listFullAccessUsers, lockProfile, setEmail } from "../profiles/store.ts";
import { endWhatWasBegun } from "../sign-in/end-what-was-begun.ts";
import type { Visit } from "../web/visit.ts";
import { wordsFor } from "../words/words.ts";

/** A change of email that can be confirmed. `askedBy` is the Full Access user who asked; undefined: the person did. */
type OpenChange = { change: EmailChangeRow; profile: Profile; askedBy: Profile | undefined };

export type EmailConfirmed =
	| {
			kind: "confirmed";
			email: string;
			/** Where password links go for 7 days; undefined for who never signed in. */
			earlierEmail: string | undefined;
			/** They have no password yet: an invitation went to the new address. */
			isInvited: boolean;
	  }
	/** It was used, has ended or is too old, or it never was one: nothing was changed. */
	| { kind: "over" }
	/** Somebody else of this clinic has that email by now: the change has ended. */
	| { kind: "taken"; email: string };

/** The change that a link confirms; undefined where it does not work any more. */
export async function findOpenChange(
	db: Db,
	clinicId: string,
	token: string | undefined,
	now: number,
): Promise<OpenChange | undefined> {
	const read = PlainToken.read(token);
	const change = read && (await findEmailChange(db, clinicId, read.hash()));
	if (!change || change.used_at !== null || change.ended_at !== null || change.expires_at <= now) {
		return undefined;
	}
	const profile = await findProfile(db, clinicId, change.profile_id);
	if (!profile?.active) return undefined;
	if (change.asked_by === profile.profileId) return { change, profile, askedBy: undefined };
	// What somebody asked for who has lost Full Access since is not done any more.
	const askedBy = await findProfile(db, clinicId, change.asked_by);
	const mayStill = askedBy?.active && askedBy.access === "full";
	return mayStill ? { change, profile, askedBy } : undefined;
}

/**
 * Puts a new email in force: the address has confirmed it by the link that went there. What was begun with the one
 * before ends. Sessions, methods and the password stay; who never finished a sign-in is invited anew.
 */
export function confirmEmail(deps: Deps, visit: Visit): Promise<EmailConfirmed> {
	const { clinic, now } = visit;
	const { clinicId } = clinic;
	const { keyring } = deps.config;
	return inTransaction(deps.db, async (tx): Promise<EmailConfirmed> => {
		// Of two who get one address at the same moment, as a new one and as an earlier one, the second sees the first.
		await lockClinic(tx, clinicId);
		const found = await findOpenChange(tx, clinicId, visit.params.token, now);
		if (!found) return { kind: "over" };
		const { change, askedBy } = found;
		const { profileId } = found.profile;
		const profile = await lockProfile(tx, clinicId, profileId);
		if (!profile?.active) return { kind: "over" };
		// Twice at the same moment: the row that is spent decides.
		if (!(await spendEmailChange(tx, clinicId, change.change_id, now))) return { kind: "over" };
		const event = during(visit, profileId, "nobody");
		const email = change.new_email;
		if (!(await setEmail(tx, clinicId, profileId, email, now))) {
			const detail = { why: "taken" } as const;
			await recordEvent(tx, keyring, { ...event, kind: "email-change-ended", detail });
			return { kind: "taken", email };
		}

		// Whoever guessed at the password under the email before does not begin anew under this one.
		await keepClosedUnder(tx, deps, profile, email, now);
		await endWhatWasBegun(tx, profile, now);
		const isInvited = (await findPassword(tx, clinicId, profileId)) === undefined;
		await tellPerson(tx, deps, visit, profile, { email, askedBy });
		if (askedBy) await tellFullAccessUsers(tx, deps, visit, profile, { email, askedBy });
		if (isInvited)
			await sendInvitation(tx, deps, clinic, { ...profile, email }, { now, invitedBy: undefined });

		const changed = { from: profile.email, to: email };
		await recordEvent(tx, keyring, { ...event, kind: "email-changed", detail: changed });
		if (isInvited) {
			const detail = { linkKind: "invitation" } as const;
			await recordEvent(tx, keyring, { ...event, kind: "password-link-sent", detail });
		}
		const earlierEmail = profile.lastSignInAt === null ? undefined : earliestOf(profile, now);
		return { kind: "confirmed", email, earlierEmail, isInvited };
	});
}

/** @param profile as it was before */
async function tellPerson(
	tx: Tx,
	{ config }: Deps,
	visit: Visit,
	profile: Profile,
	{ email, askedBy }: { email: string; askedBy: Profile | undefined },
): Promise<void> {
	const { clinicId, profileId, name, language } = profile;
	const { now } = visit;
	const { emails } = wordsFor(language);
	const tell = (to: string, says: ReturnType<typeof emails.emailIsYours>) =>
		queueEmail(tx, config.keyring, { clinicId, profileId, to, kind: "email-changed", email: says, now });
	// Who never signed in has nothing to undo, and the address before may be a mistyped one.
	const isKnown = profile.lastSignInAt !== null;
	for (const to of addressesOf(profile, now)) {
		const news = isKnown ? await securityNews(tx, visit, profile, to) : newsOf(visit, name);
		const told = { ...news, newEmail: email, askedBy: askedBy?.name };
		await tell(to, isKnown ? emails.emailChanged(told) : emails.emailNoLongerYours(told));
	}
	const earlierEmail = earliestOf(profile, now);
	await tell(email, emails.emailIsYours({ ...newsOf(visit, name), earlierEmail, isKnown }));
}

/** What a colleague had asked for is told to everybody with Full Access. */
async function tellFullAccessUsers(
	tx: Tx,
	{ config }: Deps,
	visit: Visit,
	colleague: Profile,
	{ email, askedBy }: { email: string; askedBy: Profile },
): Promise<void> {
	const { clinicId } = colleague;
	for (const user of await listFullAccessUsers(tx, clinicId)) {
		if (user.profileId === colleague.profileId) continue;
		await queueEmail(tx, config.keyring, {
			clinicId,
			profileId: user.profileId,
			to: user.email,
			kind: "email-changed",
			about: colleague.profileId,
			email: wordsFor(user.language).emails.colleagueEmailChanged({
				...newsOf(visit, user.name),
				colleague,
				earlierEmail: colleague.email,
				newEmail: email,
				askedBy: user.profileId === askedBy.profileId ? undefined : askedBy.name,
				supportEmail: config.supportEmail,
			}),
			now: visit.now,
		});
	}
}

/** Where password links go once this profile's email is another one: the last that is told. */
function earliestOf(profile: Profile, now: number): string {
	return addressesOf(profile, now).at(-1) ?? profile.email;
}
