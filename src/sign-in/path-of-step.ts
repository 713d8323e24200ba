import { paths } from "../paths.ts";
import type { Step } from "./journey.rule.ts";

/** The page of a step that is still to be passed. A step without a page opens nothing. */
export function pathOf(step: Exclude<Step, { kind: "session" }>): string {
	if (step.kind === "second-step") return paths.verify;
	throw new Error(`There is no page for the step "${step.kind}"`);
}
