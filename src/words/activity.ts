import { count, englishDate, englishDay, englishTime } from "./dates.ts";

/** What is told of an event beside its detail. */
export type ToldEvent<Detail = unknown> = {
	detail: Detail;
	/** Whom it concerns, by name; undefined where that is nobody, or nobody known. */
	whom: string | undefined;
	/** Who did it, by name. */
	by: string;
	/** Of whom a message told its reader, by name; undefined where it told of the reader, or of the clinic. */
	about?: string | undefined;
	/** Epoch milliseconds. */
	at: number;
	timeZone: string;
};

type Method = keyof typeof methods;
type Proof = Method | "recovery-code";
type Clock = "slow" | "fast";
type Mailing = "announcement" | "week-before" | "day-before" | "on-the-day" | "by-hand";
type Ruled = { requiredFromOn: string | null; allowsTrust: boolean; allowsTexts: boolean };
type Changed = { from: string | null; to: string | null };
type Waits = ToldEvent<{ until: number }>;
type Told = ToldEvent<unknown>;

const methods = { "authenticator-app": "Authenticator App", "text-message": "Text Message (SMS)" };
const codes = {
	"authenticator-app": "code from the authenticator app",
	"text-message": "texted code",
	"recovery-code": "Recovery Code",
};
const signedInBy = {
	password: "the password",
	"trusted-browser": "the password, in a trusted browser",
	"authenticator-app": "the password and the app's code",
	"text-message": "the password and a texted code",
	"recovery-code": "the password and the Recovery Code",
	"temporary-code": "the password and a temporary code",
	"emailed-code": "the password and an emailed code",
};
const sessionsEnded = {
	"by-hand": "chosen under Sessions, or at a set-up",
	"new-password": "a new password was set",
	"method-changed": "how this person signs in was changed",
	deactivated: "the person was deactivated",
	"too-many-wrong-proofs": "there were five wrong passwords or codes in the session",
	"by-a-colleague": "a colleague chose Sign out everywhere",
	reset: "2-Step Verification was turned off for this person",
	"not-me": "“This wasn't me” was chosen",
};
const trustEnded = {
	"by-hand": "it was removed",
	"new-password": "a new password was set",
	"method-changed": "how this person signs in was changed",
	deactivated: "the person was deactivated",
	"clinic-forbids-it": "the clinic no longer allows it",
	reset: "2-Step Verification was turned off for this person",
	"not-me": "“This wasn't me” was chosen",
};
const temporaryCodeEnded = {
	replaced: "a newer one was given",
	"signed-in-otherwise": "the person signed in another way",
	"new-password": "a new password was set",
	reset: "2-Step Verification was turned off for this person",
	deactivated: "the person was deactivated",
	"giver-lost-full-access": "whoever gave it no longer has Full Access",
	"giver-not-me": "“This wasn't me” was chosen for whoever gave it",
	"giver-reset": "2-Step Verification was turned off for whoever gave it",
	"not-me": "“This wasn't me” was chosen",
};
const undone = {
	"authenticator-app": "an authenticator app, which takes no codes any more",
	"text-message": "a number for text messages, which gets no codes any more",
	"recovery-code": "a Recovery Code, which ended",
	browsers: "browsers, which are known no longer",
	email: "the email, which is the earlier one again",
	"email-taken": "not the email, since the earlier one belongs to somebody else by now",
	mobile: "the mobile number, which is the earlier one again",
};
const emailChangeEnded = {
	"giver-lost-full-access": "whoever asked for it no longer has Full Access",
	"giver-not-me": "“This wasn't me” was chosen for whoever asked for it",
	"giver-reset": "2-Step Verification was turned off for whoever asked for it",
	another: "another change was asked for",
	cancelled: "it was cancelled",
	taken: "somebody else has that email by now",
	"new-password": "a new password was set",
	reset: "2-Step Verification was turned off for this person",
	deactivated: "the person was deactivated",
	"signed-out": "the person was signed out everywhere by a colleague",
	"not-me": "“This wasn't me” was chosen",
};
const textLimits = {
	number: "too many went to this number",
	profile: "this person asked for too many",
	"numbers-alike": "too many went to numbers like this one",
	network: "too many were asked for from one network",
	clinic: "the clinic has had all its text messages for now",
	ceiling: "the clinic has had as many as one may have in a day",
};
const given = { "in-person": "in person", "by-phone": "by phone", "by-operator": "by phone" };
const edited = { name: "name", email: "email", mobile: "mobile number", access: "access level" };
const access = { full: "Full Access", limited: "Limited access" };
const mailings = {
	announcement: "The email that 2-Step Verification will be required",
	"week-before": "The reminder to set up, 7 days before",
	"day-before": "The reminder to set up, 1 day before",
	"on-the-day": "The reminder to set up, on the day",
	"by-hand": "A reminder to set up",
};

/** Of whom, where it may be nobody known. */
const known = ({ whom }: Told) => whom ?? "an email that nobody here has";
const somebody = ({ whom }: Told) => whom ?? "somebody";
const owner = (told: Told) => `${somebody(told)}'s`;
/** "Avery Chen", or of oneself "their own". */
const whose = (told: Told) => (told.whom === told.by ? "their own" : owner(told));
const clockOf = (clock: Clock | undefined) => (clock ? ` (the phone's clock may be ${clock})` : "");

function until({ detail, at, timeZone }: Waits): string {
	const [date, time] = [englishDate(detail.until, timeZone), englishTime(detail.until, timeZone)];
	return date === englishDate(at, timeZone) ? `until ${time}` : `until ${date}, ${time}`;
}

const waits = (what: string, told: Waits) =>
	`Too many ${what} were entered for ${known(told)}: no more are accepted ${until(told)}`;

/** "10 minutes", "2 hours", "1 week". */
function inactivity(ms: number): string {
	const minutes = ms / 60_000;
	if (minutes < 60) return count(minutes, "minute");
	const hours = minutes / 60;
	return hours === 168 ? "1 week" : count(hours, "hour");
}

function rule({ requiredFromOn, allowsTrust, allowsTexts }: Ruled): string {
	const required = requiredFromOn === null ? "not required" : `required from ${englishDay(requiredFromOn)}`;
	return `${required}, trusted browsers ${allowsTrust ? "allowed" : "not allowed"}, text messages ${allowsTexts ? "allowed" : "not allowed"}`;
}

function because(detail: { reason: string; ticket?: string }): string {
	return ` (reason: ${detail.reason}${detail.ticket ? `; ticket: ${detail.ticket}` : ""})`;
}

const fromTo = ({ from, to }: Changed) => `from ${from ?? "none"} to ${to ?? "none"}`;
/** The same after a colon; nothing where an earlier version recorded no more than that it changed. */
const changedTo = ({ from, to }: Partial<Changed>) =>
	from === undefined || to === undefined ? "" : `: ${fromTo({ from, to })}`;

const list = (parts: readonly string[]) =>
	parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

/** Messages by their kind, as "An email was sent to Avery Chen: …" goes on. */
const messages = {
	"method-set-up": "a method was set up",
	"method-replaced": "a method was replaced",
	"method-turned-off": "a method was turned off",
	"method-blocked": "a method takes no codes any more",
	"recovery-code-used": "the Recovery Code was used",
	"recovery-code-renewed": "a new Recovery Code was made",
	"password-set": "the first password was set",
	"password-changed": "the password was changed",
	"somebody-has-your-password": "somebody has your password",
	"password-link": "a link to set a new password",
	invitation: "an invitation",
	deactivated: "the profile was deactivated",
	reactivated: "the profile was reactivated",
	"staff-changed": "a change among the staff",
	"text-messages-stopped": "text messages have stopped for now",
	"temporary-code-given": "a temporary code was given",
	"second-step-reset": "2-Step Verification was turned off",
	"signed-out-by-colleague": "a colleague chose Sign out everywhere",
	"profile-edited": "a profile was edited",
	"email-confirmation": "confirm your new email",
	"email-change-asked": "a change of the email address was asked for",
	"email-change-cancelled": "a change of the email address was cancelled",
	"email-changed": "the email was changed",
	"mobile-changed": "the mobile number was changed",
	"new-browser": "a sign-in from a new browser",
	"not-me": "“This wasn't me” was chosen",
	"support-unlocked": "waits were cleared",
	"emailed-code": "a code to sign in",
	"enforcement-changed": "the rule about 2-Step Verification was changed",
	"automatic-sign-out-changed": "Automatic Sign Out was changed",
	"set-up-required": "2-Step Verification will be required",
	"set-up-reminder": "set up 2-Step Verification",
	test: "a test",
	"sign-in-code": "a code to sign in",
	"set-up-code": "a code to set up text messages",
	"asking-again-code": "a code to go on",
};

type Message = ToldEvent<{ messageKind: string; channel: "email" | "text" }>;

function message({ detail, about }: Message) {
	const { messageKind, channel } = detail;
	const says = Object.hasOwn(messages, messageKind)
		? messages[messageKind as keyof typeof messages]
		: messageKind;
	const what = channel === "email" ? "An email" : "A text message";
	return { what: about === undefined ? what : `${what} about ${about}`, says };
}

/** What happened, in one sentence for each kind of event. */
const events = {
	"clinic-created": ({ by }: Told) => `${by} made this clinic`,
	"staff-invited": (told: ToldEvent<{ access: keyof typeof access }>) =>
		`${told.by} invited ${somebody(told)} (access level: ${told.detail.access === "full" ? "Full Access" : "Limited"})`,
	"staff-deactivated": (told: Told) => `${told.by} deactivated ${somebody(told)}`,
	"staff-reactivated": (told: Told) => `${told.by} reactivated ${somebody(told)}`,
	"password-link-sent": (told: ToldEvent<{ linkKind: "invitation" | "reset" }>) =>
		told.detail.linkKind === "invitation"
			? `${somebody(told)} was invited by email, with a link to set a password`
			: `${somebody(told)} was emailed a link to set a new password`,
	"password-set": (told: ToldEvent<{ how: "link" | "change"; isFirst?: boolean }>) => {
		if (told.detail.how === "change") return `${somebody(told)} changed the password`;
		return `${somebody(told)} set ${told.detail.isFirst ? "the first" : "a new"} password by an emailed link`;
	},
	"password-reset-asked": (told: Told) => `“Forgot your password?” was asked for ${known(told)}`,
	"password-reset-waits": (told: ToldEvent<{ until: number; by?: "network" }>) =>
		told.detail.by === "network"
			? `“Forgot your password?” was asked too often from one network: no link is sent to it ${until(told)}`
			: `“Forgot your password?” was asked too often for ${known(told)}: no link is sent ${until(told)}`,
	// Whoever did it is known only inside a session, where the password is asked again.
	"password-refused": (told: Told) =>
		told.whom === told.by
			? `${told.by} was asked for the password again and entered a wrong one`
			: `A wrong password was entered for ${known(told)}`,
	"password-waits": (told: Waits) => waits("wrong passwords", told),
	"password-only-known-browsers": (told: ToldEvent<{ why: "wrong-passwords" | "wrong-codes" }>) =>
		`${owner(told)} password works only in browsers known from before, until a new one is set: there were too many wrong ${told.detail.why === "wrong-codes" ? "codes" : "passwords"}`,
	"sign-in-started": (told: Told) => `${owner(told)} password was entered; a code was asked for next`,
	"sign-ins-used-up": (told: Told) =>
		`${owner(told)} password was entered 60 times within an hour without a code after it: for a while it is accepted only in browsers known from before`,
	"second-step-refused": (told: ToldEvent<{ method: Method; clock?: Clock }>) =>
		`A wrong ${codes[told.detail.method]} was entered for ${somebody(told)}${clockOf(told.detail.clock)}`,
	"second-step-waits": (told: Waits) => waits("wrong codes", told),
	"method-blocked": (told: ToldEvent<{ method: Method }>) =>
		`${owner(told)} ${methods[told.detail.method]} takes no codes until it is replaced: 100 in a row were wrong`,
	"signed-in": (told: ToldEvent<{ by: keyof typeof signedInBy }>) =>
		`${somebody(told)} signed in with ${signedInBy[told.detail.by]}`,
	"signed-out": (told: Told) => `${somebody(told)} signed out`,
	"sessions-ended": (told: ToldEvent<{ count: number; why: keyof typeof sessionsEnded }>) =>
		`${somebody(told)} was signed out in ${count(told.detail.count, "place")}: ${sessionsEnded[told.detail.why]}`,
	"method-set-up": (told: ToldEvent<{ method: Method; replaced: boolean }>) =>
		`${somebody(told)} ${told.detail.replaced ? "replaced" : "set up"} ${methods[told.detail.method]}`,
	"method-turned-off": (told: ToldEvent<{ method: Method }>) =>
		`${told.by} turned off ${whose(told)} ${methods[told.detail.method]}`,
	"default-changed": (told: ToldEvent<{ method: Method }>) =>
		`${somebody(told)} is now asked for ${methods[told.detail.method]} first`,
	"browser-trusted": (told: Waits) =>
		`${somebody(told)} trusted this browser to skip 2-Step Verification ${until(told)}`,
	"trust-ended": (told: ToldEvent<{ count?: number; why: keyof typeof trustEnded }>) => {
		const { count: many, why } = told.detail;
		if (told.whom === undefined) return `No browser of this clinic is trusted any more: ${trustEnded[why]}`;
		const browsers =
			many === undefined ? "Trusted browsers" : many === 1 ? "A trusted browser" : `${many} trusted browsers`;
		return `${browsers} of ${told.whom} no longer ${many === 1 ? "skips" : "skip"} 2-Step Verification: ${trustEnded[why]}`;
	},
	"emailed-code-sent": (told: Told) => `A code to sign in was emailed to ${somebody(told)}`,
	"emailed-code-used": (told: Told) => `${owner(told)} emailed code was entered`,
	"emailed-code-refused": (told: Told) => `A wrong emailed code was entered for ${somebody(told)}`,
	"emailed-code-waits": (told: Waits) =>
		`Too many emailed codes for ${somebody(told)}: none is sent or accepted ${until(told)}`,
	"set-up-declined": (told: Told) =>
		`${somebody(told)} chose “Not now” when asked to set up 2-Step Verification`,
	"asked-again-passed": (told: ToldEvent<{ by: Proof }>) =>
		`${somebody(told)} was asked again and entered the right ${codes[told.detail.by]}`,
	"enforcement-changed": (told: ToldEvent<{ from: Ruled; to: Ruled }>) =>
		`${told.by} changed the rule about 2-Step Verification. Now: ${rule(told.detail.to)}. Before: ${rule(told.detail.from)}`,
	"automatic-sign-out-changed": (told: ToldEvent<{ fromMs: number; toMs: number }>) =>
		`${told.by} changed Automatic Sign Out from ${inactivity(told.detail.fromMs)} to ${inactivity(told.detail.toMs)} of inactivity`,
	"staff-reminded": (told: ToldEvent<{ mailing?: Mailing }>) =>
		told.detail.mailing
			? `${mailings[told.detail.mailing]} is on its way to ${somebody(told)}`
			: `${told.by} reminded ${somebody(told)} to set up 2-Step Verification`,
	"mailing-finished": (told: ToldEvent<{ mailing: Mailing; count: number }>) =>
		`${mailings[told.detail.mailing]} went to ${told.detail.count === 1 ? "1 person" : `${told.detail.count} people`}`,
	"security-report-made": (told: ToldEvent<{ as: "pdf" | "csv" }>) =>
		told.detail.as === "pdf"
			? `${told.by} made the report for an auditor or insurer`
			: `${told.by} downloaded the list of who has 2-Step Verification on`,
	"staff-edited": (
		told: ToldEvent<{
			changed: readonly (keyof typeof edited)[];
			name?: Changed;
			mobile?: Changed;
			access?: keyof typeof access;
		}>,
	) => {
		const { changed, name, mobile, access: level } = told.detail;
		const parts = list(changed.map((part) => edited[part]));
		const now = level ? `, who has ${access[level]} now` : "";
		const each = [name && `name ${fromTo(name)}`, mobile && `mobile number ${fromTo(mobile)}`];
		const said = each.filter((part) => part !== undefined).join("; ");
		return `${told.by} edited the ${parts} of ${somebody(told)}${now}${said && `: ${said}`}`;
	},
	"temporary-code-given": (told: ToldEvent<{ until: number; how: keyof typeof given }>) =>
		`${told.by} gave ${somebody(told)} a temporary code, to be told ${given[told.detail.how]}, that works ${until(told)}`,
	"temporary-code-ended": (told: ToldEvent<{ why: keyof typeof temporaryCodeEnded }>) =>
		`${owner(told)} temporary code ended unused: ${temporaryCodeEnded[told.detail.why]}`,
	"temporary-code-used": (told: Told) => `${owner(told)} temporary code was entered`,
	"temporary-code-refused": (told: Told) => `A wrong temporary code was entered for ${somebody(told)}`,
	"temporary-code-waits": (told: Waits) => waits("wrong temporary codes", told),
	"second-step-reset": (told: ToldEvent<{ reason: string; ticket?: string; methods: readonly Method[] }>) => {
		const were = list(told.detail.methods.map((method) => methods[method]));
		return `${told.by} turned off 2-Step Verification for ${somebody(told)}${were && `: ${were}`}${because(told.detail)}`;
	},
	"waits-cleared": (told: ToldEvent<{ reason: string; ticket?: string }>) =>
		`${told.by} cleared the waits of ${somebody(told)}${because(told.detail)}`,
	"email-change-asked": (told: Told) =>
		`${told.by} changed ${whose(told)} email; it waits until the new address confirms it`,
	"email-changed": (told: ToldEvent<Partial<Changed>>) =>
		`${owner(told)} new email was confirmed and is in force${changedTo(told.detail)}`,
	"email-change-ended": (told: ToldEvent<{ why: keyof typeof emailChangeEnded }>) =>
		`The change of ${owner(told)} email ended before it was confirmed: ${emailChangeEnded[told.detail.why]}`,
	"mobile-changed": (told: ToldEvent<Partial<Changed>>) =>
		`${told.by} changed ${whose(told)} mobile number${changedTo(told.detail)}`,
	"not-me": (told: ToldEvent<{ since: number; undone: readonly (keyof typeof undone)[] }>) => {
		const since = `${englishDate(told.detail.since, told.timeZone)}, ${englishTime(told.detail.since, told.timeZone)}`;
		const what =
			told.detail.undone.length === 0 ? "nothing" : list(told.detail.undone.map((one) => undone[one]));
		return `“This wasn't me” was chosen for ${somebody(told)}, and a new password is needed. Undone of what was changed since ${since}: ${what}`;
	},
	"activity-exported": (told: ToldEvent<{ as: "csv" | "jsonl"; whose: "clinic" | "own" }>) =>
		`${told.by} downloaded ${told.detail.whose === "own" ? "their own activity" : "the clinic's activity"} as ${told.detail.as === "csv" ? "CSV" : "JSON"}`,
	"activity-retained": (told: ToldEvent<{ upTo: number }>) =>
		`Activity up to event ${told.detail.upTo} was old enough and was taken away`,
	"recovery-code-made": (told: Told) => `A Recovery Code was made for ${somebody(told)}`,
	"recovery-code-saved": (told: Told) => `${somebody(told)} saved the Recovery Code`,
	"recovery-code-used": (told: Told) => `${owner(told)} Recovery Code was used`,
	"recovery-code-refused": (told: Told) => `A wrong Recovery Code was entered for ${somebody(told)}`,
	"recovery-code-waits": (told: Waits) => waits("wrong Recovery Codes", told),
	"asked-again-refused": (told: ToldEvent<{ asked: Proof; clock?: Clock }>) =>
		`${somebody(told)} was asked again and entered a wrong ${codes[told.detail.asked]}${clockOf(told.detail.clock)}`,
	"text-message-waits": (told: ToldEvent<{ by: keyof typeof textLimits; until: number }>) =>
		`A text message to ${somebody(told)} was not sent: ${textLimits[told.detail.by]}. None is sent ${until(told)}`,
	"text-messages-stopped": (told: ToldEvent<{ by: "clinic" | "ceiling"; until: number }>) =>
		`No text messages are sent ${until(told)}: ${textLimits[told.detail.by]}`,
	"message-sent": (told: Message) => {
		const { what, says } = message(told);
		return `${what} was sent to ${somebody(told)}: ${says}`;
	},
	"message-dead": (told: Message) => {
		const { what, says } = message(told);
		return `${what} to ${somebody(told)} could not be sent: ${says}`;
	},
	"keys-rotated": ({ detail }: ToldEvent<{ keyId: string }>) =>
		`The people who run this server put a new key in use: ${detail.keyId}`,
};

/** The pages of activity. */
export const englishActivity = {
	events,
	messages,
	title: "Activity",
	lead: (zone: string) =>
		`Who signed in, how and from where, who helped whom, and who changed what. Newest first; times are ${zone}.`,
	ownLead: (zone: string) => `What happened with your profile, newest first. Times are ${zone}.`,
	ownAlarm: "Something here that wasn't you?",
	changePassword: "Change your password",
	seeSessions: "then look at where you are signed in",
	person: "Person",
	everybody: "Everybody",
	deactivated: (name: string) => `${name} (deactivated)`,
	personHint: "Their email, whole. Leave it empty for everybody.",
	kind: "What happened",
	butMessages: "Everything but messages",
	everything: "Everything",
	groups: {
		"sign-ins": "Sign-ins",
		failures: "What failed",
		changes: "Set-ups and changes",
		help: "Resets and help",
		messages: "Messages",
		settings: "Settings and reports",
	},
	from: "From",
	to: "To",
	show: "Show",
	clear: "Clear filters",
	noSuchPerson: "Nobody here has that email. Check how it is written, or leave it empty.",
	noSuchDay: "Enter a day from 2000 on, as year, month and day: 2026-12-07.",
	toBeforeFrom: "This day is before the first one. Enter the same day or a later one.",
	none: "Nothing has happened yet.",
	noneFound: "Nothing fits what you chose. Choose other days, or another choice under What happened.",
	by: (name: string) => `By ${name}`,
	operator: "The people who run this server",
	vestibule: "Vestibule",
	nobody: "Somebody in a browser that was not signed in",
	gone: "Somebody no longer here",
	thisNetwork: "this network",
	anotherNetwork: "another network",
	unknownBrowser: "unknown browser",
	details: "Details",
	eventNumber: "Event",
	moment: "Time",
	concerns: "Whom it concerns",
	doneBy: "Done by",
	browser: "Browser",
	address: "IP address",
	notKnown: (kind: string) => `Something was recorded that cannot be read: ${kind}`,
	begins: (number: number) => `Earlier activity, up to event ${number}, was old enough and was taken away.`,
	pages: "Pages of activity",
	newer: "Newer",
	older: "Older",
	toNewest: "Go to the newest",
	keepTitle: "Download",
	keepWhat:
		"All of it, messages too, or what you chose above, with names and emails: keep it where only those who need it can read it. Whoever runs this server can check that nothing was changed or removed.",
	ownKeepWhat: "Everything that is kept about your profile here, messages too, or what you chose above.",
	downloadCsv: "Download as CSV",
	downloadJson: "Download as JSON",
};
