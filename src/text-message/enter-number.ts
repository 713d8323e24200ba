import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { isLive } from "../methods/set-up.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import { lockProfile } from "../profiles/store.ts";
import type { Visit } from "../web/visit.ts";
import { type SentCode, sendCode } from "./send-code.ts";
import { findSetUp, setNumber } from "./store.ts";

export type EnteredNumber = SentCode | { kind: "ended" };

/**
 * Takes the number of a set-up and sends it a code. Another number than before makes the codes of the earlier one
 * of no use, until that one is entered again.
 *
 * @param number `e164` as it is compared; `typed` as it is shown back; undefined sends to the number it has again
 */
export async function enterNumber(
	deps: Deps,
	visit: Visit,
	{ profile, holderId }: { profile: Profile; holderId: string },
	number: { e164: string; typed: string } | undefined,
): Promise<EnteredNumber> {
	const { clinicId, profileId } = profile;
	return inTransaction(deps.db, async (tx): Promise<EnteredNumber> => {
		const locked = await lockProfile(tx, clinicId, profileId);
		const setUp = await findSetUp(tx, clinicId, holderId);
		if (!locked?.active || !setUp || !isLive(setUp, locked.doorsVersion, visit.now)) return { kind: "ended" };
		const e164 = number?.e164 ?? setUp.number;
		if (e164 === null) return { kind: "ended" };
		const sent = await sendCode(tx, deps, visit, {
			profile: locked,
			holderId: setUp.setUpId,
			number: e164,
			purpose: "set-up",
			isKnown: false,
		});
		// A number that nothing can be sent to takes the place of none.
		if (number && (sent.kind === "queued" || sent.kind === "wait")) {
			await setNumber(tx, clinicId, setUp.setUpId, number);
		}
		return sent;
	});
}
