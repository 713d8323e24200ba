import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "../../test/harness/app.ts";
import { openChromium } from "../../test/harness/chromium.ts";
import { avery, casey, requireFrom } from "../../test/harness/people.ts";
import { DEMO_PASSWORD } from "../demo/demo-clinic.ts";
import { paths } from "../paths.ts";

/** One line of what fingers press, with room around it (CSS pixels). */
const ONE_LINE = 72;

let app: App;
beforeAll(async () => {
	app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

test("in a wide window Staff and Settings stand in the top bar of who has Full Access, and in nobody else's", async () => {
	const full = await signedIn(avery, 1280);
	expect(await linksOf(full)).toEqual(["Harbour Physio", "Staff", "Settings"]);
	await full.locator("header summary").click();
	expect(await linksOf(full)).toEqual(["Harbour Physio", "Staff", "Settings", "My Account", "Sign out"]);
	const limited = await signedIn(casey, 1280);
	await limited.locator("header summary").click();
	expect(await linksOf(limited)).toEqual(["Harbour Physio", "My Account", "Sign out"]);
});

test.each([320, 375])(
	"on a phone %i px wide the top bar is one line, and Staff and Settings are in one's own menu",
	async (width) => {
		const page = await signedIn(avery, width);
		expect((await page.locator("header").boundingBox())?.height).toBeLessThanOrEqual(ONE_LINE);
		expect(await linksOf(page)).toEqual(["Harbour Physio"]);
		await page.locator("header summary").click();
		expect(await linksOf(page)).toEqual(["Harbour Physio", "Staff", "Settings", "My Account", "Sign out"]);
		await page.locator("header").getByRole("link", { name: "Settings", exact: true }).click();
		await page.waitForURL(`**${paths.security}`);
	},
);

test("on paper there is only the content", async () => {
	const page = await signedIn(avery, 1280);
	await requireFrom(app, "2026-12-20");
	await page.reload();
	const aside = page.getByRole("complementary", { name: "2-Step Verification" });
	const around = [
		aside,
		page.getByRole("navigation"),
		page.locator("header summary"),
		page.getByRole("contentinfo"),
	];
	for (const part of around) expect(await part.first().isVisible()).toBe(true);
	await page.emulateMedia({ media: "print" });
	for (const part of around) expect(await part.first().isVisible()).toBe(false);
	expect(await page.getByRole("heading", { level: 1 }).isVisible()).toBe(true);
});

async function signedIn(email: string, width: number): Promise<Page> {
	await requireFrom(app, null);
	const page = await openChromium(app, { width });
	await page.goto(paths.signIn);
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.waitForURL(`**${paths.account}`);
	return page;
}

/** What can be followed in the top bar as it stands. */
async function linksOf(page: Page): Promise<string[]> {
	return page.locator("header").getByRole("link").allInnerTexts();
}
