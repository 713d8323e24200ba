import { expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { type Browser, newBrowser, userAgents } from "../harness/browser.ts";
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

test("on a phone the ways to open the key right there come before the QR code, which nobody can scan from it", async () => {
	await using app = await startApp();
	const openHere = "Open in an app on this device";
	const inApplePasswords = "Open in Apple Passwords on this device";
	const orderOn = async (userAgent: string) => {
		const browser = newBrowser(app, { userAgent });
		await signIn(browser, avery);
		const page = await (await browser.open(paths.authenticatorApp)).submit(
			{ Password: DEMO_PASSWORD },
			"Next",
		);
		expect(page.href(openHere)).toMatch(/^otpauth:/);
		return { page, firstOpen: page.html.indexOf(openHere), qrCode: page.html.indexOf("<svg role") };
	};

	const iphone = await orderOn(userAgents.safariOnIphone);
	expect(iphone.firstOpen).toBeLessThan(iphone.qrCode);
	expect(iphone.page.href(inApplePasswords)).toMatch(/^apple-otpauth:/);
	const android = await orderOn(userAgents.chromeOnAndroid);
	expect(android.firstOpen).toBeLessThan(android.qrCode);
	expect(android.page.links).not.toContain(inApplePasswords);
	const desk = await orderOn(userAgents.chromeOnWindows);
	expect(desk.qrCode).toBeGreaterThan(0);
	expect(desk.firstOpen).toBeGreaterThan(desk.qrCode);
});

async function enterRecoveryCode(browser: Browser, code: string): Promise<Page> {
	const secondStep = await signIn(browser, avery);
	const page = await secondStep.click("Use recovery code instead");
	return page.submit({ "Recovery Code": code }, "Submit");
}
