import { expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type ChromiumOptions, openChromium } from "../harness/chromium.ts";
import { casey as email, emailedCode, requireFrom } from "../harness/people.ts";
import { type Hands, keyboard, mouse } from "./hands.ts";
import { Person } from "./person.ts";
import { Phone } from "./phone.ts";

const SLOW = { timeout: 600_000 };
const number = "+16045550103";

test(
	"the prompt is declined, and from the date on the app is set up between password and session",
	SLOW,
	async () => {
		await using app = await startApp();
		await passThrough(app, {}, mouse, setsUpTheApp);
	},
);

test("the same with scripts turned off, on a phone 320 px wide", SLOW, async () => {
	await using app = await startApp();
	await passThrough(app, { scripts: false, width: 320 }, mouse, setsUpTheApp);
});

test("the same with text messages, on a dark phone 375 px wide, by keyboard alone", SLOW, async () => {
	await using app = await startApp();
	await passThrough(app, { dark: true, width: 375 }, keyboard, setsUpTexts);
});

test("where scripts run, the page says by itself that the email has left", SLOW, async () => {
	await using app = await startApp();
	await requireFrom(app, "2026-12-07");
	// The first try finds the mail server busy, so that there is time to look.
	app.inbox.server.answerRecipient({ code: 451, text: "Try again later" });
	const page = await openChromium(app);
	const casey = new Person(page, mouse());
	await entersPassword(casey, paths.signIn);
	await casey.presses("Email me a code");
	await casey.sees("is on its way.");
	const field = page.getByLabel("Verification code", { exact: true });
	await field.fill("123");
	app.inbox.server.answerRecipient(undefined);
	app.clock.forward(60_000);
	await app.drain();
	await casey.sees("Sent to c••••@harbour.example");
	// What was typed meanwhile is still there.
	expect(await field.inputValue()).toBe("123");
});

async function passThrough(
	app: App,
	options: ChromiumOptions,
	hands: (page: Awaited<ReturnType<typeof openChromium>>) => Hands,
	setsUp: (app: App, casey: Person) => Promise<void>,
): Promise<void> {
	const page = await openChromium(app, options);
	const casey = new Person(page, hands(page));

	// A week before, there is time.
	await requireFrom(app, "2026-12-14");
	await entersPassword(casey, paths.signIn);
	await casey.reads("Set up 2-Step Verification by Mon 14 Dec 2026");
	await casey.presses("Not now");
	await casey.reads("My Account");
	await casey.sees("From Mon 14 Dec 2026 you need 2-Step Verification to sign in to Harbour Physio.");
	await casey.choosesFromOwnMenu("Sign out");
	await casey.presses("Sign out");
	await casey.sees("You are signed out.");

	// From the date on, somebody with the password alone comes no further than the mailbox.
	await requireFrom(app, "2026-12-07");
	await entersPassword(casey, `${paths.signIn}?return=${encodeURIComponent(paths.password)}`);
	await casey.reads("First we check that it's you");
	await casey.sees("We email a code to c••••@harbour.example.");
	await casey.follows("I'm locked out");
	await casey.reads("Can't sign in?");
	await casey.follows("Back to the code");
	await casey.presses("Email me a code");
	await casey.reads("Enter the code we emailed to you");
	await casey.types("0000 0000", { into: "Verification code" });
	await casey.presses("Submit");
	await casey.isTold("That code isn't right. Check the newest email. You have 4 more tries.");
	await casey.types(await emailedCode(app, email), { into: "Verification code" });
	await casey.presses("Submit");

	// And who opened the mailbox sets up; no other page is an answer.
	await casey.reads("Set up 2-Step Verification to sign in");
	await casey.opens(paths.account);
	await casey.reads("Sign in to Harbour Physio");
	await casey.opens(paths.signInSetUp);
	await casey.reads("Set up 2-Step Verification to sign in");
	await setsUp(app, casey);
	await casey.reads("Save your Recovery Code");
	await casey.ticks("I've saved my Recovery Code");
	await casey.presses("Done");
	await casey.reads("Password");
}

async function setsUpTheApp(app: App, casey: Person): Promise<void> {
	await casey.presses("Set up now");
	await casey.reads("Scan this with your authenticator app");
	const phone = await Phone.scan(await casey.picture(), app.clock);
	await casey.follows("Next");
	await casey.types(await phone.code(), { into: "Verification code" });
	await casey.presses("Submit");
}

async function setsUpTexts(app: App, casey: Person): Promise<void> {
	await casey.picks("Text Message (SMS)");
	await casey.presses("Set up now");
	await casey.reads("Set up text messages");
	await casey.presses("Next");
	await casey.reads("Enter the code we texted to •••• •••• 0103");
	const { code } = await app.texts.latest(number);
	await casey.types(code, { into: "Verification code" });
	await casey.presses("Submit");
}

async function entersPassword(casey: Person, at: string): Promise<void> {
	await casey.opens(at);
	await casey.reads("Sign in to Harbour Physio");
	await casey.types(email, { into: "Email" });
	await casey.types(DEMO_PASSWORD, { into: "Password" });
	await casey.presses("Sign in");
}
