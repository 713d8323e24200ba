import { equalText } from "../crypto/keyring.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import { hasMethodOn } from "../methods/store.ts";
import { paths, safeReturnPath, signInThen } from "../paths.ts";
import { type Answer, goTo, type Handler } from "../web/answer.ts";
import { errorPage } from "../web/error-pages.tsx";
import type { Visit } from "../web/visit.ts";
import { endOf, isLastSeenStale, isOver } from "./lifetime.rule.ts";
import type { Session } from "./session.ts";
import { findSession, noteSeen } from "./store.ts";

/** A visit inside a session: whose it is, and the token that its forms carry. */
export type SessionVisit = Visit & Required<Pick<Visit, "reader" | "formToken">> & { session: Session };

/** The live session of a visit, or undefined. Notes that it was used, at most once a minute. */
export async function readSession(deps: Deps, visit: Visit): Promise<Session | undefined> {
	const session = await lookAtSession(deps, visit);
	if (!session || !isLastSeenStale(session, visit.now)) return session;
	await inTransaction(deps.db, (tx) => noteSeen(tx, visit.clinic.clinicId, session.sessionId, visit.now));
	return { ...session, lastSeenAt: visit.now };
}

/** The same, where it is not the person who asks: it is not noted as used. */
export async function lookAtSession(deps: Deps, visit: Visit): Promise<Session | undefined> {
	const token = visit.cookies.session;
	if (!token) return undefined;
	const session = await findSession(deps.db, visit.clinic.clinicId, token.hash());
	return session && !isOver(session, visit.clinic, visit.now) ? session : undefined;
}

/**
 * What stands before every page of a signed-in person: nothing but a live session opens it, and a form must carry
 * that session's own token.
 *
 * @returns the visit inside the session, or the answer to give instead
 */
export async function enterSession(
	deps: Deps,
	visit: Visit,
	method: "GET" | "POST",
): Promise<SessionVisit | Answer> {
	const session = await readSession(deps, visit);
	const token = visit.cookies.session;
	if (!session || !token) {
		// What was sent is gone: the page says so, and that nothing came of it.
		if (method === "POST") return goTo(`${paths.signIn}?notice=not-sent`);
		return goTo(signInThen(safeReturnPath(visit.path) ?? "/"));
	}
	const { name, email, access } = session.profile;
	const { clinic, now } = visit;
	const inside = {
		...visit,
		session,
		reader: { name, email, access },
		formToken: token.formToken(),
		banner: await bannerOf(deps, visit, session),
		signsOutAt: endOf(session, clinic, now),
	};
	// A form drawn for another session, or by somebody else, changes nothing.
	if (method === "POST" && !equalText(visit.form.text("form-token"), inside.formToken)) {
		return errorPage(inside, 403);
	}
	return inside;
}

/** The clinic's rule, for whoever has not set it up yet: it stands on every page until they have. */
async function bannerOf(deps: Deps, { clinic, now }: Visit, { profile }: Session): Promise<Visit["banner"]> {
	const rule = enforcementOf(clinic, now);
	if (rule.kind === "off") return undefined;
	return (await hasMethodOn(deps.db, profile)) ? undefined : rule;
}

/** Back to the password, with a sentence that says why: too many passwords or codes were wrong in the session. */
export function sessionEnded(): Answer {
	return goTo(`${paths.signIn}?notice=too-many-wrong`);
}

/** A handler that only a signed-in person reaches. */
export function insideSession(deps: Deps, method: "GET" | "POST", handler: Handler<SessionVisit>): Handler {
	return async (visit) => {
		const entered = await enterSession(deps, visit, method);
		return "session" in entered ? handler(entered) : entered;
	};
}
