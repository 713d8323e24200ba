import { expect, test } from "vitest";
import { days, hours, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { formToken } from "../bypasses/cookies-of.ts";
import { chooseNewPassword, linkFor, NEW_PASSWORD, ownerWithApp } from "../bypasses/owners.ts";
import { manyClinics, sasha, twoClinics } from "../bypasses/two-clinics.ts";
import { doorsKept, everythingKept } from "../bypasses/what-is-kept.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { deactivate, idOf } from "../harness/by-operator.ts";
import { addStaff } from "../harness/more-staff.ts";
import type { Page } from "../harness/page.ts";
import {
	avery,
	blake,
	casey,
	devon,
	requireFrom,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
	signInTrusting,
	signInWithCode,
	signOut,
} from "../harness/people.ts";

const gina = "gina@harbour.example";
const AGAIN = { "Your password": DEMO_PASSWORD };
const GINA = { Name: "Gina Hall", Email: gina };

/** Avery at work with a method of her own. */
async function atWork() {
	const app = await startApp();
	const averys = await ownerWithApp(app, avery);
	return { app, desk: averys.desk, averys, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

async function personPage(app: App, desk: Browser, email: string): Promise<Page> {
	return desk.open(paths.colleague.to(await idOf(app, email)));
}

async function edit(app: App, desk: Browser, email: string, filled: object): Promise<Page> {
	const page = await desk.open(paths.editColleague.to(await idOf(app, email)));
	return page.submit({ ...AGAIN, ...filled }, "Save");
}

async function invite(desk: Browser, filled: object): Promise<Page> {
	return (await desk.open(paths.inviteStaff)).submit({ ...filled }, "Send invitation");
}

async function deactivateHer(app: App, desk: Browser, email: string, filled: object = AGAIN) {
	const page = await desk.open(paths.deactivateColleague.to(await idOf(app, email)));
	return page.submit({ ...filled }, "Deactivate");
}

const passwordLinks = (links: readonly string[]) =>
	links.filter((link) => link.includes(paths.setPassword.to("")));

function profileOf(app: App, email: string) {
	return app.database.backdoor
		.selectFrom("profiles")
		.selectAll()
		.where("email", "=", email)
		.executeTakeFirst();
}

async function details(app: App, kind: string): Promise<unknown[]> {
	const rows = await app.database.backdoor
		.selectFrom("activity_events")
		.select("detail")
		.where("kind", "=", kind)
		.orderBy("number")
		.execute();
	return rows.map((row) => JSON.parse(row.detail as string));
}

const countEmails = async (app: App, ...to: string[]) =>
	(await Promise.all(to.map((email) => app.inbox.all(email)))).flat().length;

test("Avery invites Gina without a password asked; Gina sets hers by the emailed link and signs in", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	let page = await (await (await desk.open(paths.account)).click("Staff")).click("Invite");
	expect([page.field("Limited").checked, page.field("Full Access").checked]).toEqual([true, false]);
	page = await page.submit({ ...GINA, "Mobile number": "604 555 0177" }, "Send invitation");
	expect(page.heading).toBe("Gina Hall");
	expect(page.text).toContain(`an invitation is on its way to ${gina}`);
	expect(page.text).toContain("+1 604 555 0177");
	expect(page.text).toContain("Limited");

	expect(page.text).toContain("They have not used their invitation yet.");
	expect(page.text).not.toContain("Forgot your password?");
	expect((await desk.open(paths.staff)).text).toContain("Gina Hall Invited");

	const email = await app.inbox.latest(gina);
	expect(email.subject).toBe("Set your password – Harbour Physio");
	expect(email.text).toContain("Avery Chen invited you. You can sign in at Harbour Physio");
	const [link = ""] = email.links;
	const ginas = newBrowser(app);
	await chooseNewPassword(ginas, link);
	const isSet = await app.inbox.latest(gina);
	expect(isSet.subject).toBe("Your password is set – Harbour Physio");
	expect(isSet.text).toContain("If this wasn't you, choose “This wasn't me”.");
	expect(await details(app, "password-set")).toEqual([{ how: "link", isFirst: true }]);
	expect((await desk.open(paths.staff)).text).not.toContain("Invited");
	expect((await signIn(ginas, gina, NEW_PASSWORD)).heading).toBe("My Account");
	for (const told of [avery, blake]) {
		const { subject, text } = await app.inbox.latest(told);
		expect(subject).toBe("Gina Hall was invited (access level: Limited) – Harbour Physio");
		expect(text).toContain(told === avery ? "You did this on" : "by Avery Chen");
	}
	const { text } = await desk.open(paths.activity);
	expect(text).toContain("Avery Chen invited Gina Hall");
	expect(text).toContain("Gina Hall set the first password by an emailed link");
});

test("who finds that somebody took their invitation says This wasn't me, and has the profile for themselves", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await invite(desk, GINA);
	const thief = newBrowser(app);
	await chooseNewPassword(thief, (await app.inbox.latest(gina)).links[0] ?? "", NEW_PASSWORD);
	await signIn(thief, gina, NEW_PASSWORD);
	const emails = await app.inbox.all(gina);
	const isSet = emails.find(({ subject }) => subject.startsWith("Your password is set"));
	const asked = await newBrowser(app).openFromEmail(isSet?.links[0] ?? "");
	await asked.submit({}, "This wasn't me");
	expect((await thief.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
	expect((await signIn(thief, gina, NEW_PASSWORD)).errors).toHaveLength(1);
	const ginas = newBrowser(app);
	const another = "twelve quiet lamps by the door";
	await chooseNewPassword(ginas, (await app.inbox.latest(gina)).links[0] ?? "", another);
	expect((await signIn(ginas, gina, another)).heading).toBe("My Account");
});

test("to invite with Full Access the password is asked, and a code too where a trusted browser let Avery in", async () => {
	await using work = await atWork();
	const { app, desk, averys } = work;
	const full = { ...GINA, "Access level": "Full Access" };
	let page = await invite(desk, full);
	expect(page.errors).toEqual(["Enter your password."]);
	expect(page.field("Name").value).toBe("Gina Hall");
	expect(await profileOf(app, gina)).toBeUndefined();
	page = await invite(desk, { ...full, "Your password": "not this one" });
	expect(page.errors[0]).toContain("isn't right");
	expect((await invite(desk, { ...full, ...AGAIN })).heading).toBe("Gina Hall");
	expect(await profileOf(app, gina)).toMatchObject({ access: "full", name: "Gina Hall" });

	app.clock.forward(minutes(1));
	const trusting = newBrowser(app);
	await signInTrusting(trusting, avery, averys.authenticator);
	await signOut(trusting);
	await signIn(trusting, avery);
	page = await trusting.open(paths.inviteStaff);
	expect(page.links).toContain("To invite with Full Access, enter a code first");
	// As by hand, where the page offers nothing of it.
	const body = {
		name: "Gus Lee",
		email: "gus@harbour.example",
		mobile: "",
		access: "full",
		password: DEMO_PASSWORD,
	};
	page = await trusting.post(paths.inviteStaff, { ...body, "form-token": formToken(trusting, "session") });
	expect(page.heading).toBe("Enter a code to go on");
	expect(await profileOf(app, "gus@harbour.example")).toBeUndefined();
	app.clock.forward(minutes(1));
	page = await page.submit({ "Verification code": averys.authenticator.code() }, "Submit");
	expect(page.path).toBe(paths.inviteStaff);
	page = await page.submit(
		{ Name: "Gus Lee", Email: "gus@harbour.example", "Access level": "Full Access", ...AGAIN },
		"Send invitation",
	);
	expect(page.heading).toBe("Gus Lee");
});

test("what was typed wrongly comes back with one sentence a field, and nobody is invited", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const page = await invite(desk, { Name: " ", Email: "gina", "Mobile number": "12" });
	expect(page.status).toBe(422);
	expect(page.errors).toEqual([
		"Enter their name.",
		"Enter an email, as name@clinic.com.",
		"Enter the number with its area code or, where it is abroad, with + and the country code, as +44 7400 123456.",
	]);
	expect(page.field("Mobile number").value).toBe("12");
	expect((await invite(desk, { Name: "Avery Chen", Email: avery.toUpperCase() })).errors).toEqual([
		"That is your own email. You have a staff profile already.",
	]);
	expect(await countEmails(app, "gina")).toBe(0);
	expect((await app.database.backdoor.selectFrom("profiles").selectAll().execute()).length).toBe(6);
});

test("inviting somebody who is there sends another link and says so; a deactivated person is offered Reactivate", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await invite(desk, GINA);
	let page = await invite(desk, { ...GINA, Name: "Somebody Else" });
	expect(page.text).toContain("less than a minute ago");
	expect(await countEmails(app, gina)).toBe(1);
	await app.drain();
	app.clock.forward(minutes(2));
	page = await invite(desk, {
		Name: "Somebody Else",
		Email: "GINA@harbour.example",
		"Access level": "Full Access",
		...AGAIN,
	});
	expect(page.heading).toBe("Gina Hall");
	expect(page.text).toContain("Gina Hall already has a staff profile, and nothing of it was changed.");
	expect(await profileOf(app, gina)).toMatchObject({ name: "Gina Hall", access: "limited" });
	expect(await countEmails(app, gina)).toBe(2);
	expect((await app.inbox.latest(blake)).subject).toContain("Gina Hall was sent a link to set a password");

	await deactivate(app, casey);
	await app.inbox.clear();
	page = await invite(desk, { Name: "Casey", Email: casey });
	expect(page.heading).toBe("Casey Singh");
	expect(page.text).toContain("so no invitation was sent");
	expect(page.links).toContain("Reactivate");
	expect(await countEmails(app, casey, avery, blake)).toBe(0);
});

test("a clinic sends 20 invitations a day and one for each who signs in, and the page says from when on it can again", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	// Avery has signed in: one more.
	for (let n = 0; n < 21; n++) {
		const page = await invite(desk, { Name: `Temp ${n}`, Email: `temp${n}@harbour.example` });
		expect(page.heading, String(n)).toBe(`Temp ${n}`);
	}
	const page = await invite(desk, GINA);
	expect(page.status).toBe(429);
	expect(page.errors[0]).toContain("You can invite again from Tue 8 Dec 2026");
	expect(page.field("Name").value).toBe("Gina Hall");
	expect(await profileOf(app, gina)).toBeUndefined();
	app.clock.forward(hours(24) + minutes(15));
	await signInWithCode(desk, avery, work.averys.authenticator);
	expect(await invite(desk, GINA)).toMatchObject({ heading: "Gina Hall", errors: [] });
});

test("Avery edits name, number and access; Casey, Avery and Blake are told what changed, and the log keeps it", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await signIn(newBrowser(app), casey);
	await app.inbox.clear();
	let page = await (await personPage(app, desk, casey)).click("Edit");
	expect(page.field("Name").value).toBe("Casey Singh");
	page = await page.submit(
		{ Name: "Casey Roy", "Mobile number": "604 555 0199", "Access level": "Full Access", ...AGAIN },
		"Save",
	);
	expect(page.heading).toBe("Casey Roy");
	expect(page.text).toContain("The staff profile of Casey Roy is changed.");
	expect((await edit(app, desk, casey, {})).text).toContain("Nothing was changed.");
	expect(page.text).toContain("+1 604 555 0199");
	expect(page.text).toContain("+1 604 555 0103, the one before");
	expect(page.text).toContain("Full Access");
	const told = await app.inbox.latest(casey);
	expect(told.subject).toBe("Your staff profile was changed – Harbour Physio");
	for (const sentence of ["Your name is now Casey Roy.", "is now +1 604 555 0199", "is now Full Access"])
		expect(told.text).toContain(sentence);
	expect(told.text).toContain("by Avery Chen");
	expect(told.links.some((link) => link.includes(paths.notMe.to("")))).toBe(true);
	const toCall = "call the number before it, +1 604 555 0103.";
	expect(told.text).toContain(`For 7 days a colleague who helps you is told to ${toCall}`);
	for (const user of [avery, blake]) {
		const { subject, text } = await app.inbox.latest(user);
		expect(subject).toBe("Casey Singh's staff profile was changed – Harbour Physio");
		expect(text).toContain("Their name is now Casey Roy.");
		expect(text).toContain(`Their mobile number is now +1 604 555 0199. For 7 days ${toCall}`);
	}
	// To the one who did it, it is told as theirs; the other is told whom to ask, and not by email.
	const toAvery = (await app.inbox.latest(avery)).text;
	expect(toAvery).toContain("You did this on Mon 7 Dec 2026");
	expect(toAvery).toContain(
		"If this wasn't you, choose “This wasn't me”: it asks before it does anything, and works for 7 days.",
	);
	expect((await app.inbox.latest(blake)).text).toContain(
		"If this surprises you, ask Avery Chen, in person or by phone. If they didn't do it, write to privacy@vestibule.example.",
	);
	expect(await countEmails(app, casey, avery, blake, devon)).toBe(3);
	expect(await details(app, "staff-edited")).toEqual([
		{
			changed: ["name", "mobile", "access"],
			name: { from: "Casey Singh", to: "Casey Roy" },
			mobile: { from: "•••• •••• 0103", to: "•••• •••• 0199" },
			access: "full",
		},
	]);
	// Everything they ever did is told under the new name: the log itself says that it was another one.
	expect((await desk.open(paths.activity)).text).toContain(
		"Avery Chen edited the name, mobile number and access level of Casey Roy, who has Full Access now: name from Casey Singh to Casey Roy; mobile number from •••• •••• 0103 to •••• •••• 0199",
	);
	app.clock.forward(days(7) + minutes(1));
	await signInWithCode(desk, avery, work.averys.authenticator);
	expect((await personPage(app, desk, casey)).text).not.toContain("the one before");
});

test("a name alone is nothing that somebody asks for: the email says whom to ask, without This wasn't me", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await edit(app, desk, casey, { Name: "Casey Roy" });
	const { text, links } = await app.inbox.latest(casey);
	expect(text).toContain("Your name is now Casey Roy.");
	expect(text).toContain(
		"If this surprises you, ask Avery Chen or another Full Access user at Harbour Physio.",
	);
	expect(links).toEqual([]);
});

test("a number that changes twice within 7 days, from none and back: the emails name the one to call, or none", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const toBlake = async (mobile: string) => {
		await edit(app, desk, casey, { "Mobile number": mobile });
		return (await app.inbox.latest(blake)).text;
	};
	await toBlake("604 555 0199");
	expect(await toBlake("604 555 0188")).toContain("call the number before it, +1 604 555 0103.");
	expect(await toBlake("604 555 0103")).toContain("is now +1 604 555 0103. Texted codes go on");
	await edit(app, desk, casey, { "Mobile number": "" });
	app.clock.forward(days(8));
	await signInWithCode(desk, avery, work.averys.authenticator);
	expect(await toBlake("604 555 0199")).toContain("For 7 days see them in person; don't call the new one.");
});

test("a number edited by a colleague is only the one to call: codes go on to the one Casey confirmed", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const caseys = newBrowser(app);
	await signIn(caseys, casey);
	const { number } = await setUpTextMessages(caseys);
	let page = await desk.open(paths.editColleague.to(await idOf(app, casey)));
	expect(page.text).toContain("Codes go on being texted to +1 604 555 0103");
	page = await page.submit({ "Mobile number": "+44 20 7946 0958", ...AGAIN }, "Save");
	expect(page.text).toContain("+44 20 7946 0958");
	const textsBefore = (await app.texts.all(number)).length;
	await signIn(newBrowser(app), casey);
	expect(await app.texts.all(number)).toHaveLength(textsBefore + 1);
	page = await edit(app, desk, casey, { "Mobile number": "" });
	expect(page.text).toContain("None yet");
	expect(await profileOf(app, casey)).toMatchObject({ mobile: null, earlier_mobile: "+16045550103" });
});

test("a new email waits until it is confirmed: the page says so, both addresses are told, and the old one signs in", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await signIn(newBrowser(app), casey);
	await app.inbox.clear();
	const fresh = "casey@new.example";
	let page = await edit(app, desk, casey, { Email: fresh });
	expect(page.text).toContain(`The new email waits until ${fresh} is confirmed`);
	expect(page.text).toContain("casey@harbour.example");
	expect(await countEmails(app, fresh)).toBe(1);
	expect(await countEmails(app, casey)).toBe(1);
	expect((await app.inbox.latest(blake)).text).toContain(
		`Their email address will change to ${fresh} once it is confirmed there.`,
	);
	expect(await details(app, "staff-edited")).toEqual([{ changed: ["email"] }]);
	expect(await details(app, "email-change-asked")).toEqual([{}]);
	expect((await signIn(newBrowser(app), casey)).heading).toBe("My Account");

	page = await edit(app, desk, casey, { Email: "casey@newer.example" });
	expect(page.text).toContain("waits until casey@newer.example is confirmed");
	expect(await details(app, "email-change-ended")).toEqual([{ why: "another" }]);
	expect((await edit(app, desk, casey, { Email: devon })).errors).toEqual([
		`Somebody else at your clinic has ${devon}. Enter another email.`,
	]);
	await deactivateHer(app, desk, casey);
	expect(await details(app, "email-change-ended")).toEqual([{ why: "another" }, { why: "deactivated" }]);
	expect((await personPage(app, desk, casey)).text).not.toContain("newer.example");
});

test("too many confirmations to one address: nothing at all of the form is saved, and the page says until when", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	for (let n = 0; n < 3; n++) await edit(app, desk, casey, { Email: "casey@new.example" });
	const page = await edit(app, desk, casey, { Email: "casey@new.example", Name: "Casey Roy" });
	expect(page.status).toBe(429);
	expect(page.errors[0]).toContain("so nothing was saved. Try again from Mon 7 Dec 2026");
	expect(await profileOf(app, casey)).toMatchObject({ name: "Casey Singh" });
});

test("the same form sent twice does it once, and a form opened before somebody else's change undoes nothing", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await app.inbox.clear();
	let page = await desk.open(paths.editColleague.to(await idOf(app, casey)));
	const stale = page;
	const filled = { Name: "Casey Roy", Email: "casey@new.example", ...AGAIN };
	await page.submit(filled, "Save");
	page = await stale.submit(filled, "Save");
	expect(page.heading).toBe("Casey Roy");
	expect(await details(app, "staff-edited")).toHaveLength(1);
	expect(await countEmails(app, "casey@new.example")).toBe(1);
	expect(await countEmails(app, casey)).toBe(2);

	// What stands in the old form would take the name back.
	page = await stale.submit({ "Mobile number": "604 555 0199", ...AGAIN }, "Save");
	expect(page.status).toBe(409);
	expect(page.errors[0]).toContain("Somebody changed this staff profile while you had it open.");
	expect(page.field("Name").value).toBe("Casey Roy");
	expect(await profileOf(app, casey)).toMatchObject({ name: "Casey Roy", mobile: "+16045550103" });
	expect((await edit(app, desk, casey, {})).heading).toBe("Casey Roy");
	expect(await details(app, "staff-edited")).toHaveLength(1);
});

test("who loses Full Access finds no Staff at once, and the temporary codes they gave end", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const blakes = await ownerWithApp(app, blake);
	await ownerWithApp(app, casey);
	const give = await blakes.desk.open(paths.giveTemporaryCode.to(await idOf(app, casey)));
	await give.submit({ "In person": true, "Your password": DEMO_PASSWORD }, "Give a temporary code");
	expect((await edit(app, desk, blake, { "Access level": "Limited" })).text).toContain(
		"The staff profile of Blake Moreau is changed.",
	);
	expect((await blakes.desk.open(paths.staff)).status).toBe(404);
	expect(await details(app, "temporary-code-ended")).toEqual([{ why: "giver-lost-full-access" }]);
	const codes = await app.database.backdoor.selectFrom("temporary_codes").select("ended_at").execute();
	expect(codes).toEqual([{ ended_at: expect.anything() }]);
	expect((await app.inbox.latest(blake)).text).toContain("Your access level is now Limited.");
});

test("two who take each other's Full Access, or deactivate each other, at the same moment: one stays", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const blakes = await ownerWithApp(app, blake);
	const forms = [
		await desk.open(paths.editColleague.to(await idOf(app, blake))),
		await blakes.desk.open(paths.deactivateColleague.to(await idOf(app, avery))),
	] as const;
	await Promise.all([
		forms[0].submit({ "Access level": "Limited", ...AGAIN }, "Save"),
		forms[1].submit(AGAIN, "Deactivate"),
	]);
	const left = await app.database.backdoor
		.selectFrom("profiles")
		.select("email")
		.where("access", "=", "full")
		.where("active", "=", 1)
		.execute();
	expect(left).toHaveLength(1);
});

test("somebody with Full Access who never signed in does not stand in for the last one who did", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await invite(desk, { ...GINA, "Access level": "Full Access", ...AGAIN });
	// Blake never signed in; Avery's own is out of reach for herself, so Gina is the one who goes.
	expect((await edit(app, desk, gina, { "Access level": "Limited" })).text).toContain(
		"The staff profile of Gina Hall is changed.",
	);
	const blakes = await ownerWithApp(app, blake);
	await app.database.backdoor
		.updateTable("profiles")
		.set({ last_sign_in_at: null })
		.where("email", "=", blake)
		.execute();
	const why = "They are the last Full Access user of Harbour Physio who has finished a sign-in";
	expect((await edit(app, blakes.desk, avery, { "Access level": "Limited" })).errors[0]).toContain(why);
	expect((await deactivateHer(app, blakes.desk, avery)).errors[0]).toContain(why);
	expect(await profileOf(app, avery)).toMatchObject({ access: "full", active: 1 });
});

test("Avery deactivates Casey after reading what happens, finds her among the deactivated, and lets her in again", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const caseys = await ownerWithApp(app, casey);
	await app.inbox.clear();
	let page = await (await personPage(app, desk, casey)).click("Deactivate");
	expect(page.heading).toBe("Deactivate Casey Singh?");
	expect(page.text).toContain("signed out everywhere at once");
	page = await page.submit({}, "Deactivate");
	expect(page.errors).toEqual(["Enter your password."]);
	page = await page.submit(AGAIN, "Deactivate");
	expect(page.text).toContain("Casey Singh is deactivated, signed out everywhere");
	expect((await caseys.desk.open(paths.account)).path).toContain(paths.signIn);
	expect((await app.inbox.latest(casey)).subject).toBe("Your staff profile was deactivated – Harbour Physio");
	for (const user of [avery, blake])
		expect((await app.inbox.latest(user)).subject).toBe("Casey Singh was deactivated – Harbour Physio");
	for (const action of ["Edit", "Give a temporary code", "Disable 2-Step Verification"])
		expect(page.links).not.toContain(action);
	expect(page.buttons).not.toContain("Send a password link");

	page = await page.click("Back to Staff");
	expect(page.links).not.toContain("Casey Singh");
	page = await (await page.click("Deactivated staff")).click("Casey Singh");
	page = await (await page.click("Reactivate")).submit(AGAIN, "Reactivate");
	expect(page.text).toContain("Casey Singh is active again.");
	app.clock.forward(minutes(1));
	expect((await signInWithCode(newBrowser(app), casey, caseys.authenticator)).heading).toBe("My Account");
	expect((await app.inbox.latest(blake)).subject).toBe("Casey Singh was reactivated – Harbour Physio");
	expect(await details(app, "staff-deactivated")).toHaveLength(1);
	expect(await details(app, "staff-reactivated")).toHaveLength(1);
});

test("a password link goes to Devon's email, works once, and leaves the limit of Forgot your password? alone", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await app.inbox.clear();
	let page = await (await personPage(app, desk, devon)).submit({}, "Send a password link");
	expect(page.text).toContain(`A link to set a password is on its way to ${devon}.`);
	const email = await app.inbox.latest(devon);
	expect(email.subject).toBe("Choose a new password – Harbour Physio");
	expect(email.text).toContain("by Avery Chen");
	for (const user of [avery, blake]) {
		expect((await app.inbox.latest(user)).subject).toContain(
			"Devon Okafor was sent a link to set a password",
		);
		expect(passwordLinks((await app.inbox.latest(user)).links)).toEqual([]);
	}
	page = await (await personPage(app, desk, devon)).submit({}, "Send a password link");
	expect(page.text).toContain("less than a minute ago");
	expect(await countEmails(app, devon)).toBe(1);
	for (let n = 0; n < 4; n++) {
		await app.drain();
		app.clock.forward(minutes(2));
		await (await personPage(app, desk, devon)).submit({}, "Send a password link");
	}
	expect(await countEmails(app, devon)).toBe(5);
	await linkFor(app, devon);
	expect(await countEmails(app, devon)).toBe(6);
	expect(await details(app, "password-link-sent")).toEqual(Array(6).fill({ linkKind: "reset" }));

	const devons = newBrowser(app);
	await chooseNewPassword(devons, passwordLinks(email.links)[0] ?? "");
	expect((await signIn(devons, devon, NEW_PASSWORD)).heading).toBe("My Account");
	expect((await devons.openFromEmail(passwordLinks(email.links)[0] ?? "")).status).toBe(410);
});

test("who never set a password is sent another invitation, which works for 7 days", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await invite(desk, GINA);
	await app.drain();
	app.clock.forward(minutes(2));
	// A temporary code stands after a password, and their first one would end it.
	await requireFrom(app, "2026-01-01");
	const page = await personPage(app, desk, gina);
	expect(page.links).not.toContain("Give a temporary code");
	await requireFrom(app, null);
	await page.submit({}, "Send a password link");
	const emails = await app.inbox.all(gina);
	expect(emails.map(({ subject }) => subject)).toEqual(Array(2).fill("Set your password – Harbour Physio"));
	app.clock.forward(days(6));
	const ginas = newBrowser(app);
	await chooseNewPassword(ginas, emails[1]?.links[0] ?? "");
	expect((await signIn(ginas, gina, NEW_PASSWORD)).heading).toBe("My Account");
});

test("for 7 days after a change of email the link goes to the earlier address, and the new one hears of it without", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const earlier = "casey@before.example";
	const change = {
		earlier_email: earlier,
		email_changed_at: app.clock.now(),
		last_sign_in_at: app.clock.now(),
	};
	await app.database.backdoor.updateTable("profiles").set(change).where("email", "=", casey).execute();
	await app.inbox.clear();
	let page = await personPage(app, desk, casey);
	expect(page.text).toContain("the link goes to the address they had before");
	page = await page.submit({}, "Send a password link");
	expect(page.text).toContain(`on its way to ${earlier}.`);
	expect(passwordLinks((await app.inbox.latest(earlier)).links)).toHaveLength(1);
	const elsewhere = await app.inbox.all(casey);
	expect(elsewhere).toHaveLength(1);
	expect(passwordLinks(elsewhere[0]?.links ?? [])).toEqual([]);
	// Inviting them again is no way round.
	app.clock.forward(minutes(2));
	await app.inbox.clear();
	await invite(desk, { Name: "Casey", Email: casey });
	expect(passwordLinks((await app.inbox.all(casey)).flatMap(({ links }) => links))).toEqual([]);
	expect(passwordLinks((await app.inbox.latest(earlier)).links)).toHaveLength(1);
	// Who never finished a sign-in has nothing to take over.
	await app.database.backdoor
		.updateTable("profiles")
		.set({ last_sign_in_at: null })
		.where("email", "=", casey)
		.execute();
	app.clock.forward(minutes(2));
	page = await (await personPage(app, desk, casey)).submit({}, "Send a password link");
	expect(page.text).toContain(`on its way to ${casey}.`);
});

test("none of it is done to oneself, without a method of one's own, or once the doer has lost Full Access", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const own = await idOf(app, avery);
	const actions = [paths.editColleague, paths.deactivateColleague, paths.reactivateColleague];
	for (const path of actions) expect((await desk.open(path.to(own))).path).toBe(paths.colleague.to(own));
	const page = await personPage(app, desk, avery);
	for (const action of ["Edit", "Deactivate"]) expect(page.links).not.toContain(action);
	expect(page.buttons).not.toContain("Send a password link");
	await app.inbox.clear();
	const token = { "form-token": formToken(desk, "session") };
	await desk.post(paths.sendPasswordLink.to(own), token);
	expect(await countEmails(app, avery)).toBe(0);

	const blakes = newBrowser(app);
	await signIn(blakes, blake);
	const caseysId = await idOf(app, casey);
	for (const path of [
		paths.inviteStaff,
		paths.editColleague.to(caseysId),
		paths.deactivateColleague.to(caseysId),
	])
		expect((await blakes.open(path)).heading, path).toBe("Set up 2-Step Verification for yourself first");

	// The forms stand open while Blake takes Avery's Full Access away.
	await setUpAuthenticatorApp(blakes);
	const open = [
		[await desk.copy().open(paths.editColleague.to(caseysId)), { Name: "Nobody", ...AGAIN }, "Save"],
		[await desk.copy().open(paths.deactivateColleague.to(caseysId)), AGAIN, "Deactivate"],
		[await desk.copy().open(paths.inviteStaff), GINA, "Send invitation"],
		[await desk.copy().open(paths.colleague.to(caseysId)), {}, "Send a password link"],
	] as const;
	await edit(app, blakes, avery, { "Access level": "Limited" });
	const before = JSON.stringify(await doorsKept(app));
	await app.inbox.clear();
	for (const [form, filled, button] of open)
		expect((await form.submit({ ...filled }, button)).status).toBe(404);
	expect(JSON.stringify(await doorsKept(app))).toBe(before);
	expect(await profileOf(app, gina)).toBeUndefined();
	expect(await profileOf(app, casey)).toMatchObject({ name: "Casey Singh", active: 1 });
	expect(await countEmails(app, casey, gina, blake)).toBe(0);
});

test("Limited staff and another clinic's Full Access user find none of the pages, and their forms do nothing", async () => {
	await using many = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(many);
	const theirs = maple.browser();
	await chooseNewPassword(theirs, maple.invitation, NEW_PASSWORD);
	await signIn(theirs, sasha, NEW_PASSWORD);
	await setUpAuthenticatorApp(theirs, NEW_PASSWORD);
	const ours = await many.database.backdoor
		.selectFrom("profiles")
		.innerJoin("clinics", "clinics.clinic_id", "profiles.clinic_id")
		.select("profile_id")
		.where("short_name", "=", harbour.shortName)
		.executeTakeFirstOrThrow();
	const token = { "form-token": formToken(theirs, "session") };
	const filled = { ...token, name: "X", email: "x@y.example", access: "limited", password: NEW_PASSWORD };
	const before = JSON.stringify((await everythingKept(many)).profiles);
	const posted = [
		paths.editColleague,
		paths.deactivateColleague,
		paths.reactivateColleague,
		paths.sendPasswordLink,
	];
	for (const path of posted) {
		if (path !== paths.sendPasswordLink)
			expect((await theirs.open(path.to(ours.profile_id))).status).toBe(404);
		expect((await theirs.post(path.to(ours.profile_id), filled)).status).toBe(404);
	}
	expect(
		(await theirs.open(`${paths.staff}?search=sasha`)).links.filter((it) => it === "Sasha Roy"),
	).toHaveLength(1);
	expect(JSON.stringify((await everythingKept(many)).profiles)).toBe(before);
});

test("a search finds people by any part of name or email, whatever the letters, and deactivated ones too", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await addStaff(app, [
		{ name: "Émile Zola", email: "ez@harbour.example" },
		{ name: "100% Sure", email: "sure_thing@harbour.example" },
	]);
	await deactivate(app, casey);
	const found = async (typed: string) => {
		const page = await (await desk.open(paths.staff)).submit({ "Name or email": typed }, "Search");
		return page.links.filter((link) => /^(Avery|Blake|Casey|Devon|Emery|Finley|Émile|100%)/.test(link));
	};
	expect(await found("SINGH")).toEqual(["Casey Singh"]);
	expect(await found("blake@")).toEqual(["Blake Moreau"]);
	expect(await found("émile")).toEqual(["Émile Zola"]);
	expect(await found("%")).toEqual(["100% Sure"]);
	expect(await found("e_t")).toEqual(["100% Sure"]);
	expect(await found("'; drop table profiles; --")).toEqual([]);
	expect(desk.page.text).toContain("Nobody has “'; drop table profiles; --” in their name or email.");
	expect((await found("harbour.example")).length).toBe(8);
	const page = await desk.page.click("Show all staff");
	expect(page.links).not.toContain("Casey Singh");
});

test("where the server sends no emails, Invite and the person's page say so, and nothing is said to be on its way", async () => {
	await using app = await startApp({ environment: { SMTP_URL: "" } });
	const { desk } = await ownerWithApp(app, avery);
	const page = await desk.open(paths.inviteStaff);
	expect(page.text).toContain("This server sends no emails");
	const invited = await page.submit(GINA, "Send invitation");
	expect(invited.heading).toBe("Gina Hall");
	expect(invited.text).toContain("Ask the people who run this server to connect a mail server.");
	expect(invited.text).not.toContain("on its way");
});

test("pages of a search lead on by name and keep what is looked for", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const many = Array.from({ length: 60 }, (_, n) => ({
		name: `Temp ${String(n).padStart(2, "0")}`,
		email: `temp${n}@agency.example`,
	}));
	await addStaff(app, many);
	let page = await desk.open(`${paths.staff}?search=agency`);
	expect(page.links.filter((link) => link.startsWith("Temp"))).toHaveLength(50);
	page = await page.click("Next page");
	expect(page.links.filter((link) => link.startsWith("Temp"))).toEqual(
		many.slice(50).map(({ name }) => name),
	);
	expect((await page.click("To the first page")).links).toContain("Temp 00");
});
