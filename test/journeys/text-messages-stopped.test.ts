import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import type { Page } from "../harness/page.ts";
import {
	casey,
	requireFrom,
	saveRecoveryCode,
	scanKey,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
	signInWithCode,
	signOut,
	TRUST,
} from "../harness/people.ts";

const ASKED = "Set up an app instead of text messages";
const THEY_END = "Your text messages end as soon as the app is on.";

test("who has only texts is asked at each sign-in to set up the app, and texts end with that", async () => {
	await using app = await startApp();
	const { browser, number } = await withTexts(app);
	await requireFrom(app, null, { allowsTexts: false });

	// Texts still work, and Not now leads on, each time.
	for (const _ of [1, 2]) {
		const asked = await signsInByText(app, browser, number, paths.password);
		expect(asked.heading).toBe(ASKED);
		expect(asked.text).toContain("Harbour Physio no longer allows codes by text message");
		expect(asked.text).toContain(THEY_END);
		expect((await asked.click("Not now")).path).toBe(paths.password);
		expect((await browser.open(paths.account)).text).toContain(ASKED);
		const twoStep = await browser.open(paths.twoStep);
		expect(twoStep.text).toContain(ASKED);
		expect(twoStep.links).not.toContain("Replace");
		expect((await browser.open(paths.textMessage)).status).toBe(404);
		await signOut(browser);
	}

	const asked = await signsInByText(app, browser, number, paths.password);
	const start = await asked.click("Set up now");
	expect(start.heading).toBe("Set up the authenticator app");
	expect(start.text).toContain(THEY_END);
	const key = await start.submit({ Password: DEMO_PASSWORD }, "Next");
	const authenticator = scanKey(key, browser);
	const code = await key.click("Next");
	const shown = await code.submit({ "Verification code": authenticator.code() }, "Submit");
	expect((await saveRecoveryCode(shown)).page.path).toBe(paths.password);

	const twoStep = await browser.open(paths.twoStep);
	expect(twoStep.text).not.toContain("Text Message (SMS)");
	expect(twoStep.text).not.toContain(ASKED);
	await signOut(browser);
	expect((await signInWithCode(browser, casey, authenticator)).heading).toBe("My Account");
	// The page has nothing to ask any more.
	expect((await browser.open(paths.appInstead)).path).toBe(paths.twoStep);
});

test("in a trusted browser too, where a texted code comes first as everywhere", async () => {
	await using app = await startApp();
	const { browser, number } = await withTexts(app);
	const page = await signIn(browser, casey);
	const { code } = await app.texts.latest(number);
	await page.submit({ "Verification code": code, [TRUST]: true }, "Submit");
	await signOut(browser);
	await requireFrom(app, null, { allowsTexts: false });

	const asked = await signIn(browser, casey);
	expect(asked.heading).toBe(ASKED);
	const confirm = await (await asked.click("Set up now")).click("Text me a code");
	const again = (await app.texts.latest(number)).code;
	const start = await confirm.submit({ "Verification code": again }, "Submit");
	expect(start.heading).toBe("Set up the authenticator app");
});

test("who has the app as well is asked for nothing, and keeps both", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, casey);
	const { authenticator } = await setUpAuthenticatorApp(browser);
	await setUpTextMessages(browser);
	await requireFrom(app, null, { allowsTexts: false });
	await signOut(browser);
	expect((await signInWithCode(browser, casey, authenticator)).heading).toBe("My Account");
	const { text, links } = await browser.open(paths.twoStep);
	expect(text).toContain("Text Message (SMS)");
	expect(text).toContain("Harbour Physio no longer allows text messages to be set up.");
	expect(links.filter((link) => link === "Replace")).toHaveLength(1);
	expect(links.filter((link) => link === "Turn off")).toHaveLength(2);
});

test("where one is required the last method, texts, is not turned off but left for the app", async () => {
	await using app = await startApp();
	const { browser, number } = await withTexts(app);
	await requireFrom(app, "2026-01-01", { allowsTexts: false });
	await (await signsInByText(app, browser, number, paths.account)).click("Not now");
	const page = await browser.open(paths.turnOff.to("text-message"));
	expect(page.heading).toBe("Text Message (SMS) can't be turned off now");
	expect(page.links).not.toContain("Replace");
	expect((await page.click("Set up the authenticator app")).path).toBe(paths.authenticatorApp);
});

test("a Recovery Code that was never saved is spoken of after Not now", async () => {
	await using app = await startApp();
	const { browser, number } = await withTexts(app);
	await requireFrom(app, null, { allowsTexts: false });
	await app.database.backdoor.updateTable("recovery_codes").set({ saved_at: null }).execute();
	const asked = await signsInByText(app, browser, number, paths.password);
	const code = await asked.click("Not now");
	expect(code.path).toBe(paths.recoveryCode);
	expect((await code.click("Not now")).path).toBe(paths.password);
});

/** Casey with text messages and nothing else, signed out. */
async function withTexts(app: App): Promise<{ browser: Browser; number: string }> {
	const browser = newBrowser(app);
	await signIn(browser, casey);
	const { number } = await setUpTextMessages(browser);
	await signOut(browser);
	return { browser, number };
}

/** @param path the page that is asked for first */
async function signsInByText(app: App, browser: Browser, number: string, path: string): Promise<Page> {
	app.clock.forward(minutes(11));
	const door = await browser.open(path);
	const page = await door.submit({ Email: casey, Password: DEMO_PASSWORD }, "Sign in");
	const { code } = await app.texts.latest(number);
	return page.submit({ "Verification code": code }, "Submit");
}
