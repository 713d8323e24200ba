import { findMessage } from "../delivery/store.ts";
import type { Deps } from "../deps.ts";
import { EMAILED_CODE_DIGITS, isLive } from "../emailed-code/code-life.rule.ts";
import { EmailedCodePage, type LiveCode, OnlyTemporaryCodePage } from "../emailed-code/pages.tsx";
import { listCodes } from "../emailed-code/store.ts";
import { peekTries } from "../limits/take-try.ts";
import { readCode } from "../methods/code.rule.ts";
import { paths } from "../paths.ts";
import { wasChangedLately } from "../profiles/lately-changed.rule.ts";
import { listWaitingCodes } from "../temporary-code/store.ts";
import { type Answer, goTo, page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import { askForEmailedCode } from "./ask-for-emailed-code.ts";
import { enterEmailedCode, limitOf } from "./enter-emailed-code.ts";
import { enterSignIn, goToStep, goWhereLed, type SignInVisit, signInOver } from "./gate.tsx";
import { asksEmailedCode } from "./journey.rule.ts";

/** The proof that stands before a set-up inside a sign-in: the emailed code. */
export function proveRoutes(web: Web, deps: Deps): void {
	web.get(paths.emailedCode, async (visit) => {
		const inside = await enterSignIn(deps, visit, "GET", "prove");
		return "status" in inside ? inside : show(inside);
	});

	web.post(paths.sendEmailedCode, async (visit) => {
		const inside = await enterSignIn(deps, visit, "POST", "prove");
		if ("status" in inside) return inside;
		const asked = await askForEmailedCode(deps, inside);
		switch (asked.kind) {
			case "queued":
				return goTo(paths.emailedCode);
			case "wait":
				return show(
					inside,
					(words) => words.waitToResend(asked.until, visit.now, visit.clinic.timeZone),
					429,
				);
			case "elsewhere":
				return goToStep(asked.step);
			case "over":
				return signInOver();
		}
	});

	web.post(paths.emailedCode, async (visit) => {
		const inside = await enterSignIn(deps, visit, "POST", "prove");
		if ("status" in inside) return inside;
		const code = readCode(visit.form.text("code"), EMAILED_CODE_DIGITS);
		// What cannot be a code is no try.
		if (code === undefined) return show(inside, (words) => words.notACode);
		const entered = await enterEmailedCode(deps, inside, code);
		switch (entered.kind) {
			case "wrong":
				return show(inside, (words) => words.wrong(entered.left));
			case "ended":
				return show(inside, (words) => words.ended(entered.left));
			case "wait":
				return show(inside, undefined, 429);
			default:
				return goWhereLed(entered);
		}
	});

	/** @param sentenceIn what is wrong */
	async function show(
		inside: SignInVisit,
		sentenceIn?: (words: SignInVisit["words"]["emailedCode"]) => string,
		status = sentenceIn ? 422 : 200,
	): Promise<Answer> {
		const { clinicId, profileId, email, emailChangedAt, resetPendingAt } = inside.signIn.profile;
		if (!asksEmailedCode(inside.step)) {
			const why = wasChangedLately(emailChangedAt, inside.now) ? "email-changed" : "password-by-link";
			return page(inside, <OnlyTemporaryCodePage why={why} />);
		}
		const isResetPending = resetPendingAt !== null;
		const live = await findLive(inside);
		const at = { clinicId, key: profileId };
		const standing = await peekTries(deps.db, "emailedCodesAnHour", at, inside.now);
		const resend = standing.kind === "wait" ? standing : ({ kind: "go" } as const);
		const entering = await peekTries(deps.db, limitOf(inside.signIn), at, inside.now);
		const waitUntil = entering.kind === "wait" ? entering.until : undefined;
		const hasTemporaryCode = (await listWaitingCodes(deps.db, clinicId, profileId, inside.now)).length > 0;
		// The sentence stands at the field it is about, where that is shown.
		const field = live ? "code" : "";
		const errors = sentenceIn ? [{ field, sentence: sentenceIn(inside.words.emailedCode) }] : [];
		return page(
			inside,
			<EmailedCodePage {...{ email, live, resend, waitUntil, hasTemporaryCode, isResetPending, errors }} />,
			status,
		);
	}

	/** The newest code that works, whichever sign-in asked for it. */
	async function findLive({ signIn, now }: SignInVisit): Promise<LiveCode | undefined> {
		const { clinicId, profileId } = signIn.profile;
		const code = (await listCodes(deps.db, clinicId, profileId)).find((each) => isLive(each, now));
		return code && { ...code, message: await findMessage(deps.db, clinicId, code.codeId) };
	}
}
