import { expect, test } from "vitest";
import { days, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { isIn } from "../bypasses/cookies-of.ts";
import { notMeLink, passwordLinkAfter, saysNotMe } from "../bypasses/not-me.ts";
import { chooseNewPassword, linkFor, NEW_PASSWORD, ownerWithApp } from "../bypasses/owners.ts";
import { countEvents } from "../bypasses/what-is-kept.ts";
import { type App, startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { deactivate, giveCode } from "../harness/by-operator.ts";
import {
	avery,
	blake,
	casey,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
	signInTrusting,
	signInWithCode,
} from "../harness/people.ts";

const MISMATCH = ["That email and password don't match."];
const DEAD = "This link doesn't work any more";

test("Casey's password is known to somebody who set up an app of his own: Casey undoes it and is back with a new password", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	const { number } = await setUpTextMessages(desk);
	app.clock.forward(minutes(20));
	const thief = newBrowser(app);
	await (await signIn(thief, casey)).submit({ "Verification code": await codeTexted(app, number) }, "Submit");
	app.clock.forward(minutes(5));
	await setUpAuthenticatorApp(thief);

	const link = await notMeLink(app, casey, "Authenticator App was set up");
	const home = newBrowser(app);
	let page = await home.openFromEmail(link);
	expect(page.heading).toBe("Wasn't this you?");
	expect(page.text).toContain("Nothing is changed until then.");
	// What the email is about, by whom and from where, and nothing of what came before or after it.
	expect(page.text).toContain("Casey Singh set up Authenticator App\nChrome on Windows, another network");
	expect(page.text).not.toContain("signed in with");
	expect(page.text).toContain("Your password stops working. We email you a link to choose a new one.");
	expect(await isIn(thief)).toBe(true);

	await app.inbox.clear();
	page = await page.submit({}, "This wasn't me");
	expect(page.heading).toBe("Check your email");
	expect(page.text).toContain("A link to choose a new one is on its way to c••••@harbour.example.");
	expect(page.text).toContain("The authenticator app that was set up takes no codes any more");
	expect(page.text).toContain("The Recovery Code that was made has ended.");
	expect(await isIn(thief)).toBe(false);
	expect(await isIn(desk)).toBe(false);
	expect((await signIn(thief, casey)).errors).toEqual(MISMATCH);
	expect((await signIn(desk, casey)).errors).toEqual(MISMATCH);

	const email = await app.inbox.latest(casey);
	expect(email.subject).toBe("Choose a new password – Harbour Physio");
	// The one that the stranger knows does not come back.
	page = await chooseNewPassword(home, await passwordLinkAfter(app, casey), DEMO_PASSWORD);
	expect(page.errors).toEqual(["That is the password you have had so far. Choose another one."]);
	expect((await signIn(thief, casey)).errors).toEqual(MISMATCH);
	page = await page.submit({ "New password": NEW_PASSWORD }, "Save password");
	expect(page.text).toContain("Your password is saved. Sign in with it now.");
	page = await signIn(home, casey, NEW_PASSWORD);
	expect(page.heading).toContain("Enter the code we texted to");
	page = await page.submit({ "Verification code": await codeTexted(app, number) }, "Submit");
	expect(page.heading).toBe("You have no Recovery Code");
	page = await home.open(paths.twoStep);
	expect(page.text).toContain("Blocked");
});

test("everybody with Full Access is told, and the log says what was undone and what ended", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	const caseys = await ownerWithApp(app, casey);
	app.clock.forward(minutes(1));
	await signInTrusting(newBrowser(app), casey, caseys.authenticator);
	await giveCode(app, casey);
	const link = await notMeLink(app, casey, "Authenticator App was set up");
	await app.inbox.clear();
	await saysNotMe(newBrowser(app), link);

	for (const to of [avery, blake]) {
		const emails = await app.inbox.all(to);
		expect(emails.map(({ subject }) => subject)).toEqual([
			"Casey Singh says: this wasn't me – Harbour Physio",
		]);
		expect(emails[0]?.text).toContain("Call Casey Singh");
		expect(emails[0]?.links.filter((each) => each.includes(paths.setPassword.to("")))).toEqual([]);
	}
	expect(await app.inbox.all(casey)).toHaveLength(1);
	const log = (await desk.open(paths.activity)).text;
	expect(log).toContain("“This wasn't me” was chosen for Casey Singh, and a new password is needed.");
	expect(log).toContain("an authenticator app, which takes no codes any more, a Recovery Code, which ended");
	for (const kind of ["sessions-ended", "trust-ended", "temporary-code-ended"]) {
		expect(await countEvents(app, kind, casey), kind).toBe(1);
	}
});

test("a link that was used, is more than 7 days old, is somebody's who was deactivated or never was says the same", async () => {
	await using app = await startApp();
	const answers: string[] = [];
	const tried = async (link: string) => {
		const browser = newBrowser(app);
		const opened = await browser.openFromEmail(link);
		const posted = await browser.post(new URL(link).pathname, {});
		expect([opened.status, posted.status]).toEqual([410, 410]);
		expect(opened.heading).toBe(DEAD);
		answers.push(opened.text, posted.text);
	};
	await ownerWithApp(app, avery);
	const used = await notMeLink(app, avery);
	await saysNotMe(newBrowser(app), used);
	await tried(used);

	await ownerWithApp(app, blake);
	const old = await notMeLink(app, blake);
	app.clock.forward(days(7) - minutes(1));
	expect((await newBrowser(app).openFromEmail(old)).status).toBe(200);
	app.clock.forward(minutes(1));
	await tried(old);
	expect((await signIn(newBrowser(app), blake)).heading).toBe("Enter the code from your authenticator app");

	await ownerWithApp(app, casey);
	const ofNobody = await notMeLink(app, casey);
	await deactivate(app, casey);
	await app.inbox.clear();
	await tried(ofNobody);
	expect(await app.inbox.all()).toEqual([]);

	await tried(`${app.url.origin}${paths.notMe.to("A".repeat(43))}`);
	expect(new Set(answers).size).toBe(1);
});

test("a mobile number that was changed is put back, and is the one to call again", async () => {
	await using app = await startApp();
	const mobile = async () => {
		const kept = await app.database.backdoor
			.selectFrom("profiles")
			.selectAll()
			.where("email", "=", casey)
			.executeTakeFirstOrThrow();
		return kept.mobile;
	};
	const before = await mobile();
	const thief = newBrowser(app);
	await signIn(thief, casey);
	await (await thief.open(paths.changeMobile)).submit(
		{ "Mobile number": "604 555 0177", Password: DEMO_PASSWORD },
		"Save",
	);
	expect(await mobile()).not.toEqual(before);
	const home = newBrowser(app);
	const asks = await home.openFromEmail(await notMeLink(app, casey, "Your mobile number was changed"));
	expect(asks.text).not.toMatch(/takes no codes|stays on/);
	const done = await asks.submit({}, "This wasn't me");
	expect(done.text).toContain("The mobile number is your earlier one again.");
	// Nothing is on that asks for a code.
	expect(done.text).not.toContain("Is a code asked for");
	expect(await mobile()).toEqual(before);
});

test("the number put back is the one right before the event, and not the one that Casey had left earlier", async () => {
	await using app = await startApp();
	const changeTo = async (typed: string) => {
		const browser = newBrowser(app);
		await signIn(browser, casey);
		const form = { "Mobile number": typed, Password: DEMO_PASSWORD };
		expect((await (await browser.open(paths.changeMobile)).submit(form, "Save")).errors).toEqual([]);
	};
	await changeTo("604 555 0188");
	app.clock.forward(days(2));
	await changeTo("604 555 0177");
	await saysNotMe(newBrowser(app), await notMeLink(app, casey, "Your mobile number was changed"));
	const kept = await app.database.backdoor
		.selectFrom("profiles")
		.selectAll()
		.where("email", "=", casey)
		.executeTakeFirstOrThrow();
	expect(kept.mobile).toBe("+16045550188");
});

test("what was set up before the event stays as it was", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, casey);
	app.clock.forward(minutes(10));
	const page = await owner.desk.open(paths.password);
	await page.submit({ "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD }, "Change password");
	const home = newBrowser(app);
	const done = await saysNotMe(home, await notMeLink(app, casey, "Your password was changed"));
	expect(done.text).not.toContain("What was undone");
	expect(done.text).toContain("or ask a Full Access user of your clinic.");
	await chooseNewPassword(home, await passwordLinkAfter(app, casey), "seven otters row upstream");
	app.clock.forward(minutes(1));
	const account = await signInWithCode(home, casey, owner.authenticator, "seven otters row upstream");
	expect(account.heading).toBe("My Account");
});

test("who lost the link to the new password has another one sent, and the waits of the owner are over with it", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, casey);
	app.clock.forward(minutes(10));
	const page = await owner.desk.open(paths.password);
	await page.submit({ "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD }, "Change password");
	const home = newBrowser(app);
	await saysNotMe(home, await notMeLink(app, casey, "Your password was changed"));
	const first = await passwordLinkAfter(app, casey);
	app.clock.forward(minutes(61));
	expect((await home.openFromEmail(first)).status).toBe(410);
	for (let wrong = 0; wrong < 11; wrong++) await signIn(home, casey);
	await chooseNewPassword(home, await linkFor(app, casey, home), "seven otters row upstream");
	expect((await signIn(home, casey, "seven otters row upstream")).heading).toBe(
		"Enter the code from your authenticator app",
	);
});

async function codeTexted(app: App, number: string): Promise<string> {
	return (await app.texts.latest(number)).code;
}
