import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import type { Page } from "../harness/page.ts";
import {
	avery,
	recoveryCodeOn,
	saveRecoveryCode,
	scanKey,
	setUpAuthenticatorApp,
	signIn,
	signInWithCode,
	signOut,
} from "../harness/people.ts";

const NOT_SAVED = "You haven't told us that you saved your Recovery Code.";

test("who only left the phone at home keeps it, gets a new Recovery Code, and lands on the page first asked for", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const { authenticator, recoveryCode } = await setUpAuthenticatorApp(desk);

	const home = newBrowser(app);
	await home.open(paths.password);
	const lost = await entersRecoveryCode(await entersPassword(home), recoveryCode);
	expect(lost.heading).toBe("Lost your phone?");
	expect(lost.field("Authenticator App").checked).toBe(true);

	const kept = await lost.click("I just don't have it with me: keep it");
	expect(kept.heading).toBe("Save your Recovery Code");
	const { recoveryCode: newCode, page } = await saveRecoveryCode(kept);
	expect(page.path).toBe(paths.password);
	expect(newCode).not.toBe(recoveryCode);

	await signOut(home);
	expect((await signInWithCode(home, avery, authenticator)).heading).toBe("My Account");
	const old = await entersRecoveryCode(await signIn(newBrowser(app), avery), recoveryCode);
	expect(old.errors).toEqual([expect.stringContaining("That isn't your Recovery Code.")]);
	expect((await entersRecoveryCode(await signIn(newBrowser(app), avery), newCode)).heading).toBe(
		"Lost your phone?",
	);
});

test("who ticks nothing as lost is asked again, and nothing ends", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const { authenticator, recoveryCode } = await setUpAuthenticatorApp(desk);
	const home = newBrowser(app);
	const lost = await entersRecoveryCode(await signIn(home, avery), recoveryCode);

	const asked = await lost.submit({ "Authenticator App": false }, "I've lost it: replace it now");
	expect(asked.status).toBe(422);
	expect(asked.errors).toEqual([expect.stringContaining("Tick what you have lost")]);
	const next = await signInWithCode(newBrowser(app), avery, authenticator);
	expect(next.heading).toBe("You have no Recovery Code");
});

test("replacing right after the Recovery Code asks nothing more for an hour, then the password", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const { recoveryCode } = await setUpAuthenticatorApp(desk);
	const home = newBrowser(app);
	await entersRecoveryCode(await signIn(home, avery), recoveryCode);

	app.clock.forward(minutes(59));
	expect((await home.open(paths.authenticatorApp)).fields.map(({ label }) => label)).not.toContain(
		"Password",
	);
	app.clock.forward(minutes(1));
	expect((await home.open(paths.authenticatorApp)).field("Password").type).toBe("password");
	expect((await home.open(paths.lostPhone)).heading).toBe("2-Step Verification");
});

test("a Recovery Code page left without Done is spoken of in My Account and at the next sign-in, until a new one is saved", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const { authenticator, page: shown } = await setsUpUpToTheRecoveryCode(browser);
	const leftCode = recoveryCodeOn(shown);

	const twoStep = await browser.open(paths.twoStep);
	expect(twoStep.text).toContain(NOT_SAVED);
	expect(twoStep.links).toContain("Get a new Recovery Code");
	const account = await browser.open(paths.account);
	expect(account.text).toContain(NOT_SAVED);
	expect(account.links).not.toContain("Get a new Recovery Code");
	expect(recoveryCodeOn(await account.click("Show my Recovery Code"))).toBe(leftCode);
	app.clock.forward(minutes(15));
	const tooLate = await browser.open(paths.account);
	expect(tooLate.text).toContain("If you don't have it, get a new one now.");
	expect(tooLate.links).not.toContain("Show my Recovery Code");

	await signOut(browser);
	await browser.open(paths.password);
	const secondStep = await entersPassword(browser);
	const reminded = await secondStep.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(reminded.heading).toBe("Your Recovery Code can't be shown again");
	expect(reminded.text).toContain("If you didn't, get a new one now.");
	expect(reminded.text).not.toContain(leftCode);

	const asked = await reminded.click("Get a new Recovery Code");
	const renewed = await asked.submit({ Password: DEMO_PASSWORD }, "Next");
	const { recoveryCode, page } = await saveRecoveryCode(renewed);
	expect(page.path).toBe(paths.password);
	expect((await browser.open(paths.twoStep)).text).not.toContain(NOT_SAVED);

	const left = await entersRecoveryCode(await signIn(newBrowser(app), avery), leftCode);
	expect(left.errors).toHaveLength(1);
	expect((await entersRecoveryCode(await signIn(newBrowser(app), avery), recoveryCode)).heading).toBe(
		"Lost your phone?",
	);
});

test("who saved the Recovery Code is not held up at the next sign-in", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const { authenticator } = await setUpAuthenticatorApp(browser);
	expect((await browser.open(paths.twoStep)).text).not.toContain(NOT_SAVED);
	await signOut(browser);
	expect((await signInWithCode(browser, avery, authenticator)).heading).toBe("My Account");
});

test("the Recovery Code can be read again for fifteen minutes, but only until Done", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const { page: shown } = await setsUpUpToTheRecoveryCode(browser);
	const code = recoveryCodeOn(shown);

	const hasty = await shown.submit({}, "Done");
	expect(hasty.errors).toEqual([expect.stringContaining("Save your Recovery Code first.")]);
	expect(recoveryCodeOn(hasty)).toBe(code);
	app.clock.forward(minutes(14));
	expect(recoveryCodeOn(await browser.reload())).toBe(code);
	app.clock.forward(minutes(1));
	const hidden = await browser.open(paths.recoveryCode);
	expect(hidden.heading).toBe("Your Recovery Code can't be shown again");
	expect(hidden.html).not.toContain(code.slice(0, 4));
});

async function setsUpUpToTheRecoveryCode(browser: Browser) {
	const start = await browser.open(paths.authenticatorApp);
	const key = await start.submit({ Password: DEMO_PASSWORD }, "Next");
	const authenticator = scanKey(key, browser);
	const enter = await key.click("Next");
	return { authenticator, page: await enter.submit({ "Verification code": authenticator.code() }, "Submit") };
}

/** On the sign-in page that the browser shows, so that what was asked for first is not forgotten. */
function entersPassword(browser: Browser): Promise<Page> {
	return browser.page.submit({ Email: avery, Password: DEMO_PASSWORD }, "Sign in");
}

async function entersRecoveryCode(secondStep: Page, code: string): Promise<Page> {
	const page = await secondStep.click("Use recovery code instead");
	return page.submit({ "Recovery Code": code }, "Submit");
}
