import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import type { App } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import type { Page } from "../harness/page.ts";
import { setUpAuthenticatorApp, setUpTextMessages, signIn } from "../harness/people.ts";

/** Somebody with 2-Step Verification on. */
export type Owner = {
	email: string;
	/** Where it was set up: a known browser, still signed in. */
	desk: Browser;
	authenticator: Authenticator;
	recoveryCode: string;
};

/** Has a member of the demo's staff set up the authenticator app at the front desk. */
export async function ownerWithApp(app: App, email: string): Promise<Owner> {
	const desk = newBrowser(app);
	await signIn(desk, email);
	const { authenticator, recoveryCode } = await setUpAuthenticatorApp(desk);
	return { email, desk, authenticator, recoveryCode };
}

/** Somebody whose codes are texted to this number, with the rest as in `Owner`. */
export type TextedOwner = Omit<Owner, "authenticator"> & { number: string };

/** Has a member of the demo's staff set up text messages at the front desk. */
export async function ownerWithTexts(app: App, email: string): Promise<TextedOwner> {
	const desk = newBrowser(app);
	await signIn(desk, email);
	const { number, recoveryCode } = await setUpTextMessages(desk);
	return { email, desk, number, recoveryCode };
}

/** Another code than this one. */
export function notThis(code: string): string {
	return String((Number(code) + 1) % 1_000_000).padStart(6, "0");
}

/** A browser never seen here, whose user entered the right password and is asked for a code. */
export async function waitingAtTheCode(app: App, email: string, password = DEMO_PASSWORD): Promise<Browser> {
	const browser = newBrowser(app);
	const page = await signIn(browser, email, password);
	if (page.path !== paths.verify) throw new Error(`A password alone led to ${page.path}`);
	return browser;
}

/** Enters a code where one is asked for. */
export async function enterCode(browser: Browser, code: string): Promise<Page> {
	const page = await browser.open(paths.verify);
	return page.submit({ "Verification code": code }, "Submit");
}

/** Enters a Recovery Code where a code is asked for. */
export async function enterRecoveryCode(browser: Browser, code: string): Promise<Page> {
	const page = await browser.open(paths.signInRecoveryCode);
	return page.submit({ "Recovery Code": code }, "Submit");
}

/** Asks for a link to choose a new password. @returns its address, from the mailbox */
export async function linkFor(app: App, email: string, browser = newBrowser(app)): Promise<string> {
	const page = await browser.open(paths.forgotPassword);
	await page.submit({ Email: email }, "Email me a link");
	const [link] = (await app.inbox.latest(email)).links.filter((each) => each.includes(paths.forgotPassword));
	if (link === undefined) throw new Error("The email holds no link");
	return link;
}

export const NEW_PASSWORD = "marble heron counts slowly";

/** Chooses a new password with an emailed link. */
export async function chooseNewPassword(
	browser: Browser,
	link: string,
	password = NEW_PASSWORD,
): Promise<Page> {
	const page = await browser.openFromEmail(link);
	return page.submit({ "New password": password }, "Save password");
}
