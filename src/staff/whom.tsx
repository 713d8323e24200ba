import type { Deps } from "../deps.ts";
import { hasMethodOn } from "../methods/store.ts";
import { paths } from "../paths.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { offeredKinds } from "../set-up/offered-kinds.ts";
import { beginOwnSetUp, OwnMethodFirstPage } from "../set-up/own-method-first.tsx";
import { type Answer, goTo, page } from "../web/answer.ts";
import { errorPage } from "../web/error-pages.tsx";

/**
 * Back to a colleague's page.
 *
 * @param notice what happened; where it could not be done any more, their page says how it is now
 */
export function toColleague(profileId: string, notice?: string | false): Answer {
	const path = paths.colleague.to(profileId);
	return goTo(notice ? `${path}?notice=${notice}` : path);
}

/**
 * The colleague in the address, to whom this person may do something; else what to answer: somebody of another clinic,
 * or nobody, is not found; to oneself nothing is done; and one's own method comes first.
 */
export async function colleagueInAddress(
	deps: Pick<Deps, "config" | "db">,
	visit: SessionVisit,
): Promise<Profile | Answer> {
	const { clinic, params, session } = visit;
	const profile = await findProfile(deps.db, clinic.clinicId, params.profileId ?? "");
	if (!profile) return errorPage(visit, 404);
	if (profile.profileId === session.profile.profileId) return toColleague(profile.profileId);
	if (!(await hasMethodOn(deps.db, session.profile))) {
		return ownMethodFirst(deps, visit, paths.colleague.to(profile.profileId));
	}
	return profile;
}

/**
 * Whoever helps has a second step of their own: to its set-up, once a kind of method is chosen, and from its end back.
 *
 * @param back the page where something was to be done to a colleague
 */
export async function ownMethodFirst(
	deps: Pick<Deps, "config" | "db">,
	visit: SessionVisit,
	back: string,
): Promise<Answer> {
	const begun = await beginOwnSetUp(deps, visit, back);
	if (begun) return begun;
	const { setUpFirst, setUpFirstTitle, back: backToStaff } = visit.words.staff;
	return page(
		visit,
		<OwnMethodFirstPage
			title={setUpFirstTitle}
			lead={setUpFirst}
			action={visit.path}
			offered={offeredKinds(deps.config, visit.clinic)}
			leave={{ path: paths.staff, label: backToStaff }}
		/>,
	);
}
