import type { Page as Window } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { expectNoAxeFindings, expectNoSidewaysScrolling, openChromium } from "../harness/chromium.ts";
import type { Page } from "../harness/page.ts";
import { addressesFor } from "./addresses.ts";
import {
	everythingsPlace,
	expectFocusIsSeen,
	expectReadyToType,
	expectRoomForFingers,
} from "./eyes-and-fingers.ts";
import { pages } from "./pages.ts";
import { type Shown, showAnswers } from "./show-answers.ts";
import { type Stage, setStage } from "./stage.ts";
import { statesOf } from "./states.ts";

let stage: Stage;
let window: Window;
/** A page is reached once, and looked at here in every size and light as it was answered. */
let site: Shown;
/** What the window shows next, whatever it asks for. */
let next: Page;

beforeAll(async () => {
	stage = await setStage();
	window = await openChromium(stage.app, { width: 375 });
	site = await showAnswers(stage.app, () => next);
}, 120_000);
beforeEach(() => stage.restore());
afterAll(async () => {
	await site[Symbol.asyncDispose]();
	await stage[Symbol.asyncDispose]();
});

test("every page that anybody can open is in the list of pages", async () => {
	const shown = new Set<string>();
	for (const way of Object.values(pages)) {
		await stage.restore();
		shown.add(pathOnly((await way(stage)).path));
	}
	await stage.restore();
	const missing = new Set<string>();
	for (const { browser } of statesOf(stage.people)) {
		for (const address of addressesFor("GET", stage.app, stage.people)) {
			const { status, headers, path } = await browser.copy().send(address);
			const isPage = status === 200 && headers["content-type"]?.startsWith("text/html");
			if (isPage && !shown.has(pathOnly(path))) missing.add(path);
		}
	}
	expect([...missing]).toEqual([]);
});

test.each(Object.entries(pages))("%s can be read and used by everybody", async (_name, way) => {
	const page = await way(stage);
	expectOrder(page);
	await look(page);
});

describe("without a clinic, with many, and in the demo", () => {
	test("a server that has no clinic yet says how to make one", async () => {
		await using app = await startApp({ clinic: "none" });
		const page = await newBrowser(app).open("/");
		expect(page.heading).toBe("There is no clinic here yet");
		expectOrder(page);
		await look(page);
	});

	test("the bare host of many clinics shows the way", async () => {
		await using app = await startApp({ environment: { VESTIBULE_CLINICS: "many" } });
		const browser = newBrowser(app);
		for (const address of ["/", "/?clinic=harbour", "/?clinic=%3Cb%3E"]) {
			const page = await browser.open(address);
			expect(page.heading).toBe("Which clinic are you with?");
			expectOrder(page);
			await look(page);
		}
	});

	test("the demo says that it is one, and shows its inbox", async () => {
		await using app = await startApp({ isDemo: true, environment: { SMTP_URL: "" } });
		const browser = newBrowser(app);
		const asked = await browser.post(paths.forgotPassword, { email: "avery@harbour.example" });
		// Of several people, so that it can be chosen whose messages are shown.
		for (const email of ["blake@harbour.example", "devon@harbour.example"])
			await browser.post(paths.forgotPassword, { email });
		await app.drain();
		const signIn = await browser.open(paths.signIn);
		expect(signIn.text).toContain("Avery Chen, Full Access\navery@harbour.example");
		for (const page of [asked, signIn, await browser.open(paths.demoInbox)]) {
			expectOrder(page);
			await look(page);
		}
	});
});

/** What holds for the page as it is written, whatever draws it. */
function expectOrder(page: Page): void {
	expect(page.html).toMatch(/^<!doctype html><html lang="en">/);
	expect(page.html.match(/<h1[ >]/g)).toHaveLength(1);
	const [title = "", clinic = ""] = page.title.split(" – ");
	expect(page.heading).toBe(title);
	expect(clinic).not.toBe("");
	// Help is where it always is: the last link of the page (WCAG 2.2, 3.2.6).
	expect(page.links.at(-1)).toBe("Help");
	expect(page.href("Help")).toBe(paths.signInHelp);
}

async function look(page: Page): Promise<void> {
	next = page;
	await window.goto(site.origin);
	expect(await window.title()).toBe(page.title);
	await expectReadyToType(window);
	await window.addScriptTag({ url: site.axe });
	for (const width of [375, 1280]) {
		await window.setViewportSize({ width, height: 800 });
		await window.emulateMedia({ colorScheme: "light" });
		await expectNoAxeFindings(window);
		const inLight = await everythingsPlace(window);
		await window.emulateMedia({ colorScheme: "dark" });
		// Everything stands where it stood: what is left to look at in the dark is colours.
		expect(await everythingsPlace(window)).toEqual(inLight);
		await expectNoAxeFindings(window, "colours");
	}
	for (const colorScheme of ["dark", "light"] as const) {
		await window.emulateMedia({ colorScheme });
		await expectFocusIsSeen(window);
	}
	await window.setViewportSize({ width: 320, height: 800 });
	await expectNoSidewaysScrolling(window);
	await expectRoomForFingers(window);
}

function pathOnly(path: string): string {
	return path.split("?")[0] ?? "";
}
