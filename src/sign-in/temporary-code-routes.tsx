import type { Deps } from "../deps.ts";
import { readCode } from "../methods/code.rule.ts";
import { paths } from "../paths.ts";
import { EnterTemporaryCodePage } from "../temporary-code/pages.tsx";
import { TEMPORARY_CODE_DIGITS } from "../temporary-code/temporary-code.rule.ts";
import { page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import { enterTemporaryCode } from "./enter-temporary-code.ts";
import { enterSignIn, goWhereLed } from "./gate.tsx";
import type { Step } from "./journey.rule.ts";

/** A temporary code, in place of the second step or of an emailed code. */
export function temporaryCodeRoutes(web: Web, deps: Deps): void {
	web.get(paths.signInTemporaryCode, async (visit) => {
		const inside = await enterSignIn(deps, visit, "GET", "second-step", "prove");
		if ("status" in inside) return inside;
		return page(inside, <EnterTemporaryCodePage backPath={backOf(inside.step)} />);
	});

	web.post(paths.signInTemporaryCode, async (visit) => {
		const inside = await enterSignIn(deps, visit, "POST", "second-step", "prove");
		if ("status" in inside) return inside;
		const words = visit.words.temporaryCode;
		const again = (sentence: string, status = 422) => {
			const errors = [{ field: "code", sentence }];
			return page(inside, <EnterTemporaryCodePage backPath={backOf(inside.step)} errors={errors} />, status);
		};
		const code = readCode(visit.form.text("code"), TEMPORARY_CODE_DIGITS);
		// What cannot be a code is no try.
		if (code === undefined) return again(words.notACode);
		const entered = await enterTemporaryCode(deps, inside, code);
		switch (entered.kind) {
			case "wrong":
				return again(words.wrong(entered.left));
			case "wait":
				return again(words.wait(entered.until, visit.now, visit.clinic.timeZone), 429);
			default:
				return goWhereLed(entered);
		}
	});
}

function backOf(step: Step): string {
	return step.kind === "second-step" ? paths.anotherWay : paths.emailedCode;
}
