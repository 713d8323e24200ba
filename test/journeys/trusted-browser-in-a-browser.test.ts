import type { Page } from "playwright-core";
import { test } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { newBrowser } from "../harness/browser.ts";
import {
	type ChromiumOptions,
	expectNoAxeFindings,
	expectNoSidewaysScrolling,
	openChromium,
} from "../harness/chromium.ts";
import { casey as email, setUpAuthenticatorApp, signIn, TRUST } from "../harness/people.ts";
import { type Hands, keyboard, mouse } from "./hands.ts";
import { Person } from "./person.ts";

const SLOW = { timeout: 600_000 };
const asksForApp = "Enter the code from your authenticator app";

test(
	"a person ticks the box, signs out, and needs only the password in this browser from then on",
	SLOW,
	async () => {
		await using app = await startApp();
		await walk(app, {}, mouse);
	},
);

test("the same with scripts turned off, on a phone 320 px wide", SLOW, async () => {
	await using app = await startApp();
	await walk(app, { scripts: false, width: 320 }, mouse);
});

test("the same on a dark phone, 375 px wide, by keyboard alone", SLOW, async () => {
	await using app = await startApp();
	await walk(app, { dark: true, width: 375 }, keyboard);
});

async function walk(app: App, options: ChromiumOptions, handsOf: (page: Page) => Hands): Promise<void> {
	const authenticator = await setUpElsewhere(app);
	const page = await openChromium(app, options);
	const casey = new Person(page, handsOf(page));
	const look = async () => {
		// Where scripts are off, none of ours run either.
		if (options.scripts !== false) await expectNoAxeFindings(page);
		await expectNoSidewaysScrolling(page);
	};

	await entersPassword(casey);
	await casey.reads(asksForApp);
	await casey.types(authenticator.wrongCode(), { into: "Verification code" });
	await casey.ticks(TRUST);
	await look();
	await casey.presses("Submit");
	await casey.sees("That code isn't right.");
	// It is still ticked.
	await casey.types(authenticator.code(), { into: "Verification code" });
	await casey.presses("Submit");
	await casey.reads("My Account");
	await signsOut(casey);

	await entersPassword(casey);
	await casey.reads("My Account");
	await casey.opens(paths.twoStep);
	await casey.sees("This browser");
	await look();

	// What changes how one gets in asks for a code all the same.
	await casey.follows("Get a new Recovery Code");
	await casey.reads("Enter a code to go on");
	await look();
	await casey.types(authenticator.code(), { into: "Verification code" });
	await casey.presses("Submit");
	await casey.reads("Get a new Recovery Code");

	await casey.opens(paths.twoStep);
	await casey.presses("Remove");
	await casey.sees("Removed. There we ask for a code at the next sign-in.");
	await look();
	await signsOut(casey);
	await entersPassword(casey);
	await casey.reads(asksForApp);
}

/** Casey has the app on; another browser set it up. */
async function setUpElsewhere(app: App): Promise<Authenticator> {
	const desk = newBrowser(app);
	await signIn(desk, email);
	return (await setUpAuthenticatorApp(desk)).authenticator;
}

async function entersPassword(casey: Person): Promise<void> {
	await casey.opens(paths.signIn);
	await casey.types(email, { into: "Email" });
	await casey.types(DEMO_PASSWORD, { into: "Password" });
	await casey.presses("Sign in");
}

async function signsOut(casey: Person): Promise<void> {
	await casey.opens(paths.signOut);
	await casey.presses("Sign out");
	await casey.sees("You are signed out.");
}
