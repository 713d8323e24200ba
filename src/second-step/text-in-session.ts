import { isKnownBrowser } from "../browsers/store.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { lockProfile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { isSessionThere } from "../sessions/store.ts";
import { sendText, type TextedOrNot } from "./send-text.ts";

/**
 * Texts a code that belongs to this session, to somebody who is asked again; choosing it again is a resend.
 *
 * @returns undefined when the session has ended, or no number is on
 */
export async function textInSession(deps: Deps, visit: SessionVisit): Promise<TextedOrNot | undefined> {
	const { session, browser, now } = visit;
	const { sessionId: holderId } = session;
	const { clinicId, profileId } = session.profile;
	return inTransaction(deps.db, async (tx) => {
		const profile = await lockProfile(tx, clinicId, profileId);
		if (!profile?.active || !(await isSessionThere(tx, clinicId, holderId))) return undefined;
		const knownBrowser = await isKnownBrowser(tx, clinicId, profileId, browser.hash, now);
		return sendText(tx, deps, visit, { holderId, profile, knownBrowser });
	});
}
