import type { TextProvider } from "../config.ts";

export type ProviderName = TextProvider["name"];

/** A text message as a provider is asked to take it. */
export type TextForProvider = {
	clinicId: string;
	messageId: string;
	/** E.164. */
	to: string;
	text: string;
	/** When it was queued, and now; epoch milliseconds. */
	madeAt: number;
	now: number;
	/** When its code ends, epoch milliseconds: nobody may send it after. */
	endsAt: number;
	/** Where the provider reports what became of it. */
	receiptAddress: string;
	/** An earlier try ended without an answer, so that this provider may have taken it then. */
	mayHaveIt: boolean;
};

/**
 * What a provider says. A `reason` is shown to the operator and kept: its numbers, never any of the message.
 * - `taken`: the provider is responsible for it from here; `isDelivered` where that is all at once
 * - `another`: not by this provider, neither now nor later
 * - `wait`: not now; the next provider may, and this one later
 * - `number`: this number cannot receive text messages, whoever sends them
 * - `stop`: this text cannot be sent, whoever sends it
 */
export type ProviderAnswer =
	| { kind: "taken"; isDelivered?: boolean }
	| { kind: "another"; reason: string }
	| { kind: "wait"; reason: string; waitMs?: number | undefined }
	| { kind: "number"; reason: string }
	| { kind: "stop"; reason: string };

/** A provider's report of one message, as it arrived. */
type ReceiptRequest = {
	/** The address it was sent to, built from `VESTIBULE_URL`. */
	address: string;
	/** By its lower-case name. */
	header: (name: string) => string | undefined;
	body: Buffer;
};

/** What became of a message, as its provider says. */
export type Report =
	| { kind: "sent" }
	| { kind: "delivered" }
	| { kind: "failed"; why: "carrier" | "number-cannot-receive"; reason: string };

/**
 * What arrived as a provider's report.
 * - `forged`: it is not from the provider
 * - `nothing`: it says nothing that was not known when the provider took the message
 */
export type Receipt = Report | { kind: "forged" } | { kind: "nothing" };

/** How one provider is spoken with. */
export type ProviderAdapter = {
	name: ProviderName;
	/** @throws when there is no answer, or none in time */
	ask(text: TextForProvider, signal: AbortSignal): Promise<ProviderAnswer>;
	readReceipt(request: ReceiptRequest): Receipt;
};
