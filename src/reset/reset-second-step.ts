import { recordEvent } from "../activity/record.ts";
import { recordEnded } from "../activity/record-ended.ts";
import { endSetUps as endAppSetUps } from "../authenticator-app/store.ts";
import { deleteTrust } from "../browsers/store.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { readClinic } from "../clinics/store.ts";
import { type DoneBy, eventOf, mayStillDo, whenDone } from "../colleagues/done-by.ts";
import { endDoneForOthers, recordDoneForOthersEnded } from "../colleagues/done-for-others.ts";
import { tellColleague } from "../colleagues/tell-colleague.ts";
import { tellFullAccessUsers } from "../colleagues/tell-full-access-users.ts";
import type { MethodKind } from "../db/tables.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { endEmailChanges } from "../email-change/store.ts";
import { endCodes } from "../emailed-code/store.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import { listMethods } from "../methods/store.ts";
import type { Profile } from "../profiles/profile.ts";
import { changeDoors, lockFullAccessUsers, lockProfile, startReset } from "../profiles/store.ts";
import { endRecoveryCode } from "../recovery-code/store.ts";
import { deleteSessions } from "../sessions/store.ts";
import { endMethod } from "../set-up/end-method.ts";
import { deleteSignIns } from "../sign-in/store.ts";
import { giveTemporaryCode, recordGiven, type TemporaryCode } from "../temporary-code/give-code.ts";
import { endWaitingCodes } from "../temporary-code/store.ts";
import {
	DEFAULT_LIFE_MS,
	type MayBeGiven,
	mayBeGivenTemporaryCode,
} from "../temporary-code/temporary-code.rule.ts";
import { deleteCodesOf, endSetUps as endTextSetUps } from "../text-message/store.ts";
import { type MayBeReset, mayBeReset } from "./may-be-reset.rule.ts";

export type SecondStepReset =
	| {
			kind: "reset";
			profile: Profile;
			/** What was on, the default first. */
			methods: readonly MethodKind[];
			sessionsEnded: number;
			/** The operator's, to be told by calling; a colleague gives one apart. */
			given: { code: TemporaryCode; until: number } | undefined;
	  }
	| { kind: "unknown" }
	/** Nothing was changed. */
	| Exclude<MayBeReset | MayBeGiven, { kind: "yes" }>
	/** The doer may not, or not any more: nothing was changed. */
	| { kind: "not-allowed" };

/**
 * Turns off somebody's 2-Step Verification: everything that was set up or trusted goes, and so does everything that
 * was begun. The reset is pending from here: their password alone opens nothing.
 */
export function resetSecondStep(
	deps: Pick<Deps, "config" | "db">,
	clinic: Clinic,
	colleagueId: string,
	by: DoneBy,
	because: { reason: string; ticket?: string },
): Promise<SecondStepReset> {
	const now = whenDone(by);
	const { clinicId } = clinic;
	const { keyring } = deps.config;
	return inTransaction(deps.db, async (tx): Promise<SecondStepReset> => {
		const users = await lockFullAccessUsers(tx, clinicId);
		if (!(await mayStillDo(tx, by, users, colleagueId))) return { kind: "not-allowed" };
		const profile = await lockProfile(tx, clinicId, colleagueId);
		if (!profile) return { kind: "unknown" };
		const methods = await listMethods(tx, clinicId, colleagueId);
		// A lock-out is helped, and nothing else is opened: asked again under the lock.
		const may = await mayBeDone(tx, by, profile, methods.length > 0);
		if (may.kind !== "yes") return may;

		const kinds = methods.map(({ kind }) => kind);
		for (const method of methods) await endMethod(tx, clinicId, colleagueId, method);
		// From here the password alone opens nothing.
		await startReset(tx, clinicId, colleagueId, now);
		// What was begun before, in whosever hands it is, is finished by nobody.
		await changeDoors(tx, clinicId, colleagueId);
		const sessions = await deleteSessions(tx, clinicId, colleagueId);
		await deleteSignIns(tx, clinicId, colleagueId);
		await endAppSetUps(tx, clinicId, { profileId: colleagueId });
		await endTextSetUps(tx, clinicId, { profileId: colleagueId });
		// What stood in for a method, or skipped it, goes with it.
		await endRecoveryCode(tx, clinicId, colleagueId);
		const trust = await deleteTrust(tx, clinicId, colleagueId, "all");
		// A code from before proves nothing about whoever signs in after it.
		await deleteCodesOf(tx, clinicId, colleagueId);
		await endCodes(tx, clinicId, colleagueId, now);
		const codes = await endWaitingCodes(tx, clinicId, colleagueId, now);
		// The mailbox that may be a door from here is not one that somebody is just putting in place.
		const emailChanges = await endEmailChanges(tx, clinicId, colleagueId, now);
		// Whoever had their method in hand opens nothing by a colleague either.
		const ended = await endDoneForOthers(tx, clinicId, colleagueId, now);
		const given =
			by.kind === "operator"
				? await giveTemporaryCode(tx, keyring, {
						clinicId,
						profileId: colleagueId,
						by: "operator",
						livesMs: DEFAULT_LIFE_MS,
						now,
					})
				: undefined;

		const { reason } = because;
		await tellColleague(tx, deps, clinic, profile, {
			by,
			kind: "second-step-reset",
			hasNotMe: true,
			write: ({ emails }, news) => emails.secondStepReset({ ...news, reason }),
		});
		await tellFullAccessUsers(tx, deps, clinic, users, {
			by,
			colleagueId,
			kind: "second-step-reset",
			write: ({ emails }, news) => emails.colleagueReset({ ...news, colleague: profile, reason }),
		});

		const event = eventOf(by, clinicId, colleagueId);
		await recordEvent(tx, keyring, {
			...event,
			kind: "second-step-reset",
			detail: { ...because, methods: kinds },
		});
		await recordEnded(tx, keyring, event, "reset", { codes, emailChanges, trust, sessions });
		await recordDoneForOthersEnded(tx, keyring, ended, "giver-reset", (whose) =>
			eventOf(by, clinicId, whose),
		);
		if (given) await recordGiven(tx, keyring, event, given, "by-operator");
		return { kind: "reset", profile, methods: kinds, sessionsEnded: sessions, given };
	});
}

/** The operator's goes with a temporary code: it is done for whoever is asked for one. */
async function mayBeDone(
	tx: Tx,
	by: DoneBy,
	profile: Profile,
	hasMethodOn: boolean,
): Promise<MayBeReset | MayBeGiven> {
	const now = whenDone(by);
	if (by.kind === "full-access") return mayBeReset(profile, hasMethodOn, now);
	const rule = enforcementOf(await readClinic(tx, profile.clinicId), now);
	return mayBeGivenTemporaryCode(profile, hasMethodOn, rule, "the-operator", now);
}
