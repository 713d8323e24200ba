import type { Words } from "../words/words.ts";
import { nameInGsm7, SEGMENT_SEPTETS, septets, shorterName } from "./gsm7.rule.ts";

/**
 * The text of a message with a code: one segment, whatever the clinic is called. Its last line binds the code to the
 * site, so that phones offer it there and nowhere else (WICG, Origin-bound one-time codes delivered via SMS): nothing
 * may follow it.
 *
 * @param code six digits
 * @param host of the sign-in page, without a port
 */
export function codeText({
	code,
	clinicName,
	host,
	words,
}: {
	code: string;
	clinicName: string;
	host: string;
	words: Words;
}): string {
	for (let name = nameInGsm7(clinicName); ; name = shorterName(name)) {
		const text = `${words.texts.code(code, name)}\n\n@${host} #${code}`;
		if ((septets(text) ?? Number.POSITIVE_INFINITY) <= SEGMENT_SEPTETS) return text;
		// The configuration allows no such host, and a test no such sentence.
		if (name === "") throw new Error("The host or the sentence does not fit one text message");
	}
}
