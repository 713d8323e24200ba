import { expect, test } from "vitest";
import { hours } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { avery, casey, signIn, signOut } from "../harness/people.ts";
import { isIn } from "./cookies-of.ts";
import { chooseNewPassword, enterCode, linkFor, NEW_PASSWORD, ownerWithApp } from "./owners.ts";

// No clinic requires 2-Step Verification in these tests: whoever has it on is asked all the same.

test("who has a method on is asked for it after each way of having a right password", async () => {
	await using app = await startApp();
	const { desk, authenticator } = await ownerWithApp(app, avery);

	// In a browser never seen, in the known one after signing out, and in it when the session has run out.
	expect((await signIn(newBrowser(app), avery)).path).toBe(paths.verify);
	await signOut(desk);
	expect((await signIn(desk, avery)).path).toBe(paths.verify);
	await enterCode(desk, authenticator.code());
	app.clock.forward(hours(25));
	expect(await isIn(desk)).toBe(false);
	expect((await signIn(desk, avery)).path).toBe(paths.verify);

	// On the way to a page that was asked for.
	const visitor = newBrowser(app);
	const form = await visitor.open(paths.twoStep);
	const asked = await form.submit({ Email: avery, Password: DEMO_PASSWORD }, "Sign in");
	expect(asked.path).toBe(paths.verify);
	expect(await isIn(visitor)).toBe(false);
});

test("who has a method on is asked for it after a new password, changed or set by a link", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	const page = await desk.open(paths.password);
	await page.submit({ "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD }, "Change password");
	expect((await signIn(newBrowser(app), avery, NEW_PASSWORD)).path).toBe(paths.verify);

	const browser = newBrowser(app);
	const third = "seven otters fold maps";
	await chooseNewPassword(browser, await linkFor(app, avery, browser), third);
	expect(await isIn(browser)).toBe(false);
	expect((await signIn(browser, avery, third)).path).toBe(paths.verify);
	expect(await isIn(browser)).toBe(false);
});

test("a colleague without a method in the same browser does not take the owner's code away", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	await signOut(desk);
	expect((await signIn(desk, casey)).heading).toBe("My Account");
	await signOut(desk);
	expect((await signIn(desk, avery)).path).toBe(paths.verify);
});
