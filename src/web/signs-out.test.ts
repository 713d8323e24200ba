import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type App, startApp } from "../../test/harness/app.ts";
import { expectNoAxeFindings, expectNoSidewaysScrolling, openChromium } from "../../test/harness/chromium.ts";
import { casey } from "../../test/harness/people.ts";
import { hours, minutes, seconds } from "../clock.ts";
import { DEMO_PASSWORD } from "../demo/demo-clinic.ts";
import { paths } from "../paths.ts";

const PATIENCE = { timeout: 60_000 };
const SOON = "You'll be signed out in about 2 minutes because nothing was done here.";
const OVER =
	"You were signed out: nothing was done here for a while, or you were signed out somewhere else. What you typed here was not sent. Sign in again";

let app: App;
beforeAll(async () => {
	app = await startApp();
});
beforeEach(() => signOutAfter(hours(2)));
afterAll(() => app[Symbol.asyncDispose]());

test.each([minutes(10), hours(2)])(
	"two minutes before Automatic Sign Out after %i ms the page says so, and not earlier",
	async (unused) => {
		await signOutAfter(unused);
		const page = await signedIn();
		let hasAsked = false;
		page.on("request", (request) => {
			hasAsked ||= request.url().endsWith(paths.timeLeft);
		});
		await pass(unused - minutes(2) - seconds(30), page);
		expect(await saidOn(page)).toBe("");
		// It says nothing before it has asked.
		expect(hasAsked).toBe(false);
		await pass(seconds(40), page);
		await expect.poll(() => saidOn(page), PATIENCE).toBe(SOON);
	},
);

test("Stay signed in keeps the session, and the warning goes until it is time again", async () => {
	const page = await signedIn();
	await warned(page);
	await stayButton(page).click();
	await expect.poll(() => saidOn(page), PATIENCE).toBe("");
	await pass(hours(2) - minutes(3), page);
	expect(await saidOn(page)).toBe("");
	expect(await isSignedIn(page)).toBe(true);
	await pass(seconds(70), page);
	await expect.poll(() => saidOn(page), PATIENCE).toBe(SOON);
});

test("the focus stays where one is typing, and comes back there from the button", async () => {
	const page = await signedIn();
	await page.goto(paths.password);
	const field = page.getByLabel("Current password");
	await field.focus();
	await warned(page);
	expect(await hasFocus(page)).toBe("password");
	await stayButton(page).focus();
	await page.keyboard.press("Enter");
	await expect.poll(() => saidOn(page), PATIENCE).toBe("");
	expect(await hasFocus(page)).toBe("password");
});

test("once it has come the page says so, keeps what was typed and sends nothing", async () => {
	const page = await signedIn();
	await page.goto(paths.password);
	await page.getByLabel("Current password").fill("typed before");
	await pass(hours(3), page);
	await expect.poll(() => saidOn(page), PATIENCE).toBe(OVER);
	await page.getByLabel("Current password").focus();
	await page.keyboard.type(" and after");
	await page.keyboard.press("Enter");
	expect(await page.getByLabel("Current password").inputValue()).toBe("typed before");
	const again = page.getByRole("link", { name: "Sign in again" });
	expect(await again.evaluate((link) => document.activeElement === link)).toBe(true);

	await again.click();
	await page.getByLabel("Email").fill(casey);
	await page.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.waitForURL(`**${paths.password}`);
});

test("the warning, and that it has come, can be read and used by everybody", async () => {
	const page = await signedIn();
	await warned(page);
	await look(page);
	await pass(minutes(3), page);
	await expect.poll(() => saidOn(page), PATIENCE).toBe(OVER);
	await look(page);
});

test("who was signed out somewhere else meanwhile is told when they ask to stay", async () => {
	const page = await signedIn();
	await warned(page);
	await app.database.backdoor.deleteFrom("sessions").execute();
	await stayButton(page).click();
	await expect.poll(() => saidOn(page), PATIENCE).toBe(OVER);
});

test("what is done in another tab counts for this one", async () => {
	const page = await signedIn();
	const other = await page.context().newPage();
	await other.clock.install();
	await warned(page);
	await other.goto(paths.sessions);
	await expect.poll(() => saidOn(page), PATIENCE).toBe("");
	await pass(hours(2) - minutes(1), page, other);
	for (const tab of [page, other]) await expect.poll(() => saidOn(tab), PATIENCE).toBe(SOON);
	await stayButton(other).click();
	for (const tab of [page, other]) await expect.poll(() => saidOn(tab), PATIENCE).toBe("");
});

test("what is done in the clinic's software counts too, and nothing is announced before", async () => {
	const page = await signedIn();
	await pass(hours(1), page);
	await page.request.get(paths.authCheck);
	const looks = page.waitForResponse(`**${paths.timeLeft}`);
	await pass(minutes(59), page);
	await (await looks).finished();
	expect(await saidOn(page)).toBe("");
	await pass(minutes(60), page);
	await expect.poll(() => saidOn(page), PATIENCE).toBe(SOON);
});

test("a computer whose clock is wrong by years is warned in time all the same", async () => {
	const page = await signedIn({ time: Date.UTC(2019, 0, 1) });
	await pass(hours(2) - minutes(3), page);
	expect(await saidOn(page)).toBe("");
	await pass(seconds(70), page);
	await expect.poll(() => saidOn(page), PATIENCE).toBe(SOON);
});

test("a computer that slept through it says so when it wakes", async () => {
	const page = await signedIn();
	app.clock.forward(hours(9));
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
	await expect.poll(() => saidOn(page), PATIENCE).toBe(OVER);
});

test("at the end of the day, where no use helps, it offers none", async () => {
	const page = await signedIn();
	for (let hour = 1; hour < 24; hour++) {
		app.clock.forward(hours(1));
		expect((await page.request.get(paths.authCheck)).status()).toBe(204);
	}
	await page.goto(paths.account);
	await pass(minutes(59), page);
	await expect
		.poll(() => saidOn(page), PATIENCE)
		.toBe(
			"You'll be signed out in about 2 minutes: you have been signed in for as long as one can be. Send or save what you are doing.",
		);
	expect(await stayButton(page).isVisible()).toBe(false);
});

test("where the network is down it warns by its own reckoning", async () => {
	const page = await signedIn();
	await page.route(`**${paths.timeLeft}`, (route) => route.abort());
	await warned(page);
	await pass(minutes(2), page);
	await expect.poll(() => saidOn(page), PATIENCE).toBe(OVER);
});

/** Chosen in Settings. */
async function signOutAfter(ms: number): Promise<void> {
	await app.database.backdoor.updateTable("clinics").set({ sign_out_after_ms: ms }).execute();
}

/** Somebody in My Account, just signed in, with a clock in the browser that the test moves. */
async function signedIn(clock?: { time: number }): Promise<Page> {
	const page = await openChromium(app);
	await page.clock.install(clock);
	await page.goto(paths.signIn);
	await page.getByLabel("Email").fill(casey);
	await page.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.waitForURL(`**${paths.account}`);
	return page;
}

/** Time passes, on the server and in the browser. */
async function pass(ms: number, ...tabs: Page[]): Promise<void> {
	app.clock.forward(ms);
	for (const tab of tabs) await tab.clock.fastForward(ms);
}

/** Waits until a page of a clinic with two hours says that it is soon. */
async function warned(page: Page): Promise<void> {
	await pass(hours(2) - minutes(1), page);
	await expect.poll(() => saidOn(page), PATIENCE).toBe(SOON);
}

/** What the status says, without its button. */
async function saidOn(page: Page): Promise<string> {
	const said = await page.locator(".signs-out p:visible").allInnerTexts();
	return said.join("\n");
}

async function look(page: Page): Promise<void> {
	for (const colorScheme of ["light", "dark"] as const) {
		await page.emulateMedia({ colorScheme });
		for (const width of [375, 1280]) {
			await page.setViewportSize({ width, height: 800 });
			await expectNoAxeFindings(page);
		}
	}
	await page.setViewportSize({ width: 320, height: 800 });
	await expectNoSidewaysScrolling(page);
}

function stayButton(page: Page) {
	return page.getByRole("status").getByRole("button", { name: "Stay signed in" });
}

async function hasFocus(page: Page): Promise<string> {
	return page.evaluate(() => document.activeElement?.getAttribute("type") ?? "");
}

/** Asked without counting as use. */
async function isSignedIn(page: Page): Promise<boolean> {
	return (await page.request.get(paths.timeLeft)).status() === 200;
}
