import { expect, test } from "vitest";
import { hours } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { newBrowser } from "../harness/browser.ts";
import { deactivate, invite, reactivate } from "../harness/by-operator.ts";
import {
	avery,
	blake,
	casey,
	devon,
	emailedCode,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
	TRUST,
} from "../harness/people.ts";
import { AtABrowser, PAGES_OF_ONES_OWN } from "./at-a-browser.ts";
import { Phone } from "./phone.ts";

const SLOW = { timeout: 600_000 };
const emery = "emery@harbour.example";
const finley = "finley@harbour.example";
const gale = "gale@harbour.example";
const REQUIRE = "Require 2-Step Verification at Harbour Physio";
const CHANGED = "2-Step Verification Enforcement was changed – Harbour Physio";
const PROVE = "First we check that it's you";
const FORCED = "Set up 2-Step Verification to sign in";
const ASKS_APP = "Enter the code from your authenticator app";

test(
	"six people, from the day on which nobody has to have it until it is required no more; the clocks go forward the day before it begins",
	SLOW,
	async () => {
		await using app = await startApp();
		await clinicIn(app, "America/Los_Angeles");
		await moveTo(app, "2027-03-05T09:00:00-08:00");

		// Off: everybody as they like. Avery and Casey have the app, Blake texts, Devon and Emery nothing, and Finley
		// does not work here for now.
		await deactivate(app, finley);
		const apps = { avery: await withTheApp(app, avery), casey: await withTheApp(app, casey) };
		const blakesNumber = await withTexts(app, blake);
		const owner = await AtABrowser.sitDown(app, avery);
		await owner.signsInWith(apps.avery);
		await letsPeopleStayAWeek(owner);
		// A session keeps the longest time that was allowed when it began.
		await owner.signsOut();
		await owner.signsInWith(apps.avery);
		const phone = await AtABrowser.sitDown(app, devon, { width: 375, dark: true });
		await phone.entersPassword();
		await phone.reads("My Account");
		expect(await phone.banner()).toBeUndefined();
		await phone.opens(paths.twoStep);
		await phone.sees("Harbour Physio doesn't require 2-Step Verification.");
		const trusted = await AtABrowser.sitDown(app, casey);
		await trusted.entersPassword();
		await trusted.reads(ASKS_APP);
		await trusted.ticks(TRUST);
		await trusted.entersCode(apps.casey.code());
		await trusted.reads("My Account");

		// Scheduled. Whoever has not set it up is told at once, and so is who may change it.
		await owner.opens(paths.security);
		await owner.sees("Nobody at Harbour Physio has to have it.");
		await owner.sees("3 of 5 staff have it on");
		await owner.sees("Not yet: Devon Okafor and Emery Laurent.");
		await app.inbox.clear();
		await opensTheRule(owner);
		await owner.sees("It begins at midnight, Los Angeles time.");
		await owner.ticks(REQUIRE);
		await owner.types("2027-03-15", { into: "Effective date" });
		await saves(owner);
		await owner.sees("From Mon 15 Mar 2027 everybody at Harbour Physio needs it to sign in.");
		const announced = "Set up 2-Step Verification by Mon 15 Mar 2027 – Harbour Physio";
		expect(await newEmails(app)).toEqual([
			[avery, CHANGED],
			[blake, CHANGED],
			[devon, announced],
			[emery, announced],
		]);

		// The banner comes to who is signed in without it, and to nobody else.
		const soon =
			"From Mon 15 Mar 2027 you need 2-Step Verification to sign in to Harbour Physio. It takes two minutes.";
		expect(await phone.banner(PAGES_OF_ONES_OWN)).toBe(soon);
		expect(await owner.banner(PAGES_OF_ONES_OWN)).toBeUndefined();
		expect(await trusted.banner()).toBeUndefined();
		await trusted.signsOut();
		await trusted.entersPassword();
		await trusted.reads("My Account");
		const texted = await AtABrowser.sitDown(app, blake);
		await signsInByText(texted, app, blakesNumber);
		expect(await texted.banner()).toBeUndefined();
		await texted.opens(paths.security);
		await texted.sees("From Mon 15 Mar 2027");

		// A week before, at nine. Devon puts it off, and Avery sends a reminder by hand.
		await moveTo(app, "2027-03-08T08:59:00-08:00");
		expect(await newEmails(app)).toEqual([]);
		await moveTo(app, "2027-03-08T09:00:00-08:00");
		const inAWeek = "2-Step Verification is required in 7 days – Harbour Physio";
		expect(await newEmails(app)).toEqual([
			[devon, inAWeek],
			[emery, inAWeek],
		]);
		await phone.signsOut();
		await phone.entersPassword();
		await phone.reads("Set up 2-Step Verification by Mon 15 Mar 2027");
		await phone.presses("Not now");
		await phone.reads("My Account");
		expect(await phone.banner()).toBe(soon);
		await opensTheRule(owner);
		await owner.page
			.getByRole("listitem")
			.filter({ hasText: "Devon Okafor" })
			.getByRole("button", { name: "Send reminder" })
			.click();
		await owner.sees("A reminder is on its way to Devon Okafor.");
		await owner.sees("Last reminded Mon 8 Mar 2027, 9:0");
		expect(await newEmails(app)).toEqual([
			[devon, "Reminder: set up 2-Step Verification by Mon 15 Mar 2027 – Harbour Physio"],
		]);

		// The day before, at nine by the clocks as they are now.
		await moveTo(app, "2027-03-14T08:59:00-07:00");
		expect(await newEmails(app)).toEqual([]);
		await moveTo(app, "2027-03-14T09:00:00-07:00");
		const fromTomorrow = "2-Step Verification is required from tomorrow – Harbour Physio";
		expect(await newEmails(app)).toEqual([
			[devon, fromTomorrow],
			[emery, fromTomorrow],
		]);
		const working = await AtABrowser.sitDown(app, emery);
		await working.entersPassword();
		await working.reads("Set up 2-Step Verification by Mon 15 Mar 2027");
		await working.presses("Not now");
		await working.reads("My Account");
		const wentOnAt = app.clock.now();

		// A minute before midnight there is still time.
		await moveTo(app, "2027-03-14T23:59:00-07:00");
		expect(await phone.banner()).toBe(soon);
		expect(await working.banner()).toBe(soon);
		const desk = await AtABrowser.sitDown(app, devon);
		await desk.entersPassword();
		await desk.reads("Set up 2-Step Verification by Mon 15 Mar 2027");

		// A minute after it there is none, and Not now is no answer any more.
		await moveTo(app, "2027-03-15T00:01:00-07:00");
		await desk.presses("Not now");
		await desk.reads(PROVE);
		// A week signed in is more than the rule allows; since yesterday is not.
		await phone.opens(paths.account);
		await phone.reads("Sign in to Harbour Physio");
		const since =
			"Harbour Physio has required 2-Step Verification since Mon 15 Mar 2027. You need it the next time you sign in.";
		expect(await working.banner(PAGES_OF_ONES_OWN)).toBe(since);
		await working.opens(paths.twoStep);
		await working.sees(
			"Harbour Physio has required 2-Step Verification since Mon 15 Mar 2027. A Full Access user",
		);

		await desk.presses("Email me a code");
		await desk.reads("Enter the code we emailed to you");
		await desk.entersCode(await emailedCode(app, devon));
		await desk.reads(FORCED);
		for (const path of [paths.account, paths.twoStep, paths.password, paths.sessions]) {
			await desk.opens(path);
			await desk.reads("Sign in to Harbour Physio");
		}
		await desk.opens(paths.signInSetUp);
		const devonsApp = await setsUpTheApp(app, desk);
		expect(await desk.banner()).toBeUndefined();
		await desk.opens(paths.twoStep);
		await desk.sees("Your last method can be replaced, but not turned off.");
		await desk.sees("A Full Access user of your clinic can change this in Settings → Security.");
		expect(await desk.page.getByRole("link", { name: "Turn off" }).count()).toBe(0);
		await newEmails(app);

		// On the day, at nine: only Emery is without it, and still at work.
		await moveTo(app, "2027-03-15T09:00:00-07:00");
		expect(await newEmails(app)).toEqual([
			[emery, "2-Step Verification is required from today – Harbour Physio"],
		]);
		expect(await working.banner()).toBe(since);
		await app.drain();
		app.clock.at(wentOnAt + hours(24));
		await working.opens(paths.account);
		await working.reads("Sign in to Harbour Physio");
		await working.entersPassword();
		await working.reads(PROVE);
		await working.presses("Email me a code");
		await working.reads("Enter the code we emailed to you");
		await working.entersCode(await emailedCode(app, emery));
		await working.reads(FORCED);
		await setsUpTexts(app, working, "+16045550105");
		expect(await working.banner()).toBeUndefined();

		// Who had it on notices nothing: neither the app, nor texts, nor the browser that is trusted since before.
		await trusted.entersPassword();
		await trusted.reads("My Account");
		expect(await trusted.banner()).toBeUndefined();
		await signsInByText(texted, app, blakesNumber);
		expect(await texted.banner()).toBeUndefined();
		await owner.signsInWith(apps.avery);
		expect(await owner.banner()).toBeUndefined();
		await owner.opens(paths.security);
		await owner.sees("In force since Mon 15 Mar 2027");
		await owner.sees("5 of 5 staff have it on");
		await owner.sees("Everybody has it on.");
		await owner.sees("1 week of inactivity. For now 24 hours, since 2-Step Verification is required.");

		// Who comes later is under it like everybody: Gale, who is new, and Finley, who is back.
		await moveTo(app, "2027-03-16T10:00:00-07:00");
		await newEmails(app);
		await invite(app, { name: "Gale Ito", email: gale, access: "limited", mobile: null });
		await reactivate(app, finley);
		const [link = ""] = (await app.inbox.latest(gale)).links;
		const newHere = await AtABrowser.sitDown(app, gale, { width: 375 });
		await newHere.opens(link);
		const galesPassword = "marble heron counts slowly";
		await newHere.types(galesPassword, { into: "New password" });
		await newHere.presses("Save password");
		await newHere.reads("Sign in to Harbour Physio");
		await newHere.entersPassword(galesPassword);
		// The mailbox was opened for the password just now.
		await newHere.reads(FORCED);
		await setsUpTheApp(app, newHere);
		const back = await AtABrowser.sitDown(app, finley);
		await back.entersPassword();
		await back.reads(PROVE);
		await back.presses("Email me a code");
		await back.reads("Enter the code we emailed to you");
		await back.entersCode(await emailedCode(app, finley));
		await back.reads(FORCED);
		await newEmails(app);

		// Off again, after the heads-up. What people set up stays on, and who was being asked is not any more.
		await owner.signsInWith(apps.avery);
		await opensTheRule(owner);
		await owner.sees("6 of 7 staff have it on");
		await owner.page.getByLabel(REQUIRE, { exact: true }).uncheck();
		await owner.presses("Save");
		await owner.reads("Stop requiring 2-Step Verification at Harbour Physio?");
		await owner.sees("compliance or regulatory implications");
		await owner.sees("cybersecurity insurance");
		await owner.types(DEMO_PASSWORD, { into: "Password" });
		await owner.presses("Stop requiring it");
		await owner.reads("Security");
		await owner.sees("Nobody at Harbour Physio has to have it.");
		expect(await newEmails(app)).toEqual([
			[avery, CHANGED],
			[blake, CHANGED],
		]);
		await back.presses("Set up now");
		await back.reads("Sign in to Harbour Physio");
		await back.entersPassword();
		await back.reads("My Account");
		expect(await back.banner()).toBeUndefined();
		await desk.signsInWith(devonsApp);
		await desk.opens(paths.twoStep);
		await desk.sees("Harbour Physio doesn't require 2-Step Verification.");
		await desk.follows("Turn off");
		await desk.reads("Turn off Authenticator App?");
		await moveTo(app, "2027-03-31T09:00:00-07:00");
		expect(await newEmails(app)).toEqual([]);
		await trusted.entersPassword();
		await trusted.reads("My Account");
	},
);

test(
	"in Auckland, while the server's own day is another, it begins at Auckland's midnight, the first in summer time",
	SLOW,
	async () => {
		using _ = serverIn("UTC");
		await using app = await startApp();
		await clinicIn(app, "Pacific/Auckland");
		// Saturday morning there; on the server it is Friday.
		await moveTo(app, "2027-09-25T10:00:00+12:00");
		const averysApp = await withTheApp(app, avery);
		const caseysApp = await withTheApp(app, casey);
		const owner = await AtABrowser.sitDown(app, avery, { width: 375 });
		await owner.signsInWith(averysApp);
		await opensTheRule(owner);
		await owner.sees("It begins at midnight, Auckland time.");
		await owner.ticks(REQUIRE);
		await owner.types("2027-09-24", { into: "Effective date" });
		await saves(owner);
		await owner.isTold("That date is over. Choose today or a later one.");
		await app.inbox.clear();
		await owner.types("2027-09-27", { into: "Effective date" });
		await saves(owner);
		await owner.sees("From Mon 27 Sep 2027 everybody at Harbour Physio needs it to sign in.");
		const others = [blake, devon, emery, finley];
		const announced = "Set up 2-Step Verification by Mon 27 Sep 2027 – Harbour Physio";
		const told = [avery, blake].map((to) => [to, CHANGED]);
		expect(await newEmails(app)).toEqual(sorted([...told, ...others.map((to) => [to, announced])]));

		// The clocks go forward at two in the night before the last day.
		await moveTo(app, "2027-09-26T08:59:00+13:00");
		expect(await newEmails(app)).toEqual([]);
		await moveTo(app, "2027-09-26T09:00:00+13:00");
		const fromTomorrow = "2-Step Verification is required from tomorrow – Harbour Physio";
		expect(await newEmails(app)).toEqual(others.map((to) => [to, fromTomorrow]));

		await moveTo(app, "2027-09-26T23:30:00+13:00");
		const working = await AtABrowser.sitDown(app, emery);
		await working.entersPassword();
		await working.presses("Not now");
		await working.reads("My Account");
		await moveTo(app, "2027-09-26T23:59:00+13:00");
		expect(await working.banner()).toContain("From Mon 27 Sep 2027 you need 2-Step Verification");
		const desk = await AtABrowser.sitDown(app, devon, { width: 375, dark: true });
		await desk.entersPassword();
		await desk.reads("Set up 2-Step Verification by Mon 27 Sep 2027");

		// On the server it is Sunday noon.
		await moveTo(app, "2027-09-27T00:01:00+13:00");
		await desk.page.reload();
		await desk.reads(PROVE);
		expect(await working.banner()).toContain(
			"Harbour Physio has required 2-Step Verification since Mon 27 Sep 2027.",
		);
		const asBefore = await AtABrowser.sitDown(app, casey);
		await asBefore.signsInWith(caseysApp);
		expect(await asBefore.banner()).toBeUndefined();
		await owner.signsInWith(averysApp);
		await owner.opens(paths.security);
		await owner.sees("In force since Mon 27 Sep 2027");
		await moveTo(app, "2027-09-27T09:00:00+13:00");
		const fromToday = "2-Step Verification is required from today – Harbour Physio";
		expect(await newEmails(app)).toEqual(others.map((to) => [to, fromToday]));
	},
);

async function clinicIn(app: App, zone: string): Promise<void> {
	await app.database.backdoor.updateTable("clinics").set({ time_zone: zone }).execute();
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

/** Lets what was begun end before the clock moves. @param time ISO, with the clinic's offset from UTC */
async function moveTo(app: App, time: string): Promise<void> {
	await app.drain();
	app.clock.at(Date.parse(time));
}

/** Who was told what of the rule since this was last asked, in the order of their names. */
async function newEmails(app: App): Promise<string[][]> {
	const emails = await app.inbox.all();
	await app.inbox.clear();
	const ofTheRule = emails.filter(({ subject }) => /Enforcement|[Ss]et up 2-Step|is required/.test(subject));
	return sorted(ofTheRule.map(({ to, subject }) => [to, subject]));
}

function sorted(emails: readonly string[][]): string[][] {
	return emails.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Set up elsewhere: another journey. */
async function withTheApp(app: App, email: string): Promise<Authenticator> {
	const elsewhere = newBrowser(app);
	await signIn(elsewhere, email);
	return (await setUpAuthenticatorApp(elsewhere)).authenticator;
}

/** The same with text messages. @returns the number, E.164 */
async function withTexts(app: App, email: string): Promise<string> {
	const elsewhere = newBrowser(app);
	await signIn(elsewhere, email);
	return (await setUpTextMessages(elsewhere)).number;
}

async function signsInByText(person: AtABrowser, app: App, number: string): Promise<void> {
	await person.entersPassword();
	await person.sees("Enter the code we texted to");
	await person.entersCode((await app.texts.latest(number)).code);
	await person.reads("My Account");
}

async function opensTheRule(owner: AtABrowser): Promise<void> {
	await owner.opens(paths.security);
	const section = owner.page.getByRole("region", { name: "2-Step Verification Enforcement" });
	await section.getByRole("link", { name: "Edit", exact: true }).click();
	await owner.reads("2-Step Verification Enforcement");
}

async function saves(owner: AtABrowser): Promise<void> {
	await owner.types(DEMO_PASSWORD, { into: "Password" });
	await owner.presses("Save");
}

/** Automatic Sign Out after a week, while that may be. */
async function letsPeopleStayAWeek(owner: AtABrowser): Promise<void> {
	await owner.opens(paths.automaticSignOut);
	await owner.picks("1 week");
	await saves(owner);
	await owner.sees("1 week of inactivity");
}

/** From the prompt to the end. */
async function setsUpTheApp(app: App, person: AtABrowser): Promise<Phone> {
	await person.presses("Set up now");
	await person.reads("Scan this with your authenticator app");
	const phone = await Phone.scan(await person.picture(), app.clock);
	await person.follows("Next");
	await person.entersCode(await phone.code());
	await savesRecoveryCode(person);
	return phone;
}

async function setsUpTexts(app: App, person: AtABrowser, number: string): Promise<void> {
	await person.picks("Text Message (SMS)");
	await person.presses("Set up now");
	await person.reads("Set up text messages");
	await person.presses("Next");
	await person.sees("Enter the code we texted to");
	await person.entersCode((await app.texts.latest(number)).code);
	await savesRecoveryCode(person);
}

async function savesRecoveryCode(person: AtABrowser): Promise<void> {
	await person.reads("Save your Recovery Code");
	await person.ticks("I've saved my Recovery Code");
	await person.presses("Done");
	await person.sees("You're all set.");
}
