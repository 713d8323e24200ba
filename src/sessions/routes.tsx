import type { Deps } from "../deps.ts";
import { paths } from "../paths.ts";
import { type Answer, goTo, notSignedIn, page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import { endOtherSession, endOtherSessions, signOut } from "./end-sessions.ts";
import { insideSession, lookAtSession, readSession } from "./gate.tsx";
import { endOf, endsUnused, liveAfter } from "./lifetime.rule.ts";
import { SessionsPage, SignOutPage } from "./pages.tsx";
import { listOtherSessions } from "./store.ts";

/** More than anybody has; whoever does ends the rest together. */
const MOST_LISTED = 50;

export function sessionRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.signOut,
		insideSession(deps, "GET", async (visit) => page(visit, <SignOutPage />)),
	);

	const signOutHere = insideSession(deps, "POST", async (visit) => {
		await signOut(deps, visit);
		return signedOut();
	});
	// Whose session has ended already is signed out, as they wanted.
	web.post(paths.signOut, async (visit) =>
		(await lookAtSession(deps, visit)) ? signOutHere(visit) : signedOut(),
	);

	web.get(
		paths.sessions,
		insideSession(deps, "GET", async (visit) => {
			const { sessionId, profile } = visit.session;
			const { clinicId, profileId } = profile;
			const live = liveAfter(visit.clinic, visit.now);
			const most = MOST_LISTED + 1;
			const others = await listOtherSessions(deps.db, clinicId, profileId, sessionId, live, most);
			const notice = visit.query.text("notice");
			return page(
				visit,
				<SessionsPage
					own={visit.session}
					others={others.slice(0, MOST_LISTED)}
					hasMore={others.length > MOST_LISTED}
					notice={notice}
				/>,
			);
		}),
	);

	web.post(
		paths.endSession,
		insideSession(deps, "POST", async (visit) => {
			const sessionId = visit.form.text("session");
			if (sessionId === visit.session.sessionId) {
				await signOut(deps, visit);
				return signedOut();
			}
			const hasEnded = await endOtherSession(deps, visit, sessionId);
			return goTo(`${paths.sessions}?notice=${hasEnded ? "ended" : "ended-before"}`);
		}),
	);

	web.post(
		paths.endOtherSessions,
		insideSession(deps, "POST", async (visit) => {
			await endOtherSessions(deps, visit);
			return goTo(`${paths.sessions}?notice=ended-others`);
		}),
	);

	// For the warning before Automatic Sign Out: asked by a script, so it counts as no use.
	web.get(paths.timeLeft, async (visit) => {
		const session = await lookAtSession(deps, visit);
		if (!session) return notSignedIn();
		const { clinic, now } = visit;
		const left = {
			leftMs: endOf(session, clinic, now) - now,
			endsUnused: endsUnused(session, clinic, now),
		};
		const headers = { "content-type": "application/json; charset=utf-8" };
		return { status: 200, headers, cookies: [], body: JSON.stringify(left) };
	});

	// For a proxy in front of the clinic's software: 204 with whose session it is, or 401.
	web.get(paths.authCheck, async (visit) => {
		const session = await readSession(deps, visit);
		if (!session) return notSignedIn();
		const { profileId, name, email, access } = session.profile;
		const headers = {
			"vestibule-profile": profileId,
			"vestibule-name": encodeURIComponent(name),
			"vestibule-email": encodeURIComponent(email),
			"vestibule-access": access,
			"vestibule-signed-in-by": session.signedInBy,
		};
		return { status: 204, headers, cookies: [], body: undefined };
	});
}

function signedOut(): Answer {
	const answer = goTo(`${paths.signIn}?notice=signed-out`, [{ name: "session", token: undefined }]);
	// Not "cookies": that would also forget the browser.
	return { ...answer, headers: { ...answer.headers, "clear-site-data": '"cache", "storage"' } };
}
