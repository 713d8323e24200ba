import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import type { Page } from "../harness/page.ts";
import {
	avery,
	saveRecoveryCode,
	scanKey,
	setUpAuthenticatorApp,
	signIn,
	signInWithCode,
} from "../harness/people.ts";

const place = setUpPaths(paths.authenticatorApp);

test("reload, back and a wrong code keep the key", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const key = await beginsSetUp(browser);
	const { secret } = scanKey(key, browser);

	expect(scanKey(await browser.reload(), browser).secret).toBe(secret);
	const enter = await key.click("Next");
	const back = await enter.click("Back to the QR code");
	const authenticator = scanKey(back, browser);
	expect(authenticator.secret).toBe(secret);

	const wrong = await enter.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
	expect(wrong.errors).toEqual([expect.stringContaining("You have 4 more tries.")]);
	expect(scanKey(await browser.open(place.key), browser).secret).toBe(secret);
	const on = await wrong.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(on.heading).toBe("Save your Recovery Code");

	// Back from the last page begins no other set-up as long as the code is not saved.
	for (const path of [place.code, place.key])
		expect((await browser.open(path)).heading).toBe("Save your Recovery Code");
	await saveRecoveryCode(browser.page);
	expect((await browser.open(place.code)).heading).toBe("Replace the authenticator app");
});

test("the steps are counted to the last page, also where a form comes back", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	let page = await browser.open(place.start);
	expect(page.text).toContain("Step 1 of 4");
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	expect(page.text).toContain("Step 2 of 4");
	const authenticator = scanKey(page, browser);
	page = await page.click("Next");
	expect(page.text).toContain("Step 3 of 4");
	page = await page.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(page.text).toContain("Step 4 of 4");
	page = await page.submit({}, "Done");
	expect(page.errors).toHaveLength(1);
	expect(page.text).toContain("Step 4 of 4");
	expect((await browser.reload()).text).toContain("Step 4 of 4");
	await page.submit({ "I've saved my Recovery Code": true }, "Done");

	// A new Recovery Code by itself is no step of anything.
	const renewed = await (await browser.open(paths.newRecoveryCode)).submit(
		{ Password: DEMO_PASSWORD },
		"Next",
	);
	expect(renewed.heading).toBe("Save your Recovery Code");
	expect(renewed.text).not.toContain("Step");

	// After *Lost your phone?* no password is asked for, so there is one step less.
	const { recoveryCode } = await saveRecoveryCode(renewed);
	const home = newBrowser(app);
	page = await (await signIn(home, avery)).click("Use recovery code instead");
	page = await page.submit({ "Recovery Code": recoveryCode }, "Submit");
	page = await page.click("I've lost it: replace it now");
	expect(page.text).toContain("Step 1 of 3");
	const replaced = scanKey(page, home);
	page = await (await page.click("Next")).submit({ "Verification code": replaced.code() }, "Submit");
	expect(page.text).toContain("Step 3 of 3");
});

test("a set-up that is left leaves nothing behind", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const key = await beginsSetUp(browser);
	const authenticator = scanKey(key, browser);
	const enter = await key.click("Next");
	const left = await enter.click("Cancel");
	expect(left.heading).toBe("2-Step Verification");
	expect(left.text).toContain("Set up an authenticator app to ask for a code too.");
	expect(left.links).not.toContain("Turn off");

	expect(await app.inbox.all()).toEqual([]);
	expect((await signIn(newBrowser(app), avery)).heading).toBe("My Account");

	app.clock.forward(minutes(61));
	const tooLate = await enter.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(tooLate.heading).toBe("This set-up has ended");
	expect((await signIn(newBrowser(app), avery)).heading).toBe("My Account");
});

test("signing out ends a set-up", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const key = await beginsSetUp(browser);
	const { secret } = scanKey(key, browser);
	await (await browser.open(paths.signOut)).submit({}, "Sign out");

	await signIn(browser, avery);
	expect((await browser.open(place.key)).heading).toBe("Set up the authenticator app");
	expect(scanKey(await beginsSetUp(browser), browser).secret).not.toBe(secret);
});

test("five wrong codes end a set-up, and the next one has another key", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const key = await beginsSetUp(browser);
	const authenticator = scanKey(key, browser);
	let page = await key.click("Next");
	for (const left of ["4 more tries", "3 more tries", "2 more tries", "1 more try"]) {
		page = await page.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
		expect(page.errors).toEqual([expect.stringContaining(left)]);
	}
	const over = await page.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
	expect(over.heading).toBe("This set-up has ended");

	const again = await over.click("Start again");
	const next = await again.submit({ Password: DEMO_PASSWORD }, "Next");
	expect(scanKey(next, browser).secret).not.toBe(authenticator.secret);
});

test("of two tabs that set up, the later one counts", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const firstKey = await beginsSetUp(browser);
	const firstApp = scanKey(firstKey, browser);
	const firstTab = await firstKey.click("Next");
	const secondKey = await beginsSetUp(browser);
	const secondApp = scanKey(secondKey, browser);
	const secondTab = await secondKey.click("Next");

	const refused = await firstTab.submit({ "Verification code": firstApp.code() }, "Submit");
	expect(refused.heading).toBe("This set-up has ended");
	const on = await secondTab.submit({ "Verification code": secondApp.code() }, "Submit");
	expect(on.heading).toBe("Save your Recovery Code");
});

test("a replaced app works until the new one's code is entered, and not after", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const { authenticator: old } = await setUpAuthenticatorApp(browser);
	const key = await beginsSetUp(browser);
	const fresh = scanKey(key, browser);
	const enter = await key.click("Next");

	expect((await signInWithCode(newBrowser(app), avery, old)).heading).toBe("My Account");
	const on = await enter.submit({ "Verification code": fresh.code() }, "Submit");
	expect(on.heading).toBe("Save your Recovery Code");

	const refused = await signInWithCode(newBrowser(app), avery, old);
	expect(refused.errors).toEqual([expect.stringContaining("That code isn't right.")]);
	const home = await signInWithCode(newBrowser(app), avery, fresh);
	expect(home.heading).toBe("Your Recovery Code can't be shown again");
});

async function beginsSetUp(browser: Browser): Promise<Page> {
	const start = await browser.open(paths.authenticatorApp);
	return start.submit({ Password: DEMO_PASSWORD }, "Next");
}
