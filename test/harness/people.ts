import { findClinic, lockClinic, saveRule } from "../../src/clinics/store.ts";
import { inTransaction } from "../../src/db/transaction.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import type { App } from "./app.ts";
import { Authenticator } from "./authenticator.ts";
import type { Browser } from "./browser.ts";
import type { Page } from "./page.ts";

/** The staff of the demo clinic. Avery and Blake have Full Access. */
export const avery = "avery@harbour.example";
export const blake = "blake@harbour.example";
export const casey = "casey@harbour.example";
export const devon = "devon@harbour.example";

/** Enters email and password. Without a method it ends in My Account, with one at the second step. */
export async function signIn(browser: Browser, email: string, password = DEMO_PASSWORD): Promise<Page> {
	const page = await browser.open(paths.signIn);
	return page.submit({ Email: email, Password: password }, "Sign in");
}

/** Both steps, ending in a session. */
export async function signInWithCode(
	browser: Browser,
	email: string,
	authenticator: Authenticator,
	password = DEMO_PASSWORD,
): Promise<Page> {
	const page = await signIn(browser, email, password);
	return page.submit({ "Verification code": authenticator.code() }, "Submit");
}

/** Both steps with the box ticked: from here on this browser skips the second one for this person. */
export async function signInTrusting(
	browser: Browser,
	email: string,
	authenticator: Authenticator,
	password = DEMO_PASSWORD,
): Promise<Page> {
	const page = await signIn(browser, email, password);
	const typed = { "Verification code": authenticator.code(), [TRUST]: true };
	return page.submit(typed, "Submit");
}

export const TRUST = "Trust this browser to skip 2-Step Verification for 30 days";

export async function signOut(browser: Browser): Promise<Page> {
	const page = await browser.open(paths.signOut);
	return page.submit({}, "Sign out");
}

export type SetUp = {
	authenticator: Authenticator;
	recoveryCode: string;
	/** Where it ended. */
	page: Page;
};

/** Sets up the authenticator app in a session, from My Account to **Done**. */
export async function setUpAuthenticatorApp(browser: Browser, password = DEMO_PASSWORD): Promise<SetUp> {
	let page = await browser.open(paths.twoStep);
	page = await page.click("Set up", { near: "Authenticator App" });
	page = await page.submit({ Password: password }, "Next");
	const authenticator = scanKey(page, browser);
	page = await page.click("Next");
	page = await page.submit({ "Verification code": authenticator.code() }, "Submit");
	return { authenticator, ...(await saveRecoveryCode(page)) };
}

export type TextSetUp = {
	/** E.164. */
	number: string;
	recoveryCode: string;
	/** Where it ended. */
	page: Page;
};

/**
 * Sets up text messages in a session, from My Account to **Done**; as the second method it is not made the default.
 *
 * @param number E.164; else the number of the staff profile, as it is filled in
 */
export async function setUpTextMessages(
	browser: Browser,
	number?: string,
	password = DEMO_PASSWORD,
): Promise<TextSetUp> {
	const numberPage = await beginTextSetUp(browser, password);
	const filledIn = numberPage.field("Mobile number").value;
	const to = number ?? `+${filledIn.replaceAll(/\D/g, "")}`;
	let page = await numberPage.submit({ "Mobile number": to }, "Next");
	const { code } = await browser.app.texts.latest(to);
	page = await page.submit({ "Verification code": code }, "Submit");
	const saved = await saveRecoveryCode(page);
	const choosesDefault = saved.page.heading === "Which should we ask for first?";
	page = choosesDefault ? await saved.page.submit({}, "Next") : saved.page;
	return { number: to, recoveryCode: saved.recoveryCode, page };
}

/** Begins to set up, or to replace, text messages in a session. @returns the page that asks for the number */
export async function beginTextSetUp(browser: Browser, password = DEMO_PASSWORD): Promise<Page> {
	const start = await browser.open(paths.textMessage);
	return start.submit({ Password: password }, "Next");
}

/** Takes the setup key of the page it is shown on. */
export function scanKey(page: Page, { app }: Browser): Authenticator {
	const key = /\b(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}\b/.exec(page.text)?.[0];
	if (key === undefined) throw new Error(`"${page.heading}" shows no setup key`);
	return new Authenticator(key, app.clock);
}

/** Writes the Recovery Code down and says so. */
export async function saveRecoveryCode(page: Page): Promise<{ recoveryCode: string; page: Page }> {
	const recoveryCode = recoveryCodeOn(page);
	return { recoveryCode, page: await page.submit({ "I've saved my Recovery Code": true }, "Done") };
}

/** The Recovery Code that a page shows, five groups of four. */
export function recoveryCodeOn(page: Page): string {
	const code = /\b(?:[0-9A-Z]{4} ){4}[0-9A-Z]{4}\b/.exec(page.text)?.[0];
	if (code === undefined) throw new Error(`"${page.heading}" shows no Recovery Code`);
	return code;
}

/** The code of the newest email that carries one, as it stands there. */
export async function emailedCode(app: App, email: string): Promise<string> {
	const emails = await app.inbox.all(email);
	const text = emails.findLast(({ subject }) => subject.startsWith("Your code to sign in"))?.text ?? "";
	const code = /^\d{4} \d{4}$/m.exec(text)?.[0];
	if (code === undefined) throw new Error(`No code was emailed to ${email}`);
	return code;
}

/** Where a sign-in asks for it, has a code emailed and enters it. @returns the page that it leads to */
export async function proveByEmail(browser: Browser, email: string): Promise<Page> {
	const asked = await browser.page.click("Email me a code");
	return asked.submit({ "Verification code": await emailedCode(browser.app, email) }, "Submit");
}

/** The set-up of the authenticator app inside a sign-in, from the prompt to **Done**. */
export async function setUpInSignIn(browser: Browser): Promise<SetUp> {
	const key = await browser.page.submit({}, "Set up now");
	const authenticator = scanKey(key, browser);
	const enter = await key.click("Next");
	const page = await enter.submit({ "Verification code": authenticator.code() }, "Submit");
	return { authenticator, ...(await saveRecoveryCode(page)) };
}

/**
 * Sets the rule of the only clinic without the pages of its Settings: 2-Step Verification required from a day.
 *
 * @param day ISO, in the clinic's time zone; null turns the requirement off
 * @param more what the clinic allows; what is not named stays. Trust forbidden is forgotten, as by the checkbox
 */
export async function requireFrom(
	app: App,
	day: string | null,
	more: { allowsTrust?: boolean; allowsTexts?: boolean } = {},
): Promise<void> {
	await inTransaction(app.db, async (tx) => {
		const only = await findClinic(tx, "the-only-one");
		if (!only) throw new Error("There is no clinic");
		const { clinicId, rule } = await lockClinic(tx, only.clinicId);
		const forgets = rule.allowsTrust && more.allowsTrust === false;
		await saveRule(tx, clinicId, {
			...rule,
			...more,
			requiredFromOn: day,
			trustVersion: rule.trustVersion + (forgets ? 1 : 0),
			version: rule.version + 1,
		});
	});
}
