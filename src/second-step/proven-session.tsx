import type { Deps } from "../deps.ts";
import { hasMethodOn } from "../methods/store.ts";
import { confirmThen, paths, safeReturnPath } from "../paths.ts";
import { enterSession, type SessionVisit } from "../sessions/gate.tsx";
import { type Answer, goTo, type Handler } from "../web/answer.ts";
import { errorPage } from "../web/error-pages.tsx";
import type { Visit } from "../web/visit.ts";

/**
 * Whether a code is asked for before something that *Asking again* lists: a method is on, and this session has not
 * yet passed a method's code or the Recovery Code. A trusted browser, an emailed and a temporary code do not count.
 */
export async function isCodeAsked(deps: Pick<Deps, "db">, { session }: SessionVisit): Promise<boolean> {
	return session.methodPassedAt === null && (await hasMethodOn(deps.db, session.profile));
}

/**
 * To the page that asks for the code, and from there back.
 *
 * @param back where to; undefined is the page that was asked for
 */
export function confirmFirst(visit: Visit, back?: string): Answer {
	return goTo(confirmThen(back ?? safeReturnPath(visit.path) ?? paths.account));
}

/**
 * The code half of *Asking again*, before every page of such an action; its password half is in the action's own
 * form (`askAgain`). Once passed it holds for the session.
 *
 * @param back where to go on with a code; undefined is the page that was asked for
 */
async function enterProvenSession(
	deps: Deps,
	visit: Visit,
	method: "GET" | "POST",
	back?: string,
): Promise<SessionVisit | Answer> {
	const inside = await enterSession(deps, visit, method);
	if ("status" in inside) return inside;
	return (await isCodeAsked(deps, inside)) ? confirmFirst(visit, back) : inside;
}

/** A handler that only a signed-in person reaches who has passed a code, where one is asked for. */
export function insideProvenSession(
	deps: Deps,
	method: "GET" | "POST",
	handler: Handler<SessionVisit>,
): Handler {
	return async (visit) => {
		const entered = await enterProvenSession(deps, visit, method);
		return "session" in entered ? handler(entered) : entered;
	};
}

/**
 * A handler for Full Access users alone; to everybody else the page is not there.
 *
 * @param asks `code` where *Asking again* lists what the page does
 */
export function insideFullAccess(
	deps: Deps,
	method: "GET" | "POST",
	asks: "nothing" | "code",
	handler: Handler<SessionVisit>,
): Handler {
	return async (visit) => {
		const inside = await enterSession(deps, visit, method);
		if ("status" in inside) return inside;
		if (inside.session.profile.access !== "full") return errorPage(inside, 404);
		return asks === "code" && (await isCodeAsked(deps, inside)) ? confirmFirst(visit) : handler(inside);
	};
}
