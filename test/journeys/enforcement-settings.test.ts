import { expect, test } from "vitest";
import type { Event } from "../../src/activity/events.ts";
import type { Rule } from "../../src/clinics/clinic.ts";
import { findClinic } from "../../src/clinics/store.ts";
import { days, hours, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser, userAgents } from "../harness/browser.ts";
import { deactivate } from "../harness/by-operator.ts";
import type { Filled } from "../harness/form.ts";
import type { Page } from "../harness/page.ts";
import {
	avery,
	blake,
	casey,
	devon,
	requireFrom,
	saveRecoveryCode,
	scanKey,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
	signOut,
} from "../harness/people.ts";

const REQUIRE = "Require 2-Step Verification at Harbour Physio";
const DATE = "Effective date";
const TRUST = "Allow recognized devices to skip 2-Step Verification";
const TEXTS = "Allow text messages";
const CHANGED = "2-Step Verification Enforcement was changed – Harbour Physio";
/** The day on which every test begins, in the clinic. */
const TODAY = "2026-12-07";

test("a Full Access user sets up their own first, is led back, and requires it from a date", async () => {
	await using app = await startApp();
	const browser = newBrowser(app, { address: "198.51.100.44", userAgent: userAgents.firefoxOnMac });
	await signIn(browser, avery);
	const security = await browser.open(paths.security);
	expect(security.text).toContain("0 of 6 staff have it on");
	expect(security.text).toContain("Not yet: Avery Chen, Blake Moreau, Casey Singh and 3 more.");
	expect(security.text).toContain("2-Step Verification is Multi-Factor Authentication");

	const first = await security.click("Edit", { near: "2-Step Verification Enforcement" });
	expect(first.heading).toBe("Set it up for yourself first");
	expect(first.text).toContain("then you can't lock yourself out");
	const start = await first.click("Set up the authenticator app");
	const key = await start.submit({ Password: DEMO_PASSWORD }, "Next");
	const authenticator = scanKey(key, browser);
	const shown = await (await key.click("Next")).submit(
		{ "Verification code": authenticator.code() },
		"Submit",
	);
	const { page: form } = await saveRecoveryCode(shown);
	expect(form.path).toBe(`${paths.enforcement}?notice=set-up`);
	expect(form.heading).toBe("2-Step Verification Enforcement");
	expect(form.text).toContain("2-Step Verification is on for you. Now you can go on here.");
	expect(form.text).toContain("1 of 6 staff have it on");
	expect(form.field(REQUIRE).checked).toBe(false);
	expect(form.field(DATE).description).toContain("Vancouver time");
	expect(form.field(TRUST).checked).toBe(true);
	expect(form.field(TRUST).description).toContain(
		"On a browser they trust, people need only their password for 30 days.",
	);
	expect(form.field(TEXTS).checked).toBe(true);
	await app.inbox.clear();

	const saved = await form.submit(
		{ [REQUIRE]: true, [DATE]: "2026-12-21", [TEXTS]: false, Password: DEMO_PASSWORD },
		"Save",
	);
	expect(saved.heading).toBe("Security");
	expect(saved.text).toContain(
		"Saved. 2-Step Verification Enforcement is as you see it here. Whoever has not set it up is told by email.",
	);
	expect(saved.text).toContain("From Mon 21 Dec 2026 everybody at Harbour Physio needs it to sign in.");
	expect(await ruleOf(app)).toMatchObject({
		requiredFromOn: "2026-12-21",
		allowsTrust: true,
		allowsTexts: false,
		version: 1,
		trustVersion: 0,
	});

	expect(await recorded(app, "enforcement-changed")).toEqual([
		{
			actor: await idOf(app, avery),
			profileId: null,
			address: "198.51.100.44",
			browserName: "Firefox on macOS",
			detail: {
				from: { requiredFromOn: null, allowsTrust: true, allowsTexts: true },
				to: { requiredFromOn: "2026-12-21", allowsTrust: true, allowsTexts: false },
			},
		},
	]);
	expect(await recorded(app, "trust-ended")).toEqual([]);

	const emails = (await app.inbox.all()).filter(({ subject }) => subject === CHANGED);
	expect(emails.map(({ to }) => to).toSorted()).toEqual([avery, blake]);
	for (const { to, text } of emails) {
		expect(text).toContain("2-Step Verification is required from Mon 21 Dec 2026. It was not required.");
		expect(text).toContain("Text messages can't be set up any more.");
		expect(text).not.toContain("Recognized devices");
		expect(text).toMatch(
			/It was done on Mon 7 Dec 2026, \d+:\d\d am Vancouver time, with Firefox on macOS, from the address 198\.51\.100\.44\./,
		);
		expect(text).toContain(
			to === avery
				? "You changed 2-Step Verification Enforcement at Harbour Physio."
				: "Avery Chen changed 2-Step Verification Enforcement at Harbour Physio.",
		);
		expect(text).toContain(to === avery ? "choose “This wasn't me”" : "ask Avery Chen");
		expect(text.includes(paths.notMe.to(""))).toBe(to === avery);
	}
	// The way back from the set-up is taken once.
	await browser.open(paths.newRecoveryCode);
	const again = await browser.page.submit({ Password: DEMO_PASSWORD }, "Next");
	expect((await saveRecoveryCode(again)).page.path).toContain(paths.twoStep);
});

test("who would rather set up text messages is led back to the form as well", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const first = await browser.open(paths.enforcement);
	const start = await first.click("Set up text messages");
	expect(start.heading).toBe("Set up text messages");
	const { page } = await setUpTextMessages(browser);
	expect(page.path).toBe(`${paths.enforcement}?notice=set-up`);
	expect(page.field(REQUIRE).checked).toBe(false);
});

test("where the server sends no text messages, none are offered, and the form says so", async () => {
	await using app = await startApp({ environment: { VESTIBULE_SMS_PROVIDERS: "" } });
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const first = await browser.open(paths.enforcement);
	expect(first.buttons).not.toContain("Set up text messages");
	await setUpAuthenticatorApp(browser);
	const form = await browser.open(paths.enforcement);
	expect(form.field(TEXTS).description).toContain("This server sends no text messages");
});

test("where the server sends no emails, the pages say so before anything is required", async () => {
	await using app = await startApp({ environment: { SMTP_URL: "" } });
	const browser = await fullAccessUser(app);
	for (const path of [paths.security, paths.enforcement, paths.whoHasItOn]) {
		expect((await browser.open(path)).text, path).toContain("This server sends no emails");
	}
	await app.restart({ SMTP_URL: app.inbox.server.url });
	for (const path of [paths.security, paths.enforcement, paths.whoHasItOn]) {
		expect((await browser.open(path)).text, path).not.toContain("This server sends no emails");
	}
});

test("above the form stands who has not set it up, with a reminder for one and for all", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const off = await browser.open(paths.enforcement);
	expect(off.text).toContain(
		"Who does not have it on\nBlake Moreau\nblake@harbour.example\nNot reminded yet.",
	);
	expect(off.text).toContain("Devon Okafor");
	expect(off.text).toContain("And 2 more. See who has it on");
	expect(off.text).toContain("Once a date is saved you can send reminders.");
	await save(browser, { [REQUIRE]: true, [DATE]: "2026-12-21" });
	const form = await browser.open(paths.enforcement);
	const sent = await form.click("Send reminder", { near: "Blake Moreau" });
	expect(sent.heading).toBe("2-Step Verification Enforcement");
	expect(sent.text).toContain("A reminder is on its way to Blake Moreau.");
	expect(sent.text).toMatch(/blake@harbour\.example\nLast reminded Mon 7 Dec 2026, \d+:\d\d am\./);
	const all = await sent.click("Send reminder to all");
	expect(all.heading).toBe("2-Step Verification Enforcement");
	expect(all.text).toContain("Reminders are on their way to 5 people.");
});

test("everybody who has not set it up hears of the date, and of a moved one; of other boxes nobody", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	await app.inbox.clear();
	const others = async () => {
		const emails = (await app.inbox.all()).filter(({ subject }) => subject !== CHANGED);
		await app.inbox.clear();
		return emails.map(({ to }) => to).toSorted();
	};
	const everybodyElse = [blake, casey, devon, "emery@harbour.example", "finley@harbour.example"];
	await save(browser, { [REQUIRE]: true, [DATE]: "2026-12-21" });
	expect(await others()).toEqual(everybodyElse);
	expect((await save(browser, { [TRUST]: false })).text).not.toContain("is told by email");
	expect(await others()).toEqual([]);
	await save(browser, { [DATE]: "2026-12-28" });
	expect(await others()).toEqual(everybodyElse);
});

test("today means now", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const atWork = newBrowser(app);
	await signIn(atWork, devon);
	const saved = await save(browser, { [REQUIRE]: true, [DATE]: TODAY });
	expect(saved.text).toContain("In force since Mon 7 Dec 2026");

	const next = await signIn(newBrowser(app), devon);
	expect(next.heading).not.toBe("My Account");
	// Whoever has a session keeps it, with the banner.
	const page = await atWork.open(paths.account);
	expect(page.heading).toBe("My Account");
	expect(page.text).toContain("Harbour Physio has required 2-Step Verification since Mon 7 Dec 2026.");
	// The one who saved it gets in as before.
	expect((await browser.open(paths.security)).text).not.toContain("You need it the next time");
});

test.each([
	["nothing", "", "Choose the date from which it is required. Today means now."],
	["yesterday", "2026-12-06", "That date is over. Choose today or a later one."],
	["no date", "soon", "Enter a date as year, month and day, like 2026-12-31."],
	["a day that there is not", "2026-02-30", "Enter a date as year, month and day, like 2026-12-31."],
	["a year mistyped", "2206-12-31", "That is more than ten years away. Check the year."],
])("%s as the date comes back as it was typed, with what to do", async (_, typed, sentence) => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const page = await save(browser, { [REQUIRE]: true, [DATE]: typed, [TRUST]: false });
	expect(page.status).toBe(422);
	expect(page.errors).toEqual([sentence]);
	expect(page.field(DATE).value).toBe(typed);
	expect(page.field(DATE).description).toContain(sentence);
	expect(page.field(REQUIRE).checked).toBe(true);
	expect(page.field(TRUST).checked).toBe(false);
	expect(page.field("Password").value).toBe("");
	expect(await ruleOf(app)).toMatchObject({ requiredFromOn: null, version: 0 });
	expect(await recorded(app, "enforcement-changed")).toEqual([]);
});

test("a date chosen without the box that requires it is not taken for off", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const page = await save(browser, { [DATE]: "2026-12-21" });
	expect(page.errors).toEqual([expect.stringContaining(`tick “${REQUIRE}” too`)]);
	expect(page.field(REQUIRE).description).toContain("You chose a date");
	const saved = await page.submit({ [REQUIRE]: true, Password: DEMO_PASSWORD }, "Save");
	expect(saved.text).toContain("From Mon 21 Dec 2026");
});

test("a wrong password changes nothing, the form comes back filled in, and five end the session", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const wrong = { [REQUIRE]: true, [DATE]: "2026-12-21", Password: "not this one" };
	let page = await (await browser.open(paths.enforcement)).submit({ ...wrong, Password: "" }, "Save");
	expect(page.errors).toEqual(["Enter your password."]);
	for (let tries = 1; tries <= 4; tries++) {
		page = await page.submit(wrong, "Save");
		expect(page.errors).toEqual(["That password isn't right. Check for Caps Lock and try again."]);
		expect(page.field(DATE).value).toBe("2026-12-21");
		expect(page.field(REQUIRE).checked).toBe(true);
	}
	page = await page.submit(wrong, "Save");
	expect(page.text).toContain("That was wrong five times, so we signed you out.");
	expect(await ruleOf(app)).toMatchObject({ version: 0 });
});

test("a date in force stays as it is when only other boxes are changed", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	await save(browser, { [REQUIRE]: true, [DATE]: TODAY });
	await keepSignedIn(app, browser.copy(), 20);
	const form = await browser.open(paths.enforcement);
	expect(form.field(DATE).value).toBe(TODAY);
	const saved = await form.submit({ [TEXTS]: false, Password: DEMO_PASSWORD }, "Save");
	expect(saved.text).toContain("In force since Mon 7 Dec 2026");
	expect(await ruleOf(app)).toMatchObject({ requiredFromOn: TODAY, allowsTexts: false, version: 2 });
});

test("clearing the box for recognized devices forgets every trusted browser of the clinic at once", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const desk = newBrowser(app);
	await signIn(desk, casey);
	const { authenticator } = await setUpAuthenticatorApp(desk);
	await signOut(desk);
	const code = await signIn(desk, casey);
	await code.submit(
		{
			"Verification code": authenticator.code(),
			"Trust this browser to skip 2-Step Verification for 30 days": true,
		},
		"Submit",
	);
	await signOut(desk);
	expect((await signIn(desk, casey)).heading).toBe("My Account");
	await signOut(desk);

	await save(browser, { [TRUST]: false });
	const asked = await signIn(desk, casey);
	expect(asked.heading).toBe("Enter the code from your authenticator app");
	expect(asked.fields.map(({ label }) => label)).toEqual(["Verification code"]);
	expect(await recorded(app, "trust-ended")).toMatchObject([
		{ profileId: null, detail: { why: "clinic-forbids-it" } },
	]);
	const email = (await app.inbox.all(blake)).find(({ subject }) => subject === CHANGED);
	expect(email?.text).toContain("Every trusted browser was forgotten.");

	// Allowed again, what was trusted before stays forgotten.
	await save(browser, { [TRUST]: true });
	expect((await signIn(desk, casey)).heading).toBe("Enter the code from your authenticator app");
	expect(await recorded(app, "trust-ended")).toHaveLength(1);
});

test("clearing the box for text messages stops new set-ups, and those who have them keep them", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const texted = newBrowser(app);
	await signIn(texted, casey);
	await setUpTextMessages(texted);
	const without = newBrowser(app);
	await signIn(without, devon);

	await save(browser, { [TEXTS]: false });
	expect((await without.open(paths.textMessage)).status).toBe(404);
	expect((await signIn(newBrowser(app), casey)).heading).toContain("Enter the code we texted to");
});

test("turning the requirement off is confirmed on a page of its own, with the password asked there", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	await save(browser, { [REQUIRE]: true, [DATE]: TODAY });
	await app.inbox.clear();
	const confirm = await save(browser, { [REQUIRE]: false, [TEXTS]: false }, "whatever stands here");
	expect(confirm.path).toContain(paths.confirmEnforcement);
	expect(confirm.heading).toBe("Stop requiring 2-Step Verification at Harbour Physio?");
	expect(confirm.text).toContain("compliance or regulatory implications");
	expect(confirm.text).toContain("cybersecurity insurance");
	expect(confirm.text).toContain("even a clinic of one");
	expect(confirm.text).toContain("With it you also stop text messages from being set up.");
	expect(confirm.text).not.toContain("recognized devices");
	expect(confirm.fields.map(({ label }) => label)).toEqual(["Email", "Password"]);
	expect(await ruleOf(app)).toMatchObject({ requiredFromOn: TODAY, allowsTexts: true });

	// Opened again, or with a wrong password, it is the same page.
	const again = await browser.reload();
	expect(again.text).toBe(confirm.text);
	const wrong = await again.submit({ Password: "not this one" }, "Stop requiring it");
	expect(wrong.heading).toBe(confirm.heading);
	expect(wrong.errors).toEqual(["That password isn't right. Check for Caps Lock and try again."]);
	expect(await ruleOf(app)).toMatchObject({ requiredFromOn: TODAY, allowsTexts: true });

	const off = await wrong.submit({ Password: DEMO_PASSWORD }, "Stop requiring it");
	expect(off.path).toBe(`${paths.security}?notice=saved`);
	expect(off.text).toContain("Nobody at Harbour Physio has to have it.");
	expect(await ruleOf(app)).toMatchObject({ requiredFromOn: null, allowsTexts: false, version: 2 });
	expect(await recorded(app, "enforcement-changed")).toHaveLength(2);
	for (const to of [avery, blake]) {
		const { text } = await app.inbox.latest(to);
		expect(text).toContain("2-Step Verification is not required any more. It was from Mon 7 Dec 2026.");
	}
	// What people set up stays on.
	expect((await signIn(newBrowser(app), avery)).heading).toBe("Enter the code from your authenticator app");
});

test("moving a date in force to later is confirmed; moving one that is not yet in force is not", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	await save(browser, { [REQUIRE]: true, [DATE]: "2026-12-21" });
	const moved = await save(browser, { [DATE]: "2026-12-28" });
	expect(moved.text).toContain("From Mon 28 Dec 2026");
	const now = await save(browser, { [DATE]: TODAY });
	expect(now.text).toContain("In force since Mon 7 Dec 2026");

	const confirm = await save(browser, { [DATE]: "2027-01-04", [TRUST]: false });
	expect(confirm.heading).toBe("Require 2-Step Verification from a later date?");
	expect(confirm.text).toContain("It would be in force from Mon 4 Jan 2027 instead.");
	expect(confirm.text).toContain("cybersecurity insurance");
	expect(confirm.text).toContain("With it you also stop recognized devices from skipping it");
	const kept = await confirm.click("Keep it as it is");
	expect(kept.field(DATE).value).toBe(TODAY);
	const later = await confirm.submit({ Password: DEMO_PASSWORD }, "Move the date");
	expect(later.text).toContain("From Mon 4 Jan 2027");
	expect(await ruleOf(app)).toMatchObject({ requiredFromOn: "2027-01-04", allowsTrust: false });
});

test("turning off a date that is not yet in force is confirmed as well", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	await save(browser, { [REQUIRE]: true, [DATE]: "2026-12-21" });
	const confirm = await save(browser, { [REQUIRE]: false });
	expect(confirm.heading).toBe("Stop requiring 2-Step Verification at Harbour Physio?");
	const off = await confirm.submit({ Password: DEMO_PASSWORD }, "Stop requiring it");
	expect(off.text).toContain("Nobody at Harbour Physio has to have it.");
});

test("a confirmation that is made up, or over, leads to the form and changes nothing", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const address = `${paths.confirmEnforcement}?${new URLSearchParams({ version: "1" })}`;
	expect((await browser.open(address)).path).toBe(paths.enforcement);
	await save(browser, { [REQUIRE]: true, [DATE]: TODAY });
	for (const query of ["", "?version=0", "?version=1&requires=yes&effective-date=2020-01-01", "?version=x"]) {
		expect((await browser.open(paths.confirmEnforcement + query)).path, query).toBe(paths.enforcement);
	}
	const confirm = await browser.open(address);
	expect(confirm.heading).toBe("Stop requiring 2-Step Verification at Harbour Physio?");
	await confirm.submit({ Password: DEMO_PASSWORD }, "Stop requiring it");
	expect((await browser.open(address)).path).toBe(paths.enforcement);

	// With the word that says it was confirmed, and without the right password, nothing is saved.
	await save(browser, { [REQUIRE]: true, [DATE]: TODAY });
	const token = tokenOn(await browser.open(paths.enforcement));
	for (const password of ["", "not this one"]) {
		const form = { "form-token": token, version: "3", confirmed: "yes", password };
		expect((await browser.post(paths.enforcement, form)).status).toBe(422);
	}
	expect(await ruleOf(app)).toMatchObject({ requiredFromOn: TODAY, version: 3 });
});

test("of two Full Access users with the form open, the second sees what the first saved", async () => {
	await using app = await startApp();
	const first = await fullAccessUser(app, avery);
	const second = await fullAccessUser(app, blake);
	const old = await second.open(paths.enforcement);
	await save(first, { [REQUIRE]: true, [DATE]: "2026-12-21", [TRUST]: false });

	const page = await old.submit({ [TEXTS]: false, Password: DEMO_PASSWORD }, "Save");
	expect(page.status).toBe(422);
	expect(page.errors).toEqual([
		expect.stringContaining(
			"required from Mon 21 Dec 2026; recognized devices may not skip it; text messages are allowed.",
		),
	]);
	// What the second entered stands there still.
	expect(page.field(REQUIRE).checked).toBe(false);
	expect(page.field(TEXTS).checked).toBe(false);
	expect(page.field(TRUST).checked).toBe(true);
	expect(await ruleOf(app)).toMatchObject({ requiredFromOn: "2026-12-21", allowsTexts: true, version: 1 });

	const saved = await page.submit(
		{ [REQUIRE]: true, [DATE]: "2026-12-21", [TRUST]: false, Password: DEMO_PASSWORD },
		"Save",
	);
	expect(saved.heading).toBe("Security");
	expect(await ruleOf(app)).toMatchObject({
		requiredFromOn: "2026-12-21",
		allowsTrust: false,
		allowsTexts: false,
		version: 2,
	});
});

test("a confirmation opened before somebody else saved does not undo what they saved", async () => {
	await using app = await startApp();
	const first = await fullAccessUser(app, avery);
	const second = await fullAccessUser(app, blake);
	await save(first, { [REQUIRE]: true, [DATE]: TODAY });
	const confirm = await save(second, { [REQUIRE]: false });
	await save(first, { [TEXTS]: false });
	const page = await confirm.submit({ Password: DEMO_PASSWORD }, "Stop requiring it");
	expect(page.heading).toBe("2-Step Verification Enforcement");
	expect(page.errors).toEqual([expect.stringContaining("These settings were changed after you opened")]);
	expect(page.field(REQUIRE).checked).toBe(false);
	expect(await ruleOf(app)).toMatchObject({ requiredFromOn: TODAY, allowsTexts: false, version: 2 });
});

test("the same form sent twice, or again with the back button, saves and tells once", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	await app.inbox.clear();
	const form = await browser.open(paths.enforcement);
	const filled = { [REQUIRE]: true, [DATE]: "2026-12-21", Password: DEMO_PASSWORD };
	expect((await form.submit(filled, "Save")).path).toBe(`${paths.security}?notice=saved-told`);
	expect((await form.submit(filled, "Save")).path).toBe(`${paths.security}?notice=saved`);
	expect(await ruleOf(app)).toMatchObject({ version: 1 });
	expect(await recorded(app, "enforcement-changed")).toHaveLength(1);
	const told = (await app.inbox.all(avery)).filter(({ subject }) => subject === CHANGED);
	expect(told).toHaveLength(1);

	// Gone back to and filled in otherwise, it is an old form.
	const old = await form.submit({ ...filled, [DATE]: "2026-12-22" }, "Save");
	expect(old.errors).toEqual([expect.stringContaining("These settings were changed after you opened")]);
	expect(await ruleOf(app)).toMatchObject({ requiredFromOn: "2026-12-21" });
});

test("a form left open until its date has passed", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const open = await browser.open(paths.enforcement);
	await keepSignedIn(app, browser.copy(), 48);
	const page = await open.submit({ [REQUIRE]: true, [DATE]: "2026-12-08", Password: DEMO_PASSWORD }, "Save");
	expect(page.errors).toEqual(["That date is over. Choose today or a later one."]);
	expect(await ruleOf(app)).toMatchObject({ requiredFromOn: null });
});

test("a date that came into force while the form lay open is moved only after the confirmation", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	await save(browser, { [REQUIRE]: true, [DATE]: "2026-12-08" });
	const open = await browser.open(paths.enforcement);
	await keepSignedIn(app, browser.copy(), 15);
	const page = await open.submit({ [DATE]: "2026-12-21", Password: DEMO_PASSWORD }, "Save");
	expect(page.heading).toBe("Require 2-Step Verification from a later date?");
	expect(page.text).toContain("It has been in force since Tue 8 Dec 2026.");
});

test("who has a method on and has not passed its code in this session is asked for it first", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const token = tokenOn(await browser.open(paths.enforcement));
	// As in a session that began in a trusted browser.
	await app.database.backdoor.updateTable("sessions").set({ method_passed_at: null }).execute();
	for (const path of [paths.enforcement, paths.confirmEnforcement, paths.automaticSignOut]) {
		const { status, headers } = await browser.send(path);
		expect([status, headers.location]).toEqual([
			303,
			`${paths.confirm}?${new URLSearchParams({ return: path })}`,
		]);
	}
	const form = {
		"form-token": token,
		version: "0",
		requires: "yes",
		"effective-date": TODAY,
		"sign-out-after": String(minutes(10)),
		password: DEMO_PASSWORD,
	};
	for (const path of [paths.enforcement, paths.automaticSignOut]) {
		const { headers } = await browser.send(path, { method: "POST", form });
		expect(headers.location).toContain(paths.confirm);
	}
	expect(await ruleOf(app)).toMatchObject({ version: 0 });
	expect((await browser.open(paths.security)).text).toContain("2 hours of inactivity");
});

test.each([
	["Full Access was taken away", { access: "limited" }],
	["the profile was deactivated", { active: 0 }],
	["the way in was changed", { doors_version: 99 }],
	["the last method was turned off", "methods"],
] as const)("who asked for it while %s saves nothing", async (_, change) => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const id = await idOf(app, avery);
	const { backdoor } = app.database;
	for (const [path, filled] of [
		[paths.enforcement, { [REQUIRE]: true, [DATE]: TODAY }],
		[paths.automaticSignOut, { "Sign out after this time of inactivity": "10 minutes" }],
	] as const) {
		// Automatic Sign Out may be saved without a method.
		if (change === "methods" && path === paths.automaticSignOut) continue;
		const form = await browser.open(path);
		const before = await backdoor.selectFrom("profiles").selectAll().where("profile_id", "=", id).execute();
		// The password waits for its turn behind these, and meanwhile the change is made.
		const busy = Promise.all(Array.from({ length: 150 }, () => app.deps.hasher.hash("anybody's", "welcome")));
		const sent = form.submit({ ...filled, Password: DEMO_PASSWORD }, "Save");
		const isWaiting = async () => {
			const rows = await backdoor.selectFrom("sessions").select("wrong_proofs").execute();
			return rows.some(({ wrong_proofs }) => wrong_proofs === 1);
		};
		await expect.poll(isWaiting, { timeout: 60_000, interval: 1 }).toBe(true);
		if (change === "methods") await backdoor.deleteFrom("methods").execute();
		else await backdoor.updateTable("profiles").set(change).where("profile_id", "=", id).execute();
		await sent;
		await busy;
		expect(await ruleOf(app)).toMatchObject({ version: 0, requiredFromOn: null });
		const clinic = await findClinic(app.db, "the-only-one");
		expect(clinic?.signOutAfterMs).toBe(hours(2));
		expect(await recorded(app, "enforcement-changed")).toEqual([]);
		for (const row of before) {
			await backdoor.updateTable("profiles").set(row).where("profile_id", "=", id).execute();
		}
	}
});

test("who turned their method off is taken to their own set-up before the form", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const form = await browser.open(paths.enforcement);
	const off = await (await browser.open(paths.twoStep)).click("Turn off");
	await off.submit({ Password: DEMO_PASSWORD }, "Turn off");
	const page = await form.submit({ [REQUIRE]: true, [DATE]: TODAY, Password: DEMO_PASSWORD }, "Save");
	expect(page.heading).toBe("Set it up for yourself first");
	expect(await ruleOf(app)).toMatchObject({ version: 0 });
});

test("Automatic Sign Out is saved, recorded, told, and holds at once for everybody", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const colleague = newBrowser(app);
	await signIn(colleague, devon);
	await app.inbox.clear();
	const security = await browser.open(paths.security);
	expect(security.text).toContain("Automatic Sign Out\n2 hours of inactivity");
	const form = await security.click("Edit", { near: "Automatic Sign Out" });
	expect(form.fields.map(({ label }) => label)).toEqual([
		"10 minutes",
		"30 minutes",
		"1 hour",
		"2 hours (default)",
		"8 hours",
		"24 hours",
		"1 week",
		"Email",
		"Password",
	]);
	expect(form.field("2 hours (default)").checked).toBe(true);
	expect(form.text).toContain("in force, nobody stays signed in for more than 24 hours of inactivity");
	expect(form.text).toContain("no sign-in lasts longer than 24 hours, or than the time chosen here");

	const LEGEND = "Sign out after this time of inactivity";
	const wrong = await form.submit({ [LEGEND]: "10 minutes", Password: "not this one" }, "Save");
	expect(wrong.errors).toEqual(["That password isn't right. Check for Caps Lock and try again."]);
	expect(wrong.field("10 minutes").checked).toBe(true);
	const saved = await wrong.submit({ Password: DEMO_PASSWORD }, "Save");
	expect(saved.path).toBe(`${paths.security}?notice=sign-out`);
	expect(saved.text).toContain("Saved. Automatic Sign Out is as you see it here.");
	expect(saved.text).toContain("Automatic Sign Out\n10 minutes of inactivity");

	expect(await recorded(app, "automatic-sign-out-changed")).toMatchObject([
		{ actor: await idOf(app, avery), detail: { fromMs: hours(2), toMs: minutes(10) } },
	]);
	const emails = await app.inbox.all();
	expect(emails.map(({ to }) => to).toSorted()).toEqual([avery, blake]);
	for (const { subject, text } of emails) {
		expect(subject).toBe("Automatic Sign Out was changed – Harbour Physio");
		expect(text).toContain("signed out after 10 minutes of inactivity. It was 2 hours.");
	}

	// Sent again it changes nothing more.
	await wrong.submit({ Password: DEMO_PASSWORD }, "Save");
	expect(await recorded(app, "automatic-sign-out-changed")).toHaveLength(1);

	app.clock.forward(minutes(11));
	expect((await colleague.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
});

test("a time that is not among the choices is not taken", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const token = tokenOn(await browser.open(paths.automaticSignOut));
	for (const value of ["", "0", "1", "-600000", "6e5", "Infinity", "31536000000"]) {
		const form = { "form-token": token, "sign-out-after": value, password: DEMO_PASSWORD };
		const page = await browser.post(paths.automaticSignOut, form);
		expect(page.errors, value).toEqual(["Choose one of the times."]);
	}
	expect((await findClinic(app.db, "the-only-one"))?.signOutAfterMs).toBe(hours(2));
});

test("a week is cut to 24 hours while it is in force, and the page says so", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const form = await browser.open(paths.automaticSignOut);
	const week = await form.submit(
		{ "Sign out after this time of inactivity": "1 week", Password: DEMO_PASSWORD },
		"Save",
	);
	expect(week.text).toContain("1 week of inactivity");
	expect(week.text).not.toContain("For now 24 hours");
	await requireFrom(app, TODAY);
	const cut = await browser.open(paths.security);
	expect(cut.text).toContain(
		"1 week of inactivity. For now 24 hours, since 2-Step Verification is required.",
	);
});

test("a clinic with one Full Access user is advised to have a second", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	expect((await browser.open(paths.security)).text).not.toContain("the only Full Access user");
	const clinic = await findClinic(app.db, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	await deactivate(app, blake);
	const page = await browser.open(paths.security);
	expect(page.text).toContain("You are the only Full Access user");
	expect((await page.click("Open Staff")).path).toBe(paths.staff);
});

test("who has it on counts active staff with a method, a blocked one too", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	await app.database.backdoor.updateTable("methods").set({ blocked_at: app.clock.now() }).execute();
	const clinic = await findClinic(app.db, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	await deactivate(app, casey);
	expect((await browser.open(paths.security)).text).toContain("1 of 5 staff have it on");
});

/** Somebody with Full Access and the authenticator app, signed in. */
async function fullAccessUser(app: App, email = avery): Promise<Browser> {
	const browser = newBrowser(app);
	await signIn(browser, email);
	await setUpAuthenticatorApp(browser);
	return browser;
}

/** Uses a session once an hour, as somebody does who has it open in another tab. */
async function keepSignedIn(app: App, browser: Browser, times: number): Promise<void> {
	await app.database.backdoor
		.updateTable("clinics")
		.set({ sign_out_after_ms: days(7) })
		.execute();
	await app.database.backdoor
		.updateTable("sessions")
		.set({ expires_at: app.clock.now() + days(7) })
		.execute();
	for (let hour = 0; hour < times; hour++) {
		app.clock.forward(hours(1));
		await browser.open(paths.account);
	}
}

async function save(browser: Browser, filled: Filled, password = DEMO_PASSWORD): Promise<Page> {
	const page = await browser.open(paths.enforcement);
	return page.submit({ ...filled, Password: password }, "Save");
}

async function ruleOf(app: App): Promise<Rule | undefined> {
	return (await findClinic(app.db, "the-only-one"))?.rule;
}

async function idOf(app: App, email: string): Promise<string> {
	const { backdoor } = app.database;
	const query = backdoor.selectFrom("profiles").select("profile_id").where("email", "=", email);
	return (await query.executeTakeFirstOrThrow()).profile_id;
}

async function recorded(app: App, kind: Event["kind"]) {
	const rows = await app.database.backdoor
		.selectFrom("activity_events")
		.selectAll()
		.where("kind", "=", kind)
		.orderBy("number")
		.execute();
	return rows.map((row) => ({
		actor: row.actor,
		profileId: row.profile_id,
		address: row.address,
		browserName: row.browser_name,
		detail: JSON.parse(row.detail),
	}));
}

function tokenOn(page: Page): string {
	return /name="form-token" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
}
