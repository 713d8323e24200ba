import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { listMethods } from "../methods/store.ts";
import { paths, setUpStart } from "../paths.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { keepReturnTo } from "../sessions/store.ts";
import { offeredKinds } from "../set-up/offered-kinds.ts";
import { type Answer, goTo, page } from "../web/answer.ts";
import { ErrorPage } from "../web/error-pages.tsx";
import { OwnMethodFirstPage } from "./pages.tsx";

/** In the address of a page that their own set-up leads back to. */
const JUST_SET_UP = "notice=set-up";

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
	deps: Pick<Deps, "config" | "db">,
	visit: SessionVisit,
): Promise<Profile | Answer> {
	const { clinic, params, session } = visit;
	const profile = await findProfile(deps.db, clinic.clinicId, params.profileId ?? "");
	if (!profile) return page(visit, <ErrorPage status={404} />, 404);
	if (profile.profileId === session.profile.profileId) return goTo(paths.colleague.to(profile.profileId));
	if (!(await hasOwnMethod(deps, visit))) {
		return ownMethodFirst(deps, visit, paths.colleague.to(profile.profileId));
	}
	return profile;
}

/**
 * To one's own set-up, once a kind of method is chosen, and from its end back, where it says that it is done.
 *
 * @param back the page where something was to be done to a colleague
 */
export async function ownMethodFirst(
	deps: Pick<Deps, "config" | "db">,
	visit: SessionVisit,
	back: string,
): Promise<Answer> {
	const { clinic, form, path, session } = visit;
	const offered = offeredKinds(deps.config, clinic);
	const kind = offered.find((one) => one === form.text("kind"));
	if (kind === undefined) return page(visit, <OwnMethodFirstPage action={path} offered={offered} />);
	await inTransaction(deps.db, (tx) =>
		keepReturnTo(tx, clinic.clinicId, session.sessionId, `${back}?${JUST_SET_UP}`),
	);
	return goTo(setUpStart[kind]);
}
