import type { Tx } from "../db/transaction.ts";
import type { Profile } from "../profiles/profile.ts";
import { isStillFullAccess } from "../profiles/still-full-access.ts";
import { lockProfile } from "../profiles/store.ts";
import type { SessionVisit } from "./gate.tsx";
import { isSessionThere } from "./store.ts";

/**
 * Locks the profile of whoever is in a session, and asks again what let them in, in the transaction of what they want
 * to change: what ended the session or changed the doors since then goes before it.
 *
 * @returns undefined where it is not so any more: nothing may change
 */
export async function lockStillIn(tx: Tx, { session }: SessionVisit): Promise<Profile | undefined> {
	const { clinicId, profileId, doorsVersion } = session.profile;
	const profile = await lockProfile(tx, clinicId, profileId);
	// Deactivated, or a new password, method or reset meanwhile: what was asked opens nothing more.
	if (!profile?.active || profile.doorsVersion !== doorsVersion) return undefined;
	// Whoever was just signed out everywhere does nothing more, in their own name or another's.
	return (await isSessionThere(tx, clinicId, session.sessionId)) ? profile : undefined;
}

/** The same of somebody with Full Access: it locks everybody who has it, and asks whether this one is still among them. */
export async function isStillInWithFullAccess(tx: Tx, { session }: SessionVisit): Promise<boolean> {
	const { sessionId, profile } = session;
	return (await isStillFullAccess(tx, profile)) && isSessionThere(tx, profile.clinicId, sessionId);
}
