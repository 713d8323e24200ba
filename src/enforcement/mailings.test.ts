import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { type App, startApp } from "../../test/harness/app.ts";
import type { Authenticator } from "../../test/harness/authenticator.ts";
import { newBrowser } from "../../test/harness/browser.ts";
import { deactivate as deactivateByOperator, reactivate } from "../../test/harness/by-operator.ts";
import {
	avery,
	blake,
	casey,
	devon,
	setUpAuthenticatorApp,
	signIn,
	signInWithCode,
} from "../../test/harness/people.ts";
import { findClinic } from "../clinics/store.ts";
import { days, minutes, seconds } from "../clock.ts";
import { Keyring } from "../crypto/keyring.ts";
import { newId } from "../db/ids.ts";
import type { MailingKind } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import { DEMO_PASSWORD } from "../demo/demo-clinic.ts";
import { paths } from "../paths.ts";
import { NEW_PROFILE } from "../profiles/profile.ts";
import { insertProfile, lockProfile } from "../profiles/store.ts";
import { sendNextBatch } from "./send-mailings.ts";
import { insertMailing } from "./store.ts";

const KEYS = Keyring.newKey("test");
const FROM_TOMORROW = "2-Step Verification is required from tomorrow – Harbour Physio";
const IN_A_WEEK = "2-Step Verification is required in 7 days – Harbour Physio";
const FROM_TODAY = "2-Step Verification is required from today – Harbour Physio";
const EMERY = "emery@harbour.example";
const FINLEY = "finley@harbour.example";

test.each([
	{
		zone: "America/Los_Angeles",
		server: "UTC",
		// The clocks go forward on 14 March.
		savedAt: "2027-03-05T18:00:00Z",
		day: "2027-03-15",
		at: ["2027-03-08T17:00:00Z", "2027-03-14T16:00:00Z", "2027-03-15T16:00:00Z"],
		announced: "Set up 2-Step Verification by Mon 15 Mar 2027 – Harbour Physio",
	},
	{
		zone: "Pacific/Auckland",
		server: "UTC",
		// The clocks go back on 4 April. In UTC it is the day before.
		savedAt: "2027-03-19T21:00:00Z",
		day: "2027-04-05",
		at: ["2027-03-28T20:00:00Z", "2027-04-03T21:00:00Z", "2027-04-04T21:00:00Z"],
		announced: "Set up 2-Step Verification by Mon 5 Apr 2027 – Harbour Physio",
	},
	{
		zone: "America/Toronto",
		server: "Pacific/Auckland",
		// The clocks go back on 7 November.
		savedAt: "2027-10-20T12:00:00Z",
		day: "2027-11-08",
		at: ["2027-11-01T13:00:00Z", "2027-11-07T14:00:00Z", "2027-11-08T14:00:00Z"],
		announced: "Set up 2-Step Verification by Mon 8 Nov 2027 – Harbour Physio",
	},
])(
	"at a clinic in $zone whose server runs in $server, everybody without a method hears at once, and again at nine in the morning there, 7 days before, the day before and on the day",
	async ({ zone, server, savedAt, day, at, announced }) => {
		await using _ = serverIn(server);
		await using app = await startApp();
		await app.database.backdoor.updateTable("clinics").set({ time_zone: zone }).execute();
		app.clock.at(Date.parse(savedAt));
		const authenticator = await setUp(app, avery);
		await require(app, authenticator, day);

		const expected = [announced];
		expect(await subjectsTo(app, casey)).toEqual(expected);
		for (const [index, subject] of [IN_A_WEEK, FROM_TOMORROW, FROM_TODAY].entries()) {
			const due = Date.parse(at[index] ?? "");
			app.clock.at(due - seconds(10));
			expect(await subjectsTo(app, casey)).toEqual(expected);
			app.clock.at(due);
			expected.push(subject);
			expect(await subjectsTo(app, casey)).toEqual(expected);
		}
		app.clock.forward(days(30));
		for (const person of [blake, casey, devon, EMERY, FINLEY]) {
			expect(await subjectsTo(app, person)).toEqual(expected);
		}
		expect(await subjectsTo(app, avery)).toEqual([]);
		expect(await eventsOf(app, "mailing-finished")).toEqual(
			["announcement", "week-before", "day-before", "on-the-day"].map((mailing) => ({ mailing, count: 5 })),
		);
		expect(await eventsOf(app, "staff-reminded")).toHaveLength(20);
	},
);

test("the emails say from when, how long it takes, what it needs and whom to ask, and lead to the set-up", async () => {
	await using app = await startClinic();
	const authenticator = await setUp(app, avery);
	await require(app, authenticator, "2026-12-21");
	const announcement = await app.inbox.latest(casey);
	expect(announcement.text).toContain("Hello Casey Singh,");
	expect(announcement.text).toContain("From Mon 21 Dec 2026 Harbour Physio requires 2-Step Verification");
	expect(announcement.text).toContain("It takes two minutes. You need your password and your phone");
	expect(announcement.text).toContain("authenticator app shows you the codes, or we text them");
	expect(announcement.text).toContain("ask a Full Access user at Harbour Physio");
	expect(announcement.links).toEqual([app.url.origin + paths.twoStep]);

	app.clock.at(Date.parse("2026-12-14T17:00:00Z"));
	expect((await app.inbox.latest(casey)).text).toContain(
		"In 7 days, from Mon 21 Dec 2026, you need 2-Step Verification to sign in at Harbour Physio.",
	);
	app.clock.at(Date.parse("2026-12-20T17:00:00Z"));
	expect((await app.inbox.latest(casey)).text).toContain("From tomorrow, Mon 21 Dec 2026, you need");
	app.clock.at(Date.parse("2026-12-21T17:00:00Z"));
	const lastOne = await app.inbox.latest(casey);
	expect(lastOne.text).toContain("From today, Mon 21 Dec 2026, you need");
	expect(lastOne.text).toContain("You are asked to set it up the next time you sign in.");
	expect(lastOne.links).toEqual([app.url.origin + paths.twoStep]);
});

test("where texts are not allowed, the emails name the app alone", async () => {
	await using app = await startClinic();
	const authenticator = await setUp(app, avery);
	await require(app, authenticator, "2026-12-21", { "Allow text messages": false });
	const { text } = await app.inbox.latest(casey);
	expect(text).toContain("A free authenticator app shows you the codes.");
	expect(text).not.toMatch(/\btexts?\b/);
});

test("who requires it from today announces that, and no more; from tomorrow, also on the day", async () => {
	await using app = await startClinic();
	const authenticator = await setUp(app, avery);
	await require(app, authenticator, "2026-12-07");
	const today = "Set up 2-Step Verification – Harbour Physio";
	expect(await subjectsTo(app, casey)).toEqual([today]);
	expect((await app.inbox.latest(casey)).text).toContain("Harbour Physio now requires 2-Step Verification");

	await require(app, authenticator, "2026-12-08");
	expect(await subjectsTo(app, casey)).toHaveLength(2);
	app.clock.at(Date.parse("2026-12-08T17:00:00Z"));
	expect(await subjectsTo(app, casey)).toHaveLength(3);
	app.clock.forward(days(30));
	const tomorrow = "New date: set up 2-Step Verification by Tue 8 Dec 2026 – Harbour Physio";
	expect(await subjectsTo(app, casey)).toEqual([today, tomorrow, FROM_TODAY]);
});

test("who sets it up hears no more, who is invited hears what is still to come, who is deactivated hears nothing", async () => {
	await using app = await startClinic();
	const authenticator = await setUp(app, avery);
	await deactivate(app, FINLEY);
	await require(app, authenticator, "2026-12-21");
	expect(await subjectsTo(app, casey)).toHaveLength(1);
	await setUp(app, casey);
	await deactivate(app, devon);
	await hire(app, ["gale@harbour.example"]);
	app.clock.at(Date.parse("2026-12-14T17:00:00Z"));
	expect(await subjectsTo(app, EMERY)).toContain(IN_A_WEEK);
	await setUp(app, blake);
	for (const at of ["2026-12-20T17:00:00Z", "2026-12-21T17:00:00Z", "2027-01-20T17:00:00Z"]) {
		app.clock.at(Date.parse(at));
		await app.drain();
	}

	const announced = "Set up 2-Step Verification by Mon 21 Dec 2026 – Harbour Physio";
	expect(await subjectsTo(app, casey)).toEqual([announced]);
	expect(await subjectsTo(app, devon)).toEqual([announced]);
	expect(await subjectsTo(app, blake)).toEqual([announced, IN_A_WEEK]);
	expect(await subjectsTo(app, EMERY)).toEqual([announced, IN_A_WEEK, FROM_TOMORROW, FROM_TODAY]);
	expect(await subjectsTo(app, "gale@harbour.example")).toEqual([IN_A_WEEK, FROM_TOMORROW, FROM_TODAY]);
	expect(await subjectsTo(app, FINLEY)).toEqual([]);
});

test("a date that is moved is announced again, and reminders go before the new one only", async () => {
	await using app = await startClinic();
	const authenticator = await setUp(app, avery);
	await require(app, authenticator, "2026-12-21");
	app.clock.at(Date.parse("2026-12-14T17:00:00Z"));
	expect(await subjectsTo(app, casey)).toHaveLength(2);
	await require(app, authenticator, "2026-12-28");
	expect((await subjectsTo(app, casey)).at(-1)).toBe(
		"New date: set up 2-Step Verification by Mon 28 Dec 2026 – Harbour Physio",
	);
	const { text, html } = await app.inbox.latest(casey);
	for (const part of [text, html]) {
		expect(part).toContain(
			"The date for 2-Step Verification has changed from Mon 21 Dec 2026 to Mon 28 Dec 2026.",
		);
		expect(part).toContain("From Mon 28 Dec 2026 Harbour Physio requires 2-Step Verification");
	}
	for (const [at, count] of [
		["2026-12-21T16:59:00Z", 3],
		["2026-12-21T17:00:00Z", 4],
		["2026-12-27T16:59:00Z", 4],
		["2026-12-27T17:00:00Z", 5],
		["2026-12-28T17:00:00Z", 6],
		["2027-01-28T17:00:00Z", 6],
	] as const) {
		app.clock.at(Date.parse(at));
		expect(await subjectsTo(app, casey)).toHaveLength(count);
	}
});

test("a date that is moved to today says so, and a date that is moved again and again says the one that each person was told last", async () => {
	await using app = await startClinic();
	const authenticator = await setUp(app, avery);
	await require(app, authenticator, "2026-12-21");
	await hire(app, ["gale@harbour.example"]);
	await require(app, authenticator, "2026-12-28");
	const gales = await app.inbox.latest("gale@harbour.example");
	expect(gales.subject).toBe("Set up 2-Step Verification by Mon 28 Dec 2026 – Harbour Physio");
	expect(gales.text).not.toContain("has changed");
	await require(app, authenticator, "2026-12-07");
	for (const person of [casey, "gale@harbour.example"]) {
		const { subject, text } = await app.inbox.latest(person);
		expect(subject).toBe("New date: set up 2-Step Verification – Harbour Physio");
		expect(text).toContain("has changed from Mon 28 Dec 2026 to Mon 7 Dec 2026.");
		expect(text).toContain("Harbour Physio now requires 2-Step Verification from everybody");
	}
});

test("once it is required no more, nobody is reminded of it", async () => {
	await using app = await startClinic();
	const authenticator = await setUp(app, avery);
	await require(app, authenticator, "2026-12-21");
	expect(await subjectsTo(app, casey)).toHaveLength(1);
	await require(app, authenticator, undefined);
	app.clock.forward(days(30));
	expect(await subjectsTo(app, casey)).toHaveLength(1);
});

test("a date that is moved away and back again is reminded of once", async () => {
	await using app = await startClinic();
	const authenticator = await setUp(app, avery);
	for (const day of ["2026-12-21", "2026-12-28", "2026-12-21"]) await require(app, authenticator, day);
	app.clock.at(Date.parse("2026-12-14T17:00:00Z"));
	expect((await subjectsTo(app, casey)).slice(3)).toEqual([IN_A_WEEK]);
});

test("a reminder of a day that does not hold any more is not sent, whoever changed it", async () => {
	await using app = await startClinic();
	const { backdoor } = app.database;
	const authenticator = await setUp(app, avery);
	for (const changed of ["2026-12-22", null]) {
		await require(app, authenticator, "2026-12-21");
		await app.inbox.clear();
		await backdoor.updateTable("clinics").set({ required_from_on: changed }).execute();
		await backdoor
			.updateTable("mailings")
			.set({ due_at: app.clock.now() })
			.where("ended_at", "is", null)
			.execute();
		expect(await subjectsTo(app, casey)).toEqual([]);
		const open = backdoor.selectFrom("mailings").selectAll().where("ended_at", "is", null);
		expect(await open.execute()).toEqual([]);
	}
});

test("after days without a server only the reminder that is still true is sent, and it counts the days that are left", async () => {
	await using app = await startClinic();
	const authenticator = await setUp(app, avery);
	await require(app, authenticator, "2026-12-21");
	expect(await subjectsTo(app, casey)).toHaveLength(1);
	await hire(app, ["gale@harbour.example"]);
	app.clock.at(Date.parse("2026-12-16T20:00:00Z"));
	expect(await subjectsTo(app, "gale@harbour.example")).toEqual([
		"2-Step Verification is required in 5 days – Harbour Physio",
	]);
	app.clock.at(Date.parse("2026-12-21T20:00:00Z"));
	expect((await subjectsTo(app, "gale@harbour.example")).slice(1)).toEqual([FROM_TODAY]);
});

test("a reminder that says tomorrow is not delivered tomorrow", async () => {
	await using app = await startClinic();
	const authenticator = await setUp(app, avery);
	await require(app, authenticator, "2026-12-21");
	await app.inbox.clear();
	app.inbox.server.answerRecipient({ code: 451, text: "Later" });
	app.clock.at(Date.parse("2026-12-20T17:00:00Z"));
	expect(await subjectsTo(app, casey)).toEqual([]);
	app.clock.at(Date.parse("2026-12-21T08:00:00Z"));
	app.inbox.server.answerRecipient(undefined);
	expect(await subjectsTo(app, casey)).toEqual([]);
	app.clock.at(Date.parse("2026-12-21T17:00:00Z"));
	expect(await subjectsTo(app, casey)).toEqual([FROM_TODAY]);
});

test("while no email can be sent the date is moved, it is turned off, and somebody leaves: what was true before is not sent", async () => {
	await using app = await startClinic();
	const authenticator = await setUp(app, avery);
	app.inbox.server.answerRecipient({ code: 451, text: "Later" });
	await require(app, authenticator, "2026-12-21");
	await require(app, authenticator, "2026-12-22");
	await deactivateByOperator(app, devon);
	app.inbox.server.answerRecipient(undefined);
	app.clock.forward(minutes(40));
	const moved = ["New date: set up 2-Step Verification by Tue 22 Dec 2026 – Harbour Physio"];
	for (const person of [blake, casey, EMERY, FINLEY]) expect(await subjectsTo(app, person)).toEqual(moved);
	expect(await subjectsTo(app, devon)).toEqual([]);
	// Back again, Devon hears of what is still to come.
	await reactivate(app, devon);

	app.inbox.server.answerRecipient({ code: 451, text: "Later" });
	await plan(app, "by-hand");
	await app.drain();
	await require(app, authenticator, undefined);
	app.inbox.server.answerRecipient(undefined);
	app.clock.forward(minutes(40));
	for (const person of [blake, casey, EMERY, FINLEY]) expect(await subjectsTo(app, person)).toEqual(moved);
	expect(await subjectsTo(app, devon)).toEqual([]);
});

test("however often the date is moved, nobody hears of it more than 3 times an hour, and everybody of the last one; reminders by hand do not keep it from them", async () => {
	await using app = await startClinic();
	const authenticator = await setUp(app, avery);
	for (const day of ["21", "22", "23", "24"]) await require(app, authenticator, `2026-12-${day}`);
	expect(await subjectsTo(app, casey)).toHaveLength(3);
	for (let again = 0; again < 4; again++) {
		await plan(app, "by-hand");
		await app.drain();
	}
	expect(await subjectsTo(app, casey)).toHaveLength(6);
	app.clock.forward(minutes(61));
	await app.drain();
	for (const person of [blake, casey, devon, EMERY, FINLEY]) {
		const subjects = await subjectsTo(app, person);
		expect(subjects).toHaveLength(7);
		expect(subjects.at(-1)).toContain("by Thu 24 Dec 2026");
	}
	await require(app, authenticator, "2026-12-28");
	expect((await subjectsTo(app, casey)).at(-1)).toContain("by Mon 28 Dec 2026");
	expect((await eventsOf(app, "mailing-finished")).map(({ count }) => count)).toEqual([
		5, 5, 5, 5, 5, 5, 0, 5, 5,
	]);
});

test("a person whose profile is held by somebody else for a moment is neither forgotten nor reminded twice", async () => {
	await using app = await startClinic();
	const { clinicId } = await clinicOf(app);
	await app.database.backdoor.updateTable("clinics").set({ required_from_on: "2026-12-21" }).execute();
	const { profile_id: held } = await app.database.backdoor
		.selectFrom("profiles")
		.select("profile_id")
		.orderBy("profile_id")
		.offset(2)
		.limit(1)
		.executeTakeFirstOrThrow();
	let letGo = () => {};
	let isHeld = () => {};
	const holding = new Promise<void>((resolve) => (isHeld = resolve));
	const holder = inTransaction(app.db, async (tx) => {
		await lockProfile(tx, clinicId, held);
		isHeld();
		await new Promise<void>((resolve) => (letGo = resolve));
	});
	await holding;
	const batch = plan(app, "by-hand").then(() => sendNextBatch({ ...app.deps }));
	// On SQLite all of it waits; on PostgreSQL it goes as far as it can.
	await Promise.race([batch, wait(500)]);
	letGo();
	await holder;
	await batch;
	for (const person of [avery, blake, casey, devon, EMERY, FINLEY]) {
		expect(await subjectsTo(app, person)).toEqual([
			"Reminder: set up 2-Step Verification by Mon 21 Dec 2026 – Harbour Physio",
		]);
	}
});

test("a batch that fails in the middle emails nobody, and is made whole the next time", async () => {
	await using app = await startApp({ environment: { VESTIBULE_KEYS: KEYS } });
	await app.database.backdoor.updateTable("clinics").set({ required_from_on: "2026-12-21" }).execute();
	const keyring = new (class extends Keyring {
		#seals = 0;
		override seal(...given: Parameters<Keyring["seal"]>) {
			if (++this.#seals === 4) throw new Error("The process is killed here");
			return super.seal(...given);
		}
	})(KEYS);
	// Far ahead, so that the app's own worker leaves it alone until then.
	await plan(app, "by-hand", app.clock.now() + days(1));
	const clock = () => app.clock.now() + days(2);
	const killed = sendNextBatch({ db: app.db, clock, config: { ...app.deps.config, keyring } });
	await expect(killed).rejects.toThrow("The process is killed here");
	expect(await outboxOf(app)).toEqual([]);
	expect(await eventsOf(app, "staff-reminded")).toEqual([]);

	app.clock.forward(days(2));
	for (const person of [avery, blake, casey, devon, EMERY, FINLEY]) {
		expect(await subjectsTo(app, person)).toHaveLength(1);
	}
});

test("two processes at once send two emails to each of 100 people, each exactly once", async () => {
	await using clinic = await clinicOfMany();
	const processes = [clinic.start("sends"), clinic.start("sends")];
	await Promise.all(processes.map(({ isReady }) => isReady));
	for (const { begin } of processes) begin();
	await Promise.all(processes.map(({ hasEnded }) => hasEnded));
	expect(await clinic.emailsAPerson()).toEqual(Array(PEOPLE).fill(2));
	expect(await eventsOf(clinic.app, "mailing-finished")).toMatchObject([
		{ count: PEOPLE },
		{ count: PEOPLE },
	]);
	expect(await eventsOf(clinic.app, "staff-reminded")).toHaveLength(2 * PEOPLE);
});

test("a process that is killed again and again while it emails emails nobody twice and forgets nobody", async () => {
	await using clinic = await clinicOfMany();
	let kills = 0;
	for (let count = 0; count < 2 * PEOPLE; count = await clinic.countEmails()) {
		const doomed = clinic.start("lingers");
		await doomed.isReady;
		doomed.begin();
		while ((await clinic.countEmails()) === count) await wait(1);
		// Somewhere in the middle of what comes next.
		await wait(randomInt(50));
		doomed.kill();
		await doomed.hasEnded;
		kills++;
	}
	expect(kills).toBeGreaterThan(1);
	const last = clinic.start("sends");
	await last.isReady;
	last.begin();
	await last.hasEnded;
	expect(await clinic.emailsAPerson()).toEqual(Array(PEOPLE).fill(2));
	expect(await eventsOf(clinic.app, "mailing-finished")).toMatchObject([
		{ count: PEOPLE },
		{ count: PEOPLE },
	]);
});

/** Harbour Physio in a zone with summer time; it is winter there. */
async function startClinic(): Promise<App> {
	const app = await startApp();
	await app.database.backdoor.updateTable("clinics").set({ time_zone: "America/Los_Angeles" }).execute();
	return app;
}

/** Somebody sets up the authenticator app. */
async function setUp(app: App, email: string): Promise<Authenticator> {
	const browser = newBrowser(app);
	const page = await signIn(browser, email);
	if (page.buttons.includes("Not now")) await page.click("Not now");
	return (await setUpAuthenticatorApp(browser)).authenticator;
}

/** Avery saves the clinic's rule, and reads what there is to read. @param day ISO; none turns the requirement off */
async function require(
	app: App,
	authenticator: Authenticator,
	day: string | undefined,
	more: Record<string, boolean> = {},
): Promise<void> {
	// The code of this step is used.
	app.clock.forward(seconds(30));
	const desk = newBrowser(app);
	await signInWithCode(desk, avery, authenticator);
	const form = await desk.open(paths.enforcement);
	const required = { "Require 2-Step Verification at Harbour Physio": day !== undefined };
	const filled = { ...required, "Effective date": day ?? "", ...more, Password: DEMO_PASSWORD };
	let page = await form.submit(filled, "Save");
	if (page.path.startsWith(paths.confirmEnforcement)) {
		const button = day === undefined ? "Stop requiring it" : "Move the date";
		page = await page.submit({ Password: DEMO_PASSWORD }, button);
	}
	expect(page.text).toContain("Saved.");
	// An email that takes a minute to send is sent again, and one that takes days is given up.
	await app.drain();
}

/** The subjects of what somebody was told of the rule. */
async function subjectsTo(app: App, email: string): Promise<string[]> {
	const emails = await app.inbox.all(email);
	return emails
		.map(({ subject }) => subject)
		.filter((subject) => /[Ss]et up 2-Step Verification|is required/.test(subject));
}

async function eventsOf(app: App, kind: string): Promise<Record<string, unknown>[]> {
	await app.drain();
	const events = await app.database.backdoor
		.selectFrom("activity_events")
		.select("detail")
		.where("kind", "=", kind)
		.orderBy("number")
		.execute();
	return events.map(({ detail }) => JSON.parse(detail));
}

async function clinicOf(app: App) {
	const clinic = await findClinic(app.database.backdoor, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	return clinic;
}

async function deactivate(app: App, email: string): Promise<void> {
	await app.database.backdoor.updateTable("profiles").set({ active: 0 }).where("email", "=", email).execute();
}

async function hire(app: App, emails: string[]): Promise<void> {
	const { clinicId } = await clinicOf(app);
	const now = app.clock.now();
	const alike = { ...NEW_PROFILE, clinicId, name: "Gale Ito", mobile: null, access: "limited" } as const;
	await inTransaction(app.db, async (tx) => {
		for (const email of emails) {
			await insertProfile(tx, { ...alike, profileId: newId(now), email }, now);
		}
	});
}

/** A mailing of the rule as it is. */
async function plan(app: App, kind: MailingKind, dueAt = app.clock.now()): Promise<void> {
	const { clinicId, rule } = await clinicOf(app);
	const mailing = { clinicId, kind, on: rule.requiredFromOn ?? "", dueAt, askedBy: null };
	await inTransaction(app.db, (tx) => insertMailing(tx, { ...mailing, now: app.clock.now() }));
}

/** Whatever zone the server's own clock is set to, the clinic's counts. */
function serverIn(zone: string): Disposable {
	const before = process.env.TZ;
	process.env.TZ = zone;
	return {
		[Symbol.dispose]() {
			if (before === undefined) delete process.env.TZ;
			else process.env.TZ = before;
		},
	};
}

const PEOPLE = 100;

/** A clinic with two emails to all, due at a time that only other processes have reached. */
async function clinicOfMany() {
	const app = await startApp({ environment: { VESTIBULE_KEYS: KEYS } });
	const { backdoor } = app.database;
	await hire(
		app,
		Array.from({ length: PEOPLE - 6 }, (_, n) => `person-${n}@harbour.example`),
	);
	await backdoor.updateTable("clinics").set({ required_from_on: "2026-12-21" }).execute();
	await plan(app, "announcement", app.clock.now() + days(1));
	await plan(app, "week-before", app.clock.now() + days(1));
	const now = app.clock.now() + days(2);
	return {
		app,
		start: (manner: "sends" | "lingers") => mailingProcess(app.database.url, now, manner),
		async countEmails(): Promise<number> {
			return (await outboxOf(app)).length;
		},
		/** How many emails each person was sent. */
		async emailsAPerson(): Promise<number[]> {
			return [...Map.groupBy(await outboxOf(app), (row) => row.profile_id).values()].map(
				(rows) => rows.length,
			);
		},
		[Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
	};
}

function outboxOf(app: App) {
	const kinds = ["set-up-required", "set-up-reminder"];
	return app.database.backdoor.selectFrom("outbox").selectAll().where("kind", "in", kinds).execute();
}

function mailingProcess(url: string, now: number, manner: "sends" | "lingers") {
	const script = new URL("../../test/harness/mailing-process.ts", import.meta.url).pathname;
	const child = spawn(process.execPath, [script, url, KEYS, String(now), manner], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	return {
		isReady: once(child.stdout, "data"),
		begin: () => child.stdin.end("begin\n"),
		kill: () => child.kill("SIGKILL"),
		hasEnded: once(child, "exit"),
	};
}
