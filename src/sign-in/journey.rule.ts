import { hours } from "../clock.ts";
import type { Enforcement } from "../enforcement/enforcement.rule.ts";

/** What is so now, read from the database at every request, and what this sign-in has passed and when. */
export type JourneyFacts = {
	now: number;
	/** A colleague or the operator turned this profile's 2-Step Verification off, and no session came since. */
	isResetPending: boolean;
	/** When the password was set by an emailed link; null where the person changed it themselves. */
	passwordSetByLinkAt: number | null;
	/** The email is another one since less than 7 days: its mailbox opens no pending reset. */
	wasEmailChangedLately: boolean;
	lastSignInAt: number | null;
	/** A method is on, also a blocked one. */
	hasMethodOn: boolean;
	/** This person trusted this browser within 30 days, and nothing ended it since. */
	isBrowserTrusted: boolean;
	clinicAllowsTrust: boolean;
	enforcement: Enforcement;
	/** This sign-in's emailed code, or the temporary code in its place. */
	hasPassedEmailedCode: boolean;
	hasPassedTemporaryCode: boolean;
	/** **Not now** was pressed; it counts only while the prompt may be declined. */
	hasDeclinedSetUp: boolean;
};

/** Where a sign-in goes next. */
export type Step =
	| { kind: "session"; by: "password" | "trusted-browser" }
	| { kind: "second-step" }
	| { kind: "prove"; with: ReadonlyArray<"emailed-code" | "temporary-code"> }
	| { kind: "forced-set-up" }
	/** @property by the date until which it may be declined; undefined where no date is set */
	| { kind: "offer-set-up"; by: string | undefined };

/** A new password from an emailed link lately: the same mailbox must not be both doors. */
const MAILBOX_JUST_USED_MS = hours(1);

/**
 * The journey from password to session: the first line that fits. The table is product.md's; nothing of it is ever
 * stored, and every request asks again.
 */
export function nextStep(facts: JourneyFacts): Step {
	const hasProved = facts.hasPassedEmailedCode || facts.hasPassedTemporaryCode;

	const isMailboxNoProof = isMailboxSpent(facts) || facts.wasEmailChangedLately;
	if (facts.isResetPending && isMailboxNoProof && !facts.hasPassedTemporaryCode) {
		return { kind: "prove", with: ["temporary-code"] };
	}
	if (facts.isResetPending && !hasProved) return { kind: "prove", with: ["emailed-code", "temporary-code"] };

	if (facts.hasMethodOn && facts.isBrowserTrusted && facts.clinicAllowsTrust && !facts.isResetPending) {
		return { kind: "session", by: "trusted-browser" };
	}
	if (facts.hasMethodOn) return { kind: "second-step" };

	switch (facts.enforcement.kind) {
		case "in-force":
			return hasProved || wasMailboxJustUsed(facts)
				? { kind: "forced-set-up" }
				: { kind: "prove", with: ["emailed-code", "temporary-code"] };
		case "scheduled":
			return facts.hasDeclinedSetUp
				? { kind: "session", by: "password" }
				: { kind: "offer-set-up", by: facts.enforcement.on };
		case "off":
			return facts.isResetPending && !facts.hasDeclinedSetUp
				? { kind: "offer-set-up", by: undefined }
				: { kind: "session", by: "password" };
	}
}

/** Whether a step is passed by an emailed code. */
export function asksEmailedCode(step: Step): boolean {
	return step.kind === "prove" && step.with.includes("emailed-code");
}

/** The password came from the mailbox since the last finished sign-in. */
function isMailboxSpent({ passwordSetByLinkAt, lastSignInAt }: JourneyFacts): boolean {
	return passwordSetByLinkAt !== null && passwordSetByLinkAt >= (lastSignInAt ?? 0);
}

function wasMailboxJustUsed({ passwordSetByLinkAt, now }: JourneyFacts): boolean {
	return passwordSetByLinkAt !== null && now - passwordSetByLinkAt < MAILBOX_JUST_USED_MS;
}
