import { setTimeout as pause } from "node:timers/promises";
import { PlainToken } from "../crypto/tokens.ts";
import type { PasswordLinkRow } from "../db/tables.ts";
import type { Deps } from "../deps.ts";
import { paths } from "../paths.ts";
import { findProfile } from "../profiles/store.ts";
import { insideSession, sessionEnded } from "../sessions/gate.tsx";
import { type Answer, goTo, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import type { Web } from "../web/server.tsx";
import type { Visit } from "../web/visit.ts";
import { askAgain } from "./ask-again.ts";
import { askForPasswordLink } from "./ask-for-link.ts";
import {
	ChangePasswordPage,
	DeadLinkPage,
	ForgotPasswordPage,
	LinkSentPage,
	SetPasswordPage,
} from "./pages.tsx";
import { judgeNewPassword, normalPassword, type PasswordContext } from "./password.rule.ts";
import { changePassword, setPasswordByLink } from "./set-password.ts";
import { findLink, findPassword, hashSetLast } from "./store.ts";

/** The answer leaves this long after the question whatever was done, so that its time tells nothing. */
const SAME_MOMENT_MS = 200;

export function passwordRoutes(web: Web, deps: Deps): void {
	web.get(paths.forgotPassword, async (visit) =>
		page(visit, <ForgotPasswordPage email={visit.query.text("email")} />),
	);

	web.post(paths.forgotPassword, async (visit) => {
		const email = visit.form.text("email").trim();
		const errors = email.includes("@")
			? []
			: [{ field: "email", sentence: visit.words.passwords.needsEmail }];
		if (errors.length > 0) return page(visit, <ForgotPasswordPage email={email} errors={errors} />, 422);
		const [asked] = await Promise.all([askForPasswordLink(deps, visit, email), pause(SAME_MOMENT_MS)]);
		if (asked.kind === "wait") {
			const sentence = visit.words.passwords.waitForLink(asked.until, visit.now);
			return page(visit, <ForgotPasswordPage email={email} errors={[{ field: "", sentence }]} />, 429);
		}
		return page(visit, <LinkSentPage email={email} />);
	});

	web.get(paths.setPassword.pattern, async (visit) => {
		const opened = await openLink(deps, visit);
		if ("status" in opened) return opened;
		return page(visit, <SetPasswordPage {...opened} />);
	});

	web.post(paths.setPassword.pattern, async (visit) => {
		const opened = await openLink(deps, visit);
		if ("status" in opened) return opened;
		const judged = judgeNew(visit, visit.form.text("new-password"), opened);
		if ("errors" in judged) return page(visit, <SetPasswordPage {...opened} errors={judged.errors} />, 422);
		// Who knew the old password would know the new one.
		if (await isSetAlready(visit, opened.link, judged.password)) {
			const same = { field: "new-password", sentence: visit.words.passwords.same };
			return page(visit, <SetPasswordPage {...opened} errors={[same]} />, 422);
		}
		const hash = await deps.hasher.hash(judged.password, "welcome", opened.link.profileId);
		const isSet = await setPasswordByLink(deps, visit, opened.link, hash);
		return isSet
			? goTo(`${paths.signIn}?notice=password-set`)
			: page(visit, <DeadLinkPage kind={opened.kind} />, 410);
	});

	web.get(
		paths.password,
		insideSession(deps, "GET", async (visit) =>
			page(visit, <ChangePasswordPage changed={visit.query.text("notice") === "changed"} />),
		),
	);

	web.post(
		paths.password,
		insideSession(deps, "POST", async (visit) => {
			const { reader, form, clinic } = visit;
			const asked = await askAgain(deps, visit);
			if (asked.kind === "session-ended") return sessionEnded();
			const person = { clinicName: clinic.name, personName: reader.name, email: reader.email };
			const judged = judgeNew(visit, form.text("new-password"), person);
			const errors = [
				...(asked.kind === "refused" ? asked.errors : []),
				...("errors" in judged ? judged.errors : []),
			];
			if (asked.kind === "refused" || "errors" in judged) {
				return page(visit, <ChangePasswordPage errors={errors} />, 422);
			}
			// Whoever changes it since somebody else knows it would keep what they know.
			if (judged.password === normalPassword(form.text("password"))) {
				const same = { field: "new-password", sentence: visit.words.passwords.same };
				return page(visit, <ChangePasswordPage errors={[same]} />, 422);
			}
			const hash = await deps.hasher.hash(judged.password, "welcome", visit.session.profile.profileId);
			const token = await changePassword(deps, visit, hash);
			if (!token) return goTo(paths.signIn);
			return goTo(`${paths.password}?notice=changed`, [{ name: "session", token }]);
		}),
	);

	web.get(paths.changePassword, async () => goTo(paths.password));

	/** Whether it is the one set last. Another one is set at once and spends the link, so that nobody guesses by it. */
	async function isSetAlready({ clinic }: Visit, { profileId }: { profileId: string }, password: string) {
		const row = await findPassword(deps.db, clinic.clinicId, profileId);
		return row !== undefined && deps.hasher.verify(password, hashSetLast(row), "welcome", profileId);
	}
}

type OpenedLink = PasswordContext & {
	link: { linkId: string; profileId: string };
	kind: PasswordLinkRow["kind"];
};

/** The link in the address with whom it is for, or the page that says who can send another. */
async function openLink(deps: Deps, visit: Visit): Promise<OpenedLink | Answer> {
	const token = PlainToken.read(visit.params.token);
	const row = token && (await findLink(deps.db, visit.clinic.clinicId, token.hash()));
	const profile = row && (await findProfile(deps.db, visit.clinic.clinicId, row.profile_id));
	const works = row?.used_at === null && row.ended_at === null && row.expires_at > visit.now;
	if (!row || !works || !profile?.active)
		return page(visit, <DeadLinkPage kind={row?.kind ?? "reset"} />, 410);
	return {
		link: { linkId: row.link_id, profileId: row.profile_id },
		kind: row.kind,
		clinicName: visit.clinic.name,
		personName: profile.name,
		email: profile.email,
	};
}

function judgeNew(
	visit: Visit,
	text: string,
	context: PasswordContext,
): { password: string } | { errors: FieldError[] } {
	const verdict = judgeNewPassword(text, context);
	if (verdict.kind === "fine") return { password: verdict.password };
	return { errors: [{ field: "new-password", sentence: visit.words.passwords.refused[verdict.kind] }] };
}
