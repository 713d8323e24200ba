import { readClinic } from "../clinics/store.ts";
import { type DoneBy, eventOf, mayStillDo } from "../colleagues/done-by.ts";
import { tellColleague } from "../colleagues/tell-colleague.ts";
import { tellFullAccessUsers } from "../colleagues/tell-full-access-users.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import { hasMethodOn } from "../methods/store.ts";
import { lockFullAccessUsers, lockProfile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { giveTemporaryCode, recordGiven, type TemporaryCode } from "../temporary-code/give-code.ts";
import { mayBeGivenTemporaryCode } from "../temporary-code/temporary-code.rule.ts";

/** How the code is told: the giver says which. */
export type ToldHow = "in-person" | "by-phone";

/**
 * Gives a colleague a temporary code, in one transaction with the emails and events that tell of it.
 *
 * @param given.livesMs one of `TEMPORARY_CODE_LIVES_MS`
 * @returns undefined when the doer may not, or this person can be given none (any more): nothing was changed
 */
export async function giveCodeToColleague(
	deps: Deps,
	visit: SessionVisit,
	colleagueId: string,
	given: { livesMs: number; how: ToldHow },
): Promise<{ code: TemporaryCode; until: number } | undefined> {
	const { clinic, now } = visit;
	const { clinicId } = clinic;
	const { keyring } = deps.config;
	const by: DoneBy = { kind: "full-access", visit };
	return inTransaction(deps.db, async (tx) => {
		const users = await lockFullAccessUsers(tx, clinicId);
		if (!(await mayStillDo(tx, by, users, colleagueId))) return undefined;
		const profile = await lockProfile(tx, clinicId, colleagueId);
		if (!profile) return undefined;
		// A lock-out is helped, and nothing else is opened: asked again under the lock.
		const isOn = await hasMethodOn(tx, profile);
		const enforcement = enforcementOf(await readClinic(tx, clinicId), now);
		const may = mayBeGivenTemporaryCode(profile, isOn, enforcement, "a-colleague", now);
		if (may.kind !== "yes") return undefined;

		const { profileId: giver } = visit.session.profile;
		const made = await giveTemporaryCode(tx, keyring, {
			clinicId,
			profileId: colleagueId,
			by: giver,
			livesMs: given.livesMs,
			now,
		});
		const { until } = made;
		await tellColleague(tx, deps, clinic, profile, {
			by,
			kind: "temporary-code-given",
			hasNotMe: true,
			write: ({ emails }, news) => emails.temporaryCodeGiven({ ...news, until }),
		});
		await tellFullAccessUsers(tx, deps, clinic, users, {
			by,
			colleagueId,
			kind: "temporary-code-given",
			write: ({ emails }, news) => emails.colleagueGivenCode({ ...news, colleague: profile, until }),
		});
		await recordGiven(tx, keyring, eventOf(by, clinicId, colleagueId), made, given.how);
		return { code: made.code, until };
	});
}
