import { createHmac } from "node:crypto";
import {
	type HttpStandIn,
	type StandInReaction,
	type StandInRequest,
	startHttpStandIn,
} from "./http-stand-in.ts";

const SECRET = "a-secret-of-the-gateway-and-vestibule-alone";
const FIVE_MINUTES_MS = 300_000;

/** A text message as it took it. */
export type GatewayText = {
	id: string;
	to: string;
	text: string;
	/** ISO 8601. */
	expiresAt: string;
	receiptUrl: string;
};

/** How it behaves when it is asked to take a message. */
export type GatewayManner =
	| { kind: "takes" }
	| { kind: "refuses"; status: number; error?: string; retryAfter?: number }
	| { kind: "hangs" }
	| { kind: "takes and breaks off" };

/** A gateway as docs/sms-gateway.md tells one to be written. */
export class SmsGateway implements AsyncDisposable {
	/** Each message once, the latest last. */
	readonly texts: GatewayText[] = [];
	/** When it was asked to take a message, epoch milliseconds. */
	readonly askedAt: number[] = [];
	readonly #clock: () => number;
	#manner: GatewayManner = { kind: "takes" };
	#server: HttpStandIn | undefined;

	private constructor(clock: () => number) {
		this.#clock = clock;
	}

	/** @param clock what it takes for the present */
	static async start(clock: () => number = Date.now): Promise<SmsGateway> {
		const gateway = new SmsGateway(clock);
		gateway.#server = await startHttpStandIn((request) => gateway.#answer(request));
		return gateway;
	}

	/** The settings that name it. */
	get environment(): Record<string, string> {
		return {
			VESTIBULE_HTTP_SMS_URL: `${this.#server?.origin}/send`,
			VESTIBULE_HTTP_SMS_SECRET: SECRET,
		};
	}

	behave(manner: GatewayManner): void {
		this.#manner = manner;
	}

	textsTo(number: string): GatewayText[] {
		return this.texts.filter(({ to }) => to === number);
	}

	/** Reports what became of a message. @returns the HTTP status it got */
	async report({ receiptUrl }: GatewayText, state: string, more: object = {}): Promise<number> {
		const body = JSON.stringify({ receiptUrl, state, ...more });
		const timestamp = String(Math.floor(this.#clock() / 1000));
		return this.send(receiptUrl, body, timestamp, this.sign(timestamp, body));
	}

	/** The signature of a request: the HMAC-SHA256 over its time and body, in hex. */
	sign(timestamp: string, body: string): string {
		return createHmac("sha256", SECRET).update(`${timestamp}.${body}`).digest("hex");
	}

	async send(address: string, body: string, timestamp: string, signature: string): Promise<number> {
		const headers = {
			"content-type": "application/json",
			"vestibule-timestamp": timestamp,
			"vestibule-signature": signature,
		};
		return (await fetch(address, { method: "POST", body, headers })).status;
	}

	async [Symbol.asyncDispose]() {
		await this.#server?.stop();
	}

	#answer({ headers, body }: StandInRequest): StandInReaction {
		this.askedAt.push(Date.now());
		const timestamp = String(headers["vestibule-timestamp"]);
		if (headers["vestibule-signature"] !== this.sign(timestamp, body)) return { status: 401 };
		if (Math.abs(this.#clock() - Number(timestamp) * 1000) > FIVE_MINUTES_MS) return { status: 401 };

		const manner = this.#manner;
		if (manner.kind === "hangs") return "hangs";
		if (manner.kind === "refuses") {
			const { status, error, retryAfter } = manner;
			const answerHeaders: Record<string, string> = retryAfter ? { "retry-after": String(retryAfter) } : {};
			return { status, body: { error }, headers: answerHeaders };
		}
		const text = JSON.parse(body) as GatewayText;
		if (Date.parse(text.expiresAt) <= this.#clock()) return { status: 410, body: { error: "stop" } };
		if (!this.texts.some(({ id }) => id === text.id)) this.texts.push(text);
		return manner.kind === "takes" ? { status: 202 } : "breaks off";
	}
}
