import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import type { EmailChangeRow } from "../db/tables.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import { newsOf } from "../delivery/news.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import {
	askForEmailChange,
	type EmailChangeAsked,
	recordEmailChangeAsked,
} from "../email-change/ask-for-change.ts";
import { endEmailChanges, findWaitingEmailChange } from "../email-change/store.ts";
import { tellPerson } from "../not-me/tell-person.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { lockStillIn } from "../sessions/still-in.ts";
import { wordsFor } from "../words/words.ts";

/**
 * Asks for a new email of one's own.
 *
 * @returns `meanwhile` where they are not in any more as they were when they were asked again: nothing was changed
 */
export function askForOwnEmailChange(
	deps: Deps,
	visit: SessionVisit,
	newEmail: string,
): Promise<EmailChangeAsked | { kind: "meanwhile" }> {
	const { profileId, name } = visit.session.profile;
	return inTransaction(deps.db, async (tx) => {
		const locked = await lockStillIn(tx, visit);
		if (!locked) return { kind: "meanwhile" };
		const where = { browserName: visit.browser.name, address: visit.network.address };
		const by = { profileId, name, where };
		const asked = await askForEmailChange(tx, deps, visit.clinic, locked, { newEmail, by, now: visit.now });
		if (asked.kind === "asked") {
			const event = during(visit, profileId, profileId);
			await recordEmailChangeAsked(tx, deps.config.keyring, event, asked);
		}
		return asked;
	});
}

/**
 * Ends a change of one's own email that waits, whoever asked for it: a colleague who did is told, and so is the person.
 *
 * @returns whether one did
 */
export function cancelEmailChange(deps: Deps, visit: SessionVisit): Promise<boolean> {
	const { clinicId, profileId } = visit.session.profile;
	return inTransaction(deps.db, async (tx) => {
		const profile = await lockStillIn(tx, visit);
		const waiting = await findWaitingEmailChange(tx, clinicId, profileId, visit.now);
		if (!profile || !waiting) return false;
		await endEmailChanges(tx, clinicId, profileId, visit.now);
		// Whoever sits in somebody's session does not quietly keep the email that a colleague is replacing.
		if (waiting.asked_by !== profileId) await tellOfCancelled(tx, deps, visit, profile, waiting);
		await recordEvent(tx, deps.config.keyring, {
			...during(visit, profileId, profileId),
			kind: "email-change-ended",
			detail: { why: "cancelled" },
		});
		return true;
	});
}

async function tellOfCancelled(
	tx: Tx,
	deps: Deps,
	visit: SessionVisit,
	profile: Profile,
	{ asked_by: askerId, new_email: newEmail }: EmailChangeRow,
): Promise<void> {
	const { clinicId } = profile;
	const { now, words } = visit;
	const kind = "email-change-cancelled";
	const asker = await findProfile(tx, clinicId, askerId);
	if (!asker) return;
	await tellPerson(tx, deps, visit, profile, kind, (news) =>
		words.emails.emailChangeCancelled({ ...news, newEmail, askedBy: asker.name }),
	);
	if (!asker.active) return;
	const news = { ...newsOf(visit, asker.name), colleague: profile, newEmail };
	const email = wordsFor(asker.language).emails.colleagueCancelledEmailChange(news);
	const { profileId, email: to } = asker;
	const about = profile.profileId;
	await queueEmail(tx, deps.config.keyring, { clinicId, profileId, to, kind, about, email, now });
}
