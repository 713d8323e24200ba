import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import type { Page } from "../harness/page.ts";
import { avery, casey, setUpAuthenticatorApp, signIn, signOut } from "../harness/people.ts";

const TEXTS = "The text message doesn't arrive";
const EMAILS = "The emailed code doesn't arrive";
const APP = "Your app's code isn't accepted";
const RECOVERY_CODE = "You don't have your phone";
const ELSEWHERE = "You are still signed in on another device";
const OPERATOR = "None of this works";

test("before the password, Help says everything in general and nothing of anybody", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	const help = await (await browser.open(paths.signIn)).click("Help");
	expect(help.heading).toBe("Can't sign in?");
	expect(
		inOrder(help, ["You forgot your password", TEXTS, EMAILS, RECOVERY_CODE, APP, ELSEWHERE, OPERATOR]),
	).toBe(true);
	expect(help.links).toEqual(expect.arrayContaining(["Forgot your password?", "privacy@vestibule.example"]));
	expect(help.text).not.toMatch(/Avery|Your password was right/);

	await withAnApp(app);
	expect((await browser.open(paths.signInHelp)).text).toBe(help.text);
	expect((await help.click("Back to Sign in")).path).toBe(paths.signIn);
});

test("whoever is signed in reads whom Help is for, and a Full Access user where a colleague is helped", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	let help = await (await signIn(desk, avery)).click("Help");
	expect(help.heading).toBe("Help");
	expect(help.text).toContain("You are signed in. This is for somebody who can't sign in.");
	expect(help.text).toContain("To help a colleague, open Staff.");
	expect((await help.click("Back to My Account")).path).toBe(paths.account);

	const caseys = newBrowser(app);
	help = await (await signIn(caseys, casey)).click("Help");
	expect(help.text).toContain("You are signed in.");
	expect(help.text).not.toContain("To help a colleague");
});

test("after the password, Help lists only what can work for this person, each with its button", async () => {
	await using app = await startApp();
	const desk = await withAnApp(app);
	const browser = newBrowser(app);
	const secondStep = await signIn(browser, avery);

	const help = await secondStep.click("Help");
	expect(help.text).toContain("Your password was right.");
	expect(inOrder(help, [RECOVERY_CODE, APP, ELSEWHERE, OPERATOR])).toBe(true);
	expect(help.text).not.toContain("You forgot your password");
	expect((await help.click("Enter a code")).heading).toBe(secondStep.heading);
	expect((await help.click("Use recovery code instead")).heading).toBe("Enter your Recovery Code");

	await signOut(desk);
	expect(await helpOf(browser)).not.toContain(ELSEWHERE);
});

test("a session left alone for two hours is no device where one is still signed in", async () => {
	await using app = await startApp();
	await withAnApp(app);
	app.clock.forward(minutes(120));
	const browser = newBrowser(app);
	await signIn(browser, avery);
	expect(await helpOf(browser)).not.toContain(ELSEWHERE);
});

test("nor is one that is a day old, however much it was used", async () => {
	await using app = await startApp();
	const desk = await withAnApp(app);
	for (let hour = 1; hour < 24; hour++) {
		app.clock.forward(minutes(60));
		await desk.open(paths.account);
	}
	const browser = newBrowser(app);
	await signIn(browser, avery);
	expect(await helpOf(browser)).toContain(ELSEWHERE);
	app.clock.forward(minutes(60));
	await signIn(browser, avery);
	expect(await helpOf(browser)).not.toContain(ELSEWHERE);
});

test("a Recovery Code that was used is not offered", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const { recoveryCode } = await setUpAuthenticatorApp(desk);
	const enter = await (await signIn(newBrowser(app), avery)).click("Use recovery code instead");
	expect((await enter.submit({ "Recovery Code": recoveryCode }, "Submit")).heading).toBe("Lost your phone?");

	const browser = newBrowser(app);
	await signIn(browser, avery);
	const help = await helpOf(browser);
	expect(help).not.toContain(RECOVERY_CODE);
	expect(help).toContain(APP);
});

test("a method blocked by too many wrong codes is told by email, still counts as on, and is offered nowhere", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const { authenticator, recoveryCode } = await setUpAuthenticatorApp(browser);
	await signOut(browser);
	await app.inbox.clear();
	for (let wrong = 0; wrong < 100; wrong++) {
		if (wrong % 5 === 0) app.clock.forward(minutes(16));
		const secondStep = wrong % 5 === 0 ? await signIn(browser, avery) : browser.page;
		await secondStep.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
	}
	const email = await app.inbox.latest(avery);
	expect(email.subject).toBe("Authenticator App takes no more codes – Harbour Physio");

	app.clock.forward(minutes(16));
	const ways = await signIn(browser, avery);
	expect(ways.heading).toBe("Try another way");
	expect(ways.text).toContain("It still counts as on.");
	expect(ways.buttons).toEqual(["Cancel"]);
	expect(await helpOf(browser)).not.toContain(APP);

	const enter = await (await browser.open(paths.verify)).click("Use recovery code instead");
	const lost = await enter.submit({ "Recovery Code": recoveryCode }, "Submit");
	expect(lost.heading).toBe("Lost your phone?");
	expect((await browser.open(paths.twoStep)).text).toContain("Blocked");
});

async function withAnApp(app: App): Promise<Browser> {
	const browser = newBrowser(app);
	await signIn(browser, avery);
	await setUpAuthenticatorApp(browser);
	return browser;
}

async function helpOf(browser: Browser): Promise<string> {
	return (await browser.open(paths.signInHelp)).text;
}

function inOrder({ text }: Page, titles: string[]): boolean {
	const places = titles.map((title) => text.indexOf(`\n${title}\n`));
	return places.every((place, index) => place > (places[index - 1] ?? 0));
}
