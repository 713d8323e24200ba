import type { Email } from "../words/email.ts";
import type { EmailKind } from "./email-kind.ts";

/** One message that is due, opened and claimed, as a sender gets it. */
export type OutgoingEmail = {
	clinicId: string;
	messageId: string;
	kind: EmailKind;
	to: string;
	email: Email;
	/** When it was queued, epoch milliseconds. */
	madeAt: number;
};

/**
 * What became of one attempt. A `reason` is shown to the operator and kept: it never holds any of the message.
 * - `sent`: somebody else has taken responsibility for it
 * - `refused`: for good; it will not be tried again
 * - `failed`: for now
 */
export type Outcome =
	| { kind: "sent" }
	| { kind: "refused"; reason: string }
	| { kind: "failed"; reason: string };

export type Send = (message: OutgoingEmail) => Promise<Outcome>;
