import { equalText } from "../crypto/keyring.ts";
import type { Deps } from "../deps.ts";
import { paths } from "../paths.ts";
import { readSession } from "../sessions/gate.tsx";
import { type Answer, goTo, page } from "../web/answer.ts";
import { ErrorPage } from "../web/error-pages.tsx";
import type { Visit } from "../web/visit.ts";
import { readJourneyFacts } from "./facts.ts";
import { nextStep, type Step } from "./journey.rule.ts";
import { pathOf } from "./path-of-step.ts";
import type { SignIn } from "./sign-in.ts";
import { findSignIn } from "./store.ts";

/** A visit inside a sign-in: what its forms carry and when it runs out. */
export type SignInVisit = Visit &
	Required<Pick<Visit, "formToken" | "endsAt">> & { signIn: SignIn; step: Step };

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
	const token = visit.cookies.signIn;
	const signIn = token && (await findSignIn(deps.db, visit.clinic.clinicId, token.hash(), visit.now));
	if (!signIn || !token) {
		// Finished and sent again by the browser that holds the session: it is in already.
		const session = await readSession(deps, visit);
		return session
			? goTo(paths.home)
			: goTo(`${paths.signIn}?notice=over`, [{ name: "sign-in", token: undefined }]);
	}
	const at = { browserHash: visit.browser.hash, now: visit.now };
	const step = nextStep(await readJourneyFacts(deps.db, signIn.profile, signIn, at));
	const inside = { ...visit, signIn, step, formToken: token.formToken(), endsAt: signIn.expiresAt };
	// A form drawn for another sign-in changes nothing.
	if (method === "POST" && !equalText(visit.form.text("form-token"), inside.formToken)) {
		return page(inside, <ErrorPage status={403} />, 403);
	}
	if (due.includes(step.kind)) return inside;
	// Nothing more is asked of this person: only a fresh sign-in says so, with the password.
	return step.kind === "session" ? goTo(`${paths.signIn}?notice=over`) : goTo(pathOf(step));
}
