import { describe, expect, test } from "vitest";
import { days, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { type Browser, newBrowser, userAgents } from "../harness/browser.ts";
import {
	avery,
	casey,
	requireFrom,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
	signInTrusting,
	signInWithCode,
	signOut,
	TRUST,
} from "../harness/people.ts";

const NONE = "None. When you enter a code at sign-in, you can tick “Trust this browser";

test("who ticks the box is asked for the password alone for 30 days, in this browser only, and lands where they wanted", async () => {
	await using app = await startApp();
	const { authenticator } = await withAnApp(app);
	const home = newBrowser(app);
	const page = await signIn(home, casey);
	expect(page.field(TRUST).checked).toBe(false);
	await page.submit({ "Verification code": authenticator.code(), [TRUST]: true }, "Submit");
	await signOut(home);

	app.clock.forward(days(30) - minutes(1));
	const door = await home.open(paths.password);
	const opened = await door.submit({ Email: casey, Password: DEMO_PASSWORD }, "Sign in");
	expect(opened.path).toBe(paths.password);
	await signOut(home);
	expect((await signIn(newBrowser(app), casey)).path).toBe(paths.verify);
	app.clock.forward(minutes(1));
	expect((await signIn(home, casey)).path).toBe(paths.verify);
});

test("the box is never ticked by itself, and stays ticked when the code was wrong", async () => {
	await using app = await startApp();
	const { authenticator } = await withAnApp(app);
	const home = newBrowser(app);
	let page = await signIn(home, casey);
	page = await page.submit({ "Verification code": "12", [TRUST]: true }, "Submit");
	expect(page.field(TRUST).checked).toBe(true);
	page = await page.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
	expect(page.field(TRUST).checked).toBe(true);
	page = await page.submit({ "Verification code": authenticator.wrongCode(), [TRUST]: false }, "Submit");
	expect(page.field(TRUST).checked).toBe(false);
	expect((await home.open(paths.verify)).field(TRUST).checked).toBe(false);

	// Without the tick the next sign-in asks again, and the page comes without it.
	await (await signIn(home, casey)).submit({ "Verification code": authenticator.code() }, "Submit");
	await signOut(home);
	page = await signIn(home, casey);
	expect(page.path).toBe(paths.verify);
	expect(page.field(TRUST).checked).toBe(false);
});

test("a texted code can be had with it too, and the Recovery Code cannot", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, casey);
	const { number } = await setUpTextMessages(browser);
	await signOut(browser);
	const page = await signIn(browser, casey);
	const recovery = await page.click("Use recovery code instead");
	expect(recovery.fields.map(({ label }) => label)).toEqual(["Recovery Code"]);
	const { code } = await app.texts.latest(number);
	await page.submit({ "Verification code": code, [TRUST]: true }, "Submit");
	await signOut(browser);
	expect((await signIn(browser, casey)).heading).toBe("My Account");
});

describe("My Account lists trusted browsers", () => {
	test("with browser, network, since and until when, the address under details, and this one marked", async () => {
		await using app = await startApp();
		// A Friday afternoon in Vancouver.
		app.clock.at(Date.parse("2027-07-02T21:05:00Z"));
		const { authenticator, desk } = await withAnApp(app);
		expect((await desk.open(paths.twoStep)).text).toContain(NONE);
		const phone = newBrowser(app, { userAgent: userAgents.safariOnIphone, address: "198.51.100.44" });
		await signInTrusting(phone, casey, authenticator);
		app.clock.forward(minutes(10));
		await signOut(desk);
		await signInTrusting(desk, casey, authenticator);

		const { text, buttons } = await desk.open(paths.twoStep);
		const part = text.slice(text.indexOf("Trusted browsers"), text.indexOf("Your clinic's rule"));
		expect(part.trim().split("\n")).toEqual([
			"Trusted browsers",
			"In these you need only your password. Remove one that you don't know or no longer use.",
			"Chrome on Windows This browser",
			expect.stringMatching(/^Trusted Fri 2 Jul 2027, 2:1\d pm, from this network\.$/),
			expect.stringMatching(/^Ends Sun 1 Aug 2027, 2:1\d pm\.$/),
			"Details",
			`Trusted from the address ${desk.address}.`,
			"Remove",
			"Safari on iPhone",
			expect.stringMatching(/^Trusted Fri 2 Jul 2027, 2:0\d pm, from another network\.$/),
			expect.stringMatching(/^Ends Sun 1 Aug 2027, 2:0\d pm\.$/),
			"Details",
			"Trusted from the address 198.51.100.44.",
			"Remove",
			"Remove all",
		]);
		expect(buttons.filter((button) => button === "Remove")).toHaveLength(2);
		expect(text).toContain("After your password we ask for a code, except in a browser you trust.");
	});

	test("Remove takes one, Remove all the rest, and nothing is asked", async () => {
		await using app = await startApp();
		const { authenticator, desk } = await withAnApp(app);
		const [home, phone] = [newBrowser(app), newBrowser(app, { userAgent: userAgents.safariOnIphone })];
		for (const browser of [home, phone]) await signInTrusting(browser, casey, authenticator);
		await signOut(phone);

		let page = await desk.open(paths.twoStep);
		page = await page.click("Remove", { near: "Safari on iPhone" });
		expect(page.text).toContain("Removed. There we ask for a code at the next sign-in.");
		expect(page.text).not.toContain("Safari on iPhone");
		expect(page.text).toContain("Chrome on Windows");
		expect((await signIn(phone, casey)).path).toBe(paths.verify);

		const stale = page;
		page = await page.click("Remove all");
		expect(page.text).toContain(NONE);
		// Pressed again on the page from before.
		expect((await stale.click("Remove all")).text).not.toContain("Removed.");
		// The session that is open there stays, and the next sign-in asks.
		expect((await home.open(paths.account)).heading).toBe("My Account");
		await signOut(home);
		expect((await signIn(home, casey)).path).toBe(paths.verify);
	});

	test("only those that still hold", async () => {
		await using app = await startApp();
		const { authenticator, desk } = await withAnApp(app);
		await signInTrusting(newBrowser(app, { userAgent: userAgents.safariOnIphone }), casey, authenticator);
		app.clock.forward(days(29));
		await signInTrusting(desk, casey, authenticator);
		expect((await desk.open(paths.twoStep)).text).toContain("Safari on iPhone");
		app.clock.forward(days(1));
		await signIn(desk, casey);
		const { text } = await desk.open(paths.twoStep);
		expect(text).toContain("Chrome on Windows This browser");
		expect(text).not.toContain("Safari on iPhone");
	});

	test("and says so where the clinic does not allow it", async () => {
		await using app = await startApp();
		const { desk } = await withAnApp(app);
		await requireFrom(app, null, { allowsTrust: false });
		const { text, buttons } = await desk.open(paths.twoStep);
		expect(text).toContain("Harbour Physio doesn't allow trusted browsers");
		expect(buttons).not.toContain("Remove all");
	});
});

test.each([
	[null, "Harbour Physio doesn't require 2-Step Verification."],
	["2027-12-06", "Harbour Physio requires 2-Step Verification from Mon 6 Dec 2027."],
	["2027-07-02", "Harbour Physio has required 2-Step Verification since Fri 2 Jul 2027."],
])("My Account says the clinic's rule and date: %s", async (day, sentence) => {
	await using app = await startApp();
	app.clock.at(Date.parse("2027-07-02T21:05:00Z"));
	const { desk } = await withAnApp(app);
	await requireFrom(app, day);
	const { text, links } = await desk.open(paths.twoStep);
	expect(text).toContain(sentence);
	expect(text).toContain("A Full Access user of your clinic can change this in Settings → Security.");
	expect(links).not.toContain("Open Security");
	const owner = newBrowser(app);
	await requireFrom(app, null);
	await signIn(owner, avery);
	await requireFrom(app, day);
	const theirs = await owner.open(paths.twoStep);
	expect(theirs.text).toContain(sentence);
	expect(theirs.href("Open Security")).toBe(paths.enforcement);
});

type WithAnApp = { desk: Browser; authenticator: Authenticator };

/** Casey at a desk that is not trusted. */
async function withAnApp(app: App): Promise<WithAnApp> {
	const desk = newBrowser(app);
	await signIn(desk, casey);
	const { authenticator } = await setUpAuthenticatorApp(desk);
	await signOut(desk);
	await signInWithCode(desk, casey, authenticator);
	return { desk, authenticator };
}
