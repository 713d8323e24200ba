import { equalText } from "../crypto/keyring.ts";
import type { Deps } from "../deps.ts";
import { paths } from "../paths.ts";
import { readSession } from "../sessions/gate.tsx";
import { type Answer, goTo } from "../web/answer.ts";
import { errorPage } from "../web/error-pages.tsx";
import type { Visit } from "../web/visit.ts";
import { type Due, dueIn } from "./due-now.ts";
import type { Step } from "./journey.rule.ts";
import type { Led } from "./lead-on.ts";
import { pathOf } from "./path-of-step.ts";
import type { SignIn } from "./sign-in.ts";
import { findSignIn } from "./store.ts";

/** A visit with a live sign-in: what its forms carry, and when it runs out. What is due in it has not been asked. */
export type OpenSignIn = Visit & Required<Pick<Visit, "formToken" | "endsAt">> & { signIn: SignIn };

/** A visit inside a sign-in, and what is due in it. */
export type SignInVisit = OpenSignIn & Due;

/**
 * What stands before every page of an unfinished sign-in: a live sign-in, its own form token, and the journey asked
 * again, so that a page is only reached while it is the one that is due.
 *
 * @param due the steps this page belongs to
 * @returns the visit inside the sign-in, or the answer to give instead
 */
export async function enterSignIn(
	deps: Deps,
	visit: Visit,
	method: "GET" | "POST",
	...due: Step["kind"][]
): Promise<SignInVisit | Answer> {
	const open = await openSignIn(deps, visit, method);
	if ("status" in open) return open;
	const found = await dueIn(deps.db, visit, open.signIn);
	return due.includes(found.step.kind) ? { ...open, ...found } : goToStep(found.step);
}

/** The same but for the journey, for a story that asks it in its transaction. */
export async function openSignIn(
	deps: Deps,
	visit: Visit,
	method: "GET" | "POST",
): Promise<OpenSignIn | Answer> {
	const { clinic, cookies, now } = visit;
	const token = cookies.signIn;
	const signIn = token && (await findSignIn(deps.db, clinic.clinicId, token.hash(), now));
	if (!signIn) {
		// Finished and sent again by the browser that holds the session: it is in already.
		return (await readSession(deps, visit)) ? goTo(paths.home) : signInOver();
	}
	const open = { ...visit, signIn, formToken: token.formToken(), endsAt: signIn.expiresAt };
	// A form drawn for another sign-in changes nothing.
	if (method === "POST" && !equalText(visit.form.text("form-token"), open.formToken)) {
		return errorPage(open, 403);
	}
	return open;
}

/** To the page of what is due. */
export function goToStep(step: Step): Answer {
	// Nothing more is asked of this person: only a fresh sign-in says so, with the password.
	return step.kind === "session" ? goTo(`${paths.signIn}?notice=over`) : goTo(pathOf(step));
}

/** Back to the password, with a sentence that says why: `closed`, it works only in known browsers now. */
export function signInOver(why: "over" | "closed" = "over"): Answer {
	return goTo(`${paths.signIn}?notice=${why}`, [{ name: "sign-in", token: undefined }]);
}

/** Where an answer that was accepted leads. */
export function goWhereLed(led: Led): Answer {
	switch (led.kind) {
		case "in":
			return goTo(led.finished.path, led.finished.cookies);
		case "elsewhere":
			return goToStep(led.step);
		case "over":
			return signInOver();
	}
}
