import { expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { avery, signIn } from "../harness/people.ts";

const NEW_PASSWORD = "eleven herons on a fence";

test("a changed password signs everybody else out and is told by email", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	const laptop = newBrowser(app);
	const account = await signIn(desk, avery);
	await signIn(laptop, avery);

	const password = await account.click("Change password");
	expect(password.text).toContain("Changing it signs you out everywhere else.");
	const changed = await password.submit(
		{ "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD },
		"Change password",
	);
	expect(changed.heading).toBe("Password");
	expect(changed.text).toContain("Your password is changed. You are signed out everywhere else.");

	expect((await desk.open(paths.account)).heading).toBe("My Account");
	expect((await laptop.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
	expect((await signIn(laptop, avery, DEMO_PASSWORD)).errors).toEqual([
		"That email and password don't match.",
	]);
	expect((await app.inbox.latest(avery)).subject).toBe("Your password was changed – Harbour Physio");
	expect((await signIn(laptop, avery, NEW_PASSWORD)).heading).toBe("My Account");
});

test("a changed password puts out whoever has a copy of this browser's cookies; its own other tabs go on", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const otherTab = await desk.open(paths.signOut);
	const thief = desk.copy();
	expect((await thief.open(paths.account)).heading).toBe("My Account");

	const password = await desk.open(paths.password);
	await password.submit(
		{ "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD },
		"Change password",
	);
	expect((await thief.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
	expect((await desk.open(paths.account)).heading).toBe("My Account");

	// A form drawn before is refused with what to do, and works once its page is opened again.
	const refused = await otherTab.submit({}, "Sign out");
	expect(refused.heading).toBe("This form can't be used any more");
	expect(refused.text).toContain("Open the page again. Nothing was changed.");
	const again = await (await desk.open(paths.signOut)).submit({}, "Sign out");
	expect(again.text).toContain("You are signed out.");
});

test("the password that one has already is no new one, however it is written", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	const laptop = newBrowser(app);
	await signIn(desk, avery);
	const accented = "déjà vu behind the door";
	const change = async (from: string, to: string) =>
		(await desk.open(paths.password)).submit(
			{ "Current password": from, "New password": to },
			"Change password",
		);
	await change(DEMO_PASSWORD, accented);
	await signIn(laptop, avery, accented);
	const same = await change(accented, accented.normalize("NFD"));
	expect(same.errors).toEqual(["That is the password you have had so far. Choose another one."]);
	expect((await laptop.open(paths.account)).heading).toBe("My Account");
});

test("without the current password nothing changes, and both mistakes are told at once", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const password = await browser.open(paths.changePassword);

	const refused = await password.submit(
		{ "Current password": "not my password at all", "New password": "short" },
		"Change password",
	);
	expect(refused.status).toBe(422);
	expect(refused.errors).toEqual([
		"That password isn't right. Check for Caps Lock and try again.",
		expect.stringContaining("at least 15 characters"),
	]);
	expect(refused.fields.map(({ value }) => value)).not.toContain("not my password at all");
	expect(await app.inbox.all()).toEqual([]);
	expect((await signIn(newBrowser(app), avery, DEMO_PASSWORD)).heading).toBe("My Account");
});

test("a link sent before the password was changed sets no other one", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	const forgot = await browser.open(paths.forgotPassword);
	await forgot.submit({ Email: avery }, "Email me a link");
	const [link = ""] = (await app.inbox.latest(avery)).links;

	await signIn(browser, avery);
	const password = await browser.open(paths.password);
	await password.submit(
		{ "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD },
		"Change password",
	);
	expect((await browser.openFromEmail(link)).heading).toBe("This link doesn't work any more");
});
