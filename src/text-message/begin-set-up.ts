import { newId } from "../db/ids.ts";
import type { Tx } from "../db/transaction.ts";
import { SET_UP_LIVES_MS } from "../methods/set-up.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import { lockProfile } from "../profiles/store.ts";
import { prettyNumber } from "./number.rule.ts";
import { endSetUps, findNumber, insertSetUp } from "./store.ts";

/**
 * Begins a set-up with the number of the staff profile filled in, in the transaction that has asked again whatever
 * had to be asked. It ends an earlier one of the same holder. Nothing is on yet and nothing is sent.
 *
 * @param begun.profile as it was read when this person was asked; a change of how they get in since makes it void
 * @param begun.isLost whether the number that is on is not to be offered again, since its phone is gone
 */
export async function beginTextSetUp(
	tx: Tx,
	begun: { profile: Profile; holderId: string; now: number; isLost?: boolean },
): Promise<void> {
	const { profile, holderId, now } = begun;
	const { clinicId, profileId, doorsVersion, mobile } = profile;
	// Two clicks at the same moment make one set-up after the other.
	await lockProfile(tx, clinicId, profileId);
	await endSetUps(tx, clinicId, { holderId });
	await endSetUps(tx, clinicId, { expiredAt: now });
	const lost = begun.isLost ? await findNumber(tx, clinicId, profileId) : undefined;
	await insertSetUp(tx, {
		clinicId,
		profileId,
		holderId,
		setUpId: newId(now),
		doorsVersion,
		typedNumber: mobile === null || mobile === lost ? "" : prettyNumber(mobile),
		now,
		expiresAt: now + SET_UP_LIVES_MS,
	});
}
