import { expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths, textSetUpPaths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { avery, saveRecoveryCode, scanKey, setUpAuthenticatorApp, signIn } from "../harness/people.ts";
import { formToken, isIn } from "./cookies-of.ts";
import { everyForm, everyPlace, isPageOfASignIn, tryAt } from "./every-address.ts";
import { NEW_PASSWORD, ownerWithApp, waitingAtTheCode } from "./owners.ts";
import { doorsKept } from "./what-is-kept.ts";

test("who has only passed the password can add, replace and turn off nothing, and choose no new password", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const before = await doorsKept(app);
	const form = {
		"form-token": formToken(thief, "signIn"),
		password: DEMO_PASSWORD,
		"new-password": NEW_PASSWORD,
		"sign-out": "on",
		lost: "authenticator-app",
		answer: "keep",
		saved: "on",
		code: "000000",
		mobile: "+16045550188",
		kind: "text-message",
	};
	const outside = everyForm(app).filter((path) => !isPageOfASignIn(path) && path !== paths.signIn);
	expect(outside.length).toBeGreaterThan(8);
	for (const address of outside) {
		const reply = await tryAt(thief, { method: "POST", address }, form);
		expect(reply.headers["set-cookie"], address).toBeUndefined();
	}
	for (const place of everyPlace(app)) {
		const { body } = await tryAt(thief, place);
		expect(body.toString(), place.address).not.toMatch(/otpauth:|[A-Z2-7]{32}/);
	}
	expect(await doorsKept(app)).toEqual(before);
});

test("a session that began with the password alone ends when the first method goes on elsewhere", async () => {
	await using app = await startApp();
	const thief = newBrowser(app);
	await signIn(thief, avery);
	expect(await isIn(thief)).toBe(true);
	const { desk } = await ownerWithApp(app, avery);
	expect(await isIn(thief)).toBe(false);
	expect(await isIn(desk)).toBe(true);
});

test("a set-up begun with the password alone is over when the owner's own goes on first", async () => {
	await using app = await startApp();
	const thief = newBrowser(app);
	await signIn(thief, avery);
	let page = await thief.open(paths.authenticatorApp);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	const thiefsApp = scanKey(page, thief);
	const form = await page.click("Next");

	const { authenticator } = await ownerWithApp(app, avery);
	const before = await doorsKept(app);
	await form.submit({ "Verification code": thiefsApp.code() }, "Submit");
	expect(await isIn(thief)).toBe(false);
	expect(await doorsKept(app)).toEqual(before);

	const asked = await signIn(newBrowser(app), avery);
	expect((await asked.submit({ "Verification code": authenticator.code() }, "Submit")).heading).toBe(
		"My Account",
	);
});

test("a password being checked at the moment the first method goes on gives no session that stays", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	let page = await desk.open(paths.authenticatorApp);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	const authenticator = scanKey(page, desk);
	const form = await page.click("Next");

	const thieves = Array.from({ length: 6 }, () => newBrowser(app));
	const login = { email: avery, password: DEMO_PASSWORD };
	const [turnedOn] = await Promise.all([
		form.submit({ "Verification code": authenticator.code() }, "Submit"),
		...thieves.map((thief) => thief.send(paths.signIn, { method: "POST", form: login })),
	]);
	expect(turnedOn.heading).toBe("Save your Recovery Code");
	for (const thief of thieves) expect(await isIn(thief)).toBe(false);
	expect(await isIn(desk)).toBe(true);
	await saveRecoveryCode(turnedOn);
});

test("inside a session, each change of a method asks for the password first", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	const before = await doorsKept(app);
	const token = { "form-token": formToken(desk, "session") };
	const asking = [
		paths.authenticatorApp,
		paths.textMessage,
		paths.turnOff.to("authenticator-app"),
		paths.newRecoveryCode,
	];
	for (const password of ["", "not the password at all"]) {
		for (const address of asking) {
			const page = await desk.copy().post(address, { ...token, password, "sign-out": "on" });
			expect(page.status, address).toBe(422);
		}
	}
	expect((await desk.open(setUpPaths(paths.authenticatorApp).key)).path).toBe(paths.authenticatorApp);
	const texts = textSetUpPaths(paths.textMessage);
	for (const address of [texts.number, texts.code, texts.resend]) {
		const form = { ...token, mobile: "+16045550188", code: "000000" };
		expect((await desk.post(address, form)).heading, address).toMatch(/^(Set up text|This set-up has)/);
	}
	expect(await app.texts.all("+16045550188")).toEqual([]);
	// Lost your phone? is only for who came in with the Recovery Code.
	for (const answer of ["keep", ""]) {
		const page = await desk.post(paths.lostPhone, { ...token, answer, lost: "authenticator-app" });
		expect(page.path).toBe(paths.twoStep);
	}
	expect(await doorsKept(app)).toEqual(before);
});

test("two set-ups of one person, finished at the same moment, leave one method and no session of the other", async () => {
	await using app = await startApp();
	const [one, other] = [newBrowser(app), newBrowser(app)];
	const forms = [];
	for (const browser of [one, other]) {
		await signIn(browser, avery);
		let page = await browser.open(paths.authenticatorApp);
		page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
		const code = scanKey(page, browser).code();
		const form = await page.click("Next");
		forms.push({ form, code });
	}
	await Promise.all(forms.map(({ form, code }) => form.submit({ "Verification code": code }, "Submit")));
	const kept = await doorsKept(app);
	expect(kept.methods).toHaveLength(1);
	expect(kept.authenticator_apps).toHaveLength(1);
	expect(kept.authenticator_app_set_ups).toHaveLength(0);
	expect([await isIn(one), await isIn(other)].filter(Boolean)).toHaveLength(1);
});

test("setting up again while a method is on is a replacement, and asks for what a replacement asks for", async () => {
	// Nothing else to set up stands on the page.
	await using app = await startApp({ environment: { VESTIBULE_SMS_PROVIDERS: "" } });
	const { desk, authenticator } = await ownerWithApp(app, avery);
	let page = await desk.open(paths.twoStep);
	page = await page.click("Replace", { near: "Authenticator App" });
	expect(page.field("Password").type).toBe("password");
	// As a form from before it was on: the password is still asked for.
	const early = await desk.post(paths.authenticatorApp, { "form-token": formToken(desk, "session") });
	expect(early.errors).toEqual(["Enter your password."]);
	await expect(setUpAuthenticatorApp(desk)).rejects.toThrow("There is no");
	expect((await signIn(newBrowser(app), avery)).path).toBe(paths.verify);
	expect(authenticator.code()).toMatch(/^\d{6}$/);
});
