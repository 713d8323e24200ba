import type { Keyring } from "../crypto/keyring.ts";
import { newId } from "../db/ids.ts";
import type { Tx } from "../db/transaction.ts";
import { SET_UP_LIVES_MS } from "../methods/set-up.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import { lockProfile } from "../profiles/store.ts";
import { AuthenticatorSecret } from "./secret.ts";
import { endSetUps, insertSetUp } from "./store.ts";

/**
 * Begins a set-up with a fresh secret, in the transaction that has asked again whatever had to be asked. It ends an
 * earlier one of the same holder, and sweeps up what was left unfinished at this clinic. Nothing is on yet.
 *
 * @param begun `profile`: as it was read when this person was asked; a change of how they get in since then makes
 *   the set-up void. `holderId`: the id of the session or sign-in that it ends with
 */
export async function beginSetUp(
	tx: Tx,
	keyring: Keyring,
	{ profile, holderId, now }: { profile: Profile; holderId: string; now: number },
): Promise<void> {
	const { clinicId, profileId, doorsVersion } = profile;
	// Two clicks at the same moment make one set-up after the other.
	await lockProfile(tx, clinicId, profileId);
	await endSetUps(tx, clinicId, { holderId });
	await endSetUps(tx, clinicId, { expiredAt: now });
	await insertSetUp(tx, {
		clinicId,
		setUpId: newId(now),
		profileId,
		doorsVersion,
		holderId,
		sealedSecret: AuthenticatorSecret.fresh().seal(keyring, profile),
		now,
		expiresAt: now + SET_UP_LIVES_MS,
	});
}
