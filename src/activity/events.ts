import type {
	Access,
	MailingKind,
	MethodKind,
	PasswordLinkRow,
	PasswordRow,
	SignedInBy,
} from "../db/tables.ts";

/** @property about the profile that it told of, where that is a colleague's of its reader */
type Message = { messageKind: string; channel: "email" | "text"; about?: string };
type Nothing = Record<string, never>;

/** What keeps a text message from being sent, for a while: `profile` also where they went to too many numbers. */
export type TextLimit = "number" | "profile" | "numbers-alike" | "network" | "clinic" | "ceiling";

/** Why sessions ended other than by **Sign out** in one of them. */
export type SessionsEndedWhy =
	| "by-hand"
	| "new-password"
	| "method-changed"
	| "deactivated"
	| "too-many-wrong-proofs"
	| "by-a-colleague"
	| "reset"
	| "not-me";

/** Why what somebody did for a colleague ended before it was used: of the one who did it. */
export type GiverLostWhy = "giver-lost-full-access" | "giver-not-me" | "giver-reset";

/** Why a temporary code ended before it was used or ran out. */
export type TemporaryCodeEndedWhy =
	| "replaced"
	| "signed-in-otherwise"
	| "new-password"
	| "reset"
	| "deactivated"
	| "not-me"
	| GiverLostWhy;

/** Why trust ended before its 30 days. */
export type TrustEndedWhy =
	| "by-hand"
	| "new-password"
	| "method-changed"
	| "deactivated"
	| "clinic-forbids-it"
	| "reset"
	| "not-me";

/** What **This wasn't me** undid, besides ending what was open: what was set up, made, known or changed since. */
export type Undone =
	| "authenticator-app"
	| "text-message"
	| "recovery-code"
	| "browsers"
	| "email"
	/** Not put back: the earlier one is somebody else's by now. */
	| "email-taken"
	| "mobile";

/** The clinic's rule as it is recorded; `requiredFromOn` is a day, ISO, or null for off. */
export type RecordedRule = { requiredFromOn: string | null; allowsTrust: boolean; allowsTexts: boolean };

/** What something was and what it is now. */
type Changed<T> = { from: T; to: T };
/** Mobile numbers as `recordedNumbers` hides them; null is none. */
export type ChangedNumber = Changed<string | null>;

/**
 * The closed list of what is recorded: kind → detail. Never a secret, a code, a token, a whole mobile number, or an
 * email that was typed and is no profile's.
 * Whom it concerns, who did it, when and from where are columns of their own.
 */
type Details = {
	/** The operator made the clinic. */
	"clinic-created": Nothing;
	/** A staff profile was made and its password link queued. */
	"staff-invited": { access: Access };
	/** A staff profile can no longer sign in. */
	"staff-deactivated": Nothing;
	/** A deactivated staff profile can sign in again. */
	"staff-reactivated": Nothing;
	/** A link to set a password was queued for its email. */
	"password-link-sent": { linkKind: PasswordLinkRow["kind"] };
	/** A new password is in force: set by an emailed link, or changed in a session. */
	"password-set": { how: PasswordRow["set_by"]; isFirst?: true };
	/** **Forgot your password?** was sent in, whether or not a link follows. */
	"password-reset-asked": { isKnownEmail: boolean };
	/** Asking for reset links reached its limit, of one email or by one network; once a wait. */
	"password-reset-waits": { until: number; by?: "network" };
	/** An email and password did not match. */
	"password-refused": { isKnownEmail: boolean };
	/** A password was not looked at, since too many were wrong; once a wait. */
	"password-waits": { until: number };
	/** Too many wrong passwords or codes: the password works only in known browsers until a new one is set. */
	"password-only-known-browsers": { why: "wrong-passwords" | "wrong-codes" };
	/** A password was right and the second step is asked for. */
	"sign-in-started": Nothing;
	/** So many sign-ins were begun and not finished that no password is looked at in unknown browsers for a while. */
	"sign-ins-used-up": Nothing;
	/** The code of a method was wrong; `clock` where it was right for a time step further off. */
	"second-step-refused": { method: MethodKind; clock?: "slow" | "fast" };
	/** A code was not looked at, since too many were wrong; once a wait. */
	"second-step-waits": { until: number };
	/** A method takes no codes any more: 100 wrong in a row. */
	"method-blocked": { method: MethodKind };
	/** A sign-in was finished and a session started. */
	"signed-in": { by: SignedInBy };
	/** A person ended their own session. */
	"signed-out": Nothing;
	/** Sessions were ended from outside them. */
	"sessions-ended": { count: number; why: SessionsEndedWhy };
	/** A method went on. */
	"method-set-up": { method: MethodKind; replaced: boolean };
	/** A method was turned off. */
	"method-turned-off": { method: MethodKind };
	/** Another method is asked for first. */
	"default-changed": { method: MethodKind };
	/** This browser skips the second step for this person. */
	"browser-trusted": { until: number };
	/** Browsers that were trusted are not any more. Of a whole clinic they are not counted. */
	"trust-ended": { count?: number; why: TrustEndedWhy };
	/** An emailed code was queued. */
	"emailed-code-sent": Nothing;
	/** An emailed code was right and is spent. */
	"emailed-code-used": Nothing;
	/** An emailed code was wrong. */
	"emailed-code-refused": Nothing;
	/** An emailed code was not looked at, or not sent, since there were too many; once a wait. */
	"emailed-code-waits": { until: number };
	/** **Not now** at the prompt to set up. */
	"set-up-declined": Nothing;
	/** What is asked again was right: a code inside a session. */
	"asked-again-passed": { by: MethodKind | "recovery-code" };
	/** The clinic's rule was saved. */
	"enforcement-changed": { from: RecordedRule; to: RecordedRule };
	/** Automatic Sign Out was saved. */
	"automatic-sign-out-changed": { fromMs: number; toMs: number };
	/** A reminder to set up was queued; `mailing` where it went to all who have not. */
	"staff-reminded": { mailing?: MailingKind };
	/** Everybody who had not set up was sent an email of this kind. */
	"mailing-finished": { mailing: MailingKind; count: number };
	/** The report for an auditor was made, or the list of who has it on was downloaded. */
	"security-report-made": { as: "pdf" | "csv" };
	/** A colleague's name, email, mobile number or access level was edited; an email waits for its confirmation. */
	"staff-edited": {
		changed: readonly ("name" | "email" | "mobile" | "access")[];
		name?: Changed<string>;
		mobile?: ChangedNumber;
		access?: Access;
	};
	/** A temporary code was given. */
	"temporary-code-given": { until: number; how: "in-person" | "by-phone" | "by-operator" };
	/** A temporary code ended before it was used or ran out. */
	"temporary-code-ended": { why: TemporaryCodeEndedWhy };
	/** A temporary code was right and is spent. */
	"temporary-code-used": Nothing;
	/** A temporary code was wrong. */
	"temporary-code-refused": Nothing;
	/** A temporary code was not looked at, since too many were wrong; once a wait. */
	"temporary-code-waits": { until: number };
	/** 2-Step Verification was turned off for somebody: the reset is pending. */
	"second-step-reset": { reason: string; ticket?: string; methods: readonly MethodKind[] };
	/** The operator cleared waits. */
	"waits-cleared": { reason: string; ticket?: string };
	/** A new email waits until its address confirms it. */
	"email-change-asked": Nothing;
	/** A new email is in force. */
	"email-changed": Changed<string>;
	/** A change of email ended before it was confirmed. */
	"email-change-ended": {
		why:
			| "another"
			| "cancelled"
			| "taken"
			| "new-password"
			| "reset"
			| "deactivated"
			| "signed-out"
			| "not-me"
			| GiverLostWhy;
	};
	/** The mobile number on the profile is another one. */
	"mobile-changed": ChangedNumber;
	/** **This wasn't me** was chosen: what happened since that moment was undone, and the password opens nothing. */
	"not-me": { since: number; undone: readonly Undone[] };
	/** Activity was downloaded. */
	"activity-exported": { as: "csv" | "jsonl"; whose: "clinic" | "own" };
	/** Events older than the time they are kept were taken away, up to this number. */
	"activity-retained": { upTo: number };
	/** A Recovery Code was made; an earlier one ended. */
	"recovery-code-made": Nothing;
	/** **Done** was reached: only the hash of the Recovery Code remains. */
	"recovery-code-saved": Nothing;
	/** A Recovery Code was right and is spent. */
	"recovery-code-used": Nothing;
	/** A Recovery Code was wrong. */
	"recovery-code-refused": Nothing;
	/** A Recovery Code was not looked at, since too many were wrong; once a wait. */
	"recovery-code-waits": { until: number };
	/** A code that was asked again inside a session was wrong; `clock` as above. A wrong password is one as at sign-in. */
	"asked-again-refused": { asked: MethodKind | "recovery-code"; clock?: "slow" | "fast" };
	/** A text message was not sent, since there were too many; once a wait. */
	"text-message-waits": { by: TextLimit; until: number };
	/** The clinic has had all its text messages for now, and the Full Access users were told; once a day. */
	"text-messages-stopped": { by: "clinic" | "ceiling"; until: number };
	/** A mail server or carrier took a message. */
	"message-sent": Message;
	/** A message was given up. */
	"message-dead": Message;
	/** Everything sealed was sealed anew under the key of this id. */
	"keys-rotated": { keyId: string };
};

export type EventKind = keyof Details;

/** One thing that happened: its kind and the detail that belongs to it. */
export type Event = { [K in EventKind]: { kind: K; detail: Details[K] } }[EventKind];
