import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import {
	type ChromiumOptions,
	expectNoAxeFindings,
	expectNoSidewaysScrolling,
	openChromium,
} from "../harness/chromium.ts";
import { avery as email } from "../harness/people.ts";
import { type Hands, keyboard, mouse } from "./hands.ts";
import { Person } from "./person.ts";
import { Phone } from "./phone.ts";

const SLOW = { timeout: 600_000 };
const number = "+16045550101";
const asksForText = "Enter the code we texted to •••• •••• 0101";
const asksForApp = "Enter the code from your authenticator app";

test("a person sets up text messages, signs in by text, and goes another way and back", SLOW, async () => {
	await using app = await startApp();
	await walk(app, {}, mouse);
});

test("the same with scripts turned off, on a phone 375 px wide", SLOW, async () => {
	await using app = await startApp();
	await walk(app, { scripts: false, width: 375 }, mouse);
});

test("the same on a dark phone, 375 px wide, by keyboard alone", SLOW, async () => {
	await using app = await startApp();
	await walk(app, { dark: true, width: 375 }, keyboard);
});

test(
	"where scripts run, the page keeps up with the carrier and with the time to resend, by itself",
	SLOW,
	async () => {
		await using app = await startApp();
		const page = await openChromium(app);
		const avery = new Person(page, mouse());
		await entersPassword(avery);
		await beginsSetUp(avery);
		await avery.presses("Next");
		const text = await app.texts.latest(number);
		await avery.sees("It can take a minute to arrive.");
		const field = page.getByLabel("Verification code", { exact: true });
		await field.fill("123");
		await app.texts.gateway.report(text, "delivered");
		await avery.sees("your carrier says it arrived");
		app.clock.forward(minutes(1));
		await page.getByRole("button", { name: "Resend code", exact: true }).waitFor();
		// What was typed meanwhile is still there.
		expect(await field.inputValue()).toBe("123");
		await expectNoAxeFindings(page);
	},
);

async function walk(app: App, options: ChromiumOptions, handsOf: (page: Page) => Hands): Promise<void> {
	const page = await openChromium(app, options);
	const avery = new Person(page, handsOf(page));
	const look = async () => {
		// Where scripts are off, none of ours run either.
		if (options.scripts !== false) await expectNoAxeFindings(page);
		await expectNoSidewaysScrolling(page);
	};
	const readsCode = async () => (await app.texts.latest(number)).code;

	// Setting up.
	await entersPassword(avery);
	await beginsSetUp(avery);
	await look();
	await avery.sees("Text messages are less safe than an authenticator app");
	await avery.presses("Next");
	await avery.reads(asksForText);
	await look();
	await avery.types("12", { into: "Verification code" });
	await avery.presses("Submit");
	await avery.sees("There is one thing to correct");
	await avery.types(await readsCode(), { into: "Verification code" });
	await avery.presses("Submit");
	await savesRecoveryCode(avery);
	await avery.sees("You're all set.");
	await look();
	await signsOut(avery);

	// An ordinary day.
	await entersPassword(avery);
	await avery.reads(asksForText);
	await look();
	await avery.types(await readsCode(), { into: "Verification code" });
	await avery.presses("Submit");
	await avery.reads("My Account");

	// The app as well.
	await avery.opens(paths.twoStep);
	await avery.follows("Set up", { near: "Authenticator App" });
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Next");
	await avery.reads("Scan this with your authenticator app");
	const phone = await Phone.scan(await avery.picture(), app.clock);
	await avery.follows("Next");
	await avery.types(await phone.code(), { into: "Verification code" });
	await avery.presses("Submit");
	await savesRecoveryCode(avery);
	await avery.reads("Which should we ask for first?");
	await look();
	await avery.presses("Next");
	await avery.sees("Saved. We ask for this method first.");
	await look();
	await signsOut(avery);

	// Another way, and back.
	await entersPassword(avery);
	await avery.reads(asksForApp);
	await avery.follows("Try another way");
	await avery.reads("Try another way");
	await look();
	await avery.presses("Text me a code");
	await avery.reads(asksForText);
	const code = await readsCode();
	await avery.follows("Try another way");
	await avery.presses("Use the app");
	await avery.reads(asksForApp);
	app.clock.forward(minutes(1));
	await avery.follows("Try another way");
	await avery.presses("Text me a code");
	await avery.reads(asksForText);
	expect(await readsCode()).toBe(code);
	await avery.follows("Not receiving your code?");
	await avery.reads("Can't sign in?");
	await look();
	await avery.follows("Back to the code");
	await avery.types(code, { into: "Verification code" });
	await avery.presses("Submit");
	await avery.reads("My Account");
}

async function entersPassword(avery: Person): Promise<void> {
	await avery.opens(paths.signIn);
	await avery.types(email, { into: "Email" });
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Sign in");
}

async function beginsSetUp(avery: Person): Promise<void> {
	await avery.reads("My Account");
	await avery.opens(paths.twoStep);
	await avery.follows("Set up", { near: "Text Message (SMS)" });
	await avery.reads("Set up text messages");
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Next");
	await avery.sees("Mobile number");
}

async function savesRecoveryCode(avery: Person): Promise<void> {
	await avery.reads("Save your Recovery Code");
	await avery.ticks("I've saved my Recovery Code");
	await avery.presses("Done");
}

async function signsOut(avery: Person): Promise<void> {
	await avery.opens(paths.signOut);
	await avery.presses("Sign out");
	await avery.sees("You are signed out.");
}
