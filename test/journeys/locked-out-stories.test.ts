import { expect, test } from "vitest";
import { hours, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { notMeLink } from "../bypasses/not-me.ts";
import { linkFor, NEW_PASSWORD, ownerWithApp, ownerWithTexts } from "../bypasses/owners.ts";
import { type App, startApp } from "../harness/app.ts";
import { deactivate, invite } from "../harness/by-operator.ts";
import type { ChromiumOptions } from "../harness/chromium.ts";
import { startOperatedApp } from "../harness/operated-app.ts";
import {
	avery,
	blake,
	casey,
	devon,
	emailedCode,
	requireFrom,
	setUpAuthenticatorApp,
	TRUST,
} from "../harness/people.ts";
import {
	ASKS_APP,
	choosesNewPassword,
	entersTemporaryCode,
	givesCode,
	KEEP,
	LOST,
	oldOnesAreRefused,
	opensColleague,
	opensHelp,
	REPLACE,
	savesRecoveryCode,
	scansWithNewPhone,
	subjectsTo,
	usesTemporaryCode,
} from "./a-colleague-helps.ts";
import { AtABrowser } from "./at-a-browser.ts";
import type { Phone } from "./phone.ts";

const SLOW = { timeout: 600_000 };
const PHONE: ChromiumOptions = { width: 375, dark: true };
const IN_FORCE = "2025-01-01";
const ASKS_TEXT = "Enter the code we texted to •••• •••• 0103";

/** Avery at work, with a method of her own. */
async function withHelper() {
	const app = await startApp();
	const averys = await ownerWithApp(app, avery);
	const helper = await AtABrowser.sitDown(app, avery);
	await helper.signsInWith(averys.authenticator);
	return { app, helper, averys, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

/** Another session, on another day. */
async function signsInAgain(person: AtABrowser, phone: { code(): string | Promise<string> }): Promise<void> {
	await person.entersPassword();
	await person.reads(ASKS_APP);
	await person.entersCode(await phone.code());
	await person.reads("My Account");
}

test(
	"Casey has lost the phone and stands at the front desk: Avery tells her a code, and she sets up the new phone",
	SLOW,
	async () => {
		await using work = await withHelper();
		const { app, helper } = work;
		const caseys = await ownerWithApp(app, casey);
		await app.inbox.clear();

		const person = await AtABrowser.sitDown(app, casey, PHONE);
		await person.entersPassword();
		await person.reads(ASKS_APP);
		await opensHelp(person);
		await person.sees("Ask a Full Access user of your clinic Ask them to give you a temporary code");

		await opensColleague(helper, "Casey Singh");
		const code = await givesCode(helper, "Casey Singh", { how: "In person" });
		await person.page.reload();
		await person.follows("Use a temporary code");
		await entersTemporaryCode(person, code);
		await person.reads(LOST);
		await person.presses(REPLACE);
		const newPhone = await scansWithNewPhone(app, person);
		expect(await subjectsTo(app)).toEqual([
			"You were given a temporary code",
			"You signed in from a new browser",
			"Authenticator App was replaced",
		]);
		for (const user of [avery, blake]) {
			expect(await subjectsTo(app, user)).toEqual(["Casey Singh was given a temporary code"]);
		}

		await person.signsOut();
		await person.entersPassword();
		await oldOnesAreRefused(person, caseys);
		await person.opens(paths.signInTemporaryCode);
		await entersTemporaryCode(person, code);
		await person.isTold("That code isn't right, or it has ended.");
		await person.follows("Try another way");
		await person.presses("Use the app");
		await person.entersCode(await newPhone.code());
		await person.reads("My Account");
	},
);

test(
	"Casey's phone is at home: Avery calls her, the code works for the day's one sign-in, and in the evening the phone does",
	SLOW,
	async () => {
		await using work = await withHelper();
		const { app, helper } = work;
		const caseys = await ownerWithApp(app, casey);
		await opensColleague(helper, "Casey Singh");
		const code = await givesCode(helper, "Casey Singh", {
			how: "I call the number above",
			number: "+1 604 555 0103",
			lives: "24 hours",
		});

		// Only after lunch does she come to it.
		app.clock.forward(hours(5));
		const person = await AtABrowser.sitDown(app, casey, { width: 375 });
		await person.entersPassword();
		await person.reads(ASKS_APP);
		await usesTemporaryCode(person, code);
		await person.reads(LOST);
		await person.presses(KEEP);
		await person.reads("My Account");
		await person.opens(paths.twoStep);
		await person.sees("Authenticator App On");

		app.clock.forward(hours(9));
		await signsInAgain(person, caseys.authenticator);
		await person.signsOut();
		await person.entersPassword();
		await person.follows("Try another way");
		await person.reads("Try another way");
		expect(await person.page.getByRole("link", { name: "Use a temporary code" }).count()).toBe(0);
		await person.follows("Use recovery code instead");
		await person.types(caseys.recoveryCode, { into: "Recovery Code" });
		await person.presses("Submit");
		await person.reads(LOST);
	},
);

test(
	"only Casey's laptop is still signed in, with a code: there she turns it off or replaces it; once it is required she only replaces it",
	SLOW,
	async () => {
		await using app = await startApp();
		const caseys = await ownerWithApp(app, casey);
		const laptop = await AtABrowser.sitDown(app, casey);
		await laptop.signsInWith(caseys.authenticator);
		const elsewhere = await AtABrowser.sitDown(app, casey, PHONE);
		await elsewhere.entersPassword();
		await opensHelp(elsewhere);
		await elsewhere.sees("You are still signed in on another device");
		await elsewhere.sees("choose Replace to set up the app on a new phone, or Turn off if you have none yet");

		// She has no new phone yet.
		await laptop.opens(paths.twoStep);
		await laptop.follows("Turn off", { near: "Authenticator App" });
		await laptop.reads("Turn off Authenticator App?");
		await laptop.types(DEMO_PASSWORD, { into: "Password" });
		await laptop.presses("Turn off");
		await laptop.sees("That method is turned off.");
		await elsewhere.entersPassword();
		await elsewhere.reads("My Account");

		// Later she has one; then that one is lost as well, and by now the clinic requires it.
		await laptop.follows("Set up", { near: "Authenticator App" });
		await laptop.types(DEMO_PASSWORD, { into: "Password" });
		await laptop.presses("Next");
		const lost = await scansWithNewPhone(app, laptop);
		await requireFrom(app, IN_FORCE);
		await elsewhere.entersPassword();
		await elsewhere.reads(ASKS_APP);
		await opensHelp(elsewhere);
		await elsewhere.sees("choose Replace to set up the app on a new phone.");
		await laptop.opens(paths.twoStep);
		await laptop.sees("Your last method can be replaced, but not turned off.");
		expect(await laptop.page.getByRole("link", { name: "Turn off" }).count()).toBe(0);
		await laptop.opens(paths.turnOff.to("authenticator-app"));
		await laptop.reads("Authenticator App can't be turned off now");
		await laptop.follows("Replace");
		await laptop.types(DEMO_PASSWORD, { into: "Password" });
		await laptop.presses("Next");
		const newPhone = await scansWithNewPhone(app, laptop);

		await elsewhere.entersPassword();
		await elsewhere.entersCode(await lost.code());
		await elsewhere.isTold("That code isn't right.");
		await elsewhere.entersCode(await newPhone.code());
		await elsewhere.reads("My Account");
	},
);

test(
	"Avery, whom nobody at the clinic can help, is called back by the operator and sets up anew with the code of the command",
	SLOW,
	async () => {
		await using operated = await startOperatedApp({ clinic: "demo" });
		const { app, vestibule } = operated;
		const gale = "gale@harbour.example";
		const averys = await ownerWithApp(app, avery);
		await deactivate(app, blake);
		await invite(app, { name: "Gale Ito", email: gale, access: "full", mobile: null });
		await requireFrom(app, IN_FORCE);
		await app.inbox.clear();

		const person = await AtABrowser.sitDown(app, avery, { width: 375 });
		await person.entersPassword();
		await person.reads(ASKS_APP);
		await opensHelp(person);
		await person.sees("None of this works Write to the Privacy and Security team.");
		expect(await person.page.getByText("Ask a Full Access user").count()).toBe(0);

		const reset = ["support", "reset", "--clinic=harbour", `--email=${avery}`];
		const ran = await vestibule(
			...reset,
			"--reason=Phone and Recovery Code lost, called back",
			"--ticket=PS-7",
		);
		expect(ran).toMatchObject({ exitCode: 0, err: "" });
		expect(ran.out).toContain("Call +1 604 555 0101");
		const code = /^ {2}(\d{4} \d{4})$/m.exec(ran.out)?.[1] ?? "";
		expect(await subjectsTo(app, avery)).toContain("Your 2-Step Verification was turned off");
		expect(await subjectsTo(app, gale)).toEqual(["Avery Chen's 2-Step Verification was turned off"]);

		await person.entersPassword();
		await person.reads("First we check that it's you");
		await person.follows("Use a temporary code");
		await entersTemporaryCode(person, code);
		await person.reads("Set up 2-Step Verification to sign in");
		await person.opens(paths.account);
		await person.reads("Sign in to Harbour Physio");
		await person.opens(paths.signInSetUp);
		await person.presses("Set up now");
		const newPhone = await scansWithNewPhone(app, person);
		await person.signsOut();
		await person.entersPassword();
		await oldOnesAreRefused(person, averys);
		await person.follows("Try another way");
		await person.presses("Use the app");
		await person.entersCode(await newPhone.code());
		await person.reads("My Account");
	},
);

test(
	"the carrier gave Casey and Devon new numbers: she replaces hers by a colleague's code, he by his app, and the old ones get nothing more",
	SLOW,
	async () => {
		await using work = await withHelper();
		const { app, helper } = work;
		const caseys = await ownerWithTexts(app, casey);
		const devons = await ownerWithTexts(app, devon);
		const { authenticator, page } = await setUpAuthenticatorApp(devons.desk);
		await page.submit({ "Ask for first": "Text Message (SMS)" }, "Next");

		const person = await AtABrowser.sitDown(app, casey, PHONE);
		await person.entersPassword();
		await person.reads(ASKS_TEXT);
		await person.follows("Not receiving your code?");
		await person.sees("Ask a Full Access user of your clinic");
		await opensColleague(helper, "Casey Singh");
		const code = await givesCode(helper, "Casey Singh", { how: "In person" });
		await person.follows("Back to the code");
		await usesTemporaryCode(person, code);
		await person.reads(LOST);
		await person.page.getByRole("radio", { name: "Text Message (SMS)" }).check();
		await person.presses(REPLACE);
		const caseysOld = (await app.texts.all(caseys.number)).length;
		await setsUpNumber(app, person, "+16045550177");
		await savesRecoveryCode(person);
		await person.signsOut();
		await person.entersPassword();
		await person.reads("Enter the code we texted to •••• •••• 0177");
		await person.entersCode((await app.texts.latest("+16045550177")).code);
		await person.reads("My Account");
		expect(await app.texts.all(caseys.number)).toHaveLength(caseysOld);

		// Devon has the app beside his texts.
		const other = await AtABrowser.sitDown(app, devon, { width: 375 });
		await other.entersPassword();
		await other.reads("Enter the code we texted to •••• •••• 0104");
		await other.follows("Try another way");
		await other.presses("Use the app");
		await other.entersCode(authenticator.code());
		await other.reads("My Account");
		await other.opens(paths.twoStep);
		await other.follows("Replace", { near: "Text Message (SMS)" });
		await other.reads("Replace your mobile number");
		await other.types(DEMO_PASSWORD, { into: "Password" });
		await other.presses("Next");
		const devonsOld = (await app.texts.all(devons.number)).length;
		await setsUpNumber(app, other, "+16045550188");
		await other.reads("Save your Recovery Code");
		await other.ticks("I've saved my Recovery Code");
		await other.presses("Done");
		// Which comes first was said before, and stays.
		await other.reads("2-Step Verification");
		await other.signsOut();
		await other.entersPassword();
		await other.reads("Enter the code we texted to •••• •••• 0188");
		await other.entersCode((await app.texts.latest("+16045550188")).code);
		await other.reads("My Account");
		expect(await app.texts.all(devons.number)).toHaveLength(devonsOld);
	},
);

async function setsUpNumber(app: App, person: AtABrowser, number: string): Promise<void> {
	await person.types(number, { into: "Mobile number" });
	await person.presses("Next");
	await person.reads(`Enter the code we texted to •••• •••• ${number.slice(-4)}`);
	await person.entersCode((await app.texts.latest(number)).code);
}

test(
	"Casey has forgotten the password and lost the phone: a code from before the new password is dead, and after a reset the mailbox is not both doors",
	SLOW,
	async () => {
		await using work = await withHelper();
		const { app, helper } = work;
		await ownerWithApp(app, casey);
		const person = await AtABrowser.sitDown(app, casey, { width: 375 });
		await opensColleague(helper, "Casey Singh");
		const tooEarly = await givesCode(helper, "Casey Singh", { how: "In person" });
		await choosesNewPassword(app, person, NEW_PASSWORD);
		await person.entersPassword(NEW_PASSWORD);
		await person.reads(ASKS_APP);
		await person.opens(paths.signInTemporaryCode);
		await entersTemporaryCode(person, tooEarly);
		await person.isTold("That code isn't right, or it has ended.");
		const code = await givesCode(helper, "Casey Singh", { how: "In person" });
		await entersTemporaryCode(person, code);
		await person.reads(LOST);
		await person.presses(REPLACE);
		const phone = await scansWithNewPhone(app, person);
		await person.signsOut();

		// The same again, and this time Avery disables it.
		app.clock.forward(minutes(1));
		await opensColleague(helper, "Casey Singh");
		await helper.follows("Disable 2-Step Verification");
		await helper.reads("Disable 2-Step Verification for Casey Singh?");
		await helper.types("Lost the phone again, seen in person", { into: "Reason" });
		await helper.types(DEMO_PASSWORD, { into: "Your password" });
		await helper.presses("Disable 2-Step Verification");
		await helper.sees("2-Step Verification is off for Casey Singh, who is signed out everywhere.");
		const another = "silver kettles hum by night";
		await choosesNewPassword(app, person, another);
		await person.entersPassword(another);
		await person.reads("Ask for a temporary code");
		await person.sees(
			"Your password was set by an emailed link, so with an emailed code too, whoever reads your email could get in.",
		);
		expect(await person.page.getByRole("button", { name: "Email me a code" }).count()).toBe(0);
		const last = await givesCode(helper, "Casey Singh", { how: "In person" });
		await person.follows("Use a temporary code");
		await entersTemporaryCode(person, last);
		await person.reads("Set up 2-Step Verification");
		await person.presses("Set up now");
		const newest = await scansWithNewPhone(app, person);
		expect((await subjectsTo(app)).filter((subject) => subject.startsWith("Your code to"))).toEqual([]);
		await expectOnlyNewest(person, another, { old: phone, newest });
	},
);

async function expectOnlyNewest(
	person: AtABrowser,
	password: string,
	{ old, newest }: { old: Phone; newest: Phone },
): Promise<void> {
	await person.signsOut();
	await person.entersPassword(password);
	await person.entersCode(await old.code());
	await person.isTold("That code isn't right.");
	await person.entersCode(await newest.code());
	await person.reads("My Account");
}

test(
	"Devon has left and is still signed in: his next click leads to Sign in, his links and codes are dead, and who comes back is under the rule",
	SLOW,
	async () => {
		await using work = await withHelper();
		const { app, helper } = work;
		const leaver = await AtABrowser.sitDown(app, devon);
		await leaver.entersPassword();
		await leaver.reads("My Account");
		await requireFrom(app, IN_FORCE);
		const link = await linkFor(app, devon);
		await opensColleague(helper, "Devon Okafor");
		const code = await givesCode(helper, "Devon Okafor", { how: "In person", lives: "24 hours" });

		await helper.follows("Deactivate");
		await helper.reads("Deactivate Devon Okafor?");
		await helper.types(DEMO_PASSWORD, { into: "Your password" });
		await helper.presses("Deactivate");
		await helper.sees("Devon Okafor is deactivated, signed out everywhere");
		await leaver.follows("Sessions");
		await leaver.reads("Sign in to Harbour Physio");
		await leaver.entersPassword();
		await leaver.isTold("That email and password don't match.");
		await leaver.opens(link);
		await leaver.reads("This link doesn't work any more");

		await helper.follows("Reactivate");
		await helper.types(DEMO_PASSWORD, { into: "Your password" });
		await helper.presses("Reactivate");
		await helper.sees("Devon Okafor is active again.");
		await leaver.opens(link);
		await leaver.reads("This link doesn't work any more");
		await leaver.entersPassword();
		await leaver.reads("First we check that it's you");
		await leaver.opens(paths.signInTemporaryCode);
		await entersTemporaryCode(leaver, code);
		await leaver.isTold("That code isn't right, or it has ended.");
		await leaver.opens(paths.emailedCode);
		await leaver.presses("Email me a code");
		await leaver.reads("Enter the code we emailed to you");
		await leaver.entersCode(await emailedCode(app, devon));
		await leaver.reads("Set up 2-Step Verification to sign in");
		await leaver.presses("Set up now");
		const phone = await scansWithNewPhone(app, leaver);
		await leaver.signsOut();
		await signsInAgain(leaver, phone);
	},
);

test(
	"a thief with Casey's password calls the front desk: Avery calls the number on the profile, and only who answers there gets in",
	SLOW,
	async () => {
		await using work = await withHelper();
		const { app, helper } = work;
		const { authenticator } = await ownerWithApp(app, casey);
		// Where she always signs in, so that his guesses close nothing to her.
		const person = await AtABrowser.sitDown(app, casey, PHONE);
		await person.signsInWith(authenticator);
		await person.signsOut();
		const thief = await AtABrowser.sitDown(app, casey);
		await thief.entersPassword();
		await opensHelp(thief);
		expect(await thief.page.getByRole("link", { name: "Use a temporary code" }).count()).toBe(0);

		await opensColleague(helper, "Casey Singh");
		await helper.follows("Give a temporary code");
		await helper.sees("Never give a code to somebody who called you: call them back.");
		await opensColleague(helper, "Casey Singh");
		const told = { how: "I call the number above", number: "+1 604 555 0103" } as const;
		const code = await givesCode(helper, "Casey Singh", told);
		await thief.opens(paths.signInTemporaryCode);
		for (let tries = 0; tries < 5; tries++) await entersTemporaryCode(thief, "00000000");
		await thief.sees("That was too many wrong codes.");

		await person.entersPassword();
		await usesTemporaryCode(person, code);
		await person.reads(LOST);
		await thief.opens(paths.verify);
		await thief.reads(ASKS_APP);
	},
);

test(
	"a thief with Casey's mailbox sets a new password and stands at the second step; after a reset only Avery's code leads past it",
	SLOW,
	async () => {
		await using work = await withHelper();
		const { app, helper } = work;
		await ownerWithApp(app, casey);
		const thief = await AtABrowser.sitDown(app, casey);
		await choosesNewPassword(app, thief, NEW_PASSWORD);
		await thief.entersPassword(NEW_PASSWORD);
		await opensHelp(thief);
		for (const way of ["Email me a code", "Use a temporary code"]) {
			expect(await thief.page.getByText(way, { exact: true }).count(), way).toBe(0);
		}

		await opensColleague(helper, "Casey Singh");
		await helper.follows("Disable 2-Step Verification");
		await helper.sees("An emailed code won't do: their password was set by an emailed link");
		await helper.types("Seen in person", { into: "Reason" });
		await helper.types(DEMO_PASSWORD, { into: "Your password" });
		await helper.presses("Disable 2-Step Verification");
		await helper.sees("only a temporary code from you gets them in after the password");
		await thief.entersPassword(NEW_PASSWORD);
		await thief.reads("Ask for a temporary code");
		await thief.opens(paths.emailedCode);
		await thief.reads("Ask for a temporary code");

		// Casey, at the desk: a password that only she knows, and then the code.
		const person = await AtABrowser.sitDown(app, casey, PHONE);
		const another = "silver kettles hum by night";
		await choosesNewPassword(app, person, another);
		const code = await givesCode(helper, "Casey Singh", { how: "In person" });
		await person.entersPassword(another);
		await person.follows("Use a temporary code");
		await entersTemporaryCode(person, code);
		await person.reads("Set up 2-Step Verification");
		await thief.entersPassword(NEW_PASSWORD);
		await thief.isTold("That email and password don't match.");
	},
);

test(
	"a thief at a session that Casey left open changes nothing of how she gets in, and is out when Avery signs her out everywhere",
	SLOW,
	async () => {
		await using work = await withHelper();
		const { app, helper } = work;
		const { authenticator } = await ownerWithApp(app, casey);
		const thief = await AtABrowser.sitDown(app, casey, PHONE);
		await thief.entersPassword();
		await thief.ticks(TRUST);
		await thief.entersCode(authenticator.code());
		await thief.signsOut();
		await thief.entersPassword();
		await thief.reads("My Account");
		const changes = [paths.turnOff.to("authenticator-app"), paths.authenticatorApp, paths.newRecoveryCode];
		for (const path of [...changes, paths.changeEmail, paths.changeMobile]) {
			await thief.opens(path);
			await thief.reads("Enter a code to go on");
		}

		await opensColleague(helper, "Casey Singh");
		await helper.presses("Sign out everywhere");
		await helper.sees("Casey Singh is signed out everywhere.");
		await thief.opens(paths.profile);
		await thief.reads("Sign in to Harbour Physio");
		expect(await subjectsTo(app)).toContain("You were signed out everywhere");
	},
);

test(
	"Blake, who has Full Access, makes Casey's email his own: he gets no link, no code and no reset, and Casey takes her email back",
	SLOW,
	async () => {
		await using app = await startApp();
		await ownerWithApp(app, casey);
		const { authenticator } = await ownerWithApp(app, blake);
		const thief = await AtABrowser.sitDown(app, blake);
		await thief.signsInWith(authenticator);
		await opensColleague(thief, "Casey Singh");
		await thief.follows("Edit");
		const his = "not.casey@mail.example";
		await thief.page.locator("#email").fill(his);
		await thief.types(DEMO_PASSWORD, { into: "Your password" });
		await thief.presses("Save");
		await thief.sees(`The new email waits until ${his} is confirmed`);
		await thief.opens((await app.inbox.latest(his)).links[0] ?? "");
		await thief.presses("Confirm this email");
		await thief.reads("Your email is changed");

		const changed = await notMeLink(app, casey, "Your email was changed");
		await opensColleague(thief, "Casey Singh");
		await thief.sees("no temporary code can be given, and their 2-Step Verification can't be disabled here");
		for (const help of ["Give a temporary code", "Disable 2-Step Verification"]) {
			expect(await thief.page.getByRole("link", { name: help }).count(), help).toBe(0);
		}
		await app.inbox.clear();
		await thief.presses("Send a password link");
		await thief.sees(`A link to set a password is on its way to ${casey}.`);
		expect(await subjectsTo(app, casey)).toEqual(["Choose a new password"]);
		expect(await subjectsTo(app, his)).toEqual([
			"A link to choose a new password was sent to your earlier address",
		]);

		const person = await AtABrowser.sitDown(app, casey, PHONE);
		await person.opens(changed);
		await person.presses("This wasn't me");
		await person.reads("Check your email");
		await person.sees("The email for signing in is your earlier one again.");
		await opensColleague(thief, "Casey Singh");
		await thief.sees(casey);
	},
);
