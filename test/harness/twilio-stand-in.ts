import { createHmac, randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
	type HttpStandIn,
	type StandInAnswer,
	type StandInReaction,
	type StandInRequest,
	startHttpStandIn,
} from "./http-stand-in.ts";

const ACCOUNT_SID = `AC${"0123456789abcdef".repeat(2)}`;
const AUTH_TOKEN = "0123456789abcdef0123456789abcdef";

/** A message as it took it. */
export type TwilioMessage = {
	sid: string;
	to: string;
	from: string;
	body: string;
	status: string;
	errorCode: number | null;
	statusCallback: string;
	/** Seconds. */
	validityPeriod: number;
	/** Epoch milliseconds. */
	createdAt: number;
};

/** How it behaves when it is asked to take a message. */
export type TwilioManner =
	| { kind: "takes" }
	| { kind: "refuses"; status: number; code?: number; retryAfter?: number }
	/** Never answers. */
	| { kind: "hangs" }
	| { kind: "breaks off" }
	/** Takes the message, and its answer never comes. */
	| { kind: "takes and breaks off" };

/**
 * Twilio's API for sending a message, written from its public documentation: "Message resource" (create, list),
 * "Validating requests are coming from Twilio", and the error dictionary.
 */
export class TwilioStandIn implements AsyncDisposable {
	/** The latest last. */
	readonly messages: TwilioMessage[] = [];
	/** How long its answers take. */
	delayMs: () => number = () => 0;
	/** When it was asked to take a message, epoch milliseconds. */
	readonly askedAt: number[] = [];
	readonly #clock: () => number;
	#manner: TwilioManner = { kind: "takes" };
	#server: HttpStandIn | undefined;

	private constructor(clock: () => number) {
		this.#clock = clock;
	}

	/** @param clock what it takes for the present */
	static async start(clock: () => number = Date.now): Promise<TwilioStandIn> {
		const twilio = new TwilioStandIn(clock);
		twilio.#server = await startHttpStandIn(async (request) => {
			const answer = twilio.#answer(request);
			await wait(twilio.delayMs());
			return answer;
		});
		return twilio;
	}

	/** The settings that name it. */
	get environment(): Record<string, string> {
		return {
			VESTIBULE_TWILIO_ACCOUNT_SID: ACCOUNT_SID,
			VESTIBULE_TWILIO_AUTH_TOKEN: AUTH_TOKEN,
			VESTIBULE_TWILIO_FROM: "+16045550199",
			VESTIBULE_TWILIO_URL: this.#server?.origin ?? "",
		};
	}

	behave(manner: TwilioManner): void {
		this.#manner = manner;
	}

	/**
	 * Reports a status of a message, as Twilio does at each change.
	 *
	 * @returns the HTTP status it got
	 */
	async report(message: TwilioMessage, status: string, errorCode?: number): Promise<number> {
		const form = new URLSearchParams({
			AccountSid: ACCOUNT_SID,
			ApiVersion: "2010-04-01",
			From: message.from,
			MessageSid: message.sid,
			MessageStatus: status,
			SmsSid: message.sid,
			SmsStatus: status,
			To: message.to,
			...(errorCode === undefined ? {} : { ErrorCode: String(errorCode) }),
		});
		return this.send(message.statusCallback, form, this.sign(message.statusCallback, form));
	}

	/** The signature of a request: base64 of the HMAC-SHA1 over the address and every sorted name and value. */
	sign(address: string, form: URLSearchParams): string {
		const fields = [...form].sort(([one], [other]) => (one < other ? -1 : 1)).flat();
		return createHmac("sha1", AUTH_TOKEN)
			.update(address + fields.join(""))
			.digest("base64");
	}

	async send(address: string, form: URLSearchParams, signature: string | undefined): Promise<number> {
		const headers: Record<string, string> =
			signature === undefined ? {} : { "x-twilio-signature": signature };
		return (await fetch(address, { method: "POST", body: form, headers })).status;
	}

	async [Symbol.asyncDispose]() {
		await this.#server?.stop();
	}

	#answer(request: StandInRequest): StandInReaction {
		const login = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString("base64")}`;
		if (request.headers.authorization !== login) return error(401, 20003, "Authenticate");
		if (request.url.pathname !== `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`) {
			return error(404, 20404, "The requested resource was not found");
		}
		return request.method === "POST"
			? this.#create(new URLSearchParams(request.body))
			: this.#list(request.url);
	}

	#create(form: URLSearchParams): StandInReaction {
		this.askedAt.push(Date.now());
		const manner = this.#manner;
		if (manner.kind === "hangs" || manner.kind === "breaks off") return manner.kind;
		if (manner.kind === "refuses") {
			const { status, code = status, retryAfter } = manner;
			const headers: Record<string, string> = retryAfter ? { "retry-after": String(retryAfter) } : {};
			return { ...error(status, code, `Refused: ${form.get("Body")} to ${form.get("To")}`), headers };
		}
		const to = form.get("To") ?? "";
		const body = form.get("Body") ?? "";
		if (!/^\+[1-9]\d{6,14}$/.test(to)) return error(400, 21211, `Invalid 'To' Phone Number: ${to}`);
		if (body === "") return error(400, 21602, "Message body is required");
		if (body.length > 1600) return error(400, 21617, "The message body exceeds the 1600 character limit");
		const from = form.get("From") ?? form.get("MessagingServiceSid");
		if (!from) return error(400, 21603, "A 'From' or 'MessagingServiceSid' parameter is required");
		const validityPeriod = Number(form.get("ValidityPeriod") ?? 36_000);
		if (!(validityPeriod >= 1 && validityPeriod <= 36_000))
			return error(400, 90007, "Invalid validity period");
		const message: TwilioMessage = {
			sid: `SM${randomBytes(16).toString("hex")}`,
			to,
			from,
			body,
			status: "queued",
			errorCode: null,
			statusCallback: form.get("StatusCallback") ?? "",
			validityPeriod,
			createdAt: this.#clock(),
		};
		this.messages.push(message);
		return manner.kind === "takes" ? { status: 201, body: resource(message) } : "breaks off";
	}

	#list(url: URL): StandInAnswer {
		const to = url.searchParams.get("To");
		const found = this.messages.filter((message) => to === null || message.to === to);
		const page = found.reverse().slice(0, Number(url.searchParams.get("PageSize") ?? 50));
		return { status: 200, body: { messages: page.map(resource), page: 0, page_size: page.length } };
	}
}

function resource(message: TwilioMessage) {
	return {
		account_sid: ACCOUNT_SID,
		api_version: "2010-04-01",
		body: message.body,
		date_created: new Date(message.createdAt).toUTCString().replace("GMT", "+0000"),
		date_sent: null,
		direction: "outbound-api",
		error_code: message.errorCode,
		from: message.from,
		num_segments: "1",
		sid: message.sid,
		status: message.status,
		to: message.to,
	};
}

function error(status: number, code: number, message: string): StandInAnswer {
	const more_info = `https://www.twilio.com/docs/errors/${code}`;
	return { status, body: { code, message, more_info, status } };
}
