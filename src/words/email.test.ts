import { expect, test } from "vitest";
import { type EmailNews, englishEmail } from "./email.ts";
import { en } from "./en.ts";

const { emails } = en;

const NEWS: EmailNews = {
	clinicName: "Harbour Physio",
	personName: "Łukasz Żak",
	when: Date.UTC(2026, 5, 8, 21, 5),
	timeZone: "America/Toronto",
	where: { browserName: "Safari on iPhone", address: "203.0.113.9" },
};
const METHOD = { ...NEWS, methodName: "Authenticator App" };
const LINK = { ...NEWS, url: "https://sign-in.harbour.example/forgot-password/set/a-token" };
const CHANGE = { ...NEWS, newEmail: "new@mail.example", earlierEmail: "earlier@mail.example" };

const securityEmails = {
	methodSetUp: emails.methodSetUp(METHOD),
	methodReplaced: emails.methodReplaced(METHOD),
	methodTurnedOff: emails.methodTurnedOff(METHOD),
	methodBlocked: emails.methodBlocked(METHOD),
	recoveryCodeUsed: emails.recoveryCodeUsed(NEWS),
	recoveryCodeRenewed: emails.recoveryCodeRenewed(NEWS),
	passwordSet: emails.passwordSet(NEWS),
	passwordChanged: emails.passwordChanged(NEWS),
	somebodyHasYourPassword: emails.somebodyHasYourPassword(NEWS),
	emailChanged: emails.emailChanged({ ...CHANGE, askedBy: undefined }),
	mobileChanged: emails.mobileChanged({ ...NEWS, mobile: "+1 604 555 0101", toCall: undefined }),
};

test.each(Object.entries(securityEmails))(
	"%s says when and from where, and what to do if it was somebody else",
	(_, { paragraphs }) => {
		const text = paragraphs.join("\n");
		expect(text).toContain(
			"Mon 8 Jun 2026, 5:05 pm Toronto time, with Safari on iPhone, from the address 203.0.113.9.",
		);
		expect(text).toContain("choose Forgot your password?");
		expect(text).toContain("tell a Full Access user at Harbour Physio");
	},
);

test.each(
	Object.entries({
		...securityEmails,
		passwordLink: emails.passwordLink(LINK),
		invitation: emails.invitation({ ...LINK, invitedBy: undefined }),
		confirmEmail: emails.confirmEmail({ ...LINK, askedBy: "Avery Chen" }),
		emailAlreadyYours: emails.emailAlreadyYours(NEWS),
		emailNoLongerYours: emails.emailNoLongerYours({ ...NEWS, askedBy: "Avery Chen" }),
		emailIsYours: emails.emailIsYours({ ...CHANGE, isKnown: true }),
	}),
)("%s greets by name, and its subject and its end name the clinic", (_, { subject, paragraphs }) => {
	expect(subject).toMatch(/ – Harbour Physio$/);
	expect(paragraphs[0]).toBe("Hello Łukasz Żak,");
	expect(paragraphs.at(-1)).toContain("This is about your staff profile at Harbour Physio.");
});

test("a link stands in its button only, and its email says how long and how often it works", () => {
	const forgotten = emails.passwordLink(LINK);
	expect(forgotten.action).toEqual({ label: "Choose a new password", url: LINK.url });
	expect(forgotten.paragraphs.join()).toContain("works once, for 1 hour");
	const invited = emails.invitation({ ...LINK, invitedBy: undefined });
	expect(invited.action).toEqual({ label: "Set your password", url: LINK.url });
	expect(invited.paragraphs.join()).toContain("works once, for 7 days");
	for (const { paragraphs } of [forgotten, invited]) expect(paragraphs.join()).not.toContain("http");
});

test("a browser without a name and a time zone without a city read as sentences, too", () => {
	const where = { browserName: "", address: "2001:db8::1" };
	const { paragraphs } = emails.passwordChanged({ ...NEWS, timeZone: "UTC", where });
	expect(paragraphs).toContain(
		"It happened on Mon 8 Jun 2026, 9:05 pm UTC, with a browser that did not say its name, from the address 2001:db8::1.",
	);
	const inIndiana = emails.passwordChanged({ ...NEWS, timeZone: "America/Indiana/Tell_City" });
	expect(inIndiana.paragraphs.join()).toContain("4:05 pm Tell City time,");
});

test.each(["clinic", "ceiling"] as const)(
	"that a clinic has had its text messages (%s) says since when, until when, what works and whom to ask",
	(by) => {
		const stopped = { ...NEWS, by, until: NEWS.when + 3_600_000, supportEmail: "privacy@vestibule.example" };
		const { subject, paragraphs } = emails.textMessagesStopped(stopped);
		expect(subject).toBe("No more text messages for now – Harbour Physio");
		const text = paragraphs.join("\n");
		expect(text).toContain("Mon 8 Jun 2026, 5:05 pm Toronto time");
		expect(text).toContain("The next one can go on Mon 8 Jun 2026, 6:05 pm Toronto time");
		expect(text).toContain("a Recovery Code");
		expect(text).toContain("write to privacy@vestibule.example");
		expect(text.includes("In a browser they have used before")).toBe(by === "clinic");
	},
);

test("who was reset by the operator is told that the code comes from there, and who was reset by a colleague from the clinic", () => {
	const reset = { ...NEWS, reason: "Phone stolen" };
	const by = { name: "Avery Chen", where: NEWS.where };
	expect(emails.secondStepReset(reset).paragraphs.join()).toContain(
		"a temporary code that the people who run this server tell you.",
	);
	expect(emails.secondStepReset({ ...reset, by }).paragraphs.join()).toContain(
		"a temporary code that a Full Access user tells you.",
	);
});

test("every time in what Full Access users read of “This wasn't me” is the clinic's", () => {
	const colleague = { name: "Casey Singh", email: "casey@harbour.example" };
	const { paragraphs } = emails.colleagueNotMe({
		...NEWS,
		colleague,
		toCall: null,
		since: NEWS.when - 3_600_000,
		undone: [],
		others: { names: [], areMore: false },
		supportEmail: "privacy@vestibule.example",
	});
	expect(paragraphs[1]).toContain("what happened on Mon 8 Jun 2026, 4:05 pm Toronto time, Casey Singh");
});

test("the address that is new is told what to do where it was somebody else who confirmed it", () => {
	for (const isKnown of [true, false]) {
		const { paragraphs } = emails.emailIsYours({ ...CHANGE, isKnown });
		expect(paragraphs).toContain("If this wasn't you, tell a Full Access user at Harbour Physio.");
	}
});

test("an email keeps its language for screen readers", () => {
	expect(englishEmail(NEWS, { subject: "", paragraphs: [] }).language).toBe("en");
});
