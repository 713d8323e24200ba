import { recordEvent } from "../activity/record.ts";
import { recordEnded } from "../activity/record-ended.ts";
import { endSetUps } from "../authenticator-app/store.ts";
import { deleteTrust } from "../browsers/store.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { type DoneBy, eventOf, mayStillDo, whenDone } from "../colleagues/done-by.ts";
import { endDoneForOthers, recordDoneForOthersEnded } from "../colleagues/done-for-others.ts";
import { tellColleague } from "../colleagues/tell-colleague.ts";
import { tellFullAccessUsers } from "../colleagues/tell-full-access-users.ts";
import { inTransaction } from "../db/transaction.ts";
import { letEmailsRunOut } from "../delivery/store.ts";
import type { Deps } from "../deps.ts";
import { endEmailChanges } from "../email-change/store.ts";
import { endCodes } from "../emailed-code/store.ts";
import { REMINDING } from "../enforcement/remind.ts";
import { endLinks } from "../passwords/store.ts";
import type { Profile } from "../profiles/profile.ts";
import { changeDoors, deactivateProfile, lockFullAccessUsers, lockProfile } from "../profiles/store.ts";
import { deleteSessions } from "../sessions/store.ts";
import { deleteSignIns } from "../sign-in/store.ts";
import { endWaitingCodes } from "../temporary-code/store.ts";
import { canDoWithout } from "./last-full-access.rule.ts";

export type Deactivated =
	| { kind: "deactivated"; profile: Profile; sessionsEnded: number }
	| { kind: "unknown" }
	| { kind: "deactivated-before" }
	/** Nobody else with Full Access is active and has finished a sign-in: nothing was changed. */
	| { kind: "last-full-access" }
	/** The doer may not, or not any more: nothing was changed. */
	| { kind: "not-allowed" };

/**
 * Keeps a person out: ends their sessions, sign-ins, set-ups, links and what they were about to change. What they set
 * up stays, for the day they come back.
 */
export function deactivateStaff(
	deps: Pick<Deps, "config" | "db">,
	clinic: Clinic,
	colleagueId: string,
	by: DoneBy,
): Promise<Deactivated> {
	const now = whenDone(by);
	const { clinicId } = clinic;
	const { keyring } = deps.config;
	return inTransaction(deps.db, async (tx) => {
		// Locked before the question: two people who may each go are not both let go.
		const fullAccessUsers = await lockFullAccessUsers(tx, clinicId);
		if (!(await mayStillDo(tx, by, fullAccessUsers, colleagueId))) return { kind: "not-allowed" };
		const profile = await lockProfile(tx, clinicId, colleagueId);
		if (!profile) return { kind: "unknown" };
		if (!profile.active) return { kind: "deactivated-before" };
		if (profile.access === "full" && !canDoWithout(profile, fullAccessUsers)) {
			return { kind: "last-full-access" };
		}

		const { profileId } = profile;
		await deactivateProfile(tx, clinicId, profileId, now);
		await changeDoors(tx, clinicId, profileId);
		const sessions = await deleteSessions(tx, clinicId, profileId);
		const codes = await endWaitingCodes(tx, clinicId, profileId, now);
		const ended = await endDoneForOthers(tx, clinicId, profileId, now);
		// Who is out puts no other address in place.
		const emailChanges = await endEmailChanges(tx, clinicId, profileId, now);
		const trust = await deleteTrust(tx, clinicId, profileId, "all");
		await deleteSignIns(tx, clinicId, profileId);
		await endSetUps(tx, clinicId, { profileId });
		await endLinks(tx, clinicId, profileId, now);
		await endCodes(tx, clinicId, profileId, now);
		// Nobody who is gone is told to set it up.
		await letEmailsRunOut(tx, clinicId, { kinds: REMINDING, profileId }, now);

		await tellColleague(tx, deps, clinic, profile, {
			by,
			kind: "deactivated",
			hasNotMe: false,
			write: ({ emails }, news) => emails.deactivated(news),
		});
		await tellFullAccessUsers(tx, deps, clinic, fullAccessUsers, {
			by,
			colleagueId,
			kind: "staff-changed",
			write: (words, news) =>
				words.emails.staffChanged({ ...news, change: "deactivated", colleague: profile }),
		});
		const event = eventOf(by, clinicId, profileId);
		await recordEvent(tx, keyring, { ...event, kind: "staff-deactivated", detail: {} });
		await recordEnded(tx, keyring, event, "deactivated", { codes, emailChanges, trust, sessions });
		await recordDoneForOthersEnded(tx, keyring, ended, "giver-lost-full-access", (whose) =>
			eventOf(by, clinicId, whose),
		);
		return { kind: "deactivated", profile, sessionsEnded: sessions };
	});
}
