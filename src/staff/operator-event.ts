import type { EventContext } from "../activity/record.ts";

/**
 * When and by whom, for what the operator's commands do: they come from no browser.
 *
 * @param profileId whom it concerns; null where that is nobody
 */
export function byOperator(clinicId: string, profileId: string | null, now: number): EventContext {
	return { clinicId, at: now, profileId, actor: "operator", address: null, browserName: null };
}
