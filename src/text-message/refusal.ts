import type { Visit } from "../web/visit.ts";
import type { Words } from "../words/words.ts";
import type { SentCode } from "./send-code.ts";

/** Why no message was sent, and what to do, in one sentence. */
export function refusalOf(
	words: Words["textMessage"],
	sent: Exclude<SentCode, { kind: "queued" }>,
	{ clinic, now }: Visit,
): string {
	switch (sent.kind) {
		case "wait":
			return words.waitToResend(sent.until, now);
		case "used-up":
			return words.usedUp;
		case "country":
			return words.refusedNumber.country;
		case "limited":
			return words.limited(sent.until, clinic.timeZone);
	}
}
