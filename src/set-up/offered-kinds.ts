import type { Clinic } from "../clinics/clinic.ts";
import type { Config } from "../config.ts";
import type { MethodKind } from "../db/tables.ts";
import { METHOD_KINDS } from "../methods/method-kinds.ts";

/**
 * What can be set up: text messages only where a provider sends them and the clinic allows them. The recommended one
 * comes first.
 */
export function offeredKinds(
	{ textProviders }: Pick<Config, "textProviders">,
	{ rule }: Pick<Clinic, "rule">,
): readonly MethodKind[] {
	const sendsTexts = textProviders.length > 0 && rule.allowsTexts;
	return sendsTexts ? METHOD_KINDS : ["authenticator-app"];
}

/** Whether text messages are all that somebody has, where the clinic stopped them: the app is asked for instead. */
export function hasOnlyStoppedTexts(
	methods: readonly { kind: MethodKind }[],
	{ rule }: Pick<Clinic, "rule">,
): boolean {
	return !rule.allowsTexts && methods.length > 0 && methods.every(({ kind }) => kind === "text-message");
}
