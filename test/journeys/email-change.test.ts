import { expect, test } from "vitest";
import { findClinic } from "../../src/clinics/store.ts";
import { days, hours, minutes } from "../../src/clock.ts";
import { inTransaction } from "../../src/db/transaction.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { askForEmailChange } from "../../src/email-change/ask-for-change.ts";
import { paths } from "../../src/paths.ts";
import { findProfileByEmail, lockProfile } from "../../src/profiles/store.ts";
import { ownerWithApp } from "../bypasses/owners.ts";
import { manyClinics, sasha, twoClinics } from "../bypasses/two-clinics.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { idOf } from "../harness/by-operator.ts";
import type { Email } from "../harness/inbox.ts";
import type { Page } from "../harness/page.ts";
import { avery, blake, casey, devon, setUpAuthenticatorApp, signIn } from "../harness/people.ts";

const NEW_EMAIL = "casey.home@mail.example";
const NEW_PASSWORD = "eleven herons on a fence";
const OVER = "This link doesn't work any more";
const WAITS = "Confirm";
const SEND = "Send the confirmation";

test("who changes their email confirms it from the new mailbox, signs in with it, and both addresses are told", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	const account = await signIn(desk, casey);
	const profile = await account.click("Change email or mobile number");
	expect(profile.heading).toBe("Profile");
	let page = await profile.click("Change Email");
	expect(page.heading).toBe("Change your email");
	expect(page.text).toContain(`You sign in with ${casey}.`);
	expect(page.text).toContain("For 7 days after that, links to choose a new password still go to");
	page = await page.submit({ "New email": NEW_EMAIL, Password: DEMO_PASSWORD }, SEND);
	expect(page.heading).toBe("Profile");
	expect(page.text).toContain(`${WAITS} ${NEW_EMAIL}`);
	expect(page.text).toContain(`Until you use it, you sign in with ${casey}.`);

	const asked = await newest(app, casey, "A change of your email address was asked for");
	expect(asked.text).toContain(`You asked to change your email for signing in to ${NEW_EMAIL}.`);
	expect(asked.text).toContain("This wasn't me");
	expect((await signIn(newBrowser(app), NEW_EMAIL)).errors).toHaveLength(1);
	expect((await signIn(newBrowser(app), casey)).heading).toBe("My Account");

	const phone = newBrowser(app);
	const link = await confirmationLink(app);
	page = await phone.openFromEmail(link);
	expect(page.heading).toBe("Confirm your new email");
	expect(page.text).toContain(`Make ${NEW_EMAIL} the email with which Casey`);
	page = await page.submit({}, "Confirm this email");
	expect(page.heading).toBe("Your email is changed");
	expect(page.text).toContain(`We told ${casey}.`);
	expect(page.text).toContain("no colleague can give you a temporary code");
	expect((await page.click("Sign in")).path).toBe(paths.signIn);

	expect((await signIn(newBrowser(app), casey)).errors).toHaveLength(1);
	expect((await signIn(newBrowser(app), NEW_EMAIL)).heading).toBe("My Account");
	const told = await newest(app, casey, "Your email was changed");
	expect(told.text).toContain(`Your email for signing in is now ${NEW_EMAIL}`);
	expect(told.text).toContain("This wasn't me");
	const toldNew = await newest(app, NEW_EMAIL, "Your email was changed");
	// The button sends a new password's link to where its email went: for 7 days not to the new address.
	expect(toldNew.text).not.toContain("This wasn't me");

	// The session goes on, and shows what is so for 7 days.
	page = await desk.open(paths.profile);
	expect(page.text).toContain(NEW_EMAIL);
	expect(page.text).not.toContain(`${WAITS} ${NEW_EMAIL}`);
	expect(page.text).toContain(`links to choose a new password go to ${casey}`);
	expect((await desk.open(paths.ownActivity)).text).toContain(
		`Casey Singh's new email was confirmed and is in force: from ${casey} to ${NEW_EMAIL}`,
	);
	app.clock.forward(days(7));
	page = await signIn(newBrowser(app), NEW_EMAIL);
	expect((await page.click("Profile")).text).not.toContain(casey);
	expect(await kinds(app)).toEqual(expect.arrayContaining(["email-change-asked", "email-changed"]));
});

test("asking needs the password, an address that can be one, and another one than now; what was typed comes back", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	const form = await desk.open(paths.changeEmail);
	const ask = (email: string, password = DEMO_PASSWORD) =>
		form.submit({ "New email": email, Password: password }, SEND);
	const mistyped = await ask("casey at home");
	expect(mistyped.errors).toEqual(["Enter the new email, as name@clinic.com."]);
	expect(mistyped.field("New email").value).toBe("casey at home");
	expect(mistyped.field("Password").value).toBe("");
	expect((await ask(` ${casey.toUpperCase()} `)).errors[0]).toContain("That is your email already.");
	expect((await ask(NEW_EMAIL, "not the password at all")).errors).toHaveLength(1);
	expect(await app.inbox.all()).toEqual([]);
});

test("who has the app is asked for its code first, where this session has not passed one", async () => {
	await using app = await startApp();
	const setUp = newBrowser(app);
	await signIn(setUp, casey);
	const { authenticator } = await setUpAuthenticatorApp(setUp);
	app.clock.forward(minutes(1));
	const trusting = newBrowser(app);
	await signIn(trusting, casey);
	await trusting.page.submit(
		{
			"Verification code": authenticator.code(),
			"Trust this browser to skip 2-Step Verification for 30 days": true,
		},
		"Submit",
	);
	app.clock.forward(minutes(1));
	await (await trusting.open(paths.signOut)).submit({}, "Sign out");
	await signIn(trusting, casey);
	let page = await trusting.open(paths.changeEmail);
	expect(page.path).toContain(paths.confirm);
	const forced = await trusting.post(paths.changeEmail, { email: NEW_EMAIL, password: DEMO_PASSWORD });
	expect(forced.heading).not.toBe("Profile");
	page = await (await trusting.open(paths.changeEmail)).submit(
		{ "Verification code": authenticator.code() },
		"Submit",
	);
	expect(page.heading).toBe("Change your email");
});

test("an email that a colleague has gets the same answer; the colleague is told, and no link goes anywhere", async () => {
	await using app = await startApp();
	const free = await asksFor(newBrowser(app), casey, "free@mail.example");
	const taken = await asksFor(newBrowser(app), casey, devon);
	expect(taken.status).toBe(free.status);
	expect(taken.text.replaceAll(devon, "…")).toBe(free.text.replaceAll("free@mail.example", "…"));
	const told = await newest(app, devon, "Somebody tried to use your email");
	expect(told.text).toContain("It stays yours");
	expect(told.links).toEqual([]);
	// And the one asked for before it has ended.
	const link = await confirmationLink(app, "free@mail.example");
	expect((await newBrowser(app).openFromEmail(link)).heading).toBe(OVER);
});

test("a change that waits is cancelled on the profile's page, and its link opens nothing from then on", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await asksFor(desk, casey);
	const link = await confirmationLink(app);
	const left = await newBrowser(app).openFromEmail(link);
	const page = await (await desk.open(paths.profile)).submit({}, "Cancel the change");
	expect(page.text).toContain("The change is cancelled. Your email stays as it is.");
	expect(page.text).not.toContain(`${WAITS} ${NEW_EMAIL}`);
	await expectOver(await left.submit({}, "Confirm this email"));
	expect((await signIn(newBrowser(app), casey)).heading).toBe("My Account");
});

test("who cancels in Casey's session what Blake had asked for does not do it quietly", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	await byBlake(app, casey, NEW_EMAIL);
	await app.inbox.clear();
	await (await desk.open(paths.profile)).submit({}, "Cancel the change");
	const toCasey = await newest(app, casey, "A change of your email address was cancelled");
	expect(toCasey.text).toContain(
		`Blake Moreau had asked to change your email for signing in to ${NEW_EMAIL}.`,
	);
	expect(toCasey.text).toContain("This wasn't me");
	const toBlake = await newest(app, blake, "The new email of Casey Singh was cancelled");
	expect(toBlake.text).toContain(NEW_EMAIL);
	expect(toBlake.text).toContain("choose Sign out everywhere, and ask for the change again");
	expect(await app.inbox.all()).toHaveLength(2);

	// One's own is nobody else's business.
	await asksFor(desk, casey);
	await app.inbox.clear();
	await (await desk.open(paths.profile)).submit({}, "Cancel the change");
	expect(await app.inbox.all()).toEqual([]);
});

test("a Full Access user cancels a colleague's new email, whoever asked for it: both are told, and it is on record", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	await asksFor(newBrowser(app), casey);
	const link = await confirmationLink(app);
	let page = await desk.open(paths.colleague.to(await idOf(app, casey)));
	page = await page.click("Cancel the new email");
	expect(page.text).toContain(`${NEW_EMAIL} has not been confirmed.`);
	const open = await desk.copy().open(page.path);
	await app.inbox.clear();
	page = await page.submit({ "Your password": DEMO_PASSWORD }, "Cancel the new email");
	expect(page.text).toContain(`The new email of Casey Singh is cancelled. Their email stays ${casey}.`);
	expect(page.links).not.toContain("Cancel the new email");
	await expectOver(await newBrowser(app).openFromEmail(link));
	const toCasey = await newest(app, casey, "A change of your email address was cancelled");
	expect(toCasey.text).toContain(`Your email for signing in was to change to ${NEW_EMAIL}.`);
	expect(toCasey.text).toContain("by Avery Chen");
	expect(toCasey.text).toContain("This wasn't me");
	for (const user of [avery, blake]) {
		const { text } = await newest(app, user, "The new email of Casey Singh was cancelled");
		expect(text).toContain(`The email of Casey Singh (${casey}) was to change to ${NEW_EMAIL}.`);
	}
	expect(await app.inbox.all()).toHaveLength(3);
	expect((await desk.open(paths.activity)).text).toMatch(
		/The change of Casey Singh's email ended before it was confirmed: it was cancelled\s+By Avery Chen/,
	);

	// A page opened before leaves one alone that was asked for since.
	await byBlake(app, casey, "second@mail.example");
	await app.inbox.clear();
	page = await open.submit({ "Your password": DEMO_PASSWORD }, "Cancel the new email");
	expect(page.text).toContain("second@mail.example – not confirmed yet.");
	expect(await app.inbox.all()).toEqual([]);
});

test("a link works for 24 hours, and ends with another change, a new password, and when it is used", async () => {
	await using app = await startApp();
	await asksFor(newBrowser(app), casey);
	const first = await confirmationLink(app);
	app.clock.forward(hours(24) - minutes(5));
	expect((await newBrowser(app).openFromEmail(first)).heading).toBe("Confirm your new email");
	app.clock.forward(minutes(5));
	await expectOver(await newBrowser(app).openFromEmail(first));

	await asksFor(newBrowser(app), casey);
	const second = await confirmationLink(app);
	await asksFor(newBrowser(app), casey, "another@mail.example");
	await expectOver(await newBrowser(app).openFromEmail(second));

	const third = await confirmationLink(app, "another@mail.example");
	const desk = newBrowser(app);
	await signIn(desk, casey);
	await (await desk.open(paths.password)).submit(
		{ "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD },
		"Change password",
	);
	await expectOver(await newBrowser(app).openFromEmail(third));

	app.clock.forward(hours(1));
	await asksFor(newBrowser(app), casey, NEW_EMAIL, NEW_PASSWORD);
	const last = await confirmationLink(app);
	await confirm(app, last);
	await expectOver(await newBrowser(app).openFromEmail(last));
	await expectOver(await newBrowser(app).openFromEmail(paths.confirmEmail.to("A".repeat(43))));
});

test("one address gets no more than three emails an hour, and the page says when to try again", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	for (let times = 0; times < 3; times++) await asksFor(desk, casey);
	const refused = await asksFor(desk, casey);
	expect(refused.status).toBe(429);
	expect(refused.errors[0]).toContain(
		"We have sent as many emails to that address as we can for now. Try again in 1 hour",
	);
	// It counts for the address, whoever asks; the change that waits goes on.
	expect((await asksFor(newBrowser(app), devon)).status).toBe(429);
	expect((await app.inbox.all(NEW_EMAIL)).length).toBe(3);
	expect((await confirm(app, await confirmationLink(app))).heading).toBe("Your email is changed");
});

test("one person asks for no more than ten changes a day, to whatever addresses, and the page says when to try again", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	for (let times = 0; times < 10; times++) await asksFor(desk, casey, `casey.${times}@mail.example`);
	const refused = await asksFor(desk, casey, "casey.10@mail.example");
	expect(refused.status).toBe(429);
	expect(refused.errors[0]).toContain("You have asked for as many changes of email as you can in a day.");
	expect(await app.inbox.all("casey.10@mail.example")).toEqual([]);
	// The one before it still waits, and it counts for nobody else.
	const page = await confirm(app, await confirmationLink(app, "casey.9@mail.example"));
	expect(page.heading).toBe("Your email is changed");
	expect((await asksFor(newBrowser(app), devon, "casey.10@mail.example")).heading).toBe("Profile");
});

test("a mail scanner that opens the link changes nothing", async () => {
	await using app = await startApp();
	await asksFor(newBrowser(app), casey);
	const link = new URL(await confirmationLink(app));
	for (const method of ["GET", "HEAD"] as const) {
		const answer = await app.server.inject({ method, url: link.pathname, headers: { host: link.host } });
		expect(answer.statusCode).toBe(200);
	}
	const blind = await app.server.inject({
		method: "POST",
		url: link.pathname,
		headers: { host: link.host, "sec-fetch-site": "cross-site" },
	});
	expect(blind.statusCode).toBe(403);
	expect((await signIn(newBrowser(app), casey)).heading).toBe("My Account");
	expect((await confirm(app, link.href)).heading).toBe("Your email is changed");
});

test("confirmed twice at the same moment it is confirmed once", async () => {
	await using app = await startApp();
	await asksFor(newBrowser(app), casey);
	const link = await confirmationLink(app);
	const forms = await Promise.all([1, 2, 3, 4].map(() => newBrowser(app).openFromEmail(link)));
	const answers = await Promise.all(forms.map((form) => form.submit({}, "Confirm this email")));
	expect(answers.filter(({ heading }) => heading === "Your email is changed")).toHaveLength(1);
	expect(answers.filter(({ heading }) => heading === OVER)).toHaveLength(3);
	expect((await kinds(app)).filter((kind) => kind === "email-changed")).toHaveLength(1);
});

test("two who confirm one address at the same moment: one has it, and the other is told that it is taken", async () => {
	await using app = await startApp();
	const links: string[] = [];
	for (const person of [casey, devon]) {
		await asksFor(newBrowser(app), person);
		links.push(await confirmationLink(app));
	}
	const forms = await Promise.all(links.map((link) => newBrowser(app).openFromEmail(link)));
	const answers = await Promise.all(forms.map((form) => form.submit({}, "Confirm this email")));
	expect(answers.map(({ heading }) => heading).toSorted()).toEqual([
		"This email is taken",
		"Your email is changed",
	]);
	expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 410]);
	expect((await signIn(newBrowser(app), NEW_EMAIL)).heading).toBe("My Account");
	expect((await kinds(app)).filter((kind) => kind === "email-change-ended")).toHaveLength(1);
});

test("a new email ends sign-ins and links that were under way, and leaves the session and the second step as they are", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	const { authenticator } = await setUpAuthenticatorApp(desk);
	const parked = newBrowser(app);
	const secondStep = await signIn(parked, casey);
	expect(secondStep.heading).toBe("Enter the code from your authenticator app");
	const passwordLink = await passwordLinkTo(app, casey);
	await asksFor(desk, casey, NEW_EMAIL);
	await confirm(app, await confirmationLink(app));

	app.clock.forward(minutes(1));
	const after = await secondStep.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(after.heading).toBe("Sign in to Harbour Physio");
	expect((await newBrowser(app).openFromEmail(passwordLink)).status).toBe(410);
	expect((await desk.open(paths.profile)).text).toContain(NEW_EMAIL);
	// The mailbox is no way past the second step.
	const asked = await signIn(newBrowser(app), NEW_EMAIL);
	expect(asked.heading).toBe("Enter the code from your authenticator app");
});

test("for 7 days a new password's link goes to the earlier address, and says what the email is now", async () => {
	await using app = await startApp();
	await asksFor(newBrowser(app), casey);
	await confirm(app, await confirmationLink(app));
	await app.inbox.clear();
	app.clock.forward(days(7) - minutes(5));
	const link = await passwordLinkTo(app, NEW_EMAIL, casey);
	expect((await newest(app, casey, "Choose a new password")).text).toContain(
		`Your email for signing in was changed to ${NEW_EMAIL} within the last 7 days.`,
	);
	expect(await app.inbox.all(NEW_EMAIL)).toEqual([]);
	// The earlier one itself is nobody's any more.
	await asksForPasswordLink(app, casey);
	expect((await app.inbox.all(casey)).length).toBe(1);
	expect((await newBrowser(app).openFromEmail(link)).text).toContain(NEW_EMAIL);

	app.clock.forward(minutes(5));
	await passwordLinkTo(app, NEW_EMAIL, NEW_EMAIL);
});

test("changing twice within 7 days does not make the earlier address forgotten", async () => {
	await using app = await startApp();
	await asksFor(newBrowser(app), casey);
	await confirm(app, await confirmationLink(app));
	app.clock.forward(days(6));
	await asksFor(newBrowser(app), NEW_EMAIL, "third@mail.example");
	expect((await newest(app, casey, "A change of your email address was asked for")).text).toContain(
		"third@mail.example",
	);
	await confirm(app, await confirmationLink(app, "third@mail.example"));
	for (const told of [casey, NEW_EMAIL])
		expect((await newest(app, told, "Your email was changed")).text).toContain(
			"Your email for signing in is now third@mail.example",
		);
	app.clock.forward(days(6));
	await passwordLinkTo(app, "third@mail.example", casey);
	app.clock.forward(days(1));
	await passwordLinkTo(app, "third@mail.example", "third@mail.example");
});

test("a Full Access user who changes a colleague's email to become them has nothing for 7 days, and the old address is told each time", async () => {
	await using app = await startApp();
	await signIn(newBrowser(app), casey);
	const blakes = await byBlake(app, casey, "blakes.other@mail.example");
	expect(blakes.kind).toBe("asked");
	const asked = await newest(app, casey, "A change of your email address was asked for");
	expect(asked.text).toContain(
		"Blake Moreau asked to change your email for signing in to blakes.other@mail.example.",
	);
	expect(asked.text).toContain("This wasn't me");
	const confirmation = await newest(app, "blakes.other@mail.example", "Confirm your new email");
	expect(confirmation.text).toContain("Blake Moreau asked to make this your email");
	await confirm(app, confirmation.links[0] ?? "");

	expect((await newest(app, casey, "Your email was changed")).text).toContain(
		"Blake Moreau had asked for it.",
	);
	for (const user of [avery, blake]) {
		const told = await newest(app, user, "Casey Singh's email was changed");
		expect(told.text).toContain("blakes.other@mail.example");
	}
	// A forgotten password sends its link to the owner, and no colleague can help past the second step.
	await passwordLinkTo(app, "blakes.other@mail.example", casey);
	const again = await byBlake(app, "blakes.other@mail.example", "yet.another@mail.example");
	expect(again.kind).toBe("asked");
	expect((await newest(app, casey, "A change of your email address was asked for")).text).toContain(
		"yet.another@mail.example",
	);
});

test("what a Full Access user asked for ends where they lose Full Access", async () => {
	await using app = await startApp();
	await byBlake(app, casey, NEW_EMAIL);
	const link = await confirmationLink(app);
	const { backdoor } = app.database;
	await backdoor.updateTable("profiles").set({ access: "limited" }).where("email", "=", blake).execute();
	await expectOver(await newBrowser(app).openFromEmail(link));
	await backdoor.updateTable("profiles").set({ access: "full" }).where("email", "=", blake).execute();
	expect((await confirm(app, link)).heading).toBe("Your email is changed");
});

test("who never set a password is invited at the address that they confirmed, and the one before it has no say", async () => {
	await using app = await startApp();
	const { backdoor } = app.database;
	const { profile_id } = await backdoor
		.selectFrom("profiles")
		.select("profile_id")
		.where("email", "=", casey)
		.executeTakeFirstOrThrow();
	await backdoor.deleteFrom("passwords").where("profile_id", "=", profile_id).execute();
	await backdoor
		.updateTable("profiles")
		.set({ last_sign_in_at: null })
		.where("profile_id", "=", profile_id)
		.execute();
	await byBlake(app, casey, NEW_EMAIL);
	const page = await confirm(app, await confirmationLink(app));
	expect(page.heading).toBe("Your email is changed");
	expect(page.text).toContain(
		"You choose your password next. Open the invitation we have just sent to this address",
	);
	for (const { text } of await app.inbox.all(casey)) expect(text).not.toContain("This wasn't me");

	const invitation = await newest(app, NEW_EMAIL, "Set your password");
	const browser = newBrowser(app);
	const choose = await browser.openFromEmail(invitation.links[0] ?? "");
	await choose.submit({ "New password": NEW_PASSWORD }, "Save password");
	expect((await signIn(browser, NEW_EMAIL, NEW_PASSWORD)).heading).toBe("My Account");
	await passwordLinkTo(app, NEW_EMAIL, NEW_EMAIL);
});

test("a link of one clinic opens nothing at another", async () => {
	await using app = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(app);
	const desk = harbour.browser();
	await (await desk.openFromEmail(harbour.invitation)).submit(
		{ "New password": NEW_PASSWORD },
		"Save password",
	);
	const mapleDesk = maple.browser();
	await (await mapleDesk.openFromEmail(maple.invitation)).submit(
		{ "New password": NEW_PASSWORD },
		"Save password",
	);
	await asksFor(desk, sasha, NEW_EMAIL, NEW_PASSWORD);
	const link = await confirmationLink(app);
	const { pathname } = new URL(link);
	await expectOver(await maple.browser().open(pathname));
	const refused = await mapleDesk.post(pathname, {});
	expect(refused.heading).toBe(OVER);
	const page = await (await harbour.browser().openFromEmail(link)).submit({}, "Confirm this email");
	expect(page.heading).toBe("Your email is changed");
	expect((await signIn(maple.browser(), sasha, NEW_PASSWORD)).heading).toBe("My Account");
});

test("a form of one's profile without its session's token changes nothing", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await asksFor(desk, casey);
	for (const [address, form] of [
		[paths.changeEmail, { email: "thief@mail.example", password: DEMO_PASSWORD }],
		[paths.cancelEmailChange, {}],
		[paths.changeMobile, { mobile: "+16045550177", password: DEMO_PASSWORD }],
	] as const) {
		const refused = await desk.post(address, { ...form, "form-token": "A".repeat(43) });
		expect(refused.status, address).toBe(403);
	}
	expect((await desk.open(paths.profile)).text).toContain(`${WAITS} ${NEW_EMAIL}`);
});

/** Signs in where need be, and asks for a new email of one's own. */
async function asksFor(
	browser: Browser,
	email: string,
	newEmail = NEW_EMAIL,
	password = DEMO_PASSWORD,
): Promise<Page> {
	let page = await browser.open(paths.changeEmail);
	if (page.heading !== "Change your email") {
		await signIn(browser, email, password);
		page = await browser.open(paths.changeEmail);
	}
	return page.submit({ "New email": newEmail, Password: password }, SEND);
}

/** Blake Moreau, who has Full Access, edits the email of a colleague. */
async function byBlake(app: App, email: string, newEmail: string) {
	const clinic = await findClinic(app.db, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	const doer = await findProfileByEmail(app.db, clinic.clinicId, blake);
	const colleague = await findProfileByEmail(app.db, clinic.clinicId, email);
	if (!doer || !colleague) throw new Error("Nobody has that email");
	const where = { browserName: "Firefox on Linux", address: "203.0.113.9" };
	return inTransaction(app.db, async (tx) => {
		const locked = await lockProfile(tx, clinic.clinicId, colleague.profileId);
		if (!locked) throw new Error("Nobody has that profile");
		const by = { profileId: doer.profileId, name: doer.name, where };
		return askForEmailChange(tx, app.deps, clinic, locked, { newEmail, by, now: app.clock.now() });
	});
}

async function confirmationLink(app: App, email = NEW_EMAIL): Promise<string> {
	return (await newest(app, email, "Confirm your new email")).links[0] ?? "";
}

/** The newest email about this; others may have come in the same moment. */
async function newest(app: App, to: string, about: string): Promise<Email> {
	const emails = await app.inbox.all(to);
	const email = emails.findLast(({ subject }) => subject === `${about} – Harbour Physio`);
	if (!email) throw new Error(`${to} has only: ${emails.map(({ subject }) => subject).join("; ")}`);
	return email;
}

async function confirm(app: App, link: string): Promise<Page> {
	return (await newBrowser(app).openFromEmail(link)).submit({}, "Confirm this email");
}

async function expectOver(page: Page): Promise<void> {
	expect(page.heading).toBe(OVER);
	expect(page.status).toBe(410);
	expect(page.text).toContain("ask a Full Access user of your clinic");
}

async function asksForPasswordLink(app: App, email: string): Promise<void> {
	const page = await newBrowser(app).open(paths.forgotPassword);
	await page.submit({ Email: email }, "Email me a link");
}

/** @returns the link that was sent, to the address given last */
async function passwordLinkTo(app: App, email: string, to = email): Promise<string> {
	await asksForPasswordLink(app, email);
	return (await newest(app, to, "Choose a new password")).links[0] ?? "";
}

async function kinds(app: App): Promise<string[]> {
	const rows = await app.database.backdoor
		.selectFrom("activity_events")
		.select("kind")
		.orderBy("number")
		.execute();
	return rows.map(({ kind }) => kind);
}
