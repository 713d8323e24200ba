import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { minutes, seconds } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, textSetUpPaths } from "../../src/paths.ts";
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

test("in the demo the codes are in its inbox, in another tab", SLOW, async () => {
	await using app = await startApp({ isDemo: true, environment: { SMTP_URL: "" } });
	const page = await openChromium(app);
	const avery = new Person(page, mouse());
	const inbox = await page.context().newPage();
	const readsInbox = async () => {
		await app.drain();
		await inbox.goto(`${paths.demoInbox}?to=${encodeURIComponent(number)}`);
		const text = await inbox.locator("main").innerText();
		return /\b(\d{6}) is your Harbour Physio security code\./.exec(text)?.[1] ?? "no code in the inbox";
	};
	await entersPassword(avery);
	await beginsSetUp(avery);
	await avery.presses("Next");
	await avery.reads(asksForText);
	await avery.types(await readsInbox(), { into: "Verification code" });
	await avery.presses("Submit");
	await savesRecoveryCode(avery);
	await signsOut(avery);
	await entersPassword(avery);
	await avery.reads(asksForText);
	await avery.types(await readsInbox(), { into: "Verification code" });
	await avery.presses("Submit");
	await avery.reads("My Account");
});

test("texts that come late, codes that are wrong or old, and a new number", SLOW, async () => {
	await using app = await startApp();
	await walkThroughTrouble(app, {});
});

test("the same trouble with scripts turned off, on a phone 375 px wide", SLOW, async () => {
	await using app = await startApp();
	await walkThroughTrouble(app, { scripts: false, width: 375 });
});

test("a browser that reads the text by itself fills the field, and sends nothing", SLOW, async () => {
	await using app = await startApp();
	const page = await openChromium(app);
	// Chromium has this on phones only: a browser that reads texts, as the Web OTP API describes it.
	const [asked, text] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
	await page.exposeFunction("waitForText", () => {
		asked.resolve();
		return text.promise;
	});
	await page.addInitScript(() => {
		const { waitForText } = window as unknown as { waitForText: () => Promise<string> };
		Object.defineProperty(window, "OTPCredential", { value: class {} });
		navigator.credentials.get = async (wanted) => {
			const { otp } = wanted as { otp?: { transport: string[] } };
			if (!otp?.transport.includes("sms")) throw new Error("Not a text message that was asked for");
			return { code: await waitForText() } as unknown as Credential;
		};
	});
	const avery = new Person(page, mouse());
	await entersPassword(avery);
	await beginsSetUp(avery);
	await avery.presses("Next");
	await avery.reads(asksForText);
	await asked.promise;
	const { code } = await app.texts.latest(number);
	text.resolve(code);
	const field = page.getByLabel("Verification code", { exact: true });
	await expect.poll(() => field.inputValue(), { timeout: 60_000 }).toBe(code);
	// It is the person who sends it.
	await avery.reads(asksForText);
	await avery.presses("Submit");
	await avery.reads("Save your Recovery Code");
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

	// From now on texts first.
	await avery.opens(paths.twoStep);
	await avery.presses("Make default");
	await avery.sees("Saved. We ask for this method first.");
	await signsOut(avery);
	app.clock.forward(minutes(11));
	await entersPassword(avery);
	await avery.reads(asksForText);
}

async function walkThroughTrouble(app: App, options: ChromiumOptions): Promise<void> {
	const page = await openChromium(app, options);
	const avery = new Person(page, mouse());
	const look = async () => {
		if (options.scripts !== false) await expectNoAxeFindings(page);
		await expectNoSidewaysScrolling(page);
	};
	const readsCode = async (to = number) => (await app.texts.latest(to)).code;
	const enters = async (code: string) => {
		await avery.types(code, { into: "Verification code" });
		await avery.presses("Submit");
	};
	await entersPassword(avery);
	await beginsSetUp(avery);
	await avery.presses("Next");
	await enters(await readsCode());
	await savesRecoveryCode(avery);
	await signsOut(avery);

	// A text that comes late still works after another one was sent.
	await entersPassword(avery);
	await avery.reads(asksForText);
	const early = await readsCode();
	await avery.sees("You can resend the code in");
	app.clock.forward(seconds(200));
	await avery.opens(paths.verify);
	await avery.presses("Resend code");
	await avery.sees("You can resend the code in");
	expect(await readsCode()).not.toBe(early);
	await enters(early);
	await avery.reads("My Account");
	await signsOut(avery);

	// One that is too old does not, and says so.
	await entersPassword(avery);
	await avery.reads(asksForText);
	const old = await readsCode();
	app.clock.forward(minutes(6));
	await enters(old);
	await avery.isTold("That code is too old. Choose Resend code and enter the new one.");
	await look();
	await avery.presses("Resend code");
	await enters(await readsCode());
	await avery.reads("My Account");
	await signsOut(avery);

	// Five wrong ones make all codes wait; a Recovery Code does not have to.
	app.clock.forward(minutes(20));
	await entersPassword(avery);
	await avery.reads(asksForText);
	const right = await readsCode();
	for (const left of [
		"4 more tries",
		"3 more tries",
		"2 more tries",
		"1 more try",
		"That was the last try",
	]) {
		await enters(notThis(right));
		await avery.isTold(left);
	}
	await enters(right);
	await avery.isTold("That was too many wrong codes. You can enter codes again at");
	await look();
	await avery.follows("Try another way");
	await avery.follows("Use recovery code instead");
	await avery.reads("Enter your Recovery Code");
	app.clock.forward(minutes(15));
	await entersPassword(avery);
	await avery.reads(asksForText);
	await enters(await readsCode());
	await avery.reads("My Account");

	// A new number is the one only once its code is entered.
	const other = "+16045550188";
	app.clock.forward(minutes(20));
	await avery.opens(paths.twoStep);
	await avery.follows("Replace", { near: "Text Message (SMS)" });
	await avery.reads("Replace your mobile number");
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Next");
	await avery.sees("A different number becomes the one on your staff profile too.");
	await avery.types("604-555-0188", { into: "Mobile number" });
	await avery.presses("Next");
	await avery.reads("Enter the code we texted to •••• •••• 0188");
	await enters(notThis(await readsCode(other)));
	await avery.isTold("That code isn't right.");
	await avery.opens(paths.account);
	await avery.sees("+1 604 555 0101");
	await avery.opens(textSetUpPaths(paths.textMessage).code);
	await enters(await readsCode(other));
	await savesRecoveryCode(avery);
	await avery.opens(paths.account);
	await avery.sees("+1 604 555 0188");
	await look();
	await signsOut(avery);
	await entersPassword(avery);
	await avery.reads("Enter the code we texted to •••• •••• 0188");
	await enters(await readsCode(other));
	await avery.reads("My Account");
}

/** Another code than this one. */
function notThis(code: string): string {
	return String((Number(code) + 1) % 1_000_000).padStart(6, "0");
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
