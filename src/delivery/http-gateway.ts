import type { HttpGatewaySettings } from "../config.ts";
import { equalText } from "../crypto/keyring.ts";
import { answerToRefusal, readReport } from "./http-gateway.rule.ts";
import { retryAfterMs } from "./retry-after.rule.ts";
import type { ProviderAdapter } from "./text-provider.ts";

/** Any gateway that speaks the protocol of docs/sms-gateway.md. */
export function httpGateway({ url, secret }: HttpGatewaySettings): ProviderAdapter {
	const sign = (timestamp: string, body: string) => secret.sign("sha256", `${timestamp}.${body}`, "hex");
	return {
		name: "http",
		async ask(text, signal) {
			const body = JSON.stringify({
				// The same at every try: the gateway sends it once.
				id: text.messageId,
				to: text.to,
				text: text.text,
				expiresAt: new Date(text.endsAt).toISOString(),
				receiptUrl: text.receiptAddress,
			});
			const timestamp = String(Math.floor(text.now / 1000));
			const answer = await fetch(url, {
				method: "POST",
				headers: {
					"content-type": "application/json",
					"vestibule-timestamp": timestamp,
					"vestibule-signature": sign(timestamp, body),
				},
				body,
				signal,
				// The code goes nowhere else.
				redirect: "manual",
			});
			if (answer.ok) {
				await answer.body?.cancel();
				return { kind: "taken" };
			}
			const refusal: unknown = await answer.json().catch(() => undefined);
			return answerToRefusal(answer.status, refusal, retryAfterMs(answer.headers.get("retry-after")));
		},
		readReceipt({ address, header, body }) {
			const text = body.toString();
			const signature = sign(header("vestibule-timestamp") ?? "", text);
			if (!equalText(header("vestibule-signature") ?? "", signature)) return { kind: "forged" };
			const report = readReport(text);
			// A report of one message sent to the address of another.
			if (report === undefined || report.receiptUrl !== address) return { kind: "forged" };
			return report.receipt;
		},
	};
}
