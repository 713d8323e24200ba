import type { ProviderAnswer, ProviderName } from "./text-provider.ts";

/** One time that a provider was asked to take a text message. */
export type ProviderTry = {
	provider: ProviderName;
	/** Epoch milliseconds. */
	at: number;
	outcome: ProviderAnswer["kind"] | "no-answer";
	/** For the operator; never holds any of the message. */
	reason: string | undefined;
	/** Not to be asked again before, epoch milliseconds. */
	waitUntil: number | undefined;
};

/** What is known of the tries before this one. */
export type EarlierTries = {
	tries: readonly Pick<ProviderTry, "provider" | "outcome" | "waitUntil">[];
	/** Whether one left no trace: its process was killed, so that nobody knows who was asked. */
	hasLostOne: boolean;
	/** Whoever took it and could not deliver it. */
	failed: readonly string[];
};

export const NEVER_TRIED: EarlierTries = { tries: [], hasLostOne: false, failed: [] };
