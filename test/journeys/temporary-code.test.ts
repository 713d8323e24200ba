import { expect, test } from "vitest";
import { hours, minutes } from "../../src/clock.ts";
import { paths } from "../../src/paths.ts";
import { chooseNewPassword, linkFor, NEW_PASSWORD } from "../bypasses/owners.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { giveCode, makeResetPending } from "../harness/by-operator.ts";
import type { Page } from "../harness/page.ts";
import {
	casey,
	devon,
	requireFrom,
	scanKey,
	setUpAuthenticatorApp,
	signIn,
	signInWithCode,
} from "../harness/people.ts";

const TODAY = "2026-01-01";

/** Casey, who set up the app and has it no more. */
async function caseyWithApp() {
	const app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, casey);
	const { authenticator, recoveryCode } = await setUpAuthenticatorApp(browser);
	return { app, authenticator, recoveryCode, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

test("a temporary code gets in once in place of the second step, and then the lost phone is replaced with nothing more asked", async () => {
	await using stage = await caseyWithApp();
	const { app } = stage;
	const code = await giveCode(app, casey);
	const browser = newBrowser(app);
	let page = await (await signIn(browser, casey)).click("Try another way");
	page = await (await page.click("Use a temporary code")).submit({ "Temporary code": code }, "Submit");
	expect(page.heading).toBe("Lost your phone?");
	page = await page.submit({}, "I've lost it: replace it now");
	const authenticator = scanKey(page, browser);
	page = await (await page.click("Next")).submit({ "Verification code": authenticator.code() }, "Submit");
	expect(page.heading).toBe("Save your Recovery Code");

	// The old app is out, the new one in, and the temporary code is spent.
	app.clock.forward(minutes(1));
	const again = newBrowser(app);
	page = await (await signIn(again, casey)).submit(
		{ "Verification code": stage.authenticator.code() },
		"Submit",
	);
	expect(page.errors[0]).toContain("That code isn't right");
	expect((await again.open(paths.anotherWay)).text).not.toContain("Temporary code");
	page = await (await again.open(paths.signInTemporaryCode)).submit({ "Temporary code": code }, "Submit");
	expect(page.errors[0]).toContain("That code isn't right, or it has ended.");
	expect((await signInWithCode(newBrowser(app), casey, authenticator)).path).toBe(paths.recoveryCode);
});

test("nothing is said of a temporary code to whoever has none waiting, and it counts as no code inside the session", async () => {
	await using stage = await caseyWithApp();
	const { app } = stage;
	const stranger = newBrowser(app);
	expect((await (await signIn(stranger, casey)).click("Try another way")).text).not.toContain(
		"emporary code",
	);

	const code = await giveCode(app, casey);
	let page = await stranger.open(paths.signInTemporaryCode);
	page = await page.submit({ "Temporary code": code.replace(" ", "") }, "Submit");
	page = await page.submit({}, "I just don't have it with me: keep it");
	expect(page.heading).toBe("My Account");
	page = await stranger.open(paths.turnOff.to("authenticator-app"));
	expect(page.heading).not.toContain("Turn off");
	expect(page.path).toContain(paths.confirm);
});

test("it ends when it runs out, is replaced, the person signs in otherwise or sets a new password", async () => {
	await using stage = await caseyWithApp();
	const { app, authenticator } = stage;
	const refused = async (code: string, password?: string) => {
		const browser = newBrowser(app);
		await signIn(browser, casey, password);
		const page = await browser.open(paths.signInTemporaryCode);
		return (await page.submit({ "Temporary code": code }, "Submit")).errors[0];
	};
	const first = await giveCode(app, casey, minutes(15));
	app.clock.forward(minutes(16));
	expect(await refused(first)).toContain("has ended");

	const second = await giveCode(app, casey);
	await giveCode(app, casey);
	expect(await refused(second)).toContain("has ended");

	const third = await giveCode(app, casey);
	await signInWithCode(newBrowser(app), casey, authenticator);
	expect(await refused(third)).toContain("has ended");

	app.clock.forward(hours(2));
	const fourth = await giveCode(app, casey, hours(24));
	await chooseNewPassword(newBrowser(app), await linkFor(app, casey), NEW_PASSWORD);
	expect(await refused(fourth, NEW_PASSWORD)).toContain("has ended");
});

test("another person's code is wrong, five wrong ones close it for an hour, and a new code changes nothing of that", async () => {
	await using stage = await caseyWithApp();
	const { app } = stage;
	const others = await giveCode(app, devon);
	const own = await giveCode(app, casey);
	const browser = newBrowser(app);
	await signIn(browser, casey);
	let left = await browser.open(paths.signInTemporaryCode);
	const enter = (code: string) => left.submit({ "Temporary code": code }, "Submit");
	expect((await enter(others)).errors[0]).toContain("That code isn't right");
	expect((await enter("12")).errors[0]).toBe("Enter the eight digits that you were told.");
	for (let wrong = 0; wrong < 4; wrong++) await enter(others);
	expect((await enter(own)).errors[0]).toMatch(
		/^That was too many wrong codes\. You can enter one again at \d+:\d\d [ap]m: sign in again then\. Can't wait\? Choose Try another way\.$/,
	);
	expect((await enter(await giveCode(app, casey))).status).toBe(429);
	const waiting = await browser.open(paths.signInTemporaryCode);
	expect(waiting.text).toContain("Can't wait? Choose Try another way.");
	expect(waiting.buttons).not.toContain("Submit");
	expect((await waiting.click("Try another way")).text).toContain("Recovery Code");

	app.clock.forward(hours(1));
	const last = await giveCode(app, casey);
	await signIn(browser, casey);
	left = await browser.open(paths.signInTemporaryCode);
	expect((await enter(last)).heading).toBe("Lost your phone?");
});

test("a new password lifts the wait after wrong ones", async () => {
	await using stage = await caseyWithApp();
	const { app } = stage;
	const form = async (password?: string) => {
		const browser = newBrowser(app);
		await signIn(browser, casey, password);
		return browser.open(paths.signInTemporaryCode);
	};
	const enter = (page: Page, code: string) => page.submit({ "Temporary code": code }, "Submit");
	const left = await form();
	for (let wrong = 0; wrong < 5; wrong++) await enter(left, "0000 0000");
	expect((await enter(left, "0000 0000")).status).toBe(429);
	expect((await form()).buttons).not.toContain("Submit");
	await chooseNewPassword(newBrowser(app), await linkFor(app, casey));
	const again = await form(NEW_PASSWORD);
	expect((await enter(again, await giveCode(app, casey))).heading).toBe("Lost your phone?");
});

test("where the clinic requires a method it stands in for the emailed code, and the set-up follows", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const code = await giveCode(app, casey);
	let page = await signIn(newBrowser(app), casey);
	page = await (await page.click("Use a temporary code")).submit({ "Temporary code": code }, "Submit");
	expect(page.path).toBe(paths.signInSetUp);
});

test("with a reset pending and the password from the mailbox only a temporary code counts", async () => {
	await using app = await startApp();
	await signIn(newBrowser(app), casey);
	await makeResetPending(app, casey);
	await chooseNewPassword(newBrowser(app), await linkFor(app, casey), NEW_PASSWORD);
	const browser = newBrowser(app);
	let page = await signIn(browser, casey, NEW_PASSWORD);
	expect(page.heading).toBe("Ask for a temporary code");
	expect(page.buttons).not.toContain("Email me a code");
	page = await page.click("Use a temporary code");
	page = await page.submit({ "Temporary code": await giveCode(app, casey) }, "Submit");
	expect(page.heading).toBe("Set up 2-Step Verification");
	page = await page.submit({}, "Not now");
	expect(page.heading).toBe("My Account");
	// The session ended the reset: the next sign-in is as it was.
	expect((await signIn(newBrowser(app), casey, NEW_PASSWORD)).heading).toBe("My Account");
});

test("a reset pending with an email changed lately asks for a temporary code too", async () => {
	await using app = await startApp();
	await signIn(newBrowser(app), casey);
	await makeResetPending(app, casey);
	await app.database.backdoor
		.updateTable("profiles")
		.set({ email_changed_at: app.clock.now() })
		.where("email", "=", casey)
		.execute();
	expect((await signIn(newBrowser(app), casey)).heading).toBe("Ask for a temporary code");
});

test("sent at the same moment it gives one session", async () => {
	await using stage = await caseyWithApp();
	const { app } = stage;
	const code = await giveCode(app, casey);
	const browsers = Array.from({ length: 8 }, () => newBrowser(app));
	const pages = await Promise.all(
		browsers.map(async (browser) => {
			await signIn(browser, casey);
			return browser.open(paths.signInTemporaryCode);
		}),
	);
	const ends = await Promise.all(pages.map((page) => page.submit({ "Temporary code": code }, "Submit")));
	expect(ends.filter((end) => end.heading === "Lost your phone?")).toHaveLength(1);
});
