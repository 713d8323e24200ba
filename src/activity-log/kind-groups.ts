import type { EventKind } from "../activity/events.ts";

/** The kinds of events as a person looks for them. */
export const KIND_GROUPS = ["sign-ins", "failures", "changes", "help", "messages", "settings"] as const;
export type KindGroup = (typeof KIND_GROUPS)[number];

const groups: Record<EventKind, KindGroup> = {
	"signed-in": "sign-ins",
	"sign-in-started": "sign-ins",
	"signed-out": "sign-ins",
	"sessions-ended": "sign-ins",
	"emailed-code-used": "sign-ins",
	"temporary-code-used": "sign-ins",
	"recovery-code-used": "sign-ins",
	"asked-again-passed": "sign-ins",
	"set-up-declined": "sign-ins",

	"password-refused": "failures",
	"password-waits": "failures",
	"password-only-known-browsers": "failures",
	"sign-ins-used-up": "failures",
	"second-step-refused": "failures",
	"second-step-waits": "failures",
	"method-blocked": "failures",
	"emailed-code-refused": "failures",
	"emailed-code-waits": "failures",
	"temporary-code-refused": "failures",
	"temporary-code-waits": "failures",
	"recovery-code-refused": "failures",
	"recovery-code-waits": "failures",
	"asked-again-refused": "failures",
	"password-reset-waits": "failures",
	"text-message-waits": "failures",
	"text-messages-stopped": "failures",
	"message-dead": "failures",

	"method-set-up": "changes",
	"method-turned-off": "changes",
	"default-changed": "changes",
	"browser-trusted": "changes",
	"trust-ended": "changes",
	"recovery-code-made": "changes",
	"recovery-code-saved": "changes",
	"password-set": "changes",
	"email-change-asked": "changes",
	"email-changed": "changes",
	"email-change-ended": "changes",
	"mobile-changed": "changes",
	"staff-invited": "changes",
	"staff-edited": "changes",
	"staff-deactivated": "changes",
	"staff-reactivated": "changes",

	"password-reset-asked": "help",
	"password-link-sent": "help",
	"temporary-code-given": "help",
	"temporary-code-ended": "help",
	"second-step-reset": "help",
	"waits-cleared": "help",
	"not-me": "help",

	"message-sent": "messages",
	"emailed-code-sent": "messages",
	"staff-reminded": "messages",
	"mailing-finished": "messages",

	"clinic-created": "settings",
	"enforcement-changed": "settings",
	"automatic-sign-out-changed": "settings",
	"security-report-made": "settings",
	"activity-exported": "settings",
	"activity-retained": "settings",
	"keys-rotated": "settings",
};

export function kindsOf(group: KindGroup): EventKind[] {
	return (Object.keys(groups) as EventKind[]).filter((kind) => groups[kind] === group);
}

/** Every kind there is. */
export const EVENT_KINDS = Object.keys(groups) as EventKind[];
