import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { hours, minutes, seconds } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths, textSetUpPaths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { avery, beginTextSetUp, casey, scanKey, signIn, signOut } from "../harness/people.ts";
import { formToken, isIn } from "./cookies-of.ts";
import {
	enterCode,
	enterRecoveryCode,
	NEW_PASSWORD,
	notThis,
	ownerWithApp,
	ownerWithTexts,
	waitingAtTheCode,
} from "./owners.ts";
import { countEvents, countSessions, doorsKept } from "./what-is-kept.ts";

const WRONG = "not the password at all";

test("of passwords at sign-in ten are looked at, and in the wait not even the right one", async () => {
	await using app = await startApp();
	for (let tries = 0; tries < 10; tries++) {
		expect((await signIn(newBrowser(app), casey, WRONG)).status).toBe(422);
	}
	expect((await signIn(newBrowser(app), casey)).status).toBe(429);
	expect(await countSessions(app)).toBe(0);
	expect(await countEvents(app, "password-refused")).toBe(10);
	app.clock.forward(minutes(1) + seconds(1));
	expect((await signIn(newBrowser(app), casey)).heading).toBe("My Account");
});

test("of passwords in a known browser ten are looked at as well", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	await signOut(desk);
	for (let tries = 0; tries < 10; tries++) expect((await signIn(desk, casey, WRONG)).status).toBe(422);
	expect((await signIn(desk, casey)).status).toBe(429);
	expect(await isIn(desk)).toBe(false);
});

test("of codes five are looked at, over however many sign-ins, ways and cookies they are spread", async () => {
	await using app = await startApp();
	const { authenticator } = await ownerWithApp(app, avery);
	const token = (browser: Browser) => ({ "form-token": formToken(browser, "signIn") });
	for (let tries = 0; tries < 5; tries++) {
		const thief = await waitingAtTheCode(app, avery);
		// Choosing the way again begins no new count.
		await thief.post(paths.anotherWay, { ...token(thief), way: "authenticator-app" });
		expect((await enterCode(thief, authenticator.wrongCode())).status).toBe(422);
	}
	const late = await waitingAtTheCode(app, avery);
	await late.post(paths.anotherWay, { ...token(late), way: "authenticator-app" });
	await app.restart();
	const refused = await enterCode(late, authenticator.code());
	expect(refused.status).toBe(429);
	expect(refused.errors[0]).toContain("That was too many wrong codes. You can enter codes again at ");
	expect(await isIn(late)).toBe(false);
	expect(await countEvents(app, "second-step-refused")).toBe(5);
	expect(await countEvents(app, "second-step-waits")).toBe(1);
});

test("of texted codes five are looked at, over however many sign-ins, messages and cookies they are spread", async () => {
	await using app = await startApp();
	const { number } = await ownerWithTexts(app, avery);
	for (let tries = 0; tries < 3; tries++) {
		const thief = await waitingAtTheCode(app, avery);
		expect((await enterCode(thief, notThis((await app.texts.latest(number)).code))).status).toBe(422);
	}
	const late = await waitingAtTheCode(app, avery);
	const { code } = await app.texts.latest(number);
	const token = { "form-token": formToken(late, "signIn") };
	for (const again of [
		{ path: paths.verify, form: { ...token, resend: "yes" } },
		{ path: paths.anotherWay, form: { ...token, way: "text-message" } },
	]) {
		app.clock.forward(minutes(2) + seconds(1));
		await late.post(again.path, again.form);
		expect((await enterCode(late, notThis(code))).status).toBe(422);
	}
	await app.restart();
	const refused = await enterCode(late, code);
	expect(refused.status).toBe(429);
	expect(await isIn(late)).toBe(false);
	expect(await countEvents(app, "second-step-refused")).toBe(5);
});

test("of Recovery Codes 30 an hour are looked at, apart for the known browser, and in the wait not even the right one", async () => {
	await using app = await startApp();
	const { desk, recoveryCode } = await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const form = { "form-token": formToken(thief, "signIn"), "recovery-code": "0000-0000-0000-0000-0000" };
	for (let tries = 0; tries < 30; tries++) {
		expect((await thief.post(paths.signInRecoveryCode, form)).status).toBe(422);
	}
	expect((await enterRecoveryCode(thief, recoveryCode)).status).toBe(429);
	expect((await enterRecoveryCode(await waitingAtTheCode(app, avery), recoveryCode)).status).toBe(429);
	expect(await countEvents(app, "recovery-code-refused")).toBe(30);
	expect(await countEvents(app, "recovery-code-waits")).toBe(1);

	await signOut(desk);
	await signIn(desk, avery);
	expect((await enterRecoveryCode(desk, recoveryCode)).heading).toBe("Lost your phone?");
});

/** Places inside a session that ask for the password again, with the rest of its form filled in. */
const askingAgain: [address: string, form: Record<string, string>][] = [
	[paths.password, { "new-password": NEW_PASSWORD }],
	[paths.authenticatorApp, { "sign-out": "on" }],
	[paths.turnOff.to("authenticator-app"), { "sign-out": "on" }],
	[paths.newRecoveryCode, {}],
	[paths.textMessage, { "sign-out": "on" }],
];

/** Sends the form with this password, as a page of the session does. */
function ask(browser: Browser, [address, form]: (typeof askingAgain)[number], password: string) {
	return browser.copy().send(address, {
		method: "POST",
		form: { ...form, password, "form-token": formToken(browser, "session") },
	});
}

test("five wrong passwords end the session also when they are asked for in different places", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	const [last, ...first] = askingAgain;
	if (!last) throw new Error("Nothing asks again");
	expect(first).toHaveLength(4);
	for (const place of first) expect((await ask(desk, place, WRONG)).status).toBe(422);
	await ask(desk, last, WRONG);
	expect(await isIn(desk)).toBe(false);
});

test("of passwords asked again five are looked at, however many are sent at the same moment", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	const before = await doorsKept(app);
	const places = askingAgain.filter(([address]) => address !== paths.authenticatorApp);
	const guesses = [0, 1, 2, 3, 4, 5].flatMap(() => places.map((place) => ask(desk, place, WRONG)));
	await Promise.all(guesses);
	const late = await Promise.all(places.map((place) => ask(desk, place, DEMO_PASSWORD)));
	expect(late.every(({ status }) => status === 303)).toBe(true);
	expect(await isIn(desk)).toBe(false);
	expect(await countEvents(app, "password-refused")).toBeLessThanOrEqual(5);
	expect(await doorsKept(app)).toEqual({ ...before, sessions: [] });
});

test("a right password sent while five wrong ones are being compared changes nothing any more", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	const before = await doorsKept(app);
	const [, , turnOff, newCode] = askingAgain;
	if (!turnOff || !newCode) throw new Error("Nothing asks again");
	const wrong = Promise.all(Array.from({ length: 5 }, () => ask(desk, newCode, WRONG)));
	for (let counted = 0; counted < 5; await pause(1)) {
		const [session] = await app.database.backdoor.selectFrom("sessions").select("wrong_proofs").execute();
		counted = session?.wrong_proofs ?? 5;
	}
	await Promise.all([wrong, ask(desk, turnOff, DEMO_PASSWORD)]);
	expect(await isIn(desk)).toBe(false);
	expect(await doorsKept(app)).toEqual({ ...before, sessions: [] });
});

test("a set-up takes five codes, and then not even the right one", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	let page = await desk.open(paths.authenticatorApp);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	const authenticator = scanKey(page, desk);
	const form = await page.click("Next");
	for (let left = 4; left >= 0; left--) {
		page = await form.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
		expect(page.status).toBe(422);
		expect(page.heading).toBe(
			left > 0 ? "Enter the code from your authenticator app" : "This set-up has ended",
		);
	}
	page = await form.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(page.heading).toBe("This set-up has ended");
	expect((await desk.open(setUpPaths(paths.authenticatorApp).key)).path).toBe(paths.authenticatorApp);
	expect((await doorsKept(app)).methods).toEqual([]);
	expect((await doorsKept(app)).authenticator_app_set_ups).toEqual([]);
});

test("a set-up of text messages takes five codes whatever is sent again, and then not even the right one", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	let page = await (await beginTextSetUp(desk)).click("Next");
	const form = page;
	const number = "+16045550101";
	const { code } = await app.texts.latest(number);
	for (let left = 4; left >= 0; left--) {
		// Neither a resend nor the same number entered again begins a new count.
		app.clock.forward(seconds(31));
		if (left === 3) await (await desk.open(textSetUpPaths(paths.textMessage).code)).click("Resend code");
		if (left === 2) await (await desk.open(textSetUpPaths(paths.textMessage).number)).click("Next");
		page = await form.submit({ "Verification code": notThis(code) }, "Submit");
		expect(page.status).toBe(422);
		expect(page.heading === "This set-up has ended", `with ${left} left`).toBe(left === 0);
	}
	page = await form.submit({ "Verification code": code }, "Submit");
	expect(page.heading).toBe("This set-up has ended");
	expect((await doorsKept(app)).methods).toEqual([]);
});

async function askForLink(app: App, browser: Browser, email = casey): Promise<number> {
	const page = await browser.post(paths.forgotPassword, { email });
	expect(page.heading).toBe("Check your email");
	return (await app.inbox.all(email)).length;
}

test("strangers have three links an hour and ten a day emailed to one person, and are answered the same after that", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	const sent = [1, 2, 3, 3];
	for (const emails of sent) expect(await askForLink(app, newBrowser(app))).toBe(emails);
	for (const emails of [6, 9, 10]) {
		app.clock.forward(hours(1) + seconds(1));
		for (let asked = 0; asked < 2; asked++) await askForLink(app, newBrowser(app));
		expect(await askForLink(app, newBrowser(app))).toBe(emails);
	}
	// Whoever asks from a known browser is not kept waiting by strangers.
	expect(await askForLink(app, desk)).toBe(11);
});
