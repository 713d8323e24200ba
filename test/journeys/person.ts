import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { Hands } from "./hands.ts";

const PATIENCE = { timeout: 60_000 };

/** A person at a browser: what they read, and what they do by the words they read. */
export class Person {
	readonly #page: Page;
	readonly #hands: Hands;

	constructor(page: Page, hands: Hands) {
		this.#page = page;
		this.#hands = hands;
	}

	async opens(path: string): Promise<void> {
		await this.#page.goto(path);
	}

	/** The page that comes up is headed so. */
	async reads(heading: string): Promise<void> {
		await expect.poll(() => this.#page.locator("h1").innerText(), PATIENCE).toBe(heading);
	}

	/** Somewhere on the page, whatever line it stands on. */
	async sees(text: string): Promise<void> {
		const wholePage = async () => (await this.#page.locator("body").innerText()).replaceAll(/\s+/g, " ");
		await expect.poll(wholePage, PATIENCE).toContain(text);
	}

	/** A summary on top has the focus, and what to mend is said. */
	async isTold(problem: string): Promise<void> {
		await expect.poll(() => this.#page.locator(".error-summary:focus").count(), PATIENCE).toBe(1);
		await this.sees(problem);
	}

	types(text: string, { into }: { into: string }): Promise<void> {
		return this.#hands.type(this.#page.getByLabel(into, { exact: true }), text);
	}

	ticks(label: string): Promise<void> {
		return this.#hands.tick(this.#page.getByLabel(label, { exact: true }));
	}

	picks(label: string): Promise<void> {
		return this.#hands.pick(this.#page.getByLabel(label, { exact: true }));
	}

	presses(button: string): Promise<void> {
		return this.#hands.press(this.#called("button", button));
	}

	/** @param near the heading of the row it stands in, where the same words stand in several */
	follows(link: string, { near }: { near?: string } = {}): Promise<void> {
		const called = this.#called("link", link);
		const row = near === undefined ? undefined : this.#page.getByRole("listitem").filter({ hasText: near });
		return this.#hands.press(row ? row.getByRole("link", { name: link, exact: true }) : called);
	}

	/** The menu at the top right: one's name, on a phone a circle with the initials. */
	async choosesFromOwnMenu(link: string): Promise<void> {
		await this.#hands.press(this.#page.locator("header summary"));
		await this.#hands.press(this.#page.locator("header").getByRole("link", { name: link, exact: true }));
	}

	/** The whole page, as a PNG. */
	picture(): Promise<Uint8Array> {
		return this.#page.screenshot({ fullPage: true });
	}

	/** What a link saves on this computer. */
	async downloads(link: string): Promise<Uint8Array> {
		const [download] = await Promise.all([this.#page.waitForEvent("download"), this.follows(link)]);
		return readFile(await download.path());
	}

	#called(role: "button" | "link", name: string): Locator {
		return this.#page.getByRole(role, { name, exact: true });
	}
}
