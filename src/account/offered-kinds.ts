import type { Config } from "../config.ts";
import type { MethodKind } from "../db/tables.ts";

/** What can be set up: text messages only where a provider sends them. The recommended one comes first. */
export function offeredKinds({ textProviders }: Pick<Config, "textProviders">): MethodKind[] {
	return textProviders.length > 0 ? ["authenticator-app", "text-message"] : ["authenticator-app"];
}
