import { withoutVisit } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { localDay } from "../clinics/local-time.rule.ts";
import { readClinic } from "../clinics/store.ts";
import { findNextMailingDueAt, lockDueMailing } from "../db/across-clinics.ts";
import type { MailingRow } from "../db/tables.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { isOvertaken } from "./mailing.rule.ts";
import { remind } from "./remind.ts";
import { findWithMethod, listMailingsOfOtherDays, lockNextProfiles, noteProgress } from "./store.ts";

/** How many profiles are seen to in one transaction: few, since it keeps the writers of this clinic waiting. */
const A_BATCH = 25;

type Needs = Pick<Deps, "db" | "config" | "clock">;

/**
 * Queues the next batch of emails to all of a clinic who have not set it up, of the mailing of any clinic that has
 * been due longest. Emails and how far it has come are written together: a process that is killed emails nobody
 * twice and forgets nobody, and any number of processes may do it at once.
 *
 * @returns how many people were emailed; undefined where nothing is due
 */
export async function sendNextBatch(needs: Needs): Promise<number | undefined> {
	const now = needs.clock();
	const nextDueAt = await findNextMailingDueAt(needs.db);
	// Nothing to do is the usual case, and must not take SQLite's one write lock.
	if (nextDueAt === undefined || nextDueAt > now) return undefined;
	return inTransaction(needs.db, async (tx) => {
		const mailing = await lockDueMailing(tx, now);
		return mailing && sendBatch(tx, needs, mailing, now);
	});
}

async function sendBatch(tx: Tx, needs: Needs, mailing: MailingRow, now: number): Promise<number> {
	const { kind, clinic_id: clinicId, required_from_on: on, after_profile_id: after } = mailing;
	const clinic = await readClinic(tx, clinicId);
	// Nobody is told of a rule that does not hold, or that something is tomorrow which was yesterday.
	if (clinic.rule.requiredFromOn !== on || isOvertaken(kind, on, localDay(now, clinic.timeZone))) {
		await noteProgress(tx, mailing, { ...mailing, ended_at: now });
		return 0;
	}
	const { profiles, isLast } = await lockNextProfiles(tx, clinicId, after, A_BATCH);
	const withMethod = await findWithMethod(
		tx,
		clinicId,
		profiles.map(({ profileId }) => profileId),
	);
	const earlier = kind === "announcement" ? await listMailingsOfOtherDays(tx, mailing) : [];
	const reminded: string[] = [];
	let seenTo = after;
	let goesOnAt: number | undefined;
	for (const profile of profiles) {
		if (profile.active && !withMethod.has(profile.profileId)) {
			const told = earlier.find((one) => one.after_profile_id >= profile.profileId);
			const verdict = await remind(tx, needs, clinic, profile, kind, now, told?.required_from_on);
			if (verdict.kind === "go") reminded.push(profile.profileId);
			else if (kind === "announcement") {
				// Who has heard of too many dates hears of the last one as well, as soon as they may.
				goesOnAt = verdict.until;
				break;
			}
		}
		seenTo = profile.profileId;
	}
	const hasEnded = isLast && goesOnAt === undefined;
	const emailed = mailing.emailed + reminded.length;
	await noteProgress(tx, mailing, {
		due_at: goesOnAt ?? mailing.due_at,
		after_profile_id: seenTo,
		emailed,
		ended_at: hasEnded ? now : null,
	});

	const { keyring } = needs.config;
	const actor = mailing.asked_by ?? "vestibule";
	for (const profileId of reminded) {
		const event = withoutVisit(actor, clinicId, now, profileId);
		await recordEvent(tx, keyring, { ...event, kind: "staff-reminded", detail: { mailing: kind } });
	}
	if (hasEnded) {
		const detail = { mailing: kind, count: emailed };
		await recordEvent(tx, keyring, {
			...withoutVisit(actor, clinicId, now),
			kind: "mailing-finished",
			detail,
		});
	}
	return reminded.length;
}
