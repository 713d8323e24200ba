import { expect, test } from "vitest";
import { days, hours } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, textSetUpPaths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { idOf } from "../harness/by-operator.ts";
import type { Page } from "../harness/page.ts";
import { blake, casey, requireFrom, saveRecoveryCode, setUpTextMessages, signIn } from "../harness/people.ts";

const CASEYS = "+1 604 555 0103";
const NEW_NUMBER = "+16045550188";
const NEW = "+1 604 555 0188";

test("the profile says who one is, what one can change, and who changes the rest", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	const account = await signIn(desk, casey);
	const page = await account.click("Profile");
	expect(page.heading).toBe("Profile");
	for (const shown of ["Casey", casey, CASEYS, "Limited", "A Full Access user of your clinic can change it."])
		expect(page.text).toContain(shown);
	expect(page.href("Change Email")).toBe(paths.changeEmail);
	expect(page.href("Change Mobile number")).toBe(paths.changeMobile);
	// Without a session it is not there.
	expect((await newBrowser(app).open(paths.profile)).heading).toBe("Sign in to Harbour Physio");
});

/** In the activity, where neither number is learned. */
const CHANGED = "Casey Singh changed their own mobile number: from •••• •••• 0103 to •••• •••• 0188";

test("a new mobile number is told by email, and for 7 days the one before it is the one to call", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	let page = await (await desk.open(paths.profile)).click("Change Mobile number");
	expect(page.field("Mobile number").value).toBe(CASEYS);
	page = await change(page, "(604) 555-0188");
	expect(page.heading).toBe("Profile");
	expect(page.text).toContain("Your mobile number is changed.");
	expect(page.text).toContain(NEW);
	expect(page.text).toContain(`colleagues who help you are told to call ${CASEYS}`);

	const email = await app.inbox.latest(casey);
	expect(email.subject).toBe("Your mobile number was changed – Harbour Physio");
	expect(email.text).toContain(`The mobile number on your staff profile is now ${NEW}.`);
	expect(email.text).toContain(`is told to call the number before it, ${CASEYS}`);
	expect(email.text).toContain("This wasn't me");
	expect(await timesChanged(app)).toBe(1);
	expect((await desk.open(paths.ownActivity)).text).toContain(CHANGED);
	expect(await numberToCall(app)).toContain(CASEYS);

	app.clock.forward(days(7));
	expect(await numberToCall(app)).not.toContain(CASEYS);
	expect(await numberToCall(app)).toContain(NEW);
});

test("changing twice within 7 days does not make the number before forgotten", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await changesTo(desk, NEW_NUMBER);
	app.clock.forward(days(6));
	await changesTo(desk, "+16045550177");
	app.clock.forward(days(6));
	expect(await numberToCall(app)).toContain(CASEYS);
	expect(await numberToCall(app)).not.toContain(NEW);
	app.clock.forward(days(1));
	expect(await numberToCall(app)).not.toContain(CASEYS);
});

test("a number that can't be called is said at its field; the same number, however it is written, is no change", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	const form = await desk.open(paths.changeMobile);
	let page = await change(form, "12345");
	expect(page.errors[0]).toContain("Enter the number with its area code");
	expect(page.field("Mobile number").value).toBe("12345");
	page = await change(form, "604.555.0103");
	expect(page.errors[0]).toContain("That is your mobile number already.");
	page = await change(form, NEW_NUMBER, "not the password at all");
	expect(page.errors).toHaveLength(1);
	expect(await app.inbox.all()).toEqual([]);
	expect(await timesChanged(app)).toBe(0);

	page = await change(form, "");
	expect(page.text).toContain("None yet");
	expect((await app.inbox.latest(casey)).text).toContain("was taken off");
	expect(await numberToCall(app)).toContain(CASEYS);
});

test("while text messages are on, a new number is a replacement: the old one stays until the new one's code is entered", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	await setUpTextMessages(desk);
	let page = await desk.open(paths.profile);
	expect(page.text).toContain("A new number replaces it once you have entered a code from it.");
	page = await page.click("Change Mobile number");
	expect(page.path).toBe(paths.textMessage);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	expect(page.field("Mobile number").value).toBe(CASEYS);
	page = await page.submit({ "Mobile number": NEW_NUMBER }, "Next");
	expect((await signIn(newBrowser(app), casey)).heading).toBe("Enter the code we texted to •••• •••• 0103");
	expect((await desk.open(paths.profile)).text).toContain(CASEYS);
	expect(await timesChanged(app)).toBe(0);

	await app.inbox.clear();
	page = await desk.open(textSetUpPaths(paths.textMessage).code);
	const { code } = await app.texts.latest(NEW_NUMBER);
	page = await page.submit({ "Verification code": code }, "Submit");
	await saveRecoveryCode(page);
	expect((await desk.open(paths.profile)).text).toContain(NEW);
	expect((await signIn(newBrowser(app), casey)).heading).toBe("Enter the code we texted to •••• •••• 0188");
	expect(await timesChanged(app)).toBe(1);
	expect((await desk.open(paths.ownActivity)).text).toContain(CHANGED);
	expect((await app.inbox.all(casey)).map(({ subject }) => subject).toSorted()).toEqual([
		"Text Message (SMS) was replaced – Harbour Physio",
		"Your mobile number was changed – Harbour Physio",
	]);
	expect(await numberToCall(app)).toContain(CASEYS);
});

test("replacing with the same number changes nothing on the profile and tells of none", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	await setUpTextMessages(desk);
	app.clock.forward(hours(1));
	await setUpTextMessages(desk);
	expect(await timesChanged(app)).toBe(0);
	const subjects = (await app.inbox.all(casey)).map(({ subject }) => subject);
	expect(subjects).not.toContain("Your mobile number was changed – Harbour Physio");
});

test("where the clinic stopped text messages, the number to call changes alone: codes go where they went", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	await setUpTextMessages(desk);
	await requireFrom(app, null, { allowsTexts: false });
	let page = await desk.open(paths.changeMobile);
	expect(page.text).toContain("Your codes are texted to •••• •••• 0103.");
	page = await change(page, NEW_NUMBER);
	expect(page.text).toContain(NEW);
	expect(page.text).toContain("Your codes are texted to •••• •••• 0103.");
	expect((await signIn(newBrowser(app), casey)).heading).toBe("Enter the code we texted to •••• •••• 0103");
});

test("a thief in a session that was left open changes no number without the password, and has few tries", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	let page = await desk.open(paths.changeMobile);
	for (let tries = 0; tries < 5; tries++) page = await change(page, NEW_NUMBER, `a guess at it ${tries}`);
	expect(page.heading).toBe("Sign in to Harbour Physio");
	expect((await desk.open(paths.profile)).heading).toBe("Sign in to Harbour Physio");
	expect(await timesChanged(app)).toBe(0);
});

function change(form: Page, mobile: string, password = DEMO_PASSWORD): Promise<Page> {
	return form.submit({ "Mobile number": mobile, Password: password }, "Save");
}

/** Casey signs in and changes the number. */
async function changesTo(browser: Browser, mobile: string): Promise<void> {
	await signIn(browser, casey);
	const page = await change(await browser.open(paths.changeMobile), mobile);
	expect(page.text).toContain("Your mobile number is changed.");
}

/** What Blake, who helps Casey, is told of whom to call. */
async function numberToCall(app: App): Promise<string> {
	const browser = newBrowser(app);
	await signIn(browser, blake);
	return (await browser.open(paths.colleague.to(await idOf(app, casey)))).text;
}

async function timesChanged(app: App): Promise<number> {
	const rows = await app.database.backdoor
		.selectFrom("activity_events")
		.select("kind")
		.where("kind", "=", "mobile-changed")
		.execute();
	return rows.length;
}
