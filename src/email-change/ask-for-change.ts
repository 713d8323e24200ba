import { type EventContext, recordEvent } from "../activity/record.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { clinicOrigin } from "../clinics/origin.ts";
import { hours } from "../clock.ts";
import type { Keyring } from "../crypto/keyring.ts";
import { PlainToken } from "../crypto/tokens.ts";
import { newId } from "../db/ids.ts";
import type { Tx } from "../db/transaction.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { takeTries } from "../limits/take-try.ts";
import { makeNotMeLink } from "../not-me/security-news.ts";
import { paths } from "../paths.ts";
import { emailHash } from "../profiles/email-hash.ts";
import { addressesOf } from "../profiles/lately-changed.rule.ts";
import { emailKey, type Profile } from "../profiles/profile.ts";
import { findProfileByEmail } from "../profiles/store.ts";
import type { EmailNews } from "../words/email.ts";
import { wordsFor } from "../words/words.ts";
import { endEmailChanges, insertEmailChange } from "./store.ts";

/** The new address has so long to confirm. */
const EMAIL_CHANGE_LIVES_MS = hours(24);

export type EmailChangeAsked =
	/** @property hasEndedAnother one that waited has ended with it; both are for `recordEmailChangeAsked` */
	| { kind: "asked"; hasEndedAnother: boolean }
	/** It is this person's email already: nothing was changed. */
	| { kind: "same" }
	/** That address had, or the asker asked for, as many emails as they may: nothing was changed. */
	| { kind: "wait"; who: "address" | "asker"; until: number };

/**
 * Lets a new email wait until its address confirms it, and tells the one in force. An earlier change that waits ends.
 * Called in the transaction that has locked the profile; its events come last, by `recordEmailChangeAsked`. An email
 * that somebody else has gets the same answer, and whoever reads it is told.
 *
 * @param profile as it was locked
 * @param asked.newEmail one email address, as `readEmail` gives it
 * @param asked.by who asks: this person, or a Full Access user
 */
export async function askForEmailChange(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	clinic: Clinic,
	profile: Profile,
	asked: {
		newEmail: string;
		by: { profileId: string; name: string; where: EmailNews["where"] };
		now: number;
	},
): Promise<EmailChangeAsked> {
	const { clinicId, profileId, name: personName, language } = profile;
	const { newEmail, by, now } = asked;
	const { keyring } = config;
	if (emailKey(newEmail) === emailKey(profile.email)) return { kind: "same" };

	// Nobody can flood a mailbox, nor the world's in this clinic's name.
	const of = { clinicId, key: emailHash({ config }, newEmail) };
	const limits = [
		{ ...of, name: "emailConfirmationsAnHour" },
		{ ...of, name: "emailConfirmationsADay" },
		{ clinicId, key: by.profileId, name: "emailConfirmationsOfAskerADay" },
	] as const;
	const verdict = await takeTries(tx, limits, now);
	if (verdict.kind === "refused") {
		const who = verdict.by === "emailConfirmationsOfAskerADay" ? "asker" : "address";
		return { kind: "wait", who, until: verdict.until };
	}

	const ended = await endEmailChanges(tx, clinicId, profileId, now);
	const token = PlainToken.fresh();
	const expiresAt = now + EMAIL_CHANGE_LIVES_MS;
	await insertEmailChange(tx, {
		clinic_id: clinicId,
		change_id: newId(now),
		token_hash: token.hash(),
		profile_id: profileId,
		new_email: newEmail,
		asked_by: by.profileId,
		made_at: now,
		expires_at: expiresAt,
		used_at: null,
		ended_at: null,
	});

	const origin = clinicOrigin(config, clinic.shortName);
	const to = { clinicName: clinic.name, personName };
	// Who asks learns nothing of who else is here; the link of a change that cannot be confirmed goes to nobody.
	const taker = await findProfileByEmail(tx, clinicId, newEmail);
	await queueEmail(tx, keyring, {
		clinicId,
		profileId,
		to: taker?.email ?? newEmail,
		kind: "email-confirmation",
		email: taker
			? wordsFor(taker.language).emails.emailAlreadyYours({ ...to, personName: taker.name })
			: wordsFor(language).emails.confirmEmail({
					...to,
					url: origin + paths.confirmEmail.to(token.reveal()),
					askedBy: by.profileId === profileId ? undefined : by.name,
				}),
		now,
		expiresAt,
	});
	for (const sentTo of addressesOf(profile, now)) {
		// Who never signed in has nothing to undo, and their address may be a mistyped one.
		const hasSignedIn = profile.lastSignInAt !== null;
		const notMe = hasSignedIn
			? { notMeUrl: await makeNotMeLink(tx, profile, { sentTo, origin, now }) }
			: undefined;
		const isOwn = by.profileId === profileId;
		const news = { ...to, when: now, timeZone: clinic.timeZone, ...notMe, by, isOwn, newEmail };
		await queueEmail(tx, keyring, {
			clinicId,
			profileId,
			to: sentTo,
			kind: "email-change-asked",
			email: wordsFor(language).emails.emailChangeAsked(news),
			now,
		});
	}

	return { kind: "asked", hasEndedAnother: ended > 0 };
}

/** Records what `askForEmailChange` did, last in its transaction. */
export async function recordEmailChangeAsked(
	tx: Tx,
	keyring: Keyring,
	event: EventContext,
	{ hasEndedAnother }: Extract<EmailChangeAsked, { kind: "asked" }>,
): Promise<void> {
	if (hasEndedAnother)
		await recordEvent(tx, keyring, { ...event, kind: "email-change-ended", detail: { why: "another" } });
	await recordEvent(tx, keyring, { ...event, kind: "email-change-asked", detail: {} });
}
