import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { findProfile, setMobile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { lockStillIn } from "../sessions/still-in.ts";
import { tellMobileChanged } from "../set-up/tell-mobile-changed.ts";
import { recordedNumbers } from "../text-message/number.rule.ts";

/**
 * Changes the number at which a person is called. Codes go to the one that text messages were set up with.
 *
 * @param mobile E.164, or null for none
 * @returns `meanwhile` where they are not in any more as they were when they were asked again: nothing was changed
 */
export function changeOwnMobile(
	deps: Deps,
	visit: SessionVisit,
	mobile: string | null,
): Promise<"changed" | "same" | "meanwhile"> {
	const { clinicId, profileId } = visit.session.profile;
	return inTransaction(deps.db, async (tx) => {
		const locked = await lockStillIn(tx, visit);
		if (!locked) return "meanwhile";
		if (!(await setMobile(tx, clinicId, profileId, mobile, visit.now))) return "same";
		const changed = await findProfile(tx, clinicId, profileId);
		if (changed) await tellMobileChanged(tx, deps, visit, locked, changed);
		const event = during(visit, profileId, profileId);
		const detail = recordedNumbers(locked.mobile, mobile);
		await recordEvent(tx, deps.config.keyring, { ...event, kind: "mobile-changed", detail });
		return "changed";
	});
}
