import { expect, test } from "vitest";
import type { Event, EventKind } from "../activity/events.ts";
import type { EmailKind } from "../delivery/email-kind.ts";
import type { TextKind } from "../delivery/text-kind.ts";
import { en } from "../words/en.ts";
import { EVENT_KINDS, KIND_GROUPS, kindsOf } from "./kind-groups.ts";
import { type Told, tell } from "./sentence.ts";

type DetailOf<K extends EventKind> = Extract<Event, { kind: K }>["detail"];

const AT = Date.UTC(2026, 11, 7, 17);
const names = new Map([
	["avery", "Avery Chen"],
	["casey", "Casey Singh"],
	["ida", "ida van Dam"],
]);
const rule = { requiredFromOn: "2026-12-21", allowsTrust: true, allowsTexts: false };
const until = AT + 900_000;

/** One of each, as it is recorded. */
const details: { [K in EventKind]: DetailOf<K> } = {
	"clinic-created": {},
	"staff-invited": { access: "limited" },
	"staff-deactivated": {},
	"staff-reactivated": {},
	"password-link-sent": { linkKind: "reset" },
	"password-set": { how: "link" },
	"password-reset-asked": { isKnownEmail: true },
	"password-reset-waits": { until },
	"password-refused": { isKnownEmail: true },
	"password-waits": { until },
	"password-only-known-browsers": { why: "wrong-codes" },
	"sign-in-started": {},
	"sign-ins-used-up": {},
	"second-step-refused": { method: "authenticator-app", clock: "slow" },
	"second-step-waits": { until },
	"method-blocked": { method: "text-message" },
	"signed-in": { by: "authenticator-app" },
	"signed-out": {},
	"sessions-ended": { count: 2, why: "by-a-colleague" },
	"method-set-up": { method: "authenticator-app", replaced: true },
	"method-turned-off": { method: "text-message" },
	"default-changed": { method: "authenticator-app" },
	"browser-trusted": { until },
	"trust-ended": { count: 1, why: "by-hand" },
	"emailed-code-sent": {},
	"emailed-code-used": {},
	"emailed-code-refused": {},
	"emailed-code-waits": { until },
	"set-up-declined": {},
	"asked-again-passed": { by: "recovery-code" },
	"enforcement-changed": { from: { ...rule, requiredFromOn: null }, to: rule },
	"automatic-sign-out-changed": { fromMs: 7_200_000, toMs: 604_800_000 },
	"staff-reminded": { mailing: "day-before" },
	"mailing-finished": { mailing: "announcement", count: 1 },
	"security-report-made": { as: "csv" },
	"staff-edited": {
		changed: ["name", "access"],
		access: "full",
		name: { from: "Casey Smith", to: "Casey Singh" },
	},
	"temporary-code-given": { until, how: "by-phone" },
	"temporary-code-ended": { why: "replaced" },
	"temporary-code-used": {},
	"temporary-code-refused": {},
	"temporary-code-waits": { until },
	"second-step-reset": { reason: "lost phone", ticket: "T-7", methods: ["authenticator-app"] },
	"waits-cleared": { reason: "locked out" },
	"email-change-asked": {},
	"email-changed": { from: "casey@harbour.example", to: "casey.roy@harbour.example" },
	"email-change-ended": { why: "not-me" },
	"mobile-changed": { from: null, to: "•••• •••• 0177" },
	"not-me": { since: AT, undone: ["authenticator-app", "email"] },
	"activity-exported": { as: "jsonl", whose: "clinic" },
	"activity-retained": { upTo: 17 },
	"recovery-code-made": {},
	"recovery-code-saved": {},
	"recovery-code-used": {},
	"recovery-code-refused": {},
	"recovery-code-waits": { until },
	"asked-again-refused": { asked: "text-message" },
	"text-message-waits": { by: "numbers-alike", until },
	"text-messages-stopped": { by: "ceiling", until },
	"message-sent": { messageKind: "new-browser", channel: "email" },
	"message-dead": { messageKind: "sign-in-code", channel: "text" },
	"keys-rotated": { keyId: "k2" },
};

function told(
	kind: string,
	detail: unknown,
	{ whom = "casey" as string | null, actor = "avery" } = {},
): Told {
	const event = {
		clinic_id: "harbour",
		number: 1,
		at: AT,
		kind,
		profile_id: whom,
		actor,
		address: null,
		browser_name: null,
		detail: JSON.stringify(detail),
		code: "",
	};
	return tell(event, names, "America/Vancouver", en);
}

function said(...about: Parameters<typeof told>): string {
	return told(...about).sentence;
}

test("every kind of event has a sentence of its own, whoever it concerns and whoever did it, and stands in one group", () => {
	const sentences = new Set<string>();
	for (const kind of EVENT_KINDS) {
		for (const whom of ["casey", "gone", null]) {
			for (const actor of ["casey", "avery", "operator", "vestibule", "nobody", "gone"]) {
				const sentence = said(kind, details[kind], { whom, actor });
				expect.soft(sentence, kind).not.toMatch(/undefined|null|NaN|\[object|cannot be read/);
				expect.soft(sentence, kind).toMatch(/^[A-Z“].{8,}$/);
			}
		}
		sentences.add(said(kind, details[kind]));
	}
	expect(sentences.size).toBe(EVENT_KINDS.length);
	expect(EVENT_KINDS.toSorted()).toEqual(Object.keys(details).toSorted());
	expect(KIND_GROUPS.flatMap(kindsOf).toSorted()).toEqual(EVENT_KINDS.toSorted());
});

test("a sentence says who did what to whom", () => {
	expect(said("signed-in", { by: "authenticator-app" }, { actor: "casey" })).toBe(
		"Casey Singh signed in with the password and the app's code",
	);
	expect(said("temporary-code-given", details["temporary-code-given"])).toBe(
		"Avery Chen gave Casey Singh a temporary code, to be told by phone, that works until 10:15 am",
	);
	expect(said("second-step-reset", details["second-step-reset"], { actor: "operator" })).toBe(
		"The people who run this server turned off 2-Step Verification for Casey Singh: Authenticator App (reason: lost phone; ticket: T-7)",
	);
	expect(said("method-turned-off", { method: "text-message" }, { actor: "casey" })).toBe(
		"Casey Singh turned off their own Text Message (SMS)",
	);
	expect(said("staff-edited", details["staff-edited"])).toBe(
		"Avery Chen edited the name and access level of Casey Singh, who has Full Access now: name from Casey Smith to Casey Singh",
	);
	const [name, mobile] = [
		{ from: "Casey Sing", to: "Casey Singh" },
		{ from: "•••• •••• 0103", to: null },
	];
	expect(said("staff-edited", { changed: ["name", "mobile"], name, mobile })).toBe(
		"Avery Chen edited the name and mobile number of Casey Singh: name from Casey Sing to Casey Singh; mobile number from •••• •••• 0103 to none",
	);
	expect(said("mobile-changed", details["mobile-changed"], { actor: "casey" })).toBe(
		"Casey Singh changed their own mobile number: from none to •••• •••• 0177",
	);
	expect(said("mobile-changed", {}, { actor: "casey" })).toBe("Casey Singh changed their own mobile number");
	expect(said("email-changed", details["email-changed"])).toBe(
		"Casey Singh's new email was confirmed and is in force: from casey@harbour.example to casey.roy@harbour.example",
	);
	expect(said("password-refused", { isKnownEmail: false }, { whom: null, actor: "nobody" })).toBe(
		"A wrong password was entered for an email that nobody here has",
	);
	expect(said("staff-deactivated", {}, { actor: "gone" })).toBe(
		"Somebody no longer here deactivated Casey Singh",
	);
	expect(said("enforcement-changed", details["enforcement-changed"])).toBe(
		"Avery Chen changed the rule about 2-Step Verification. Now: required from Mon 21 Dec 2026, trusted browsers allowed, text messages not allowed. Before: not required, trusted browsers allowed, text messages not allowed",
	);
});

test("who did it is not said again beside a sentence that begins with a name in small letters", () => {
	const { sentence, alsoBy } = told("signed-out", {}, { whom: "ida", actor: "ida" });
	expect([sentence, alsoBy]).toEqual(["Ida van Dam signed out", undefined]);
	expect(told("recovery-code-made", {}, { whom: "ida" }).alsoBy).toBe("Avery Chen");
});

test("every message has words for what it is about, and one of another version is named by its kind", () => {
	// A kind without words is a type error here.
	const messages: Record<EmailKind | TextKind, string> = en.activity.messages;
	expect(Object.values(messages).every((about) => about.length > 3)).toBe(true);
	expect(said("message-sent", { messageKind: "of-tomorrow", channel: "text" })).toBe(
		"A text message was sent to Casey Singh: of-tomorrow",
	);
	const given = { messageKind: "temporary-code-given", channel: "email" };
	const toAvery = (about: string) => said("message-dead", { ...given, about }, { whom: "avery" });
	expect(toAvery("casey")).toBe(
		"An email about Casey Singh to Avery Chen could not be sent: a temporary code was given",
	);
	expect(toAvery("gone")).toContain("about Somebody no longer here");
});

test("what another version or somebody else wrote is named, and never breaks the page", () => {
	expect(said("of-tomorrow", {})).toBe("Something was recorded that cannot be read: of-tomorrow");
	expect(said("toString", {})).toContain("cannot be read");
	expect(said("enforcement-changed", {})).toContain("cannot be read");
	expect(said("staff-edited", null)).toContain("cannot be read");
});
