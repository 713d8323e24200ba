import type { Email } from "../words/email.ts";
import type { EmailKind } from "./email-kind.ts";
import type { ProviderTry, WhyGivenUp } from "./text-try.ts";

/** One email that is due, opened and claimed, as a sender gets it. */
export type OutgoingEmail = {
	clinicId: string;
	messageId: string;
	kind: EmailKind;
	to: string;
	email: Email;
	/** When it was queued, epoch milliseconds. */
	madeAt: number;
};
