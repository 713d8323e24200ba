import { createRequire } from "node:module";
import type Axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import type { App } from "./app.ts";
import { programPath } from "./find-program.ts";

/** The axe that comes with @axe-core/playwright, whose own builder would load it anew for every look. */
const axe: typeof Axe = createRequire(import.meta.resolve("@axe-core/playwright"))("axe-core");
export const axeSource = axe.source;

/** One for all test files of this process, with which it ends; each person has a profile of their own in it. */
let running: Promise<Browser> | undefined;

/** What axe asks of colours at level AA. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

export type ChromiumOptions = {
	/** In CSS pixels: 320 and 375 are phones. */
	width?: number;
	dark?: boolean;
	/** False is a person who has turned scripts off. */
	scripts?: boolean;
	/** The client's address, as the trusted proxy in front tells it. */
	address?: string;
};

/** A person's real browser, empty, on the app's site. */
export async function openChromium(
	app: App,
	{ width = 1280, dark = false, scripts = true, address = "198.51.100.7" }: ChromiumOptions = {},
): Promise<Page> {
	running ??= launch();
	const isPhone = width < 600;
	const context = await (await running).newContext({
		baseURL: app.url.origin,
		viewport: { width, height: isPhone ? 800 : 900 },
		hasTouch: isPhone,
		colorScheme: dark ? "dark" : "light",
		javaScriptEnabled: scripts,
		reducedMotion: "reduce",
		locale: "en-CA",
		extraHTTPHeaders: { "x-forwarded-for": address },
	});
	context.setDefaultTimeout(60_000);
	app.endsFirst(() => context.close());
	return context.newPage();
}

/**
 * Expects that axe finds nothing wrong with the page as it stands (WCAG 2.2 AA and its best practices).
 *
 * @param about `colours` is those of its rules that tell colours from each other
 */
export async function expectNoAxeFindings(page: Page, about: "all" | "colours" = "all"): Promise<void> {
	// Half a megabyte: once a page, however often it is looked at.
	if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
	const violations = await page.evaluate(
		async (only) => {
			const { axe: loaded } = window as unknown as { axe: typeof axe };
			// The size of targets (2.5.8) is not asked by itself.
			const rules = { "target-size": { enabled: true } };
			const asked = only ? { runOnly: { type: "rule", values: only } as const } : { rules };
			return (await loaded.run(document, { ...asked, resultTypes: ["violations"] })).violations;
		},
		about === "colours" ? COLOUR_RULES : undefined,
	);
	const findings = violations.map(({ id, help, nodes }) => {
		const where = nodes.map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary}`);
		return `${page.url()}: ${id}: ${help}\n${where.join("\n")}`;
	});
	expect(findings).toEqual([]);
}

/** Expects that nothing is cut off or needs scrolling sideways (WCAG 2.2, 1.4.10). */
export async function expectNoSidewaysScrolling(page: Page): Promise<void> {
	const { content, window } = await page.evaluate(() => ({
		content: document.documentElement.scrollWidth,
		window: document.documentElement.clientWidth,
	}));
	expect(content, `${page.url()} is wider than the window`).toBeLessThanOrEqual(window);
}

function launch(): Promise<Browser> {
	return chromium.launch({
		executablePath: programPath("chromium"),
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
}
