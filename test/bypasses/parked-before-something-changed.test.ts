import { expect, test } from "vitest";
import { findClinic } from "../../src/clinics/store.ts";
import { hours, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { deactivate, giveCode, reactivate, resetSecondStep } from "../harness/by-operator.ts";
import type { Page } from "../harness/page.ts";
import { blake, casey, saveRecoveryCode, scanKey, signIn, signOut } from "../harness/people.ts";
import { isIn } from "./cookies-of.ts";
import {
	chooseNewPassword,
	enterCode,
	linkFor,
	NEW_PASSWORD,
	type Owner,
	ownerWithApp,
	waitingAtTheCode,
} from "./owners.ts";
import { countEvents, countSessions, doorsKept } from "./what-is-kept.ts";

/** Begins a set-up in a session. @returns the page that asks for its first code, and the app it belongs to */
async function beginSetUp(browser: Browser, password = DEMO_PASSWORD) {
	let page = await browser.open(paths.authenticatorApp);
	page = await page.submit({ Password: password }, "Next");
	const authenticator = scanKey(page, browser);
	return { authenticator, form: await page.click("Next") };
}

async function replaceApp(browser: Browser): Promise<Authenticator> {
	const { authenticator, form } = await beginSetUp(browser);
	await saveRecoveryCode(await form.submit({ "Verification code": authenticator.code() }, "Submit"));
	return authenticator;
}

async function turnOff(browser: Browser, everywhere = true): Promise<void> {
	const page = await browser.open(paths.turnOff.to("authenticator-app"));
	await page.submit({ Password: DEMO_PASSWORD, "Sign out everywhere else": everywhere }, "Turn off");
}

async function deactivateAndBack(app: App, email: string): Promise<void> {
	const clinic = await findClinic(app.db, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	expect((await deactivate(app, email)).kind).toBe("deactivated");
	expect((await reactivate(app, email)).kind).toBe("reactivated");
}

type Change = (app: App, owner: Owner) => Promise<void>;

const changesOfTheDoors: [what: string, change: Change][] = [
	[
		"a new password by a link",
		async (app, { email }) => {
			await chooseNewPassword(newBrowser(app), await linkFor(app, email));
		},
	],
	[
		"the password changed in a session",
		async (_, { desk }) => {
			const page = await desk.open(paths.password);
			const typed = { "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD };
			await page.submit(typed, "Change password");
		},
	],
	["the method turned off", async (_, { desk }) => turnOff(desk)],
	[
		"the method turned off and set up again",
		async (_, { desk }) => {
			await turnOff(desk);
			await replaceApp(desk);
		},
	],
	[
		"the method replaced",
		async (_, { desk }) => {
			await replaceApp(desk);
		},
	],
	[
		"a reset",
		async (app, { email }) => {
			await resetSecondStep(app, email);
		},
	],
	[
		"a new email confirmed",
		async (app, { desk }) => {
			const page = await desk.open(paths.changeEmail);
			await page.submit({ "New email": newEmail, Password: DEMO_PASSWORD }, "Send the confirmation");
			const link = linkIn(await app.inbox.all(newEmail), "/confirm-email/");
			await (await newBrowser(app).openFromEmail(link)).click("Confirm this email");
			expect(await countEvents(app, "email-changed")).toBe(1);
		},
	],
	[
		"This wasn't me",
		async (app, { email }) => {
			const link = linkIn(await app.inbox.all(email), "/not-me/");
			const page = await newBrowser(app).openFromEmail(link);
			await page.click("This wasn't me");
			expect(await countEvents(app, "not-me")).toBe(1);
		},
	],
	["the person deactivated and reactivated", (app, { email }) => deactivateAndBack(app, email)],
];

const newEmail = "casey.new@harbour.example";

function linkIn(emails: readonly { links: string[] }[], part: string): string {
	return emails.flatMap(({ links }) => links).findLast((link) => link.includes(part)) ?? "";
}

test.each(changesOfTheDoors)("a sign-in parked at its code finishes nothing after %s", async (_, change) => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, casey);
	app.clock.forward(minutes(2));
	const withCode = await waitingAtTheCode(app, casey);
	const withRecoveryCode = await waitingAtTheCode(app, casey);
	const withTemporaryCode = await waitingAtTheCode(app, casey);
	const given = await giveCode(app, casey);
	const codeForm = await withCode.open(paths.verify);
	const recoveryForm = await withRecoveryCode.open(paths.signInRecoveryCode);
	const temporaryForm = await withTemporaryCode.open(paths.signInTemporaryCode);

	await change(app, owner);
	const before = await doorsKept(app);
	const code = owner.authenticator.code();
	const late = [
		await codeForm.submit({ "Verification code": code }, "Submit"),
		await recoveryForm.submit({ "Recovery Code": owner.recoveryCode }, "Submit"),
		await temporaryForm.submit({ "Temporary code": given }, "Submit"),
	];
	for (const page of late) expect(page.path).toBe(`${paths.signIn}?notice=over`);
	for (const browser of [withCode, withRecoveryCode, withTemporaryCode])
		expect(await isIn(browser)).toBe(false);
	expect(await doorsKept(app)).toEqual(before);
});

test("a sign-in parked before the app was replaced takes no code of the new app either", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, casey);
	const parked = await waitingAtTheCode(app, casey);
	const form = await parked.open(paths.verify);
	const newApp = await replaceApp(owner.desk);
	expect((await form.submit({ "Verification code": newApp.code() }, "Submit")).path).toBe(
		`${paths.signIn}?notice=over`,
	);
	expect(await isIn(parked)).toBe(false);
});

test.each(changesOfTheDoors.filter(([what]) => what !== "the person deactivated and reactivated"))(
	"a set-up parked in another session finishes nothing after %s",
	async (_, change) => {
		await using app = await startApp();
		const owner = await ownerWithApp(app, casey);
		app.clock.forward(minutes(2));
		const thief = await waitingAtTheCode(app, casey);
		await enterCode(thief, owner.authenticator.code());
		const parked = await beginSetUp(thief);
		const session = thief.copy();

		await change(app, owner);
		await expectFinishesNothing(app, session, parked);
	},
);

/** Its form, its addresses and its key are all worth nothing any more. */
async function expectFinishesNothing(
	app: App,
	session: Browser,
	{ authenticator, form }: { authenticator: Authenticator; form: Page },
): Promise<void> {
	const before = await doorsKept(app);
	await form.submit({ "Verification code": authenticator.code() }, "Submit");
	const set = setUpPaths(paths.authenticatorApp);
	for (const path of [set.key, set.code]) {
		const page = await session.open(path);
		expect([set.start, `${paths.signIn}?${new URLSearchParams({ return: path })}`], path).toContain(
			page.path,
		);
		expect(page.text).not.toMatch(/(?:[A-Z2-7]{4} ){7}/);
	}
	expect(await doorsKept(app)).toEqual(before);
}

test("a set-up parked in a session that stays finishes nothing after the method was turned off elsewhere", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, casey);
	app.clock.forward(minutes(2));
	const other = await waitingAtTheCode(app, casey);
	await enterCode(other, owner.authenticator.code());
	const parked = await beginSetUp(other);
	await turnOff(owner.desk, false);
	expect(await isIn(other)).toBe(true);
	await expectFinishesNothing(app, other, parked);
	expect((await doorsKept(app)).methods).toEqual([]);
});

test("a set-up parked before its person was deactivated finishes nothing, then or after they are back", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, casey);
	const parked = await beginSetUp(browser);
	await deactivateAndBack(app, casey);
	await expectFinishesNothing(app, browser, parked);
	expect(await isIn(browser)).toBe(false);
});

test("a session and a sign-in of somebody deactivated are over also when they come back", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, casey);
	const parked = await waitingAtTheCode(app, casey);
	await deactivateAndBack(app, casey);
	expect(await isIn(owner.desk)).toBe(false);
	expect((await parked.open(paths.verify)).path).toBe(`${paths.signIn}?notice=over`);
	expect(await countSessions(app, casey)).toBe(0);
	// What was on is still on.
	expect((await signIn(newBrowser(app), casey)).path).toBe(paths.verify);
});

test("a set-up ends with the session that began it: sent again after signing out, with all its cookies, it turns on nothing", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, blake);
	const parked = await beginSetUp(browser);
	const copied = browser.copy();
	const setUp = /name="set-up" value="([^"]+)"/.exec(parked.form.html)?.[1] ?? "";
	const formTokenThen = /name="form-token" value="([^"]+)"/.exec(parked.form.html)?.[1] ?? "";
	await signOut(browser);

	const form = { "set-up": setUp, "form-token": formTokenThen, code: parked.authenticator.code() };
	const reply = await copied.send(setUpPaths(paths.authenticatorApp).code, { method: "POST", form });
	expect(reply.headers.location).toMatch(/^\/sign-in/);
	expect((await doorsKept(app)).methods).toEqual([]);

	// Nor from a new session of the same person, which did not begin it.
	const anew = newBrowser(app);
	await signIn(anew, blake);
	const own = await beginSetUp(anew);
	const ownToken = /name="form-token" value="([^"]+)"/.exec(own.form.html)?.[1] ?? "";
	const borrowed = { ...form, "form-token": ownToken };
	const again = await anew.post(setUpPaths(paths.authenticatorApp).code, borrowed);
	expect(again.heading).toBe("This set-up has ended");
	expect((await doorsKept(app)).methods).toEqual([]);
});

test("the set-up of somebody else is finished by nobody", async () => {
	await using app = await startApp();
	const [one, other] = [newBrowser(app), newBrowser(app)];
	await signIn(one, blake);
	await signIn(other, casey);
	const [own, others] = [await beginSetUp(one), await beginSetUp(other)];
	const setUp = /name="set-up" value="([^"]+)"/.exec(others.form.html)?.[1] ?? "";
	const token = /name="form-token" value="([^"]+)"/.exec(own.form.html)?.[1] ?? "";
	for (const code of [others.authenticator.code(), own.authenticator.code()]) {
		const form = { "set-up": setUp, "form-token": token, code };
		const page = await one.post(setUpPaths(paths.authenticatorApp).code, form);
		expect(page.heading).toBe("This set-up has ended");
	}
	expect((await doorsKept(app)).methods).toEqual([]);
	await saveRecoveryCode(
		await other.open(others.form.path).then((page) => finish(page, others.authenticator)),
	);
	expect((await doorsKept(app)).methods).toHaveLength(1);
});

function finish(page: Page, authenticator: Authenticator): Promise<Page> {
	return page.submit({ "Verification code": authenticator.code() }, "Submit");
}

test("a set-up left for an hour, or whose session ran out, turns on nothing", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, blake);
	const first = await beginSetUp(browser);
	app.clock.forward(hours(1));
	expect(await isIn(browser)).toBe(true);
	expect((await finish(first.form, first.authenticator)).heading).toBe("This set-up has ended");

	const second = await beginSetUp(browser);
	app.clock.forward(minutes(59));
	await saveRecoveryCode(await finish(second.form, second.authenticator));
	expect((await doorsKept(app)).methods).toHaveLength(1);

	const third = await beginSetUp(browser);
	app.clock.forward(hours(2));
	await expectFinishesNothing(app, browser, third);
});

test("of two set-ups in one session the earlier one's key turns on nothing", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, blake);
	const first = await beginSetUp(browser);
	const second = await beginSetUp(browser);
	expect((await finish(first.form, first.authenticator)).heading).toBe("This set-up has ended");
	expect((await finish(second.form, first.authenticator)).status).toBe(422);
	expect((await doorsKept(app)).methods).toEqual([]);
	expect((await finish(second.form, second.authenticator)).heading).toBe("Save your Recovery Code");
});

test("a password being compared when it is replaced opens nothing", async () => {
	await using app = await startApp();
	const link = await linkFor(app, blake);
	const form = await newBrowser(app).openFromEmail(link);
	const thieves = Array.from({ length: 8 }, () => newBrowser(app));
	const login = { email: blake, password: DEMO_PASSWORD };
	await Promise.all([
		form.submit({ "New password": NEW_PASSWORD }, "Save password"),
		...thieves.map((thief) => thief.send(paths.signIn, { method: "POST", form: login })),
	]);
	for (const thief of thieves) expect(await isIn(thief)).toBe(false);
	expect((await signIn(newBrowser(app), blake, NEW_PASSWORD)).heading).toBe("My Account");
});

test("an ended session's questions are answered by nobody: Lost your phone? and the Recovery Code page", async () => {
	await using app = await startApp();
	const { desk, recoveryCode } = await ownerWithApp(app, casey);
	const home = await waitingAtTheCode(app, casey);
	const page = await home.open(paths.signInRecoveryCode);
	const lost = await page.submit({ "Recovery Code": recoveryCode }, "Submit");
	expect(lost.heading).toBe("Lost your phone?");
	const change = await desk.open(paths.password);
	const typed = { "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD };
	await change.submit(typed, "Change password");

	const before = await doorsKept(app);
	await lost.click("I've lost it: replace it now");
	expect(await isIn(home)).toBe(false);
	await home.open(paths.recoveryCode);
	expect(await doorsKept(app)).toEqual(before);
});
