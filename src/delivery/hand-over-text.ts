import { type Clock, seconds } from "../clock.ts";
import { orderOfProviders } from "./provider-order.rule.ts";
import type { Outcome, OutgoingText, SendText } from "./send.ts";
import type { ProviderAdapter, ProviderAnswer, ProviderName, TextForProvider } from "./text-provider.ts";
import type { ProviderTry } from "./text-try.ts";

/** A provider that takes longer has not answered, and the next one is asked. */
const LONGEST_ANSWER_MS = seconds(4);
/** A provider that did not answer is asked after the others for so long. */
const REST_MS = seconds(30);

const E164 = /^\+[1-9]\d{6,14}$/;
const TOO_LATE = "It could not be sent in time";

/**
 * Hands text messages to the first provider that takes them, all asked in one try.
 *
 * @param receiptAddress where a provider reports what became of a message
 */
export function textSender(
	providers: readonly ProviderAdapter[],
	clock: Clock,
	receiptAddress: (provider: ProviderName, message: OutgoingText) => string,
): SendText {
	const rests = new Map<ProviderName, number>();

	async function ask(provider: ProviderAdapter, text: TextForProvider): Promise<ProviderTry & Answered> {
		const { name } = provider;
		const about = { provider: name, at: text.now };
		try {
			const answer = await provider.ask(text, AbortSignal.timeout(LONGEST_ANSWER_MS));
			rests.delete(name);
			const reason = "reason" in answer ? answer.reason : undefined;
			const waitMs = answer.kind === "wait" ? answer.waitMs : undefined;
			const waitUntil = waitMs === undefined ? undefined : clock() + waitMs;
			return { ...about, outcome: answer.kind, reason, waitUntil, answer };
		} catch (error) {
			rests.set(name, clock() + REST_MS);
			// Only the name: the text may quote the message.
			const reason = `${name} did not answer: ${error instanceof Error ? error.name : "Error"}`;
			return { ...about, outcome: "no-answer", reason, waitUntil: undefined, answer: undefined };
		}
	}

	return async (message): Promise<Outcome> => {
		if (!E164.test(message.to))
			return { kind: "refused", reason: "Not a number", why: "number-cannot-receive" };
		const names = providers.map(({ name }) => name);
		const resting = new Set([...rests].filter(([, until]) => until > clock()).map(([name]) => name));
		const order = orderOfProviders(names, message, resting, clock());
		if (order.kind === "nobody")
			return { kind: "refused", reason: "Every provider refused it", why: "providers" };
		if (order.kind === "wait") {
			return { kind: "failed", reason: "Every provider asked for a wait", notBefore: order.until };
		}

		const asked: ProviderTry[] = [];
		for (const { name, mayHaveIt } of order.providers) {
			const provider = providers.find((each) => each.name === name);
			const now = clock();
			// A code that ends while it travels helps nobody, and one that has ended must not leave.
			if (now >= message.expiresAt) return { kind: "refused", reason: TOO_LATE, why: "expired", asked };
			// Another worker may have claimed it by now.
			if (now >= message.claimedUntil) return { kind: "failed", reason: "The claim ran out", asked };
			if (!provider) continue;
			const { answer, ...thisTry } = await ask(provider, {
				...message,
				now,
				mayHaveIt,
				receiptAddress: receiptAddress(name, message),
			});
			asked.push(thisTry);
			if (answer?.kind === "taken") {
				return { kind: "sent", provider: name, isDelivered: answer.isDelivered ?? false, asked };
			}
			if (answer?.kind === "number") {
				return { kind: "refused", reason: answer.reason, why: "number-cannot-receive", asked };
			}
			if (answer?.kind === "stop") return { kind: "refused", reason: answer.reason, why: "providers", asked };
		}
		return whatFollows(names, message, asked, clock());
	};
}

type Answered = { answer: ProviderAnswer | undefined };

/** Nobody took it this time: whether anybody may be asked again. */
function whatFollows(
	names: ProviderName[],
	message: OutgoingText,
	asked: ProviderTry[],
	now: number,
): Outcome {
	const reason = asked.map((each) => each.reason).join("; ");
	const earlier = { ...message.earlier, tries: [...message.earlier.tries, ...asked] };
	const next = orderOfProviders(names, { ...message, earlier }, new Set(), now);
	if (next.kind === "nobody") return { kind: "refused", reason, why: "providers", asked };
	if (next.kind === "wait") return { kind: "failed", reason, notBefore: next.until, asked };
	return { kind: "failed", reason, asked };
}
