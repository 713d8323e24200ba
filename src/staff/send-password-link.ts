import { recordEvent } from "../activity/record.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { clinicOrigin } from "../clinics/origin.ts";
import { minutes } from "../clock.ts";
import {
	type DoneBy,
	doneNews,
	doneNewsTo,
	eventOf,
	mayStillDo,
	nameOfDoer,
	whenDone,
} from "../colleagues/done-by.ts";
import { tellFullAccessUsers } from "../colleagues/tell-full-access-users.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { makePasswordLink } from "../passwords/make-link.ts";
import { type Invitation, sendInvitation } from "../passwords/send-invitation.ts";
import { findPassword, hasLinkMadeAfter } from "../passwords/store.ts";
import { addressesOf, passwordLinkAddress } from "../profiles/lately-changed.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import { lockFullAccessUsers, lockProfile } from "../profiles/store.ts";
import { wordsFor } from "../words/words.ts";

/** The same button pressed again within this time is one link: it is on its way. */
const SENT_TWICE_MS = minutes(1);

export type LinkSent =
	| { kind: "sent" }
	/** One is on its way already: nothing was changed. */
	| { kind: "just-sent" }
	| { kind: "unknown" }
	| { kind: "deactivated" }
	/** The doer may not, or not any more: nothing was changed. */
	| { kind: "not-allowed" };

/** Emails a colleague a link to set a password. Earlier links stay valid until one is used. */
export function sendPasswordLink(
	deps: Pick<Deps, "config" | "db">,
	clinic: Clinic,
	colleagueId: string,
	by: DoneBy,
): Promise<LinkSent> {
	const { clinicId } = clinic;
	return inTransaction(deps.db, async (tx) => {
		const users = await lockFullAccessUsers(tx, clinicId);
		if (!(await mayStillDo(tx, by, users, colleagueId))) return { kind: "not-allowed" };
		const profile = await lockProfile(tx, clinicId, colleagueId);
		if (!profile) return { kind: "unknown" };
		if (!profile.active) return { kind: "deactivated" };
		if (await wasJustSentLink(tx, profile, whenDone(by))) return { kind: "just-sent" };
		await sendLink(tx, deps, clinic, profile, users, by);
		return { kind: "sent" };
	});
}

/** Whether a link went to this person a moment ago, so that the same form sent twice floods no mailbox. */
export function wasJustSentLink(tx: Tx, { clinicId, profileId }: Profile, now: number): Promise<boolean> {
	return hasLinkMadeAfter(tx, clinicId, profileId, now - SENT_TWICE_MS);
}

/**
 * Emails an active person a link to set a password, in an open transaction that has locked them, and tells the Full
 * Access users: an invitation to somebody who never had one, and else as **Forgot your password?** does.
 */
export async function sendLink(
	tx: Tx,
	deps: Pick<Deps, "config">,
	clinic: Clinic,
	profile: Profile,
	fullAccessUsers: readonly Profile[],
	by: DoneBy,
): Promise<Invitation> {
	const { clinicId, profileId } = profile;
	const hasPassword = (await findPassword(tx, clinicId, profileId)) !== undefined;
	const link = hasPassword
		? await sendResetLink(tx, deps, clinic, profile, by)
		: await sendInvitation(tx, deps, clinic, profile, { now: whenDone(by), invitedBy: nameOfDoer(by) });
	await tellFullAccessUsers(tx, deps, clinic, fullAccessUsers, {
		by,
		colleagueId: profileId,
		kind: "staff-changed",
		write: ({ emails }, news) => emails.staffChanged({ ...news, change: "sent-link", colleague: profile }),
	});
	await recordEvent(tx, deps.config.keyring, {
		...eventOf(by, clinicId, profileId),
		kind: "password-link-sent",
		detail: { linkKind: hasPassword ? "reset" : "invitation" },
	});
	return link;
}

async function sendResetLink(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	clinic: Clinic,
	profile: Profile,
	by: DoneBy,
): Promise<Invitation> {
	const { clinicId, profileId, name } = profile;
	const now = whenDone(by);
	const { emails } = wordsFor(profile.language);
	const origin = clinicOrigin(config, clinic.shortName);
	const link = await makePasswordLink(tx, { clinicId, profileId, kind: "reset", origin, now });
	const about = { clinicId, profileId, kind: "password-link", now } as const;
	// Whoever had the email changed a moment ago does not get the password as well.
	const address = passwordLinkAddress(profile, now);
	await queueEmail(tx, config.keyring, {
		...about,
		to: address,
		email: emails.passwordLinkFromColleague({ ...doneNews(by, clinic, name), url: link.url }),
		expiresAt: link.expiresAt,
	});
	for (const to of addressesOf(profile, now)) {
		if (to === address) continue;
		const news = await doneNewsTo(tx, config, by, clinic, profile, to);
		await queueEmail(tx, config.keyring, { ...about, to, email: emails.passwordLinkSentElsewhere(news) });
	}
	return { ...link, sentTo: address };
}
