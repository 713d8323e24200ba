import { seconds } from "../clock.ts";
import type { TwilioSettings } from "../config.ts";
import { equalText } from "../crypto/keyring.ts";
import { retryAfterMs } from "./retry-after.rule.ts";
import type { ProviderAdapter, ProviderAnswer, TextForProvider } from "./text-provider.ts";
import { answerToError, receiptOfStatus, textToSign, waysToWrite } from "./twilio.rule.ts";

/** Twilio gives times in whole seconds, by its own clock. A message sent again has at least 30 s to its forerunner. */
const CLOCKS_DIFFER_MS = seconds(10);

/** Twilio's Programmable Messaging, as its public documentation of the Message resource describes it. */
export function twilio({ accountSid, authToken, sender, url }: TwilioSettings): ProviderAdapter {
	const messages = `${url}/2010-04-01/Accounts/${accountSid}/Messages.json`;
	const login = Buffer.from(`${accountSid}:${authToken.reveal()}`).toString("base64");
	// The code and the login go nowhere else.
	const always = { headers: { authorization: `Basic ${login}` }, redirect: "manual" } as const;

	/** Twilio takes no name of ours for a message: whether it has one is looked up. */
	async function lookUp(text: TextForProvider, signal: AbortSignal): Promise<ProviderAnswer | undefined> {
		const query = new URLSearchParams({ To: text.to, PageSize: "20" });
		const answer = await fetch(`${messages}?${query}`, { ...always, signal });
		if (!answer.ok) return refusal(answer);
		const { messages: latest } = (await answer.json()) as { messages: Message[] };
		const found = latest.find(
			({ body, date_created }) =>
				body === text.text && Date.parse(date_created) >= text.madeAt - CLOCKS_DIFFER_MS,
		);
		if (!found) return undefined;
		const report = receiptOfStatus(found.status, Number(found.error_code));
		if (report.kind !== "failed") return { kind: "taken" };
		return { kind: report.why === "number-cannot-receive" ? "number" : "another", reason: report.reason };
	}

	return {
		name: "twilio",
		async ask(text, signal) {
			const known = text.mayHaveIt ? await lookUp(text, signal) : undefined;
			if (known) return known;
			const form = new URLSearchParams({
				To: text.to,
				Body: text.text,
				StatusCallback: text.receiptAddress,
				// Where it waits for longer, Twilio drops it.
				ValidityPeriod: String(Math.floor((text.endsAt - text.now) / 1000)),
				...("from" in sender ? { From: sender.from } : { MessagingServiceSid: sender.messagingServiceSid }),
			});
			const answer = await fetch(messages, { ...always, method: "POST", body: form, signal });
			if (!answer.ok) return refusal(answer);
			await answer.body?.cancel();
			return { kind: "taken" };
		},
		readReceipt({ address, header, body }) {
			const form = new URLSearchParams(body.toString());
			const given = header("x-twilio-signature") ?? "";
			const isSigned = waysToWrite(address).some((written) =>
				equalText(given, authToken.sign("sha1", textToSign(written, form), "base64")),
			);
			if (!isSigned) return { kind: "forged" };
			return receiptOfStatus(form.get("MessageStatus") ?? "", Number(form.get("ErrorCode")));
		},
	};
}

/** What is read of a Message resource. Times are RFC 2822. */
type Message = { body: string; date_created: string; status: string; error_code: number | null };

/** An error's number; its text may quote the message. */
async function refusal(answer: Response): Promise<ProviderAnswer> {
	const error = (await answer.json().catch(() => undefined)) as { code?: unknown } | undefined;
	return answerToError(answer.status, Number(error?.code), retryAfterMs(answer.headers.get("retry-after")));
}
