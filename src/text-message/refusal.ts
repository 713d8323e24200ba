import type { Visit } from "../web/visit.ts";
import type { Words } from "../words/words.ts";
import type { SentCode } from "./send-code.ts";

/**
 * Why no message was sent, and what to do.
 *
 * @param during where the code was asked for: to sign in or to prove that it is you, where another way works or none
 *   does, or to set text messages up
 */
export function refusalOf(
	words: Words["textMessage"],
	sent: Exclude<SentCode, { kind: "queued" }>,
	{ clinic, now }: Visit,
	during: "sign-in" | "no-other-way" | "set-up",
): string {
	switch (sent.kind) {
		case "wait":
			return words.waitToResend(sent.until, now);
		case "used-up":
			return words.usedUp[during === "set-up" ? during : "sign-in"];
		case "country":
			return during === "set-up" ? words.refusedNumber.country : words.countryAtSignIn;
		case "limited": {
			const why = words.limited[during === "set-up" ? during : "sign-in"][sent.by](clinic.name);
			return `${why} ${words.untilThen[during](sent.until, now, clinic.timeZone)}`;
		}
	}
}
