import type { OutboxRow } from "../db/tables.ts";
import type { Email } from "../words/email.ts";
import type { EmailKind } from "./email-kind.ts";
import type { TextKind } from "./text-kind.ts";
import type { ProviderName } from "./text-provider.ts";
import type { EarlierTries, ProviderTry } from "./text-try.ts";

type Outgoing = {
	clinicId: string;
	messageId: string;
	to: string;
	/** When it was queued, epoch milliseconds. */
	madeAt: number;
};

/** One email that is due, opened and claimed, as a sender gets it. */
export type OutgoingEmail = Outgoing & { kind: EmailKind; email: Email };

/** One text message, the same. Times are epoch milliseconds. */
export type OutgoingText = Outgoing & {
	kind: TextKind;
	text: string;
	/** After this it is of no use. */
	expiresAt: number;
	/** When its code ends, a little later. */
	endsAt: number;
	/** After this another worker may have it. */
	claimedUntil: number;
	/** The provider to ask last. */
	avoid: string | undefined;
	earlier: EarlierTries;
};

/**
 * What became of one try. A `reason` is shown to the operator and kept: it never holds any of the message.
 * - `sent`: somebody else has taken responsibility for it
 * - `refused`: for good; it will not be tried again
 * - `failed`: for now
 */
export type Outcome = (
	| { kind: "sent"; provider?: ProviderName; isDelivered?: boolean }
	| { kind: "refused"; reason: string; why?: "expired" | "providers" | "number-cannot-receive" }
	| { kind: "failed"; reason: string; notBefore?: number }
) & {
	/** Of a text message: who was asked to take it, in order. */
	asked?: readonly ProviderTry[];
};

/** A message as `claimDue` handed it out, and what became of it. */
export type Tried = { claimed: OutboxRow; outcome: Outcome };

export type Send<Message> = (message: Message) => Promise<Outcome>;
export type SendEmail = Send<OutgoingEmail>;
export type SendText = Send<OutgoingText>;

/** How messages leave, by channel. Without a sender they wait until they expire. */
export type Senders = { email: SendEmail | undefined; text: SendText | undefined };
