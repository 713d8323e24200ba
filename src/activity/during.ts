import type { Visit } from "../web/visit.ts";
import type { EventContext } from "./record.ts";

/**
 * When and from where, for what happens during a visit.
 *
 * @param profileId whom it concerns; undefined where that is nobody known
 * @param actor a profile id, or `nobody` for somebody who is not signed in
 */
export function during(visit: Visit, profileId: string | undefined, actor: string): EventContext {
	return {
		clinicId: visit.clinic.clinicId,
		at: visit.now,
		profileId: profileId ?? null,
		actor,
		address: visit.network.address,
		browserName: visit.browser.name,
	};
}

/**
 * When and by whom, for what no visit causes.
 *
 * @param actor `operator`, by a command; `vestibule`, by itself; or the profile id of who asked for it in a visit before
 * @param profileId whom it concerns; null where that is nobody
 */
export function withoutVisit(
	actor: string,
	clinicId: string,
	at: number,
	profileId: string | null = null,
): EventContext {
	return { clinicId, at, profileId, actor, address: null, browserName: null };
}
