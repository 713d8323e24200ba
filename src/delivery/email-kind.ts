/** What an email is about. The outbox, the activity log and a dead message show it. */
export type EmailKind =
	| "method-set-up"
	| "method-replaced"
	| "method-turned-off"
	| "method-blocked"
	| "recovery-code-used"
	| "recovery-code-renewed"
	| "password-changed"
	| "somebody-has-your-password"
	| "password-link"
	| "invitation"
	| "deactivated"
	| "reactivated"
	| "staff-changed"
	| "text-messages-stopped"
	| "test";
