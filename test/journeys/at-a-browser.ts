import type { Page } from "playwright-core";
import { expect } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import type { App } from "../harness/app.ts";
import { type ChromiumOptions, expectNoSidewaysScrolling, openChromium } from "../harness/chromium.ts";
import { mouse } from "./hands.ts";
import { Person } from "./person.ts";

/** What somebody who is signed in can open, whatever their access level. */
export const PAGES_OF_ONES_OWN = [
	paths.account,
	paths.profile,
	paths.twoStep,
	paths.password,
	paths.sessions,
	paths.ownActivity,
	paths.signOut,
];

const LINK = "Set up 2-Step Verification";

/** One of the staff, with the mouse, at a Chromium of their own. */
export class AtABrowser extends Person {
	readonly page: Page;
	readonly email: string;

	private constructor(page: Page, email: string) {
		super(page, mouse());
		this.page = page;
		this.email = email;
	}

	static async sitDown(app: App, email: string, options: ChromiumOptions = {}): Promise<AtABrowser> {
		return new AtABrowser(await openChromium(app, options), email);
	}

	/** Email and password; what comes then is another thing. */
	async entersPassword(password = DEMO_PASSWORD): Promise<void> {
		await this.opens(paths.signIn);
		await this.types(this.email, { into: "Email" });
		await this.types(password, { into: "Password" });
		await this.presses("Sign in");
	}

	async entersCode(code: string): Promise<void> {
		await this.types(code, { into: "Verification code" });
		await this.presses("Submit");
	}

	/** Both steps with the app. */
	async signsInWith(authenticator: { code(): string | Promise<string> }): Promise<void> {
		await this.entersPassword();
		await this.reads("Enter the code from your authenticator app");
		await this.entersCode(await authenticator.code());
		await this.reads("My Account");
	}

	async signsOut(): Promise<void> {
		await this.opens(paths.signOut);
		await this.presses("Sign out");
		await this.sees("You are signed out.");
	}

	/**
	 * What the banner says on every page that they open, before its link, which is on all but the page where it leads;
	 * undefined where there is none.
	 */
	async banner(pages: readonly string[] = [paths.twoStep]): Promise<string | undefined> {
		const said = new Set<string | undefined>();
		for (const path of pages) {
			await this.opens(path);
			expect(new URL(this.page.url()).pathname, `${this.email} is not let in`).toBe(path);
			await expectNoSidewaysScrolling(this.page);
			const banner = this.page.locator("aside.banner");
			const says = (await banner.allInnerTexts())[0];
			const leads = says === undefined || path === paths.twoStep ? 0 : 1;
			expect(await banner.getByRole("link", { name: LINK }).count()).toBe(leads);
			said.add(says?.replace(LINK, "").trim());
		}
		expect(said.size, `${this.email} reads on one page what another does not say`).toBe(1);
		return [...said][0];
	}
}
