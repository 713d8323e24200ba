import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import type { Page } from "../harness/page.ts";
import { avery, setUpAuthenticatorApp, signIn, signInWithCode } from "../harness/people.ts";

const NEW_PASSWORD = "eleven herons on a fence";

test("who forgot the password chooses a new one by an emailed link, and then signs in with both steps", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const { authenticator } = await setUpAuthenticatorApp(desk);
	const laptop = newBrowser(app);
	await signInWithCode(laptop, avery, authenticator);

	const home = newBrowser(app);
	const sent = await asksForLink(home, "Avery@Harbour.Example");
	expect(sent.heading).toBe("Check your email");
	const email = await app.inbox.latest(avery);
	expect(email.subject).toBe("Choose a new password – Harbour Physio");

	const choose = await home.openFromEmail(linkIn(email));
	expect(choose.heading).toBe("Choose a new password");
	expect(choose.text).toContain("For Avery Chen, avery@harbour.example.");
	const saved = await choose.submit({ "New password": NEW_PASSWORD }, "Save password");
	expect(saved.heading).toBe("Sign in to Harbour Physio");
	expect(saved.text).toContain("Your password is saved. Sign in with it now.");

	expect((await signIn(home, avery, DEMO_PASSWORD)).errors).toEqual(["That email and password don't match."]);
	const secondStep = await signIn(home, avery, NEW_PASSWORD);
	expect(secondStep.heading).toBe("Enter the code from your authenticator app");
	const account = await secondStep.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(account.heading).toBe("My Account");

	expect((await desk.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
	expect((await laptop.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
	expect((await app.inbox.all(avery)).map(({ subject }) => subject)).toContain(
		"Your password was changed – Harbour Physio",
	);
});

test("every link sent works until one is used, and then none does", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	const [first, second, third] = await linksSent(app, browser, 3);
	for (const link of [first, second, third]) {
		expect((await browser.openFromEmail(link)).heading).toBe("Choose a new password");
	}

	const left = await browser.openFromEmail(first);
	const choose = await browser.openFromEmail(second);
	await choose.submit({ "New password": NEW_PASSWORD }, "Save password");

	const tooLate = await left.submit({ "New password": "nine kettles under a hill" }, "Save password");
	expect(tooLate.status).toBe(410);
	for (const link of [first, second, third]) {
		const dead = await browser.openFromEmail(link);
		expect(dead.heading).toBe("This link doesn't work any more");
		expect(dead.links).toContain("Send another link");
	}
	expect((await signIn(browser, avery, NEW_PASSWORD)).heading).toBe("My Account");
});

test("a link works for an hour", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	const [link] = await linksSent(app, browser, 1);
	app.clock.forward(minutes(59));
	const choose = await browser.openFromEmail(link);
	expect(choose.heading).toBe("Choose a new password");

	app.clock.forward(minutes(1));
	const tooLate = await choose.submit({ "New password": NEW_PASSWORD }, "Save password");
	expect(tooLate.heading).toBe("This link doesn't work any more");
	expect((await signIn(browser, avery, NEW_PASSWORD)).errors).toHaveLength(1);
});

test("a password that is refused leaves the link as it was", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	const [link] = await linksSent(app, browser, 1);
	const choose = await browser.openFromEmail(link);

	const tooShort = await choose.submit({ "New password": "seven herons" }, "Save password");
	expect(tooShort.errors).toEqual([expect.stringContaining("at least 15 characters")]);
	expect(tooShort.field("New password").value).toBe("");
	const personal = await tooShort.submit({ "New password": "Harbour Physio Avery" }, "Save password");
	expect(personal.errors).toEqual([expect.stringContaining("the clinic's name")]);

	const same = await personal.submit({ "New password": DEMO_PASSWORD }, "Save password");
	expect(same.errors).toEqual(["That is the password you have had so far. Choose another one."]);

	const saved = await same.submit({ "New password": NEW_PASSWORD }, "Save password");
	expect(saved.heading).toBe("Sign in to Harbour Physio");
});

test("nobody learns whether an email belongs to anybody", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	const known = await asksForLink(browser, avery);
	const unknown = await asksForLink(browser, "avrey@harbour.example");
	expect(unknown.text.replaceAll("avrey@", "avery@")).toBe(known.text);
	expect((await app.inbox.all()).map(({ to }) => to)).toEqual([avery]);
});

test("a stranger who asks for a link puts no words of their own into the email or the activity", async () => {
	await using app = await startApp();
	const userAgent = "Your account is locked. Call +1 800 555 0199 now/1 x";
	await asksForLink(newBrowser(app, { userAgent }), avery);
	const { text } = await app.inbox.latest(avery);
	expect(text).toContain("with a browser that did not say its name, from the address");
	expect(text).not.toContain("800 555");
	const events = await app.database.backdoor.selectFrom("activity_events").select("browser_name").execute();
	expect(JSON.stringify(events)).not.toContain("800 555");
});

function asksForLink(browser: Browser, email: string): Promise<Page> {
	return browser
		.open(paths.signIn)
		.then((page) => page.click("Forgot your password?"))
		.then((page) => page.submit({ Email: email }, "Email me a link"));
}

async function linksSent(app: App, browser: Browser, count: number): Promise<[string, string, string]> {
	for (let sent = 0; sent < count; sent++) await asksForLink(browser, avery);
	const [first = "", second = "", third = "", ...more] = (await app.inbox.all(avery)).map(linkIn);
	expect(more).toEqual([]);
	return [first, second, third];
}

function linkIn({ links }: { links: string[] }): string {
	const [link] = links;
	if (link === undefined) throw new Error("There is no link in this email");
	return link;
}
