import { type MailServer, startMailServer } from "./mail-server.ts";
import type { ReadEmail } from "./read-email.ts";

/** @property to in lower case */
export type Email = ReadEmail & { to: string };

/** Everybody's mailbox: what the app sent, by way of a real mail server. */
export class Inbox implements AsyncDisposable {
	/** The server, to make it refuse. */
	readonly server: MailServer;
	#sendAllThatWaits: () => Promise<void> = async () => {};

	private constructor(server: MailServer) {
		this.server = server;
	}

	static async open(): Promise<Inbox> {
		return new Inbox(await startMailServer());
	}

	/** @param sendAllThatWaits ends when the app's worker has nothing left to send */
	fedBy(sendAllThatWaits: () => Promise<void>): void {
		this.#sendAllThatWaits = sendAllThatWaits;
	}

	/** Everything that has come, in the order it was queued, also what was waiting until now. @param to to this address only */
	async all(to?: string): Promise<Email[]> {
		await this.#sendAllThatWaits();
		const emails = this.server.received.flatMap((email) =>
			email.to.map((address) => ({ ...email, to: address.toLowerCase() })),
		);
		return emails.filter((email) => to === undefined || email.to === to.toLowerCase()).sort(byWhenQueued);
	}

	/** @throws Error if nothing came to this address */
	async latest(to: string): Promise<Email> {
		const email = (await this.all(to)).at(-1);
		if (email !== undefined) return email;
		const others = (await this.all()).map(({ to: other, subject }) => `${other}: ${subject}`);
		throw new Error(`No email came to ${to}. There is: ${others.join("; ") || "nothing"}`);
	}

	/** Throws away what has come so far. */
	async clear(): Promise<void> {
		await this.#sendAllThatWaits();
		this.server.received.length = 0;
	}

	[Symbol.asyncDispose](): PromiseLike<void> {
		return this.server[Symbol.asyncDispose]();
	}
}

/** Several leave at once and may arrive in any order; their ids tell which was queued first. */
function byWhenQueued(a: Email, b: Email): number {
	const id = ({ headers }: Email) => headers.get("message-id") ?? "";
	return id(a) < id(b) ? -1 : id(a) > id(b) ? 1 : 0;
}
