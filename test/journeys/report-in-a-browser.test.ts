import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { openChromium } from "../harness/chromium.ts";
import { avery } from "../harness/people.ts";
import { readPdf } from "../harness/programs.ts";

test.each([true, false])(
	"a Full Access user takes the list and the report with them, as often as they like (scripts: %s)",
	async (scripts) => {
		await using app = await startApp();
		const page = await openChromium(app, { scripts });
		await page.goto(paths.signIn);
		await page.getByLabel("Email").fill(avery);
		await page.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
		await page.getByRole("button", { name: "Sign in" }).click();
		await page.getByRole("heading", { name: "My Account" }).waitFor();

		await page.goto(paths.security);
		await page.getByRole("link", { name: "See who has it on" }).click();
		for (let times = 0; times < 2; times++) {
			const csv = await saves(page, "Download as CSV");
			expect(csv.toString()).toContain('"Casey Singh","casey@harbour.example","Limited","Not set up"');
		}
		await page.getByRole("link", { name: "Get the report" }).click();
		for (let times = 0; times < 2; times++) {
			expect(await readPdf(await saves(page, "Download the report"))).toContain("Casey Singh");
		}
	},
);

/** What a button saves on this computer; the page stays as it is. */
async function saves(page: Page, button: string): Promise<Buffer> {
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: button }).click(),
	]);
	return readFile(await download.path());
}
