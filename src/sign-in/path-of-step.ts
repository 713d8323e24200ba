import { paths } from "../paths.ts";
import type { Step } from "./journey.rule.ts";

/** The page of a step that is still to be passed. */
export function pathOf(step: Exclude<Step, { kind: "session" }>): string {
	switch (step.kind) {
		case "second-step":
			return paths.verify;
		case "prove":
			return paths.emailedCode;
		case "forced-set-up":
		case "offer-set-up":
			return paths.signInSetUp;
	}
}
