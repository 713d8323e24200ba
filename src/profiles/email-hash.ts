import type { Deps } from "../deps.ts";
import { emailKey } from "./profile.ts";

/** What a counter keeps of an email: under the oldest key of the ring, so that a rotation resets no count. */
export function emailHash({ config }: Pick<Deps, "config">, email: string): string {
	return config.keyring.keyedHash("email", emailKey(email), config.keyring.oldestId);
}
