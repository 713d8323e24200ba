import { expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths, textSetUpPaths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import {
	avery,
	casey,
	saveRecoveryCode,
	scanKey,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
	signInTrusting,
	signOut,
} from "../harness/people.ts";
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
		// Signing out takes cookies away, whoever asks; nothing gives one.
		for (const cookie of reply.headers["set-cookie"] ?? [])
			expect(cookie, address).toContain("=; Max-Age=0;");
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

/** What a session may do that was let in by a trusted browser: nothing of *Asking again* but to change the password. */
const asksNoCode: readonly string[] = [
	paths.password,
	paths.confirm,
	paths.confirmByText,
	paths.textConfirmCode,
	paths.confirmByRecoveryCode,
	paths.makeDefault,
	paths.removeTrusted,
	paths.signOut,
	paths.endSession,
	paths.endOtherSessions,
	paths.timeLeft,
	paths.sendReminder,
	paths.whoHasItOnCsv,
	paths.report,
	paths.activityDownload,
	paths.ownActivityDownload,
	paths.cancelEmailChange,
	paths.signColleagueOut.to("nobody"),
	paths.sendPasswordLink.to("nobody"),
	// Of somebody with Limited access.
	paths.inviteStaff,
	// Of a set-up that has been done in this very session, and of a sign-in by Recovery Code.
	paths.recoveryCode,
	paths.lostPhone,
	paths.appInstead,
	// Of nobody, or of somebody not signed in.
	paths.signIn,
	paths.forgotPassword,
];

test("in a session by a trusted browser every form that changes methods, rules or people asks for a code first", async () => {
	await using app = await startApp();
	const { home } = await trustedHome(app);
	const before = await doorsKept(app);
	const form = {
		"form-token": formToken(home, "session"),
		password: DEMO_PASSWORD,
		"sign-out": "on",
		code: "000000",
		mobile: "+16045550188",
		confirmed: "yes",
		"effective-date": "",
		version: "0",
		"sign-out-after": "86400000",
	};
	const asked: string[] = [];
	const isOpen = (address: string) => asksNoCode.includes(address) || isPageOfASignIn(address);
	const isLink = (address: string) =>
		[paths.setPassword, paths.notMe, paths.confirmEmail].some(({ to }) => address.startsWith(to("")));
	const others = everyForm(app).filter((address) => !isOpen(address) && !isLink(address));
	for (const address of others) {
		const { status, headers } = await tryAt(home, { method: "POST", address }, form);
		expect([status, headers.location?.split("?")[0]], address).toEqual([303, paths.confirm]);
		asked.push(address);
	}
	const texts = textSetUpPaths(paths.textMessage);
	expect(asked).toEqual(
		expect.arrayContaining([
			paths.authenticatorApp,
			setUpPaths(paths.authenticatorApp).code,
			...[texts.start, texts.number, texts.code, texts.resend],
			paths.turnOff.to("authenticator-app"),
			paths.turnOff.to("text-message"),
			paths.newRecoveryCode,
			paths.enforcement,
			paths.automaticSignOut,
		]),
	);
	for (const address of asked) {
		const { status, headers } = await tryAt(home, { method: "GET", address });
		if (status === 404) continue;
		expect([status, headers.location?.split("?")[0]], address).toEqual([303, paths.confirm]);
	}
	expect(await doorsKept(app)).toEqual(before);
	expect(await app.texts.all("+16045550188")).toEqual([]);
});

test("the pages that ask for that code give nothing away without it", async () => {
	await using app = await startApp();
	const { home } = await trustedHome(app);
	const other = newBrowser(app);
	await signIn(other, casey);
	const before = await doorsKept(app);
	const own = { "form-token": formToken(home, "session") };
	const back = `?${new URLSearchParams({ return: paths.authenticatorApp })}`;
	for (const address of [paths.confirm, paths.confirmByText, paths.confirmByRecoveryCode]) {
		for (const typed of ["", " ", "12345"]) {
			await home.post(address + back, { ...own, code: typed, "recovery-code": typed.replace("12345", "") });
			expect((await home.open(paths.authenticatorApp)).path, address).toMatch(/^\/account\/confirm/);
		}
	}
	// Nor is a right code taken with the token of another session, or with none.
	for (const token of ["", formToken(other, "session")]) {
		const form = { "form-token": token, code: "123456" };
		expect((await home.copy().post(paths.confirm + back, form)).status).toBe(403);
	}
	expect(await doorsKept(app)).toEqual(before);
});

test("a code passed in one session opens nothing in another of the same person", async () => {
	await using app = await startApp();
	const { home, authenticator } = await trustedHome(app);
	const copy = home.copy();
	await signOut(home);
	await signIn(home, avery);
	const page = await home.open(paths.newRecoveryCode);
	const opened = await page.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(opened.path).toBe(paths.newRecoveryCode);
	const again = copy.copy();
	await signIn(again, avery);
	expect((await again.open(paths.newRecoveryCode)).heading).toBe("Enter a code to go on");
});

/** Avery, with both methods on, in a session that asked for the password alone, since this browser is trusted. */
async function trustedHome(app: App): Promise<{ home: Browser; authenticator: Authenticator }> {
	const { desk, authenticator } = await ownerWithApp(app, avery);
	await setUpTextMessages(desk);
	const home = newBrowser(app);
	await signInTrusting(home, avery, authenticator);
	await signOut(home);
	expect((await signIn(home, avery)).heading).toBe("My Account");
	return { home, authenticator };
}
