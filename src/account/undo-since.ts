import { during } from "../activity/during.ts";
import type { Undone } from "../activity/events.ts";
import { recordEvent } from "../activity/record.ts";
import { recordEnded } from "../activity/record-ended.ts";
import { listOthersActedOn } from "../activity/search.ts";
import { endSetUps as endAppSetUps } from "../authenticator-app/store.ts";
import { deleteBrowsersFirstKnownFrom, deleteNetworksSeenFrom, deleteTrust } from "../browsers/store.ts";
import { lockClinic } from "../clinics/store.ts";
import {
	type DoneForOthersEnded,
	endDoneForOthers,
	recordDoneForOthersEnded,
} from "../colleagues/done-for-others.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import { newsOf } from "../delivery/news.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { endEmailChanges } from "../email-change/store.ts";
import { endCodes } from "../emailed-code/store.ts";
import { block, listMethods } from "../methods/store.ts";
import { endNotMeLinksSince, spendNotMeLink } from "../not-me/store.ts";
import { makePasswordLink } from "../passwords/make-link.ts";
import { endLinks, endPassword } from "../passwords/store.ts";
import { passwordLinkAddress } from "../profiles/lately-changed.rule.ts";
import { numberToCall } from "../profiles/number-to-call.rule.ts";
import { emailKey, type Profile } from "../profiles/profile.ts";
import {
	changeDoors,
	findProfile,
	listFullAccessUsers,
	listNames,
	lockProfile,
	putBackEmail,
	putBackMobile,
} from "../profiles/store.ts";
import { endRecoveryCode, findRecoveryCode } from "../recovery-code/store.ts";
import { deleteSessions } from "../sessions/store.ts";
import { deleteSignIns } from "../sign-in/store.ts";
import { endWaitingCodes } from "../temporary-code/store.ts";
import { prettyNumber } from "../text-message/number.rule.ts";
import { deleteCodesOf, endSetUps as endTextSetUps } from "../text-message/store.ts";
import type { Visit } from "../web/visit.ts";
import { wordsFor } from "../words/words.ts";

/** The link of one button **This wasn't me**. */
export type NotMeLink = {
	linkId: string;
	profileId: string;
	/** The address its email went to. */
	sentTo: string;
	/** When the thing happened that its email tells of, epoch milliseconds. */
	since: number;
	/** What was in force right before it: put back where it was changed since. */
	before: Pick<Profile, "email" | "mobile">;
};

/** @property linkSentTo where the link to choose a new password went */
export type UndoneSince = { linkSentTo: string; undone: Undone[] };

/**
 * Undoes what was done to a profile since a moment, for whoever holds the link of a security email: ends everything
 * that is open, blocks or ends what was set up or made from then on, puts back what was changed, and leaves the
 * password opening nothing until a new one is set by the link that it sends. It lets nobody in: the second step stays.
 *
 * @returns undefined when the link does not work any more: nothing was changed
 */
export function undoSince(deps: Deps, visit: Visit, link: NotMeLink): Promise<UndoneSince | undefined> {
	const { now } = visit;
	const { clinicId } = visit.clinic;
	const { profileId, since, before } = link;
	const { keyring } = deps.config;
	return inTransaction(deps.db, async (tx): Promise<UndoneSince | undefined> => {
		// Of two who get one address at the same moment, as a new one and as an earlier one, the second sees the first.
		await lockClinic(tx, clinicId);
		const profile = await lockProfile(tx, clinicId, profileId);
		// Whoever was deactivated is let in by nothing, and is sent nothing.
		if (!profile?.active) return undefined;
		// Works once: the row that changes decides.
		if (!(await spendNotMeLink(tx, clinicId, link.linkId, now))) return undefined;
		// A link left in the mailbox undoes nothing of what its owner does after this.
		await endNotMeLinksSince(tx, clinicId, profileId, since, now);

		// The old password is as wrong as any other, also one that is being checked at this moment.
		await endPassword(tx, clinicId, profileId);
		await changeDoors(tx, clinicId, profileId);
		// Whoever is in, or on the way in, is out.
		const sessions = await deleteSessions(tx, clinicId, profileId);
		await deleteSignIns(tx, clinicId, profileId);
		await endAppSetUps(tx, clinicId, { profileId });
		await endTextSetUps(tx, clinicId, { profileId });
		const trust = await deleteTrust(tx, clinicId, profileId, "all");
		// What was sent or given to whoever was on the way in opens nothing.
		await deleteCodesOf(tx, clinicId, profileId);
		await endCodes(tx, clinicId, profileId, now);
		const codes = await endWaitingCodes(tx, clinicId, profileId, now);
		await endLinks(tx, clinicId, profileId, now);
		const emailChanges = await endEmailChanges(tx, clinicId, profileId, now);
		const undone = await undoChanges(tx, profile, { since, before }, now);
		// Nor does what was given to others in this person's name.
		const forOthersEnded = await endDoneForOthers(tx, clinicId, profileId, now);

		const linkSentTo = await tellPersonWithLink(tx, deps, visit, profile, { ...link, undone });
		await tellFullAccessUsers(tx, deps, visit, profile, { since, undone, forOthersEnded });

		const event = during(visit, profileId, "nobody");
		await recordEvent(tx, keyring, { ...event, kind: "not-me", detail: { since, undone } });
		await recordEvent(tx, keyring, { ...event, kind: "password-link-sent", detail: { linkKind: "reset" } });
		await recordEnded(tx, keyring, event, "not-me", { codes, emailChanges, trust, sessions });
		await recordDoneForOthersEnded(tx, keyring, forOthersEnded, "giver-not-me", (whose) =>
			during(visit, whose, "nobody"),
		);
		return { linkSentTo, undone };
	});
}

/** Undoes what was set up, made, known or changed from a moment on. @returns what there was of it */
async function undoChanges(
	tx: Tx,
	profile: Profile,
	{ since, before }: Pick<NotMeLink, "since" | "before">,
	now: number,
): Promise<Undone[]> {
	const { clinicId, profileId, emailChangedAt, mobileChangedAt } = profile;
	const undone: Undone[] = [];
	// A stranger's method takes no code, and goes on counting as one: nothing is weaker than before.
	for (const method of await listMethods(tx, clinicId, profileId)) {
		if (method.onAt < since) continue;
		if (method.blockedAt === null) await block(tx, clinicId, profileId, method.methodId, now);
		undone.push(method.kind);
	}
	// Nor does a Recovery Code that a stranger may have read.
	const recoveryCode = await findRecoveryCode(tx, clinicId, profileId);
	if (recoveryCode && recoveryCode.madeAt >= since) {
		await endRecoveryCode(tx, clinicId, profileId);
		undone.push("recovery-code");
	}
	// A stranger's browser is not among those that the owner's locks spare.
	if ((await deleteBrowsersFirstKnownFrom(tx, clinicId, profileId, since)) > 0) undone.push("browsers");
	// Nor is a stranger's network one that the owner hears nothing of.
	await deleteNetworksSeenFrom(tx, clinicId, profileId, since);
	// No address that a stranger put in place stays; nor does one come back that its owner had left before.
	const isEmailChanged = emailChangedAt !== null && emailChangedAt >= since;
	if (isEmailChanged && emailKey(before.email) !== emailKey(profile.email)) {
		const isBack = await putBackEmail(tx, clinicId, profileId, before.email, now);
		undone.push(isBack ? "email" : "email-taken");
	}
	// Nobody who helps calls a stranger's number.
	const isMobileChanged = mobileChangedAt !== null && mobileChangedAt >= since;
	if (isMobileChanged && before.mobile !== profile.mobile) {
		await putBackMobile(tx, clinicId, profileId, before.mobile, now);
		undone.push("mobile");
	}
	return undone;
}

/**
 * Emails the person at every address that is or was theirs, and the link to choose a new password to the one where such
 * links go, now that a changed email was put back: the address that the email with the button went to.
 *
 * @param before as the profile was
 * @returns where the link went
 */
async function tellPersonWithLink(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	visit: Visit,
	before: Profile,
	{ sentTo, undone }: NotMeLink & { undone: readonly Undone[] },
): Promise<string> {
	const { clinicId, profileId, language } = before;
	const { now, origin } = visit;
	const after = (await findProfile(tx, clinicId, profileId)) ?? before;
	// An address that the email with the button went to may be one that a stranger put in place, or one given up since.
	const linkSentTo = passwordLinkAddress(after, now);
	const { url } = await makePasswordLink(tx, { clinicId, profileId, kind: "reset", origin, now });
	for (const to of new Set([linkSentTo, after.email, before.email, sentTo])) {
		const news = { ...newsOf(visit, before.name), undone: undone.filter(isTold) };
		await queueEmail(tx, config.keyring, {
			clinicId,
			profileId,
			to,
			kind: "not-me",
			email: wordsFor(language).emails.notMe({ ...news, link: to === linkSentTo ? url : undefined }),
			now,
		});
	}
	return linkSentTo;
}

async function tellFullAccessUsers(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	visit: Visit,
	colleague: Profile,
	{
		since,
		undone,
		forOthersEnded,
	}: Pick<NotMeLink, "since"> & {
		undone: readonly Undone[];
		forOthersEnded: DoneForOthersEnded;
	},
): Promise<void> {
	const { clinic, now } = visit;
	// An address or number that a stranger put in place names nobody: the one before it does.
	const after = (await findProfile(tx, clinic.clinicId, colleague.profileId)) ?? colleague;
	const { number } = numberToCall(after, now);
	const others = await othersActedOn(tx, colleague, since, forOthersEnded);
	for (const user of await listFullAccessUsers(tx, clinic.clinicId)) {
		if (user.profileId === colleague.profileId) continue;
		const words = wordsFor(user.language);
		await queueEmail(tx, config.keyring, {
			clinicId: clinic.clinicId,
			profileId: user.profileId,
			to: user.email,
			kind: "not-me",
			about: colleague.profileId,
			email: words.emails.colleagueNotMe({
				...newsOf(visit, user.name),
				colleague: { name: after.name, email: passwordLinkAddress(after, now) },
				toCall: number && prettyNumber(number),
				since,
				undone: undone.filter(isTold),
				others,
				supportEmail: config.supportEmail,
			}),
			now,
		});
	}
}

/** So many are named; Activity names them all. */
const MOST_NAMED = 20;

/** The names of those to whom something was done in a person's name from a time on, or for whom it has ended. */
async function othersActedOn(
	tx: Tx,
	{ clinicId, profileId }: Profile,
	since: number,
	{ codesOf, emailChangesOf }: DoneForOthersEnded,
): Promise<{ names: string[]; areMore: boolean }> {
	const actedOn = await listOthersActedOn(tx, clinicId, profileId, { from: since, atMost: MOST_NAMED + 1 });
	const ids = [...new Set([...codesOf, ...emailChangesOf, ...actedOn])];
	const names = [...(await listNames(tx, clinicId, ids.slice(0, MOST_NAMED))).values()].sort();
	return { names, areMore: ids.length > MOST_NAMED };
}

/** Which browsers are known is for the log: it says nothing to a person. */
export function isTold(undone: Undone): undone is Exclude<Undone, "browsers"> {
	return undone !== "browsers";
}
