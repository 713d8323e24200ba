import type { ProviderName } from "./text-provider.ts";
import type { EarlierTries } from "./text-try.ts";

/** Whom to ask now, and whether they may have the message from an earlier try. */
export type Order =
	| { kind: "ask"; providers: { name: ProviderName; mayHaveIt: boolean }[] }
	/** Everybody left asked for a wait. */
	| { kind: "wait"; until: number }
	/** Everybody refused for good. */
	| { kind: "nobody" };

/**
 * In which order providers are asked to take a message: as configured, those that lately did not answer after the
 * others, and last the one that took this message's forerunner.
 *
 * @param resting those that lately did not answer
 * @param now epoch milliseconds
 */
export function orderOfProviders(
	names: readonly ProviderName[],
	message: { avoid: string | undefined; earlier: EarlierTries },
	resting: ReadonlySet<string>,
	now: number,
): Order {
	const { tries, failed, hasLostOne } = message.earlier;
	const hasRefused = (name: string) =>
		failed.includes(name) ||
		tries.some(({ provider, outcome }) => provider === name && outcome === "another");
	const waitOf = (name: string) =>
		Math.max(0, ...tries.map(({ provider, waitUntil }) => (provider === name ? (waitUntil ?? 0) : 0)));
	const place = (name: string) => (name === message.avoid ? 2 : resting.has(name) ? 1 : 0);

	const left = names.filter((name) => !hasRefused(name));
	if (left.length === 0) return { kind: "nobody" };
	const ready = left.filter((name) => waitOf(name) <= now);
	if (ready.length === 0) return { kind: "wait", until: Math.min(...left.map(waitOf)) };
	return {
		kind: "ask",
		providers: ready
			.toSorted((one, other) => place(one) - place(other))
			.map((name) => ({
				name,
				mayHaveIt:
					hasLostOne || tries.some(({ provider, outcome }) => provider === name && outcome === "no-answer"),
			})),
	};
}
