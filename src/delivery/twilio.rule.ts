import type { ProviderAnswer, Receipt } from "./text-provider.ts";

/*
 * Twilio's error numbers, from its public error dictionary. A number that is not here counts by its HTTP status: the
 * dictionary grows.
 */

/** The number itself: not valid, a short code, a landline, unknown to its carrier, blocked, or opted out with STOP. */
const NUMBER_CANNOT_RECEIVE = new Set([21211, 21217, 21265, 21610, 21614, 21635, 30004, 30005, 30006]);
/** The text itself: missing or too long. */
const TEXT_CANNOT_BE_SENT = new Set([21602, 21617]);
/** Too many at once: requests, or messages waiting in the sender's queue. */
const WAIT = new Set([14107, 20429, 21611, 30001, 30022]);

/**
 * Sorts a request that Twilio refused. What is wrong with the account, its sender or a country it may not send to is
 * the operator's to mend, and another provider may do better.
 *
 * @param status of HTTP
 * @param code Twilio's; NaN where there is none
 */
export function answerToError(status: number, code: number, waitMs: number | undefined): ProviderAnswer {
	const reason = `Twilio answered ${status}${code > 0 ? `, error ${code}` : ""}`;
	if (NUMBER_CANNOT_RECEIVE.has(code)) return { kind: "number", reason };
	if (TEXT_CANNOT_BE_SENT.has(code)) return { kind: "stop", reason };
	if (WAIT.has(code) || status === 408 || status === 429 || status >= 500) {
		return { kind: "wait", reason, waitMs };
	}
	return { kind: "another", reason };
}

/**
 * What a message's status says.
 *
 * @param errorCode NaN or 0 where there is none
 */
export function receiptOfStatus(status: string, errorCode: number): Exclude<Receipt, { kind: "forged" }> {
	switch (status) {
		case "accepted":
		case "scheduled":
		case "queued":
		case "sending":
		case "sent":
			return { kind: "sent" };
		case "delivered":
		case "read":
			return { kind: "delivered" };
		case "undelivered":
		case "failed":
		case "canceled":
			return {
				kind: "failed",
				why: NUMBER_CANNOT_RECEIVE.has(errorCode) ? "number-cannot-receive" : "carrier",
				reason: `Twilio says ${status}${errorCode > 0 ? `, error ${errorCode}` : ""}`,
			};
		default:
			return { kind: "nothing" };
	}
}

/**
 * What Twilio signs of a request with a form: the address, and each field's name and value, in the order of the
 * names. Of a field sent several times, each value counts once ("Validating requests are coming from Twilio").
 */
export function textToSign(address: string, form: URLSearchParams): string {
	const names = [...new Set(form.keys())].toSorted();
	const fields = names.flatMap((name) =>
		[...new Set(form.getAll(name))].toSorted().map((value) => name + value),
	);
	return address + fields.join("");
}

/** An address without its port and with it: it is the same one, and which of them Twilio signs differs. */
export function waysToWrite(address: string): [string, string] {
	const { protocol, hostname, port, pathname, search } = new URL(address);
	const itsPort = port || (protocol === "https:" ? "443" : "80");
	return [
		`${protocol}//${hostname}${pathname}${search}`,
		`${protocol}//${hostname}:${itsPort}${pathname}${search}`,
	];
}
