import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser, userAgents } from "../harness/browser.ts";
import {
	avery,
	recoveryCodeOn,
	type SetUp,
	scanKey,
	setUpAuthenticatorApp,
	signIn,
	signOut,
} from "../harness/people.ts";

const NEW_PASSWORD = "eleven herons on a fence";
/** 8:20 in the evening, in the clinic. In summer, since Vancouver has changed its mind about winter. */
const EVENING = Date.UTC(2027, 6, 6, 3, 20);
const WHEN_AND_WHERE =
	/Mon 5 Jul 2027, 8:2\d pm Vancouver time, with Safari on iPhone, from the address 198\.51\.100\.44\./;
const IF_IT_WAS_NOT_YOU =
	"If this wasn't you, choose “This wasn't me”. It asks before it does anything, and works for 7 days. Then tell a Full Access user at Harbour Physio.";

test("a method that was set up", async () => {
	await using app = await startApp();
	app.clock.at(EVENING);
	const iphone = newIphone(app);
	await signIn(iphone, avery);
	const { authenticator, recoveryCode } = await setUpAuthenticatorApp(iphone);

	await expectOneEmail(app, {
		subject: "Authenticator App was set up",
		happened: "Avery Chen set up Authenticator App",
		says: "You are asked for its code when you sign in.",
		secrets: [authenticator.secret, recoveryCode],
	});
});

test("a method that was replaced", async () => {
	await using app = await startApp();
	const { iphone, authenticator, recoveryCode } = await withAnApp(app);
	const start = await (await iphone.open(paths.twoStep)).click("Replace");
	const key = await start.submit({ Password: DEMO_PASSWORD }, "Next");
	const fresh = scanKey(key, iphone);
	const enter = await key.click("Next");
	const shown = await enter.submit({ "Verification code": fresh.code() }, "Submit");

	await expectOneEmail(app, {
		subject: "Authenticator App was replaced",
		happened: "Avery Chen replaced Authenticator App",
		says: "Codes from the earlier one no longer work, and neither does your earlier Recovery Code.",
		secrets: [authenticator.secret, fresh.secret, recoveryCode, recoveryCodeOn(shown)],
	});
});

test("a method that was turned off", async () => {
	await using app = await startApp();
	const { iphone, authenticator, recoveryCode } = await withAnApp(app);
	const asked = await (await iphone.open(paths.twoStep)).click("Turn off");
	expect(asked.text).toContain("affect a claim on your clinic's cybersecurity insurance");
	const off = await asked.submit({ Password: DEMO_PASSWORD }, "Turn off");
	expect(off.text).toContain("That method is turned off.");

	await expectOneEmail(app, {
		subject: "Authenticator App was turned off",
		happened: "Avery Chen turned off their own Authenticator App",
		says: "It is no longer part of your 2-Step Verification.",
		secrets: [authenticator.secret, recoveryCode],
	});
	expect((await signIn(newBrowser(app), avery)).heading).toBe("My Account");
});

test("a Recovery Code that was used", async () => {
	await using app = await startApp();
	const { iphone, authenticator, recoveryCode } = await withAnApp(app);
	await signOut(iphone);
	const enter = await (await signIn(iphone, avery)).click("Use recovery code instead");
	await enter.submit({ "Recovery Code": recoveryCode }, "Submit");

	await expectOneEmail(app, {
		subject: "Your Recovery Code was used",
		happened: "Avery Chen's Recovery Code was used",
		says: "It works only once, so make sure that you have saved the new one",
		secrets: [authenticator.secret, recoveryCode],
	});
});

test("a new Recovery Code", async () => {
	await using app = await startApp();
	const { iphone, authenticator, recoveryCode } = await withAnApp(app);
	const asked = await (await iphone.open(paths.twoStep)).click("Get a new Recovery Code");
	const shown = await asked.submit({ Password: DEMO_PASSWORD }, "Next");

	await expectOneEmail(app, {
		subject: "You have a new Recovery Code",
		happened: "A Recovery Code was made for Avery Chen",
		says: "Earlier ones no longer work.",
		secrets: [authenticator.secret, recoveryCode, recoveryCodeOn(shown)],
	});
});

test("a password that was changed", async () => {
	await using app = await startApp();
	const { iphone } = await withAnApp(app);
	const password = await iphone.open(paths.password);
	await password.submit(
		{ "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD },
		"Change password",
	);

	await expectOneEmail(app, {
		subject: "Your password was changed",
		happened: "Avery Chen changed the password",
		says: "Everywhere else you were signed in, you are asked to sign in again.",
		secrets: [NEW_PASSWORD],
	});
});

test("somebody who has the password and guesses codes", async () => {
	await using app = await startApp();
	const { authenticator, recoveryCode } = await withAnApp(app);
	const thief = newIphone(app);
	let page = await signIn(thief, avery);
	for (let wrong = 0; wrong < 20; wrong++) {
		if (wrong > 0 && wrong % 5 === 0) {
			app.clock.forward(minutes(15));
			page = await signIn(thief, avery);
		}
		page = await page.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
	}
	expect(page.text).toContain("That was too many wrong codes. Your password now works only in browsers");

	await expectOneEmail(app, {
		subject: "Somebody else may know your password",
		happened: "Avery Chen's password works only in browsers known from before",
		says: "They did not get in.",
		whatToDo: "go to the sign-in page and choose Forgot your password?",
		when: /Mon 5 Jul 2027, 9:0\d pm Vancouver time, with Safari on iPhone, from the address 198\.51\.100\.44\./,
		secrets: [authenticator.secret, recoveryCode],
	});
});

function newIphone(app: App): Browser {
	return newBrowser(app, { address: "198.51.100.44", userAgent: userAgents.safariOnIphone });
}

/** Avery on an iPhone in the evening, with an authenticator app, and nothing in the mailbox. */
async function withAnApp(app: App): Promise<SetUp & { iphone: Browser }> {
	app.clock.at(EVENING);
	const iphone = newIphone(app);
	await signIn(iphone, avery);
	const setUp = await setUpAuthenticatorApp(iphone);
	await app.inbox.clear();
	return { iphone, ...setUp };
}

/**
 * One email and no other, to nobody else: what happened, when, from where, what to do, and no secret. The page of its
 * button says the same as the log.
 */
async function expectOneEmail(
	app: App,
	expected: {
		subject: string;
		happened: string;
		says: string;
		secrets: string[];
		whatToDo?: string;
		when?: RegExp;
	},
): Promise<void> {
	const emails = await app.inbox.all();
	expect(emails.map(({ to, subject }) => ({ to, subject }))).toEqual([
		{ to: avery, subject: `${expected.subject} – Harbour Physio` },
	]);
	const [{ text, html, links } = { text: "", html: "", links: [] }] = emails;
	const [button = "", ...others] = links.filter((link) => link.includes(paths.notMe.to("")));
	expect(others).toEqual([]);
	expect((await newIphone(app).openFromEmail(button)).text).toContain(expected.happened);
	expect(text).toMatch(/^Hello Avery Chen,/);
	expect(text).toContain(expected.says);
	expect(text).toMatch(expected.when ?? WHEN_AND_WHERE);
	expect(text).toContain(expected.whatToDo ?? IF_IT_WAS_NOT_YOU);
	for (const secret of [DEMO_PASSWORD, ...expected.secrets]) {
		for (const part of [text, html]) expect(withoutGaps(part)).not.toContain(withoutGaps(secret));
	}
}

function withoutGaps(text: string): string {
	return text.replaceAll(/[\s-]/g, "").toUpperCase();
}
