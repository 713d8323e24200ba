import { sql } from "kysely";
import { expect, test } from "vitest";
import { hours, minutes, seconds } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { avery, blake, setUpAuthenticatorApp, signIn, signOut } from "../harness/people.ts";

const OVER = "That sign-in has ended: it was finished, left for too long, or your profile changed.";

test("after both steps the page first asked for opens", async () => {
	await using app = await startApp();
	const { authenticator } = await averyWithAnApp(app);
	const browser = newBrowser(app);

	const door = await browser.open(`${paths.password}?from=bookmark`);
	expect(door.heading).toBe("Sign in to Harbour Physio");
	const mistyped = await door.submit({ Email: avery, Password: "not that one, sorry" }, "Sign in");
	expect(mistyped.field("Email").value).toBe(avery);
	expect(mistyped.field("Password").value).toBe("");
	const secondStep = await mistyped.submit({ Password: DEMO_PASSWORD }, "Sign in");
	const wrong = await secondStep.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
	const opened = await wrong.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(opened.heading).toBe("Password");
	expect(opened.path).toBe(`${paths.password}?from=bookmark`);
});

test("a proxy may write the whole address of the page asked for, and signing in leads to it", async () => {
	await using app = await startApp();
	const asked = `${app.url.origin}${paths.password}?from=bookmark`;
	const door = await newBrowser(app).open(`${paths.signIn}?return=${encodeURIComponent(asked)}`);
	const opened = await door.submit({ Email: avery, Password: DEMO_PASSWORD }, "Sign in");
	expect(opened.path).toBe(`${paths.password}?from=bookmark`);
});

test("a page of another site is not opened after signing in", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	for (const elsewhere of ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"]) {
		const door = await browser.open(`${paths.signIn}?${new URLSearchParams({ return: elsewhere })}`);
		const home = await door.submit({ Email: blake, Password: DEMO_PASSWORD }, "Sign in");
		expect(home.path).toBe(paths.account);
		await signOut(browser);
	}
});

test("a sign-in goes on after the server was started again", async () => {
	await using app = await startApp();
	const { browser: desk, authenticator } = await averyWithAnApp(app);
	const browser = newBrowser(app);
	const secondStep = await signIn(browser, avery);

	await app.restart();
	expect((await browser.reload()).heading).toBe("Enter the code from your authenticator app");
	const home = await secondStep.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(home.heading).toBe("My Account");
	expect((await desk.open(paths.account)).heading).toBe("My Account");
});

test("in the second step, reload, another page and the browser's back lead nowhere but to it", async () => {
	await using app = await startApp();
	const { authenticator } = await averyWithAnApp(app);
	const browser = newBrowser(app);
	const secondStep = await signIn(browser, avery);

	expect((await browser.reload()).heading).toBe(secondStep.heading);
	expect((await browser.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
	const back = await browser.open(paths.verify);
	expect(back.heading).toBe(secondStep.heading);
	expect((await back.submit({ "Verification code": authenticator.code() }, "Submit")).heading).toBe(
		"My Account",
	);
});

test("of two tabs that sign in, the later one goes on, and the other says how to", async () => {
	await using app = await startApp();
	const { authenticator } = await averyWithAnApp(app);
	const browser = newBrowser(app);
	const firstTab = await signIn(browser, avery);
	const secondTab = await signIn(browser, avery);

	const stale = await firstTab.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(stale.status).toBe(403);
	expect(stale.text).toContain("Open the page again. Nothing was changed.");
	const home = await secondTab.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(home.heading).toBe("My Account");
});

test("a second tab of a finished sign-in goes home", async () => {
	await using app = await startApp();
	const { authenticator } = await averyWithAnApp(app);
	const browser = newBrowser(app);
	const firstTab = await signIn(browser, avery);
	const secondTab = await browser.reload();
	const code = authenticator.code();

	expect((await firstTab.submit({ "Verification code": code }, "Submit")).heading).toBe("My Account");
	expect((await secondTab.submit({ "Verification code": code }, "Submit")).heading).toBe("My Account");
	expect((await browser.open(paths.signIn)).heading).toBe("My Account");
});

test("Cancel ends the sign-in", async () => {
	await using app = await startApp();
	const { authenticator } = await averyWithAnApp(app);
	const browser = newBrowser(app);
	const secondStep = await signIn(browser, avery);

	const cancelled = await secondStep.click("Cancel");
	expect(cancelled.heading).toBe("Sign in to Harbour Physio");
	const tooLate = await secondStep.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(tooLate.heading).toBe("Sign in to Harbour Physio");
	expect(tooLate.text).toContain(OVER);
	expect((await browser.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
});

test("a sign-in left for fifteen minutes has ended and says so", async () => {
	await using app = await startApp();
	const { authenticator } = await averyWithAnApp(app);
	const browser = newBrowser(app);
	const secondStep = await signIn(browser, avery);
	expect(secondStep.text).toMatch(/This sign-in ends at \d+:\d\d [ap]m\./);

	app.clock.forward(minutes(14) + seconds(30));
	expect((await browser.reload()).heading).toBe(secondStep.heading);
	app.clock.forward(seconds(30));
	const tooLate = await secondStep.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(tooLate.heading).toBe("Sign in to Harbour Physio");
	expect(tooLate.text).toContain(OVER);
});

test("five wrong codes wait for a quarter of an hour, and the page says until when and what works meanwhile", async () => {
	await using app = await startApp();
	const { authenticator, recoveryCode } = await averyWithAnApp(app);
	const browser = newBrowser(app);
	let page = await signIn(browser, avery);
	for (const left of ["4 more tries", "3 more tries", "2 more tries", "1 more try"]) {
		page = await page.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
		expect(page.errors).toEqual([expect.stringContaining(`You have ${left}.`)]);
	}
	page = await page.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
	expect(page.errors).toEqual([
		"That code isn't right. That was the last try for now. Sign in again in 15 minutes, or choose Try another way now.",
	]);

	const tooMany = await page.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(tooMany.status).toBe(429);
	expect(tooMany.errors).toEqual([
		expect.stringMatching(
			/You can enter codes again at \d+:\d\d [ap]m, in 15 minutes\..+ choose Try another way\./,
		),
	]);
	const enter = await (await tooMany.click("Try another way")).click("Use recovery code instead");
	expect((await enter.submit({ "Recovery Code": recoveryCode }, "Submit")).heading).toBe("Lost your phone?");

	app.clock.forward(minutes(15));
	const again = await signIn(newBrowser(app), avery);
	const home = await again.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(home.status).toBe(200);
	expect(home.text).toContain("Avery Chen");
});

test("Try another way lists what this person has, and nothing else", async () => {
	await using app = await startApp();
	const { authenticator, recoveryCode } = await averyWithAnApp(app);
	const browser = newBrowser(app);
	const secondStep = await signIn(browser, avery);
	const ways = await secondStep.click("Try another way");
	expect(ways.heading).toBe("Try another way");
	expect(ways.buttons).toEqual(["Use the app", "Cancel"]);
	expect(ways.links).toEqual(expect.arrayContaining(["Use recovery code instead", "I'm locked out"]));
	expect(ways.text).not.toContain("Text Message");

	const code = await ways.click("Use recovery code instead");
	const other = await code.click("Try another way");
	const asked = await other.submit({}, "Use the app");
	expect(asked.heading).toBe(secondStep.heading);
	expect((await asked.submit({ "Verification code": authenticator.code() }, "Submit")).heading).toBe(
		"My Account",
	);

	// The Recovery Code is spent and no new one was taken.
	const home = newBrowser(app);
	const recovery = await (await signIn(home, avery)).click("Use recovery code instead");
	await recovery.submit({ "Recovery Code": recoveryCode }, "Submit");
	const without = await (await signIn(newBrowser(app), avery)).click("Try another way");
	expect(without.buttons).toEqual(["Use the app", "Cancel"]);
	expect(without.links).not.toContain("Use recovery code instead");
});

test("who signs in where somebody else is signed in ends that session, and the browser stays known to both", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, blake);
	await signOut(browser);
	const leftOpen = await browser.open(paths.signIn);
	await signIn(browser, avery);
	const averysSession = browser.copy();
	expect((await averysSession.open(paths.account)).text).toContain("Avery Chen");

	const blakes = await leftOpen.submit({ Email: blake, Password: DEMO_PASSWORD }, "Sign in");
	expect(blakes.text).toContain("Blake Moreau");
	expect(blakes.text).not.toContain("Avery Chen");
	expect((await averysSession.open(paths.account)).heading).toBe("Sign in to Harbour Physio");

	await signOut(browser);
	for (const person of [avery, blake]) {
		await somebodyGuesses(app, person);
		expect((await signIn(newBrowser(app), person)).errors).toEqual([
			expect.stringContaining("too many wrong passwords"),
		]);
		expect((await signIn(browser, person)).heading).toBe("My Account");
		await signOut(browser);
	}
});

test("who was away for two hours is told so at Sign in, and gets back to the page asked for", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	app.clock.forward(hours(2));

	const page = await browser.open(paths.password);
	expect(page.heading).toBe("Sign in to Harbour Physio");
	expect(page.text).toContain("You were signed out: you were away for a while");
	expect((await newBrowser(app).open(paths.signIn)).text).not.toContain("You were signed out");

	await page.submit({ Email: avery, Password: DEMO_PASSWORD }, "Sign in");
	expect(browser.page.path).toBe(paths.password);
});

test("sign-ins go on while a later release adds a column to every table", async () => {
	await using app = await startApp();
	const { authenticator } = await averyWithAnApp(app);
	const enter = async () => {
		app.clock.forward(minutes(1));
		const secondStep = await signIn(newBrowser(app), avery);
		return (await secondStep.submit({ "Verification code": authenticator.code() }, "Submit")).heading;
	};
	expect(await enter()).toBe("My Account");
	for (const { name } of await app.database.backdoor.introspection.getTables()) {
		await sql`alter table ${sql.table(name)} add column later text`.execute(app.database.backdoor);
	}
	expect(await enter()).toBe("My Account");
});

async function averyWithAnApp(
	app: App,
): Promise<{ browser: Browser; authenticator: Authenticator; recoveryCode: string }> {
	const browser = newBrowser(app);
	await signIn(browser, avery);
	return { browser, ...(await setUpAuthenticatorApp(browser)) };
}

async function somebodyGuesses(app: App, email: string): Promise<void> {
	const stranger = newBrowser(app);
	for (let guess = 0; guess < 10; guess++) await signIn(stranger, email, `guess number ${guess}`);
}
