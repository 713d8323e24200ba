import { minutes } from "../../clock.ts";
import type { Config } from "../../config.ts";
import { newId } from "../../db/ids.ts";
import { textSender } from "../../delivery/hand-over-text.ts";
import { receiptAddress } from "../../delivery/receipt-routes.ts";
import type { ProviderAdapter } from "../../delivery/text-provider.ts";
import { NEVER_TRIED } from "../../delivery/text-try.ts";
import { wordsFor } from "../../words/words.ts";
import { type Finding, fine, wrong } from "./finding.ts";

/**
 * Sends one text message by each provider at once, past the outbox.
 *
 * @param to E.164
 * @param now epoch milliseconds
 */
export async function testText(
	config: Config,
	providers: readonly ProviderAdapter[],
	to: string,
	now: number,
): Promise<Finding[]> {
	if (providers.length === 0) {
		return [wrong("No test message was sent, since no VESTIBULE_SMS_PROVIDERS is set.")];
	}
	return Promise.all(providers.map((provider) => testBy(config, provider, to, now)));
}

async function testBy(config: Config, provider: ProviderAdapter, to: string, now: number): Promise<Finding> {
	// A receipt for it finds no such message, and changes nothing.
	const send = textSender(
		[provider],
		() => now,
		(name, message) => receiptAddress({ config }, name, message),
	);
	const outcome = await send({
		clinicId: "doctor",
		messageId: newId(now),
		kind: "sign-in-code",
		to,
		text: wordsFor(undefined).texts.test(config.url.host),
		madeAt: now,
		expiresAt: now + minutes(5),
		endsAt: now + minutes(5),
		claimedUntil: now + minutes(5),
		avoid: undefined,
		earlier: NEVER_TRIED,
	});
	return outcome.kind === "sent"
		? fine(`${provider.name} took the test message to ${to}. Look whether it arrives.`)
		: wrong(`${provider.name} did not take the test message to ${to}: ${outcome.reason}.`);
}
