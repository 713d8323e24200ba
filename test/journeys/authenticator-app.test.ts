import { expect, test } from "vitest";
import { startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import type { Page } from "../harness/page.ts";
import {
	avery,
	saveRecoveryCode,
	setUpAuthenticatorApp,
	signIn,
	signInWithCode,
	signOut,
} from "../harness/people.ts";

test("who sets up an authenticator app signs in with its code from then on", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);

	const account = await signIn(browser, avery);
	expect(account.heading).toBe("My Account");

	const { authenticator, page } = await setUpAuthenticatorApp(browser);
	expect(page.text).toContain("You're all set. 2-Step Verification is on and your Recovery Code is saved.");
	expect((await app.inbox.latest(avery)).subject).toContain("Authenticator App was set up");

	const goodbye = await signOut(browser);
	expect(goodbye.text).toContain("You are signed out.");

	const secondStep = await signIn(browser, avery);
	expect(secondStep.heading).toBe("Enter the code from your authenticator app");
	const wrong = await secondStep.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
	expect(wrong.status).toBe(422);
	expect(wrong.errors).toEqual([expect.stringContaining("That code isn't right.")]);

	const home = await signInWithCode(browser, avery, authenticator);
	expect(home.heading).toBe("My Account");
});

test("who has lost the phone gets in with the Recovery Code, once, and has a new one afterwards", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const { authenticator, recoveryCode } = await setUpAuthenticatorApp(desk);

	const home = newBrowser(app);
	const lost = await enterRecoveryCode(home, recoveryCode.toLowerCase().replaceAll(" ", "-"));
	expect(lost.heading).toBe("Lost your phone?");
	const kept = await lost.click("I just don't have it with me: keep it");
	const { recoveryCode: newCode } = await saveRecoveryCode(kept);

	const refused = await enterRecoveryCode(newBrowser(app), recoveryCode);
	expect(refused.heading).toBe("Enter your Recovery Code");
	expect(refused.errors).toHaveLength(1);

	expect((await signInWithCode(newBrowser(app), avery, authenticator)).heading).toBe("My Account");
	expect((await enterRecoveryCode(newBrowser(app), newCode)).heading).toBe("Lost your phone?");
});

async function enterRecoveryCode(browser: Browser, code: string): Promise<Page> {
	const secondStep = await signIn(browser, avery);
	const page = await secondStep.click("Use recovery code instead");
	return page.submit({ "Recovery Code": code }, "Submit");
}
