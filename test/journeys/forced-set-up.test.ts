import { expect, test } from "vitest";
import { hours, minutes, seconds } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths, textSetUpPaths } from "../../src/paths.ts";
import { forgetWhatIsOver } from "../../src/upkeep/forget.ts";
import { countEvents, countSessions, doorsKept } from "../bypasses/what-is-kept.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import {
	avery,
	blake,
	casey,
	emailedCode,
	proveByEmail,
	recoveryCodeOn,
	requireFrom,
	saveRecoveryCode,
	scanKey,
	setUpAuthenticatorApp,
	setUpInSignIn,
	signIn,
	signInWithCode,
} from "../harness/people.ts";

// The harness's clock stands on Mon 7 Dec 2026, a morning in Vancouver.
const TODAY = "2026-12-07";
const NEXT_WEEK = "2026-12-14";
const OFFER = "Set up 2-Step Verification by Mon 14 Dec 2026";
const TEXTS = { "What do you want to set up?": "Text Message (SMS)" };
const FORCED = "Set up 2-Step Verification to sign in";

test("before the date the prompt may be declined, each time anew", async () => {
	await using app = await startApp();
	await requireFrom(app, NEXT_WEEK);
	for (const _ of [1, 2]) {
		const prompt = await signIn(newBrowser(app), casey);
		expect(prompt.heading).toBe(OFFER);
		expect(prompt.text).toContain("From that day Harbour Physio requires it");
		expect(prompt.buttons).toEqual(["Set up now", "Not now"]);
		const home = await prompt.click("Not now");
		expect(home.heading).toBe("My Account");
		expect(home.text).toContain("From Mon 14 Dec 2026 you need 2-Step Verification");
	}
	expect(await countEvents(app, "set-up-declined", casey)).toBe(2);
	expect(await countEvents(app, "signed-in", casey)).toBe(2);
});

test("Set up now sets up between password and session, asks no password, and leads to the page first asked for", async () => {
	await using app = await startApp();
	await requireFrom(app, NEXT_WEEK);
	const browser = newBrowser(app);
	await browser.open(`${paths.signIn}?return=${encodeURIComponent("/account/password?a=b")}`);
	const prompt = await browser.page.submit({ Email: casey, Password: DEMO_PASSWORD }, "Sign in");
	const key = await prompt.submit({}, "Set up now");
	expect(key.text).toContain("Step 1 of 3");
	const authenticator = scanKey(key, browser);
	const enter = await key.click("Next");
	expect(enter.text).toContain("Step 2 of 3");
	expect(await countSessions(app, casey)).toBe(0);

	const wrong = await enter.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
	expect(wrong.errors[0]).toContain("You have 4 more tries.");
	const recovery = await wrong.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(recovery.heading).toBe("Save your Recovery Code");
	expect(recovery.text).toContain("Step 3 of 3");
	expect(await countSessions(app, casey)).toBe(1);
	const { page } = await saveRecoveryCode(recovery);
	expect(page.path).toBe("/account/password?a=b");

	expect((await app.inbox.all(casey)).map(({ subject }) => subject)).toEqual([
		"Authenticator App was set up – Harbour Physio",
	]);
	expect(await countEvents(app, "set-up-declined", casey)).toBe(0);

	// The next sign-in asks for its code.
	app.clock.forward(minutes(1));
	expect((await signInWithCode(newBrowser(app), casey, authenticator)).heading).toBe("My Account");
});

test("from the date on an emailed code comes first, and then the set-up, and there is no way past", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const browser = newBrowser(app);
	const prove = await signIn(browser, casey);
	expect(prove.heading).toBe("First we check that it's you");
	expect(prove.text).toContain("Harbour Physio requires 2-Step Verification. Before you set it up, we check");
	expect(prove.text).toContain("We email a code to c••••@harbour.example.");
	expect(prove.buttons).toEqual(["Email me a code", "Cancel"]);
	expect(await app.inbox.all(casey)).toEqual([]);

	// The first try finds the mail server busy, so that there is time to look.
	app.inbox.server.answerRecipient({ code: 451, text: "Try again later" });
	const enter = await prove.click("Email me a code");
	expect(enter.heading).toBe("Enter the code we emailed to you");
	expect(enter.text).toContain("The email to c••••@harbour.example is on its way.");
	await app.drain();
	app.inbox.server.answerRecipient(undefined);
	app.clock.forward(seconds(30));
	const email = await app.inbox.latest(casey);
	expect(email.text).toContain("If that wasn't you, somebody has your password.");
	expect((await browser.reload()).text).toContain("Sent to c••••@harbour.example at 10:00 am.");

	const wrong = await enter.submit({ "Verification code": "00000000" }, "Submit");
	expect(wrong.errors).toEqual(["That code isn't right. Check the newest email. You have 4 more tries."]);
	const code = await emailedCode(app, casey);
	const forced = await wrong.submit({ "Verification code": ` ${code.replace(" ", "–")} ` }, "Submit");
	expect(forced.heading).toBe(FORCED);
	expect(forced.buttons).toEqual(["Set up now", "Cancel"]);
	expect(await countSessions(app, casey)).toBe(0);

	const { page, authenticator } = await setUpInSignIn(browser);
	expect(page.text).toContain("You're all set.");
	app.clock.forward(minutes(1));
	expect((await signInWithCode(newBrowser(app), casey, authenticator)).heading).toBe("My Account");
	for (const kind of ["emailed-code-sent", "emailed-code-refused", "emailed-code-used", "method-set-up"]) {
		expect(await countEvents(app, kind, casey), kind).toBe(1);
	}
});

test("who chooses text messages is texted a code in the sign-in, and a number of their own becomes the profile's", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const browser = newBrowser(app);
	await signIn(browser, casey);
	const forced = await proveByEmail(browser, casey);
	const number = await forced.submit(TEXTS, "Set up now");
	expect(number.heading).toBe("Set up text messages");
	expect(number.field("Mobile number").value).toBe("+1 604 555 0103");
	const enter = await number.submit({ "Mobile number": "604 555 0177" }, "Next");
	expect(enter.heading).toContain("Enter the code we texted to");
	const text = await app.texts.latest("+16045550177");
	const { recoveryCode, page } = await saveRecoveryCode(
		await enter.submit({ "Verification code": text.code }, "Submit"),
	);
	expect(recoveryCode).toMatch(/^[0-9A-Z ]{24}$/);
	expect(page.text).toContain("You're all set.");
	expect((await browser.open(paths.account)).text).toContain("+1 604 555 0177");
	app.clock.forward(minutes(6));
	expect((await signIn(newBrowser(app), casey)).heading).toContain("Enter the code we texted to");
});

test("where the clinic allows no text messages only the app is offered, and a set-up of texts under way ends", async () => {
	await using app = await startApp();
	await requireFrom(app, NEXT_WEEK);
	const browser = newBrowser(app);
	const prompt = await signIn(browser, casey);
	expect(prompt.field("Authenticator App").checked).toBe(true);
	const number = await prompt.submit(TEXTS, "Set up now");
	const enter = await number.click("Next");
	const { code } = await app.texts.latest("+16045550103");

	await requireFrom(app, NEXT_WEEK, { allowsTexts: false });
	const over = await enter.submit({ "Verification code": code }, "Submit");
	expect(over.heading).toBe("This set-up has ended");
	expect(over.text).toContain("so nothing was turned on by it. Start again.");
	const again = await over.click("Start again");
	expect(again.fields).toEqual([]);
	expect(again.text).toContain("You need an authenticator app");
	const key = await browser.post(paths.signInSetUp, {
		kind: "text-message",
		"form-token": /name="form-token" value="([^"]+)"/.exec(again.html)?.[1] ?? "",
	});
	expect(key.heading).toBe("Scan this with your authenticator app");
	expect((await doorsKept(app)).methods).toEqual([]);
});

test("a code that arrives late works in the next sign-in, which shows its field at once", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const first = newBrowser(app);
	await signIn(first, casey);
	const waiting = await first.page.click("Email me a code");
	await waiting.click("Cancel");

	app.clock.forward(minutes(40));
	const next = newBrowser(app);
	const enter = await signIn(next, casey);
	expect(enter.heading).toBe("Enter the code we emailed to you");
	const code = await emailedCode(app, casey);
	expect((await enter.submit({ "Verification code": code }, "Submit")).heading).toBe(FORCED);
});

test("each code that was sent works for an hour, or until one is used", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const browser = newBrowser(app);
	let page = await signIn(browser, casey);
	page = await page.click("Email me a code");
	const first = await emailedCode(app, casey);
	app.clock.forward(minutes(20));
	page = await page.click("Resend code");
	const second = await emailedCode(app, casey);
	page = await page.click("Resend code");
	const third = await emailedCode(app, casey);
	expect(new Set([first, second, third]).size).toBe(3);

	app.clock.forward(minutes(39));
	const other = newBrowser(app);
	const inOther = await signIn(other, casey);
	app.clock.forward(minutes(1) + seconds(1));
	const late = await inOther.submit({ "Verification code": first }, "Submit");
	expect(late.errors[0]).toContain("That code no longer works");
	expect((await late.submit({ "Verification code": second }, "Submit")).heading).toBe(FORCED);

	// The next sign-in needs a code of its own: a later one, and none of those from before.
	const again = newBrowser(app);
	page = await signIn(again, casey);
	expect(page.heading).toBe("First we check that it's you");
	const token = /name="form-token" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
	for (const code of [first, second, third]) {
		const refused = await again.post(paths.emailedCode, { "form-token": token, code });
		expect(refused.errors[0]).toContain("That code no longer works");
	}
	page = await page.click("Email me a code");
	expect((await page.submit({ "Verification code": await emailedCode(app, casey) }, "Submit")).heading).toBe(
		FORCED,
	);
});

test("three codes an hour are emailed, and the page says from when on another can be", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const browser = newBrowser(app);
	let page = await signIn(browser, casey);
	page = await page.click("Email me a code");
	page = await page.click("Resend code");
	page = await page.click("Resend code");
	expect(page.buttons).not.toContain("Resend code");
	expect(page.text).toMatch(
		/You have had three codes within an hour\. The next one can be emailed at 11:0\d am/,
	);
	const sent = await browser.post(paths.sendEmailedCode, {
		"form-token": /name="form-token" value="([^"]+)"/.exec(page.html)?.[1] ?? "",
	});
	expect(sent.status).toBe(429);
	expect(await app.inbox.all(casey)).toHaveLength(3);
	expect(await countEvents(app, "emailed-code-waits", casey)).toBe(1);

	app.clock.forward(minutes(59));
	await signIn(browser, casey);
	app.clock.forward(minutes(2));
	page = await browser.open(paths.emailedCode);
	await page.click("Email me a code");
	expect(await app.inbox.all(casey)).toHaveLength(4);
});

test("a mail server that is down is not reported as having taken the code", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const browser = newBrowser(app);
	app.inbox.server.answerRecipient({ code: 550, text: "No such user" });
	const page = await (await signIn(browser, casey)).click("Email me a code");
	await app.drain();
	expect((await browser.reload()).text).toContain(
		"We could not send the email to c••••@harbour.example. Choose Resend code.",
	);
	expect(page.text).not.toContain("Sent to");
});

test("a password set by an emailed link within the hour needs no emailed code, and after that hour again", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const browser = newBrowser(app);
	const asked = await browser.open(paths.forgotPassword);
	await asked.submit({ Email: casey }, "Email me a link");
	const [link = ""] = (await app.inbox.latest(casey)).links;
	const chosen = await browser.openFromEmail(link);
	const password = "marble heron counts slowly";
	await chosen.submit({ "New password": password }, "Save password");

	app.clock.forward(minutes(58));
	const forced = await signIn(browser, casey, password);
	expect(forced.heading).toBe(FORCED);
	const key = await forced.submit({}, "Set up now");
	const authenticator = scanKey(key, browser);
	const enter = await key.click("Next");

	// The hour is over before the set-up is: now it is asked for.
	app.clock.forward(minutes(3));
	const prove = await enter.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(prove.heading).toBe("First we check that it's you");
	await proveByEmail(browser, casey);
	expect((await setUpInSignIn(browser)).page.text).toContain("You're all set.");
});

test("a sign-in lasts an hour from the password where it waits for an emailed code or a set-up", async () => {
	await using app = await startApp();
	for (const day of [NEXT_WEEK, TODAY]) {
		await requireFrom(app, day);
		const browser = newBrowser(app);
		const page = await signIn(browser, casey);
		app.clock.forward(minutes(59));
		expect((await browser.reload()).heading).toBe(page.heading);
		app.clock.forward(minutes(1));
		expect((await browser.reload()).path).toBe(`${paths.signIn}?notice=over`);
	}
});

test("who is signed in already stays so, with the banner, and is asked at the next sign-in", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, casey);
	await requireFrom(app, TODAY);
	const account = await browser.open(paths.account);
	const banner = "Harbour Physio has required 2-Step Verification since Mon 7 Dec 2026.";
	expect(account.text).toContain(banner);
	const setUp = "Set up 2-Step Verification";
	const profile = await browser.open(paths.profile);
	expect(profile.href(setUp)).toBe(paths.twoStep);
	// Where it leads, and in a set-up, it leads nowhere.
	for (const path of [paths.twoStep, paths.authenticatorApp]) {
		const page = await browser.open(path);
		expect(page.text).toContain(banner);
		expect(page.links).not.toContain(setUp);
	}
	expect((await signIn(newBrowser(app), casey)).path).toBe(paths.emailedCode);
});

test("a requirement that is turned off while somebody waits keeps nobody out", async () => {
	await using app = await startApp();
	await requireFrom(app, NEXT_WEEK);
	const prompted = await signIn(newBrowser(app), casey);
	await requireFrom(app, TODAY);
	const proving = await signIn(newBrowser(app), avery);
	await requireFrom(app, null);
	expect((await prompted.click("Not now")).heading).toBe("My Account");
	expect((await proving.click("Email me a code")).path).toBe(`${paths.signIn}?notice=over`);
	expect(await app.inbox.all(avery)).toEqual([]);
	expect((await signIn(newBrowser(app), avery)).heading).toBe("My Account");
});

test("setting up in a sign-in ends the sessions of whoever is in with the password alone", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	await requireFrom(app, TODAY);
	const browser = newBrowser(app);
	await signIn(browser, casey);
	await proveByEmail(browser, casey);
	await setUpInSignIn(browser);
	expect((await desk.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
	expect((await browser.open(paths.account)).heading).toBe("My Account");
	expect(await countSessions(app, casey)).toBe(1);
});

test("who has set up elsewhere meanwhile is asked for a code, and no second method goes on", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	await requireFrom(app, TODAY);
	const browser = newBrowser(app);
	await signIn(browser, casey);
	const forced = await proveByEmail(browser, casey);
	const key = await forced.submit({}, "Set up now");
	const parked = scanKey(key, browser);
	const enter = await key.click("Next");

	await setUpAuthenticatorApp(desk);
	const before = await doorsKept(app);
	expect((await enter.submit({ "Verification code": parked.code() }, "Submit")).path).toBe(
		`${paths.signIn}?notice=over`,
	);
	expect(await doorsKept(app)).toEqual(before);
});

test("a set-up in a sign-in that is left, cancelled or has ended begins again at the prompt", async () => {
	await using app = await startApp();
	await requireFrom(app, NEXT_WEEK);
	const browser = newBrowser(app);
	const prompt = await signIn(browser, blake);
	const app_ = setUpPaths(paths.signInAuthenticatorApp);
	const text = textSetUpPaths(paths.signInTextMessage);
	for (const address of [app_.key, app_.code, text.number, text.code]) {
		expect((await browser.open(address)).heading, address).toBe(OFFER);
	}
	const key = await prompt.submit({}, "Set up now");
	const { secret } = scanKey(key, browser);
	expect((await key.click("Cancel")).heading).toBe(OFFER);
	expect(scanKey(await browser.page.submit({}, "Set up now"), browser).secret).not.toBe(secret);
	expect((await (await browser.open(paths.signInSetUp)).click("Not now")).heading).toBe("My Account");
	// What was begun ended with its sign-in.
	expect((await browser.open(app_.key)).heading).toBe("My Account");
	expect((await doorsKept(app)).methods).toEqual([]);
});

test("a finished forced set-up sent again leads home, and shows its Recovery Code once more", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const browser = newBrowser(app);
	await signIn(browser, casey);
	await proveByEmail(browser, casey);
	const key = await browser.page.submit({}, "Set up now");
	const authenticator = scanKey(key, browser);
	const enter = await key.click("Next");
	const code = { "Verification code": authenticator.code() };
	const recoveryCode = recoveryCodeOn(await enter.submit(code, "Submit"));
	const again = await enter.submit(code, "Submit");
	expect(again.heading).toBe("My Account");
	expect(recoveryCodeOn(await browser.open(paths.recoveryCode))).toBe(recoveryCode);
	expect(await countSessions(app, casey)).toBe(1);
});

test("a code that was emailed goes on working when the operator gives the key ring a new key", async () => {
	const old = `old:${Buffer.alloc(32, 1).toString("base64")}`;
	const fresh = `fresh:${Buffer.alloc(32, 2).toString("base64")}`;
	await using app = await startApp({ environment: { VESTIBULE_KEYS: old } });
	await requireFrom(app, TODAY);
	const browser = newBrowser(app);
	const enter = await (await signIn(browser, casey)).click("Email me a code");
	const code = await emailedCode(app, casey);
	await app.restart({ VESTIBULE_KEYS: `${fresh},${old}` });
	expect((await enter.submit({ "Verification code": code }, "Submit")).heading).toBe(FORCED);
});

test("what is over is forgotten", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	await (await signIn(newBrowser(app), casey)).click("Email me a code");
	app.clock.forward(hours(1) + minutes(59));
	await forgetWhatIsOver(app.deps);
	expect((await doorsKept(app)).emailed_codes).toHaveLength(1);
	app.clock.forward(minutes(2));
	await forgetWhatIsOver(app.deps);
	expect((await doorsKept(app)).emailed_codes).toEqual([]);
});
