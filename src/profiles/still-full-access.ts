import type { Tx } from "../db/transaction.ts";
import type { Profile } from "./profile.ts";
import { lockFullAccessUsers } from "./store.ts";

/**
 * Locks everybody with Full Access who is active, and looks whether somebody is still among them as they were when they
 * were let in: neither demoted nor deactivated, and neither their password nor their method another one since.
 *
 * @param seen the profile as the session had it
 */
export async function isStillFullAccess(tx: Tx, seen: Profile): Promise<boolean> {
	return isAmong(await lockFullAccessUsers(tx, seen.clinicId), seen);
}

/** The same of who is locked already. @param users what `lockFullAccessUsers` answered */
export function isAmong(
	users: readonly Profile[],
	{ profileId, doorsVersion }: Pick<Profile, "profileId" | "doorsVersion">,
): boolean {
	return users.some((user) => user.profileId === profileId && user.doorsVersion === doorsVersion);
}
