import { readMoment } from "../activity-log/read-page.ts";
import { PlainToken } from "../crypto/tokens.ts";
import type { Deps } from "../deps.ts";
import { listMethods } from "../methods/store.ts";
import { findNotMeLink } from "../not-me/store.ts";
import { paths } from "../paths.ts";
import { wasChangedLately } from "../profiles/lately-changed.rule.ts";
import { findProfile } from "../profiles/store.ts";
import { page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import type { Visit } from "../web/visit.ts";
import { DeadNotMePage, NotMeDonePage, NotMePage } from "./not-me-pages.tsx";
import { type NotMeLink, undoSince } from "./undo-since.ts";

/** The button **This wasn't me** of a security email. It asks for no session: whoever uses it may have none left. */
export function notMeRoutes(web: Web, deps: Deps): void {
	// Mail scanners open links: this only asks.
	web.get(paths.notMe.pattern, async (visit) => {
		const link = await openLink(deps, visit);
		if (!link) return page(visit, <DeadNotMePage />, 410);
		const { since, profileId } = link;
		const { hasMethodOn } = await readStanding(visit, link);
		const happened = await readMoment(deps, visit, { profileId, at: since });
		return page(visit, <NotMePage {...{ since, happened, hasMethodOn }} />);
	});

	web.post(paths.notMe.pattern, async (visit) => {
		const link = await openLink(deps, visit);
		if (!link) return page(visit, <DeadNotMePage />, 410);
		const done = await undoSince(deps, visit, link);
		if (!done) return page(visit, <DeadNotMePage />, 410);
		const { hasMethodOn, isEmailNew } = await readStanding(visit, link);
		const codeHelp = hasMethodOn ? (isEmailNew ? "operator" : "colleague") : undefined;
		return page(visit, <NotMeDonePage {...done} codeHelp={codeHelp} />);
	});

	/** What their next sign-in asks, and whether a colleague may help with it: not for a week after a changed email. */
	async function readStanding({ clinic, now }: Visit, { profileId }: NotMeLink) {
		const methods = await listMethods(deps.db, clinic.clinicId, profileId);
		const profile = await findProfile(deps.db, clinic.clinicId, profileId);
		return {
			hasMethodOn: methods.length > 0,
			isEmailNew: wasChangedLately(profile?.emailChangedAt ?? null, now),
		};
	}
}

/** The link in the address, where it works; a used one, an old one and one that never was are all the same. */
async function openLink(deps: Deps, visit: Visit): Promise<NotMeLink | undefined> {
	const { clinicId } = visit.clinic;
	const token = PlainToken.read(visit.params.token);
	const row = token && (await findNotMeLink(deps.db, clinicId, token.hash()));
	if (row?.used_at !== null || row.expires_at <= visit.now) return undefined;
	const profile = await findProfile(deps.db, clinicId, row.profile_id);
	if (!profile?.active) return undefined;
	const before = { email: row.email, mobile: row.mobile };
	return { linkId: row.link_id, profileId: row.profile_id, sentTo: row.sent_to, since: row.since_at, before };
}
