import { expect, test } from "vitest";
import { minutes, seconds } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { avery, saveRecoveryCode, scanKey, signIn } from "../harness/people.ts";
import { isIn } from "./cookies-of.ts";
import { enterCode, type Owner, ownerWithApp, ownerWithTexts, waitingAtTheCode } from "./owners.ts";

const STEP = seconds(30);
const WRONG = /^That code isn't right\. Wait for the next one in your app and enter it\./;

/** Signs in from a browser never seen, with a right password and this code. */
async function tryCode(app: App, code: string) {
	const browser = await waitingAtTheCode(app, avery);
	const page = await enterCode(browser, code);
	return { errors: page.errors, isIn: await isIn(browser), browser };
}

async function refused(app: App, code: string): Promise<string> {
	const { errors, isIn: got } = await tryCode(app, code);
	expect(got).toBe(false);
	expect(errors).toHaveLength(1);
	return errors[0] ?? "";
}

/** The codes of moments around now. @param steps how many half minutes from now */
function codeIn({ authenticator }: Owner, app: App, steps: number): string {
	return authenticator.codeAt(app.clock.now() + steps * STEP);
}

/** Starts at the very beginning of a time step, and well away from the one of the set-up. */
function intoANewStep(app: App, owner: Owner): void {
	app.clock.forward(minutes(30));
	owner.authenticator.code();
	app.clock.forward(STEP - (app.clock.now() % STEP));
}

test("a code that was used is refused the second time, in each browser and as long as it lives", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	intoANewStep(app, owner);
	const code = codeIn(owner, app, 0);
	const first = await tryCode(app, code);
	expect(first.isIn).toBe(true);

	expect(await refused(app, code)).toMatch(WRONG);
	await app.restart();
	expect(await refused(app, code)).toMatch(WRONG);
	// In the neighbouring step it would still be taken, had it not been used.
	app.clock.forward(STEP);
	expect(await refused(app, code)).toMatch(WRONG);
	// Later it is not even called an old one: a step that was used gets the plain message.
	app.clock.forward(minutes(3));
	expect(await refused(app, code)).toMatch(WRONG);
	// In the browser that is in, it does not turn off or replace anything, since nothing there asks for a code alone.
	expect(await isIn(first.browser)).toBe(true);
});

test("the code that was used in the set-up is refused at the next sign-in", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	let page = await desk.open(paths.authenticatorApp);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	const authenticator = scanKey(page, desk);
	page = await page.click("Next");
	const code = authenticator.code();
	page = await page.submit({ "Verification code": code }, "Submit");
	await saveRecoveryCode(page);

	expect(await refused(app, code)).toMatch(WRONG);
	app.clock.forward(STEP);
	expect(await refused(app, code)).toMatch(WRONG);
	expect((await tryCode(app, authenticator.code())).isIn).toBe(true);
});

test("a wrong code in the set-up that is right for another time is spent by it as well", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	let page = await desk.open(paths.authenticatorApp);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	const authenticator = scanKey(page, desk);
	page = await page.click("Next");
	const ahead = authenticator.codeAt(app.clock.now() + 6 * STEP);
	page = await page.submit({ "Verification code": ahead }, "Submit");
	expect(page.errors[0]).toContain("That code is about 3 minutes ahead.");
	page = await page.submit({ "Verification code": authenticator.code() }, "Submit");
	await saveRecoveryCode(page);

	app.clock.forward(6 * STEP);
	expect(await refused(app, ahead)).toMatch(WRONG);
	expect((await tryCode(app, authenticator.codeAt(app.clock.now() + STEP))).isIn).toBe(true);
});

test("each time step is spent by itself: its neighbours still work, once each", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	intoANewStep(app, owner);
	const codes = [codeIn(owner, app, 0), codeIn(owner, app, -1), codeIn(owner, app, 1)];
	for (const code of codes) expect((await tryCode(app, code)).isIn).toBe(true);
	for (const code of codes) expect(await refused(app, code)).toMatch(WRONG);
});

test("a code two steps away opens nothing", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	intoANewStep(app, owner);
	expect(await refused(app, codeIn(owner, app, -2))).toContain("That code is about 1 minute old.");
	expect(await refused(app, codeIn(owner, app, 2))).toContain("That code is about 1 minute ahead.");
});

test("a code 3 minutes old counts as wrong and says that the phone's clock may be slow, once", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	intoANewStep(app, owner);
	const old = codeIn(owner, app, -6);
	expect(await refused(app, old)).toBe(
		"That code is about 3 minutes old. Your phone's clock may be slow: turn on automatic date and time. You have 4 more tries.",
	);
	// Its step is spent now, and a used one gets the plain message; the steps beside it still say what is wrong.
	expect(await refused(app, old)).toMatch(WRONG);
	expect(await refused(app, codeIn(owner, app, -7))).toContain("That code is about 4 minutes old.");
	expect((await tryCode(app, codeIn(owner, app, 0))).isIn).toBe(true);
});

test("a code 3 minutes ahead says that the clock may be fast, and is refused when its time comes; its neighbours are not", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	intoANewStep(app, owner);
	const ahead = codeIn(owner, app, 6);
	const [before, after] = [codeIn(owner, app, 5), codeIn(owner, app, 7)];
	expect(await refused(app, ahead)).toBe(
		"That code is about 3 minutes ahead. Your phone's clock may be fast: turn on automatic date and time. You have 4 more tries.",
	);

	app.clock.forward(6 * STEP);
	expect(await refused(app, ahead)).toMatch(WRONG);
	expect((await tryCode(app, before)).isIn).toBe(true);
	expect((await tryCode(app, after)).isIn).toBe(true);
	expect(await refused(app, ahead)).toMatch(WRONG);
});

test("a code more than 10 minutes away is simply wrong", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	intoANewStep(app, owner);
	expect(await refused(app, codeIn(owner, app, -20))).toContain("That code is about 10 minutes old.");
	expect(await refused(app, codeIn(owner, app, 20))).toContain("That code is about 10 minutes ahead.");
	expect(await refused(app, codeIn(owner, app, -21))).toMatch(WRONG);
	expect(await refused(app, codeIn(owner, app, 21))).toMatch(WRONG);
});

test("codes of the app that was replaced are worth nothing, used or not", async () => {
	await using app = await startApp();
	const { desk, authenticator } = await ownerWithApp(app, avery);
	app.clock.forward(minutes(5));
	let page = await desk.open(paths.authenticatorApp);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	const newApp = scanKey(page, desk);
	page = await page.click("Next");
	await saveRecoveryCode(await page.submit({ "Verification code": newApp.code() }, "Submit"));

	expect(await refused(app, authenticator.code())).toMatch(WRONG);
	expect((await tryCode(app, newApp.code())).isIn).toBe(true);
});

test("a texted code that was used opens nothing again: in a copy of its sign-in, in another one, and after a restart", async () => {
	await using app = await startApp();
	const { number } = await ownerWithTexts(app, avery);
	const browser = await waitingAtTheCode(app, avery);
	const { code } = await app.texts.latest(number);
	const thief = browser.copy();
	const thiefsForm = await thief.open(paths.verify);
	expect((await enterCode(browser, code)).heading).toBe("My Account");

	const late = await thiefsForm.submit({ "Verification code": code }, "Submit");
	expect(late.path).toContain(paths.signIn);
	expect(await isIn(thief)).toBe(false);
	await app.restart();
	expect((await tryCode(app, code)).isIn).toBe(false);
});
