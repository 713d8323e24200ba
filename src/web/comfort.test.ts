import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "../../test/harness/app.ts";
import { newBrowser } from "../../test/harness/browser.ts";
import { openChromium } from "../../test/harness/chromium.ts";
import { avery, casey, setUpAuthenticatorApp, signIn } from "../../test/harness/people.ts";
import { DEMO_PASSWORD } from "../demo/demo-clinic.ts";
import { paths } from "../paths.ts";

const PATIENCE = { timeout: 60_000 };

let app: App;
beforeAll(async () => {
	app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

test("a form is sent once, however often its button is pressed", async () => {
	const page = await openChromium(app);
	await page.goto(paths.signIn);
	const posts = await keepPosts(page);
	const button = page.getByRole("button", { name: "Sign in" });
	await button.dblclick();
	await expect.poll(() => button.isDisabled(), PATIENCE).toBe(true);
	await expect.poll(() => posts.length, PATIENCE).toBe(1);
	// Whatever else the two clicks sent has gone out by the time the page has painted twice more.
	await page.evaluate(
		() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
	);
	expect(posts).toHaveLength(1);
});

test("a password can be looked at, and is sent as one all the same", async () => {
	const page = await openChromium(app);
	await page.goto(paths.signIn);
	const password = page.getByLabel("Password", { exact: true });
	await password.fill(DEMO_PASSWORD);
	await page.getByRole("button", { name: "Show" }).click();
	expect(await password.getAttribute("type")).toBe("text");
	const posts = await keepPosts(page);
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect.poll(() => posts.length, PATIENCE).toBe(1);
	expect(await password.getAttribute("type")).toBe("password");
});

test("a setup key is copied without its spaces, and the page says so", async () => {
	const page = await openChromium(app);
	await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
	await enterPassword(page, casey);
	await page.goto(paths.authenticatorApp);
	await page.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
	await page.getByRole("button", { name: "Next" }).click();
	await page.getByRole("button", { name: "Copy" }).click();
	await expect.poll(() => page.getByRole("status").allTextContents(), PATIENCE).toContain("Copied");
	const shown = await page.locator(".code").innerText();
	const copied = await page.evaluate(() => navigator.clipboard.readText());
	expect(copied).toBe(shown.replaceAll(/\s/g, ""));
});

test("without scripts no button is shown that would do nothing", async () => {
	const page = await openChromium(app, { scripts: false });
	await page.goto(paths.signIn);
	expect(await page.getByRole("button").allInnerTexts()).toEqual(["Sign in"]);
});

test("a minute before a sign-in runs out the page says so, with a way to start again", async () => {
	const browser = newBrowser(app);
	await signIn(browser, avery);
	await setUpAuthenticatorApp(browser);
	const page = await openChromium(app);
	await page.clock.install();
	await enterPassword(page, avery);
	const warning = page.getByRole("status").filter({ hasText: "This sign-in ends in less than a minute." });
	await page.clock.fastForward("13:55");
	expect(await warning.isVisible()).toBe(false);
	await page.clock.fastForward("00:10");
	expect(await warning.isVisible()).toBe(true);
	await page.clock.fastForward("01:00");
	expect(await page.getByRole("status").innerText()).toBe("This sign-in has ended. Start again");
	await page.getByRole("link", { name: "Start again" }).click();
	expect(await page.getByLabel("Email").isVisible()).toBe(true);
});

async function enterPassword(page: Page, email: string): Promise<void> {
	await page.goto(paths.signIn);
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.waitForURL((url) => url.pathname !== paths.signIn);
}

/** What the page sends, kept from the server; "no content" leaves the page as it is. */
async function keepPosts(page: Page): Promise<string[]> {
	const posts: string[] = [];
	await page.route("**/*", (route) => {
		if (route.request().method() !== "POST") return route.continue();
		posts.push(route.request().postData() ?? "");
		return route.fulfill({ status: 204 });
	});
	return posts;
}
