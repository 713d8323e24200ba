import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { lockProfile } from "../profiles/store.ts";
import type { SignInVisit } from "../sign-in/gate.tsx";
import { setAskedKind } from "../sign-in/store.ts";
import { sendText, type TextedOrNot } from "./send-text.ts";

/**
 * Asks for text messages in a sign-in, and sends a code as **Resend code** does. Coming back to it is a resend too.
 *
 * @returns undefined when the sign-in is over
 */
export async function askByText(deps: Deps, visit: SignInVisit): Promise<TextedOrNot | undefined> {
	const { signIn } = visit;
	const { clinicId, profileId, doorsVersion } = signIn.profile;
	return inTransaction(deps.db, async (tx) => {
		const profile = await lockProfile(tx, clinicId, profileId);
		if (!profile?.active || profile.doorsVersion !== doorsVersion) return undefined;
		await setAskedKind(tx, clinicId, signIn.signInId, "text-message");
		const { signInId: holderId, knownBrowser } = signIn;
		return sendText(tx, deps, visit, { holderId, profile, knownBrowser });
	});
}
