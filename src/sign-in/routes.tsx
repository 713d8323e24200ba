import type { VNode } from "preact";
import { equalText } from "../crypto/keyring.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { tryPassword } from "../passwords/try-password.ts";
import { paths, safeReturnPath, withoutOrigin } from "../paths.ts";
import { readSession } from "../sessions/gate.tsx";
import { type Answer, goTo, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import { errorPage } from "../web/error-pages.tsx";
import type { Web } from "../web/server.tsx";
import type { Visit } from "../web/visit.ts";
import { SignInPage } from "./pages.tsx";
import { type SignInBegun, startSignIn } from "./start-sign-in.ts";
import { deleteSignInByToken } from "./store.ts";

/**
 * @param given.begun what happens in the same transaction when a second step is asked for
 * @param given.note what stands below the form: in the demo, who can sign in
 */
export function signInRoutes(
	web: Web,
	deps: Deps,
	{ begun, note }: { begun: SignInBegun; note?: ((visit: Visit) => VNode) | undefined },
): void {
	web.get(paths.home, async (visit) => {
		if (!(await readSession(deps, visit))) return goTo(paths.signIn);
		return goTo(deps.config.home ?? paths.account);
	});

	web.get(paths.signIn, async (visit) => {
		const returnTo = returnOf(visit);
		if (await readSession(deps, visit)) return goTo(returnTo ?? paths.home);
		// A cookie that opens nothing any more: the session ran out, or was ended elsewhere.
		const notice = visit.query.text("notice") || (visit.cookies.session ? "session-over" : "");
		return page(visit, <SignInPage returnTo={returnTo} notice={notice} note={note?.(visit)} />);
	});

	web.post(paths.signIn, async (visit) => {
		const { form, words } = visit;
		const email = form.text("email").trim();
		const password = form.text("password");
		const returnTo = returnOf(visit);
		const again = (errors: FieldError[], status = 422): Answer =>
			page(
				visit,
				<SignInPage email={email} errors={errors} returnTo={returnTo} note={note?.(visit)} />,
				status,
			);
		const refuse = (sentence: string, status = 422) => again([{ field: "", sentence }], status);
		const missing: FieldError[] = [
			...(email === "" ? [{ field: "email", sentence: words.signIn.needsEmail }] : []),
			...(password === "" ? [{ field: "password", sentence: words.passwords.needsPassword }] : []),
		];
		if (missing.length > 0) return again(missing);

		const tried = await tryPassword(deps, visit, email, password, "nobody");
		if (tried.kind === "wait") return refuse(words.passwords.wait(tried.until, visit.now), 429);
		if (tried.kind === "wrong") return refuse(words.signIn.wrong(tried.onlyKnownBrowsers));
		const started = await startSignIn(deps, visit, tried.right, returnTo ?? null, begun);
		if (started && "kind" in started) return refuse(words.passwords.wait(started.until, visit.now), 429);
		return started ? goTo(started.path, started.cookies) : refuse(words.signIn.wrong(false));
	});

	web.post(paths.cancelSignIn, async (visit) => {
		const token = visit.cookies.signIn;
		if (!token) return goTo(paths.signIn);
		// A form drawn for another sign-in, or by somebody else, ends nothing.
		if (!equalText(visit.form.text("form-token"), token.formToken())) {
			return errorPage(visit, 403);
		}
		await inTransaction(deps.db, (tx) => deleteSignInByToken(tx, visit.clinic.clinicId, token.hash()));
		return goTo(paths.signIn, [{ name: "sign-in", token: undefined }]);
	});
}

/**
 * The page first asked for: a path of this site, or nothing. A proxy that cannot encode it (nginx) writes it as it
 * came, to the end of the address; an encoded one never begins with a slash.
 */
function returnOf(visit: Visit): string | undefined {
	const asItCame = /[?&]return=(\/.*)$/.exec(visit.path)?.[1];
	return safeReturnPath(asItCame ?? withoutOrigin(visit.query.text("return"), visit.origin));
}
