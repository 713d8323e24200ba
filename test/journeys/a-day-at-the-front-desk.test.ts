import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { DEMO_STAFF } from "../../src/demo/demo-clinic.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { setUpTextMessages, signIn, signOut } from "../harness/people.ts";

/** The clinic's one address: everybody's browsers come from it. */
const address = "203.0.113.7";
const SIGN_INS = 30;

test("six staff on one network sign in by text thirty times a day each, ten minutes apart, and meet no limit", async () => {
	await using app = await startApp();
	const desks = [];
	for (const { email, mobile } of DEMO_STAFF) {
		const browser = newBrowser(app, { address });
		await signIn(browser, email);
		await setUpTextMessages(browser);
		await signOut(browser);
		desks.push({ email, mobile, browser });
	}
	for (let round = 1; round <= SIGN_INS; round++) {
		app.clock.forward(minutes(10));
		for (const { email, mobile, browser } of desks) {
			// Every third time in a private window, which nobody has signed in with before.
			const used = round % 3 === 0 ? newBrowser(app, { address }) : browser;
			const page = await signIn(used, email);
			expect(page.heading).toBe(`Enter the code we texted to •••• •••• ${mobile.slice(-4)}`);
			const { code } = await app.texts.latest(mobile);
			const opened = await page.submit({ "Verification code": code }, "Submit");
			expect(opened.heading, `${email}, sign-in ${round}`).toBe("My Account");
			await signOut(used);
		}
	}
	for (const { mobile } of desks) expect(await app.texts.all(mobile)).toHaveLength(1 + SIGN_INS);
});
