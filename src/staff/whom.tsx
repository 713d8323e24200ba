import type { Deps } from "../deps.ts";
import { listMethods } from "../methods/store.ts";
import { paths } from "../paths.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { type Answer, goTo, page } from "../web/answer.ts";
import { ErrorPage } from "../web/error-pages.tsx";
import { OwnMethodFirstPage } from "./pages.tsx";

/** Whoever does something to a colleague has a second step of their own. */
export async function hasOwnMethod({ db }: Pick<Deps, "db">, { session }: SessionVisit): Promise<boolean> {
	const { clinicId, profileId } = session.profile;
	return (await listMethods(db, clinicId, profileId)).length > 0;
}

/**
 * The colleague in the address, to whom this person may do something; else what to answer: somebody of another clinic,
 * or nobody, is not found; to oneself nothing is done; and one's own method comes first.
 */
export async function colleagueInAddress(
	deps: Pick<Deps, "db">,
	visit: SessionVisit,
): Promise<Profile | Answer> {
	const { clinic, params, session } = visit;
	const profile = await findProfile(deps.db, clinic.clinicId, params.profileId ?? "");
	if (!profile) return page(visit, <ErrorPage status={404} />, 404);
	if (profile.profileId === session.profile.profileId) return goTo(paths.colleague.to(profile.profileId));
	if (!(await hasOwnMethod(deps, visit))) return page(visit, <OwnMethodFirstPage />);
	return profile;
}
