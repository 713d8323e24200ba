import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { lockProfile } from "../profiles/store.ts";
import { dueNow } from "./due-now.ts";
import type { SignInVisit } from "./gate.tsx";
import { type Led, leadOn } from "./lead-on.ts";
import { overIfEnded } from "./sign-in-ended.ts";

/**
 * **Not now**: starts the session if the prompt may still be declined at this moment. Pressed too late it leads to
 * what is due by then.
 */
export async function declineSetUp(deps: Deps, visit: SignInVisit): Promise<Led> {
	const { clinicId, profileId } = visit.signIn.profile;
	return inTransaction(deps.db, async (tx): Promise<Led> => {
		await lockProfile(tx, clinicId, profileId);
		// The rule may have come into force, or a method gone on, since the prompt was shown.
		const led = await leadOn(tx, deps, visit, await dueNow(tx, visit, true));
		if (led.kind === "in") {
			const event = during(visit, profileId, profileId);
			await recordEvent(tx, deps.config.keyring, { ...event, kind: "set-up-declined", detail: {} });
		}
		return led;
	}).catch(overIfEnded);
}
