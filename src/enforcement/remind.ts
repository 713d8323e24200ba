import type { Clinic } from "../clinics/clinic.ts";
import { dayAfter, localDay, momentOf } from "../clinics/local-time.rule.ts";
import { clinicOrigin } from "../clinics/origin.ts";
import type { MailingKind } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import type { EmailKind } from "../delivery/email-kind.ts";
import { type EmailToQueue, queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { peekTries, takeTries, type VerdictOnAll } from "../limits/take-try.ts";
import { paths } from "../paths.ts";
import { emailHash } from "../profiles/email-hash.ts";
import type { Profile } from "../profiles/profile.ts";
import { wordsFor } from "../words/words.ts";
import { enforcementOf } from "./enforcement.rule.ts";
import { daysBetween } from "./mailing.rule.ts";
import { noteReminded } from "./store.ts";

/** Emails that are no longer true of a person or clinic once the rule, or who is active, has changed. */
export const REMINDING = ["set-up-required", "set-up-reminder"] as const satisfies readonly EmailKind[];

const LIMITS = ["remindersAnHour", "remindersADay"] as const;
export type ReminderLimit = (typeof LIMITS)[number];

type Needs = Pick<Deps, "config">;

/**
 * Queues an email to somebody who has not set it up, unless this address has had as many as it may. The caller has
 * locked the profile and seen that it is active and has no method.
 *
 * @param clinic its rule is not off
 * @param earlierOn the day that they were told before, ISO, where it was another one
 */
export async function remind(
	tx: Tx,
	needs: Needs,
	clinic: Clinic,
	profile: Profile,
	kind: MailingKind,
	now: number,
	earlierOn?: string,
): Promise<VerdictOnAll<ReminderLimit>> {
	const { clinicId, profileId } = profile;
	// Nobody's mailbox is flooded, however often somebody presses a button or moves the date.
	const key = keyOf(needs, profile, kind === "announcement" ? "announcement" : "reminder");
	const verdict = await takeTries(
		tx,
		LIMITS.map((name) => ({ name, clinicId, key })),
		now,
	);
	if (verdict.kind === "refused") return verdict;
	await noteReminded(tx, clinicId, profileId, now);
	const email = emailTo(needs, clinic, profile, { mailing: kind, earlierOn }, now);
	await queueEmail(tx, needs.config.keyring, { clinicId, profileId, to: profile.email, now, ...email });
	return verdict;
}

/** Which limit keeps a profile from another reminder by hand longest, and until when; undefined where none does. */
export async function findReminderWait(
	{ db, ...needs }: Needs & Pick<Deps, "db">,
	profile: Profile,
	now: number,
): Promise<{ by: ReminderLimit; until: number } | undefined> {
	const of = { clinicId: profile.clinicId, key: keyOf(needs, profile, "reminder") };
	const waits: { by: ReminderLimit; until: number }[] = [];
	for (const by of LIMITS) {
		const standing = await peekTries(db, by, of, now);
		if (standing.kind === "wait") waits.push({ by, until: standing.until });
	}
	return waits.toSorted((a, b) => b.until - a.until)[0];
}

/** Announcements and reminders are counted apart: whoever had three reminders still hears of a new date. */
function keyOf(needs: Needs, { email }: Profile, counted: "announcement" | "reminder"): string {
	return `${counted} ${emailHash(needs, email)}`;
}

function emailTo(
	{ config }: Needs,
	clinic: Clinic,
	profile: Profile,
	{ mailing, earlierOn }: { mailing: MailingKind; earlierOn: string | undefined },
	now: number,
): Pick<EmailToQueue, "kind" | "email" | "expiresAt"> {
	const { emails } = wordsFor(profile.language);
	const rule = enforcementOf(clinic, now);
	if (rule.kind === "off") throw new Error("Nobody is reminded of a rule that is off");
	const says = {
		clinicName: clinic.name,
		personName: profile.name,
		on: rule.on,
		isInForce: rule.kind === "in-force",
		takesTexts: config.textProviders.length > 0 && clinic.rule.allowsTexts,
		url: clinicOrigin(config, clinic.shortName) + paths.twoStep,
	};
	if (mailing === "announcement") {
		return { kind: "set-up-required", email: emails.setUpRequired({ ...says, earlierOn }) };
	}
	if (mailing === "by-hand") return { kind: "set-up-reminder", email: emails.setUpReminder(says) };
	const today = localDay(now, clinic.timeZone);
	return {
		kind: "set-up-reminder",
		email: emails.setUpReminder({ ...says, daysLeft: daysBetween(today, rule.on) }),
		// "Tomorrow" is not delivered tomorrow.
		expiresAt: momentOf(dayAfter(today), 0, clinic.timeZone),
	};
}
