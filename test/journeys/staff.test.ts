import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { formToken } from "../bypasses/cookies-of.ts";
import { chooseNewPassword, NEW_PASSWORD } from "../bypasses/owners.ts";
import { manyClinics, sasha, twoClinics } from "../bypasses/two-clinics.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { deactivate, idOf } from "../harness/by-operator.ts";
import {
	avery,
	blake,
	casey,
	devon,
	saveRecoveryCode,
	scanKey,
	setUpAuthenticatorApp,
	signIn,
	signInWithCode,
} from "../harness/people.ts";

/** Avery at work with a method of her own, and Casey with one whose phone is gone. */
async function atWork() {
	const app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const averys = await setUpAuthenticatorApp(desk);
	const caseys = newBrowser(app);
	await signIn(caseys, casey);
	const { authenticator } = await setUpAuthenticatorApp(caseys);
	return {
		app,
		desk,
		averys,
		caseys,
		authenticator,
		[Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
	};
}

async function giveCodeTo(app: App, desk: Browser, email: string, filled: object = {}) {
	const page = await desk.open(paths.giveTemporaryCode.to(await idOf(app, email)));
	return page.submit(
		{ "In person": true, "Your password": DEMO_PASSWORD, ...filled },
		"Give a temporary code",
	);
}

const codeOn = (text: string) => /\b\d{4} \d{4}\b/.exec(text)?.[0] ?? "";

test("Avery finds Casey in Staff, gives a temporary code, and Casey gets in with it; both are told, and so is Blake", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	let page = await desk.open(paths.account);
	page = await (await page.click("Staff")).click("Casey Singh");
	expect(page.heading).toBe("Casey Singh");
	expect(page.text).toContain("+1 604 555 0103");
	page = await page.click("Give a temporary code");
	expect(page.text).toContain("+1 604 555 0103");
	page = await page.submit({ "Your password": DEMO_PASSWORD }, "Give a temporary code");
	expect(page.errors).toEqual(["Choose how you will tell them."]);
	page = await page.submit(
		{ "I call the number above": true, "Your password": DEMO_PASSWORD },
		"Give a temporary code",
	);
	expect(page.heading).toBe("Temporary code for Casey Singh");
	expect(page.text).toContain("Call the number on their staff profile, and no other: +1 604 555 0103.");
	const code = codeOn(page.text);

	const caseys = newBrowser(app);
	page = await (await signIn(caseys, casey)).click("Try another way");
	page = await (await page.click("Use a temporary code")).submit({ "Temporary code": code }, "Submit");
	expect(page.heading).toBe("Lost your phone?");

	for (const [to, subject] of [
		[casey, "You were given a temporary code"],
		[avery, "Casey Singh was given a temporary code"],
		[blake, "Casey Singh was given a temporary code"],
	] as const) {
		const email = (await app.inbox.all(to)).find((each) => each.subject.includes(subject));
		if (!email) throw new Error(`${to} was not told: ${subject}`);
		expect(email.text).toContain(to === avery ? "You did this on" : "by Avery Chen");
		expect(email.text).not.toContain(code);
	}
});

test("the code is shown once: reload, back and the page of the person show nothing of it", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const code = codeOn((await giveCodeTo(app, desk, casey)).text);
	expect(code).not.toBe("");
	const id = await idOf(app, casey);
	for (const path of [paths.giveTemporaryCode.to(id), paths.colleague.to(id), paths.staff]) {
		expect((await desk.open(path)).text).not.toContain(code);
	}
	const kept = JSON.stringify(
		await app.database.backdoor.selectFrom("temporary_codes").selectAll().execute(),
	);
	expect(kept).not.toContain(code.replace(" ", ""));
});

test("nobody gives one without the password, to oneself, to somebody who needs none, or without a method of their own", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const given = () => app.database.backdoor.selectFrom("temporary_codes").selectAll().execute();
	expect((await giveCodeTo(app, desk, casey, { "Your password": "not this one" })).errors[0]).toContain(
		"isn't right",
	);
	expect((await desk.open(paths.giveTemporaryCode.to(await idOf(app, avery)))).heading).toBe("Avery Chen");
	expect((await desk.open(paths.giveTemporaryCode.to(await idOf(app, devon)))).heading).toBe("Devon Okafor");
	const blakes = newBrowser(app);
	await signIn(blakes, blake);
	const page = await blakes.open(paths.giveTemporaryCode.to(await idOf(app, casey)));
	expect(page.heading).toBe("Set up 2-Step Verification for yourself first");
	expect(await given()).toEqual([]);
});

test("where there is no number to call, a code is told in person only, and the page says so", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const profiles = () => app.database.backdoor.updateTable("profiles").where("email", "=", casey);
	for (const [none, sentence] of [
		[{ mobile: null }, "There is no number on their staff profile, so see them"],
		// Added a moment ago, by whomever.
		[
			{ mobile: "+16045550177", earlier_mobile: null, mobile_changed_at: app.clock.now() },
			"Their number was added less than 7 days ago, so see them",
		],
	] as const) {
		await profiles().set(none).execute();
		const page = await desk.open(paths.giveTemporaryCode.to(await idOf(app, casey)));
		expect(page.text).toContain(sentence);
		expect(page.text).not.toContain("I call the number above");
		// As by hand.
		const form = { how: "by-phone", lives: String(minutes(15)), password: DEMO_PASSWORD };
		const forced = await desk.post(page.path, { ...form, "form-token": formToken(desk, "session") });
		expect(forced.errors).toEqual(["Choose how you will tell them."]);
		const given = await giveCodeTo(app, desk, casey);
		expect(given.heading).toBe("Temporary code for Casey Singh");
		expect(given.text).toContain("Tell them now, in person.");
		expect(given.text).not.toMatch(/call/i);
	}
	// The one before it is the one to call.
	await profiles().set({ earlier_mobile: "+16045550103" }).execute();
	const page = await desk.open(paths.giveTemporaryCode.to(await idOf(app, casey)));
	expect(page.text).toContain("Call the number they had before, and no other: +1 604 555 0103.");
});

test("that a temporary code waits is said, never the code: on Casey's page, and where a new one would end it", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const id = await idOf(app, casey);
	const waits = "Given by Avery Chen, works until 11:00 am";
	expect((await desk.open(paths.colleague.to(id))).text).not.toContain("works until");
	const given = await giveCodeTo(app, desk, casey);
	const told = await given.click("I've told them");
	expect(told.text).toContain("Casey Singh can sign in with their password and the temporary code.");
	expect(told.text).toContain(waits);
	const page = await desk.open(paths.giveTemporaryCode.to(id));
	expect(page.text).toContain("A code given earlier still works until 11:00 am. A new one ends it.");
	for (const each of [told, page]) expect(each.text).not.toContain(codeOn(given.text));
	app.clock.forward(minutes(61));
	const later = await desk.open(`${paths.colleague.to(id)}?notice=code-told`);
	expect(later.text).not.toContain("temporary code. It works once");
	expect(later.text).not.toContain("works until");
});

test("all that is missing is said at once, and a password is looked at only once the rest is right", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const page = await desk.open(paths.giveTemporaryCode.to(await idOf(app, casey)));
	expect((await page.submit({}, "Give a temporary code")).errors).toEqual([
		"Choose how you will tell them.",
		"Enter your password.",
	]);
	for (let n = 0; n < 6; n++) {
		const again = await page.submit({ "Your password": "not this one" }, "Give a temporary code");
		expect(again.errors).toEqual(["Choose how you will tell them."]);
	}
	expect((await desk.open(paths.account)).heading).toBe("My Account");
});

test("Blake, who has no method yet, sets one up first, and goes on where Blake wanted to help", async () => {
	await using work = await atWork();
	const { app } = work;
	const id = await idOf(app, casey);
	for (const [asked, back] of [
		[paths.inviteStaff, paths.inviteStaff],
		[paths.giveTemporaryCode.to(id), paths.colleague.to(id)],
	] as const) {
		const blakes = newBrowser(app);
		await signIn(blakes, blake);
		const first = await blakes.open(asked);
		expect(first.heading).toBe("Set up 2-Step Verification for yourself first");
		expect(first.links).toContain("Back to Staff");
		let page = await first.submit({}, "Set up the authenticator app");
		page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
		const authenticator = scanKey(page, blakes);
		page = await (await page.click("Next")).submit({ "Verification code": authenticator.code() }, "Submit");
		const { page: there } = await saveRecoveryCode(page);
		expect(there.path).toBe(`${back}?notice=set-up`);
		expect(there.text).toContain("2-Step Verification is on for you. Now you can go on here.");
		const ofBlake = app.database.backdoor
			.deleteFrom("methods")
			.where("profile_id", "=", await idOf(app, blake));
		await ofBlake.execute();
	}
});

test("Limited staff and another clinic's Full Access user find no Staff, by page or by form", async () => {
	await using work = await atWork();
	const { app, caseys } = work;
	const id = await idOf(app, avery);
	for (const path of [paths.staff, paths.colleague.to(id), paths.giveTemporaryCode.to(id)]) {
		expect((await caseys.open(path)).status, path).toBe(404);
	}
	expect((await caseys.post(paths.signColleagueOut.to(id), {})).status).toBe(403);
	expect((await work.desk.open(paths.account)).heading).toBe("My Account");

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
	for (const path of [paths.colleague, paths.giveTemporaryCode]) {
		expect((await theirs.open(path.to(ours.profile_id))).status).toBe(404);
	}
});

test("Sign out everywhere ends a colleague's sessions and waiting sign-ins at once", async () => {
	await using work = await atWork();
	const { app, desk, caseys, authenticator } = work;
	app.clock.forward(minutes(1));
	const waiting = newBrowser(app);
	const second = await signIn(waiting, casey);
	const page = await desk.open(paths.colleague.to(await idOf(app, casey)));
	expect((await page.submit({}, "Sign out everywhere")).text).toContain(
		"Casey Singh is signed out everywhere.",
	);
	expect((await caseys.open(paths.account)).heading).toContain("Sign in");
	expect((await second.submit({ "Verification code": authenticator.code() }, "Submit")).heading).toContain(
		"Sign in",
	);
	expect((await app.inbox.latest(casey)).subject).toContain("You were signed out everywhere");
	app.clock.forward(minutes(1));
	expect((await signInWithCode(newBrowser(app), casey, authenticator)).heading).toBe("My Account");
});

test("a code ends with its giver's Full Access and with its receiver's profile", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const blakes = newBrowser(app);
	await signIn(blakes, blake);
	await setUpAuthenticatorApp(blakes);
	const code = codeOn((await giveCodeTo(app, blakes, casey)).text);
	expect((await deactivate(app, blake)).kind).toBe("deactivated");
	const caseys = newBrowser(app);
	await signIn(caseys, casey);
	let page = await caseys.open(paths.signInTemporaryCode);
	page = await page.submit({ "Temporary code": code }, "Submit");
	expect(page.errors[0]).toContain("it has ended");
	expect(codeOn((await giveCodeTo(app, desk, casey)).text)).not.toBe("");
});

test("Sign out everywhere ends a change of email that was asked for in the colleague's session, and says so", async () => {
	await using work = await atWork();
	const { app, desk, caseys } = work;
	const form = await caseys.open(paths.changeEmail);
	await form.submit(
		{ "New email": "thief@elsewhere.example", Password: DEMO_PASSWORD },
		"Send the confirmation",
	);
	const [link = ""] = (await app.inbox.latest("thief@elsewhere.example")).links;
	const page = await desk.open(paths.colleague.to(await idOf(app, casey)));
	await page.submit({}, "Sign out everywhere");
	expect((await newBrowser(app).openFromEmail(link)).status).toBe(410);
	expect((await app.inbox.latest(casey)).text).toContain(
		"The change of your email that was waiting has ended.",
	);
	const activity = await desk.open(paths.activity);
	expect(activity.text).toContain("the person was signed out everywhere by a colleague");
});
