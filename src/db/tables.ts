/** The row types of every table in `migrations/`. Times are epoch milliseconds; yes and no are 1 and 0. */
export type YesNo = 0 | 1;
export type Access = "full" | "limited";
export type MethodKind = "authenticator-app" | "text-message";

export type Tables = {
	clinics: ClinicRow;
	profiles: ProfileRow;
	passwords: PasswordRow;
	password_links: PasswordLinkRow;
	browsers: BrowserRow;
	methods: MethodRow;
	authenticator_apps: AuthenticatorAppRow;
	authenticator_steps: AuthenticatorStepRow;
	authenticator_app_set_ups: AuthenticatorAppSetUpRow;
	text_message_numbers: TextMessageNumberRow;
	text_message_set_ups: TextMessageSetUpRow;
	text_codes: TextCodeRow;
	text_sends: TextSendRow;
	text_tries: TextTryRow;
	text_receipts: TextReceiptRow;
	recovery_codes: RecoveryCodeRow;
	emailed_codes: EmailedCodeRow;
	trusted_browsers: TrustedBrowserRow;
	networks_seen: NetworkSeenRow;
	mailings: MailingRow;
	temporary_codes: TemporaryCodeRow;
	email_changes: EmailChangeRow;
	not_me_links: NotMeLinkRow;
	activity_marks: ActivityMarkRow;
	sign_ins: SignInRow;
	sessions: SessionRow;
	tries: TriesRow;
	tries_across_clinics: Omit<TriesRow, "clinic_id">;
	codes_of_countries: CodesOfCountryRow;
	activity_heads: ActivityHeadRow;
	activity_events: ActivityEventRow;
	outbox: OutboxRow;
	demo_inbox: DemoInboxRow;
};

export type ClinicRow = {
	clinic_id: string;
	short_name: string;
	name: string;
	time_zone: string;
	country: string;
	created_at: number;
	/** 2-Step Verification is required from the start of this day, ISO, in the clinic's time zone; null while it is off. */
	required_from_on: string | null;
	allows_trust: YesNo;
	allows_texts: YesNo;
	/** Trust given under an earlier one is over. */
	trust_version: number;
	/** Automatic Sign Out. */
	sign_out_after_ms: number;
	/** Counts how often the rule was saved. */
	rule_version: number;
};

/** All of them, for statements that are kept prepared (`compiledOnce`). */
export const clinicColumns = [
	"clinic_id",
	"short_name",
	"name",
	"time_zone",
	"country",
	"created_at",
	"required_from_on",
	"allows_trust",
	"allows_texts",
	"trust_version",
	"sign_out_after_ms",
	"rule_version",
] as const satisfies readonly (keyof ClinicRow)[];

export type ProfileRow = {
	clinic_id: string;
	profile_id: string;
	name: string;
	/** What the name is sorted by (`nameOrder`); empty until upkeep has filled it in. */
	name_order: string;
	email: string;
	email_key: string;
	mobile: string | null;
	access: Access;
	active: YesNo;
	language: string;
	created_at: number;
	last_sign_in_at: number | null;
	/** Counts every change of how this person gets in. A sign-in or set-up begun before the last one is over. */
	doors_version: number;
	last_reminded_at: number | null;
	/** 2-Step Verification was turned off for this person, and no session came since. */
	reset_pending_at: number | null;
	/** The latest change of email, by somebody who had signed in before. */
	email_changed_at: number | null;
	earlier_email: string | null;
	/** As `email_key` is of `email`. */
	earlier_email_key: string | null;
	mobile_changed_at: number | null;
	earlier_mobile: string | null;
	/** Null where this person is active. */
	deactivated_at: number | null;
};

/** All of them, for statements that are kept prepared (`compiledOnce`). */
export const profileColumns = [
	"profiles.clinic_id",
	"profiles.profile_id",
	"profiles.name",
	"profiles.email",
	"profiles.email_key",
	"profiles.mobile",
	"profiles.access",
	"profiles.active",
	"profiles.language",
	"profiles.created_at",
	"profiles.last_sign_in_at",
	"profiles.doors_version",
	"profiles.last_reminded_at",
	"profiles.reset_pending_at",
	"profiles.email_changed_at",
	"profiles.earlier_email",
	"profiles.earlier_email_key",
	"profiles.mobile_changed_at",
	"profiles.earlier_mobile",
	"profiles.deactivated_at",
] as const;

export type PasswordRow = {
	clinic_id: string;
	profile_id: string;
	password_id: string;
	hash: string;
	set_at: number;
	set_by: "link" | "change";
	only_known_browsers: YesNo;
};

export type PasswordLinkRow = {
	clinic_id: string;
	link_id: string;
	token_hash: string;
	profile_id: string;
	kind: "invitation" | "reset";
	made_at: number;
	expires_at: number;
	used_at: number | null;
	ended_at: number | null;
};

export type BrowserRow = {
	clinic_id: string;
	profile_id: string;
	browser_hash: string;
	name: string;
	address: string;
	first_known_at: number;
	last_known_at: number;
};

export type MethodRow = {
	clinic_id: string;
	profile_id: string;
	kind: MethodKind;
	method_id: string;
	on_at: number;
	last_used_at: number | null;
	is_default: YesNo;
	wrong_in_a_row: number;
	blocked_at: number | null;
};

export type AuthenticatorAppRow = {
	clinic_id: string;
	method_id: string;
	profile_id: string;
	sealed_secret: string;
};

export type AuthenticatorStepRow = {
	clinic_id: string;
	method_id: string;
	time_step: number;
	spent_at: number;
};

export type AuthenticatorAppSetUpRow = {
	clinic_id: string;
	set_up_id: string;
	profile_id: string;
	doors_version: number;
	/** The session or sign-in that began it and that it ends with. */
	held_by: string;
	sealed_secret: string;
	wrong_tries: number;
	started_at: number;
	expires_at: number;
};

export type TextMessageNumberRow = {
	clinic_id: string;
	method_id: string;
	profile_id: string;
	/** E.164, confirmed by a code. */
	number: string;
};

export type TextMessageSetUpRow = {
	clinic_id: string;
	set_up_id: string;
	profile_id: string;
	doors_version: number;
	/** The session or sign-in that began it and that it ends with. */
	held_by: string;
	/** E.164; null until one was entered. */
	number: string | null;
	/** As it was typed, to be shown back so. */
	typed_number: string;
	wrong_tries: number;
	started_at: number;
	expires_at: number;
};

export type TextCodeRow = {
	clinic_id: string;
	code_id: string;
	profile_id: string;
	/** The sign-in or set-up it belongs to. */
	held_by: string;
	number: string;
	/** Null once it is spent or over. */
	sealed_code: string | null;
	made_at: number;
	expires_at: number;
	spent_at: number | null;
};

export type TextSendRow = {
	clinic_id: string;
	message_id: string;
	code_id: string;
	held_by: string;
	profile_id: string;
	number: string;
	purpose: "sign-in" | "set-up";
	known_browser: YesNo;
	network: string;
	/** As counted when it was sent: the clinic's cap then. */
	active_staff: number;
	sent_at: number;
};

export type RecoveryCodeRow = {
	clinic_id: string;
	profile_id: string;
	code_id: string;
	hash: string;
	/** Readable again until **Done**, `sealed_until` at most; then null. */
	sealed_code: string | null;
	sealed_until: number | null;
	/** The session it was made in: no other one can read it. */
	shown_to: string;
	made_at: number;
	saved_at: number | null;
};

export type SignInRow = {
	clinic_id: string;
	sign_in_id: string;
	token_hash: string;
	profile_id: string;
	doors_version: number;
	browser_hash: string | null;
	known_browser: YesNo;
	browser_name: string;
	address: string;
	asked_kind: MethodKind | null;
	return_to: string | null;
	started_at: number;
	expires_at: number;
	emailed_code_passed_at: number | null;
	temporary_code_passed_at: number | null;
};

export type TemporaryCodeRow = {
	clinic_id: string;
	code_id: string;
	profile_id: string;
	/** Keyed hash, for this profile alone. */
	code_hash: string;
	/** A profile id, or `operator`. */
	given_by: string;
	made_at: number;
	expires_at: number;
	spent_at: number | null;
	ended_at: number | null;
};

export type EmailChangeRow = {
	clinic_id: string;
	change_id: string;
	token_hash: string;
	profile_id: string;
	new_email: string;
	/** A profile id. */
	asked_by: string;
	made_at: number;
	expires_at: number;
	used_at: number | null;
	ended_at: number | null;
};

export type NotMeLinkRow = {
	clinic_id: string;
	link_id: string;
	token_hash: string;
	profile_id: string;
	/** The address the email went to. */
	sent_to: string;
	/** When the thing happened that the email tells of. */
	since_at: number;
	/** What was in force right before it. */
	email: string;
	mobile: string | null;
	made_at: number;
	expires_at: number;
	used_at: number | null;
};

export type ActivityMarkRow = {
	clinic_id: string;
	/** Of the last event that retention took away. */
	number: number;
	code: string;
	at: number;
	/** Keyed hash over the others. */
	mark: string;
};

export type TrustedBrowserRow = {
	clinic_id: string;
	profile_id: string;
	browser_hash: string;
	trust_id: string;
	/** The clinic's, when it was given. */
	trust_version: number;
	name: string;
	address: string;
	trusted_at: number;
	ends_at: number;
};

export type NetworkSeenRow = {
	clinic_id: string;
	profile_id: string;
	/** An IPv4 address, or an IPv6 /64. */
	network: string;
	last_seen_at: number;
};

export type EmailedCodeRow = {
	clinic_id: string;
	code_id: string;
	profile_id: string;
	/** Keyed hash, for this profile alone. */
	code_hash: string;
	made_at: number;
	expires_at: number;
	spent_at: number | null;
};

export type MailingKind = "announcement" | "week-before" | "day-before" | "on-the-day" | "by-hand";

export type MailingRow = {
	clinic_id: string;
	mailing_id: string;
	kind: MailingKind;
	/** The day from which it is required, ISO. */
	required_from_on: string;
	due_at: number;
	/** The profile that pressed **Send reminder**; null for what the rule calls for. */
	asked_by: string | null;
	/** The last profile that was seen to, in the order of their ids. */
	after_profile_id: string;
	/** How many were emailed so far. */
	emailed: number;
	ended_at: number | null;
};

export type SignedInBy =
	| "password"
	| "trusted-browser"
	| MethodKind
	| "recovery-code"
	| "temporary-code"
	| "emailed-code";

export type SessionRow = {
	clinic_id: string;
	session_id: string;
	token_hash: string;
	profile_id: string;
	browser_hash: string;
	browser_name: string;
	address: string;
	signed_in_by: SignedInBy;
	started_at: number;
	last_seen_at: number;
	expires_at: number;
	/** When this session last passed a method's code or the Recovery Code (see "Asking again"). */
	method_passed_at: number | null;
	/** Until when *Lost your phone?* asks nothing more. */
	lost_phone_until: number | null;
	/** The kinds ticked there as lost, separated by commas: the set-up that follows ends them. */
	lost_kinds: string | null;
	/** Chosen where a set-up begins: whether turning the method on ends the other sessions. */
	set_up_signs_out: YesNo;
	/** The page that was first asked for, while the sign-in's last pages are still shown. */
	return_to: string | null;
	wrong_proofs: number;
};

export type TriesRow = {
	clinic_id: string;
	limit_name: string;
	key: string;
	state: string;
	expires_at: number;
};

export type CodesOfCountryRow = {
	/** ISO 3166-1 alpha-2. */
	country: string;
	/** When the hour began. */
	hour_at: number;
	part: number;
	sent: number;
	used: number;
};

export type ActivityHeadRow = { clinic_id: string; number: number; code: string };

export type ActivityEventRow = {
	clinic_id: string;
	number: number;
	at: number;
	kind: string;
	/** Whom it concerns. */
	profile_id: string | null;
	/** Who did it: a profile id, `operator`, `vestibule` or `nobody` (somebody not signed in). */
	actor: string;
	address: string | null;
	browser_name: string | null;
	detail: string;
	code: string;
};

export type OutboxRow = {
	clinic_id: string;
	message_id: string;
	channel: "email" | "text";
	kind: string;
	profile_id: string | null;
	recipient: string;
	sealed_body: string | null;
	state: "waiting" | "sent" | "dead";
	made_at: number;
	/** When it may next be tried; a claim moves it ahead. */
	due_at: number;
	expires_at: number;
	tries: number;
	last_error: string | null;
	ended_at: number | null;
	/** Of a text message: which provider took it. */
	provider: string | null;
	/** Of a text message that is sent again: the provider used last, to be asked last. */
	avoid: string | null;
	/** Why a text message was given up. */
	why: "expired" | "providers" | "number-cannot-receive" | null;
};

export type TextTryRow = {
	clinic_id: string;
	message_id: string;
	/** The message's `tries` at that time: one try asks several providers. */
	try: number;
	provider: string;
	at: number;
	outcome: "taken" | "no-answer" | "another" | "wait" | "number" | "stop";
	/** For the operator; never holds any of the message or its number. */
	reason: string | null;
	/** Not to be asked again before. */
	wait_until: number | null;
};

export type TextReceiptRow = {
	clinic_id: string;
	message_id: string;
	provider: string;
	state: "sent" | "failed" | "delivered";
	why: "carrier" | "number-cannot-receive" | null;
	/** For the operator: the provider's error number. */
	reason: string | null;
	at: number;
};

export type DemoInboxRow = {
	clinic_id: string;
	message_id: string;
	channel: "email" | "text";
	recipient: string;
	subject: string;
	body: string;
	received_at: number;
};
