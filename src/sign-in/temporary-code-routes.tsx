import type { Deps } from "../deps.ts";
import { peekTries } from "../limits/take-try.ts";
import { readCode } from "../methods/code.rule.ts";
import { thatWork } from "../methods/working-methods.ts";
import { paths } from "../paths.ts";
import { findRecoveryCode } from "../recovery-code/store.ts";
import { EnterTemporaryCodePage } from "../temporary-code/pages.tsx";
import { TEMPORARY_CODE_DIGITS } from "../temporary-code/temporary-code.rule.ts";
import { type Answer, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import type { Web } from "../web/server.tsx";
import { enterTemporaryCode, limitOf } from "./enter-temporary-code.ts";
import { enterSignIn, goWhereLed, type SignInVisit } from "./gate.tsx";
import { asksEmailedCode } from "./journey.rule.ts";

/** A temporary code, in place of the second step or of an emailed code. */
export function temporaryCodeRoutes(web: Web, deps: Deps): void {
	web.get(paths.signInTemporaryCode, async (visit) => {
		const inside = await enterSignIn(deps, visit, "GET", "second-step", "prove");
		if ("status" in inside) return inside;
		return show(inside, [], 200);
	});

	web.post(paths.signInTemporaryCode, async (visit) => {
		const inside = await enterSignIn(deps, visit, "POST", "second-step", "prove");
		if ("status" in inside) return inside;
		const words = visit.words.temporaryCode;
		const again = (sentence: string) => show(inside, [{ field: "code", sentence }], 422);
		const code = readCode(visit.form.text("code"), TEMPORARY_CODE_DIGITS);
		// What cannot be a code is no try.
		if (code === undefined) return again(words.notACode);
		const entered = await enterTemporaryCode(deps, inside, code);
		switch (entered.kind) {
			case "wrong":
				return again(words.wrong(entered.left));
			case "wait":
				return show(inside, [], 429);
			default:
				return goWhereLed(entered);
		}
	});

	async function show(inside: SignInVisit, errors: FieldError[], status: number): Promise<Answer> {
		const { clinicId, profileId } = inside.signIn.profile;
		const limit = limitOf(inside.signIn);
		const standing = await peekTries(deps.db, limit, { clinicId, key: profileId }, inside.now);
		const waitUntil = standing.kind === "wait" ? standing.until : undefined;
		const otherWay = await findOtherWay(inside);
		return page(inside, <EnterTemporaryCodePage {...{ otherWay, waitUntil, errors }} />, status);
	}

	/** Where another way stands that can work now, if there is one. */
	async function findOtherWay({ signIn, step, methods }: SignInVisit): Promise<string | undefined> {
		if (step.kind !== "second-step") return asksEmailedCode(step) ? paths.emailedCode : undefined;
		const { clinicId, profileId } = signIn.profile;
		const takesCodes = thatWork(deps, methods).some(({ blockedAt }) => blockedAt === null);
		const hasOne = takesCodes || (await findRecoveryCode(deps.db, clinicId, profileId)) !== undefined;
		return hasOne ? paths.anotherWay : undefined;
	}
}
