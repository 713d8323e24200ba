import { type GatewayText, SmsGateway } from "./sms-gateway.ts";

/** @property code the six digits of its last line, as a phone reads them */
export type ReadText = GatewayText & { code: string };

/** Everybody's phone: what the app sent, by way of a gateway. */
export class Texts implements AsyncDisposable {
	/** To make it refuse, and to report. */
	readonly gateway: SmsGateway;
	#sendAllThatWaits: () => Promise<void> = async () => {};

	private constructor(gateway: SmsGateway) {
		this.gateway = gateway;
	}

	static async open(clock: () => number): Promise<Texts> {
		return new Texts(await SmsGateway.start(clock));
	}

	/** The settings with which the app sends texts. */
	get environment(): Record<string, string> {
		return { VESTIBULE_SMS_PROVIDERS: "http", ...this.gateway.environment };
	}

	/** @param sendAllThatWaits ends when the app's worker has nothing left to send */
	fedBy(sendAllThatWaits: () => Promise<void>): void {
		this.#sendAllThatWaits = sendAllThatWaits;
	}

	/** Everything that has come to a number, oldest first, also what was waiting until now. @param to E.164 */
	async all(to: string): Promise<ReadText[]> {
		await this.#sendAllThatWaits();
		return this.gateway.textsTo(to).map((text) => ({ ...text, code: codeIn(text.text) }));
	}

	/** @throws Error if nothing came to this number */
	async latest(to: string): Promise<ReadText> {
		const text = (await this.all(to)).at(-1);
		if (text !== undefined) return text;
		const others = this.gateway.texts.map((each) => `${each.to}: ${each.text}`);
		throw new Error(`No text message came to ${to}. There is: ${others.join("; ") || "nothing"}`);
	}

	[Symbol.asyncDispose](): PromiseLike<void> {
		return this.gateway[Symbol.asyncDispose]();
	}
}

function codeIn(text: string): string {
	const code = /^@\S+ #(\d{6})$/.exec(text.split("\n").at(-1) ?? "")?.[1];
	if (code === undefined) throw new Error(`This text message holds no code: ${text}`);
	return code;
}
