import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findClinic } from "../../src/clinics/store.ts";
import { hours, minutes } from "../../src/clock.ts";
import type { MethodKind } from "../../src/db/tables.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths } from "../../src/paths.ts";
import { type Form, filledIn } from "../every-page/forms.ts";
import { snapshot } from "../every-page/snapshot.ts";
import { type Stage, setStage } from "../every-page/stage.ts";
import { type App, startApp } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { deactivate, giveCode, reactivate, resetSecondStep } from "../harness/by-operator.ts";
import type { Page } from "../harness/page.ts";
import {
	blake,
	casey,
	saveRecoveryCode,
	scanKey,
	setUpTextMessages,
	signIn,
	signOut,
} from "../harness/people.ts";
import { isIn } from "./cookies-of.ts";
import { saysNotMe } from "./not-me.ts";
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
async function beginSetUp(browser: Browser, password = DEMO_PASSWORD, everywhere = true) {
	let page = await browser.open(paths.authenticatorApp);
	const kept: Record<string, boolean> = everywhere ? {} : { "Sign out everywhere else": false };
	page = await page.submit({ Password: password, ...kept }, "Next");
	const authenticator = scanKey(page, browser);
	return { authenticator, form: await page.click("Next") };
}

async function replaceApp(browser: Browser, everywhere = true): Promise<Authenticator> {
	const { authenticator, form } = await beginSetUp(browser, DEMO_PASSWORD, everywhere);
	await saveRecoveryCode(await form.submit({ "Verification code": authenticator.code() }, "Submit"));
	return authenticator;
}

async function turnOff(
	browser: Browser,
	everywhere = true,
	kind: MethodKind = "authenticator-app",
): Promise<void> {
	const page = await browser.open(paths.turnOff.to(kind));
	await page.submit({ Password: DEMO_PASSWORD, "Sign out everywhere else": everywhere }, "Turn off");
}

async function deactivateAndBack(app: App, email: string): Promise<void> {
	const clinic = await findClinic(app.db, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	expect((await deactivate(app, email)).kind).toBe("deactivated");
	expect((await reactivate(app, email)).kind).toBe("reactivated");
}

async function newPasswordByLink(app: App, { email }: Pick<Owner, "email">): Promise<void> {
	await chooseNewPassword(newBrowser(app), await linkFor(app, email));
}

async function changePassword({ desk }: Pick<Owner, "desk">): Promise<void> {
	const page = await desk.open(paths.password);
	const typed = { "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD };
	await page.submit(typed, "Change password");
}

async function confirmNewEmail(app: App, { desk, email }: Pick<Owner, "desk" | "email">): Promise<void> {
	const newEmail = `new.${email}`;
	const page = await desk.open(paths.changeEmail);
	await page.submit({ "New email": newEmail, Password: DEMO_PASSWORD }, "Send the confirmation");
	const link = linkIn(await app.inbox.all(newEmail), "/confirm-email/");
	const confirmed = await (await newBrowser(app).openFromEmail(link)).click("Confirm this email");
	expect(confirmed.status).toBe(200);
}

type Change = (app: App, owner: Owner) => Promise<void>;

const changesOfTheDoors: [what: string, change: Change][] = [
	["a new password by a link", newPasswordByLink],
	["the password changed in a session", (_, owner) => changePassword(owner)],
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
	["a new email confirmed", confirmNewEmail],
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

function linkIn(emails: readonly { links: string[] }[], part: string): string {
	return emails.flatMap(({ links }) => links).findLast((link) => link.includes(part)) ?? "";
}

describe("every form of a sign-in or a set-up, and of a session that ends with it, finishes nothing after", () => {
	type Row = Record<string, unknown>;
	type Rows = Record<string, Row[]>;
	/** Whose forms are parked, and their session elsewhere, in which something changes. */
	type Parked = { owner: Omit<Owner, "authenticator">; hasMethod: boolean; notMe: string; forms: Form[] };
	let stage: Stage;
	let everybody: Parked[];
	let putBack: () => Promise<void>;

	beforeAll(async () => {
		stage = await setStage();
		const { app, people, forms } = stage;
		const { inSignIn, proving, settingUp } = people;
		everybody = [];
		for (const { email, authenticator, password, recoveryCode = "" } of [inSignIn, proving, settingUp]) {
			const desk = newBrowser(app);
			const page = await signIn(desk, email, password);
			const hasMethod = page.path === paths.verify;
			if (hasMethod && authenticator) await enterCode(desk, authenticator.code());
			// A sign-in that was finished ends the code that waited.
			const temporaryCode = await giveCode(app, email);
			const notMe = linkIn(await app.inbox.all(email), "/not-me/");
			const own = forms.filter((form) => form.state.email === email && isParked(form));
			everybody.push({
				owner: { email, desk, recoveryCode },
				hasMethod,
				notMe,
				forms: own.map((form) => ({ ...form, state: { ...form.state, temporaryCode } })),
			});
		}
		app.clock.forward(minutes(1));
		await app.drain();
		const putRowsBack = await snapshot(app);
		const then = app.clock.now();
		putBack = async () => {
			await putRowsBack();
			app.clock.at(then);
		};
	});
	afterAll(() => stage[Symbol.asyncDispose]());

	/** Bound to a sign-in or session, and not what ends it. */
	const isParked = ({ action, fields }: Form) =>
		![paths.cancelSignIn, paths.signOut].some((path) => path === action) &&
		fields.some(({ name }) => name === "form-token");
	const isOfSignIn = ({ action }: Form) => action.startsWith(`${paths.signIn}/`);
	const isOfSetUp = ({ action }: Form) =>
		[paths.authenticatorApp, paths.textMessage].some((start) => action.startsWith(`${start}/`));

	/** A code of the app, or a Recovery Code, in a session: both are others once the app is replaced. */
	const asksForReplaced = ({ action }: Form) =>
		action.startsWith(paths.confirm) && !action.startsWith(paths.confirmByText);

	/**
	 * Changes that the operator or a link makes, or the person in the session elsewhere.
	 * `stays`: whether this form of a session that goes on may do what it is for.
	 */
	const changes: [
		what: string,
		change: (app: App, parked: Parked) => Promise<unknown>,
		{ needsMethod?: boolean; stays?: (form: Form) => boolean },
	][] = [
		["a new password by a link", (app, { owner }) => newPasswordByLink(app, owner), {}],
		["the password changed in a session", (_, { owner }) => changePassword(owner), {}],
		["the app turned off", (_, { owner }) => turnOff(owner.desk), { needsMethod: true }],
		[
			"text messages turned off",
			(_, { owner }) => turnOff(owner.desk, true, "text-message"),
			{ needsMethod: true },
		],
		["the app set up or replaced", (_, { owner }) => replaceApp(owner.desk), {}],
		["text messages set up or replaced", (_, { owner }) => setUpTextMessages(owner.desk, "+16045550177"), {}],
		[
			"the app replaced, and nobody signed out",
			(_, { owner }) => replaceApp(owner.desk, false),
			{ needsMethod: true, stays: (form) => !asksForReplaced(form) },
		],
		["a reset", (app, { owner }) => resetSecondStep(app, owner.email), { needsMethod: true }],
		["a new email confirmed", (app, { owner }) => confirmNewEmail(app, owner), { stays: () => true }],
		["This wasn't me", (app, { notMe }) => saysNotMe(newBrowser(app), notMe), { needsMethod: true }],
		["the person deactivated and reactivated", (app, { owner }) => deactivateAndBack(app, owner.email), {}],
	];

	/** A wrong code counts. */
	async function kept(): Promise<Rows> {
		const { methods = [], ...rest } = await doorsKept(stage.app);
		return { ...rest, methods: methods.map(({ wrong_in_a_row, ...row }) => row) };
	}
	const versions = ({ profiles = [] }: Rows) => profiles.map((row) => row.doors_version);
	const passed = (sessions: Row[]) => sessions.map((row) => [row.session_id, row.method_passed_at]);

	test.each(changes)("%s", async (_, change, { needsMethod, stays }) => {
		const { app } = stage;
		for (const parked of everybody.filter(({ hasMethod }) => hasMethod || !needsMethod)) {
			await putBack();
			const owner = { ...parked.owner, desk: parked.owner.desk.copy() };
			const before = await doorsKept(app);
			await change(app, { ...parked, owner });
			const { sessions = [], ...doors } = await kept();
			expect(versions(doors), owner.email).not.toEqual(versions(before));
			expect(sessions.length === before.sessions?.length, owner.email).toBe(stays !== undefined);
			const late = parked.forms.filter((form) => isOfSignIn(form) || isOfSetUp(form) || !stays?.(form));
			expect(late.filter(isOfSignIn).length, owner.email).toBeGreaterThan(3);
			for (const form of late) {
				const about = `${form.state.name}, ${form.action}`;
				const body = new URLSearchParams(filledIn(form));
				const { status, headers } = await form.state.browser
					.copy()
					.send(form.action, { method: "POST", form: body });
				expect(headers["set-cookie"]?.join() ?? "", about).not.toMatch(/vestibule-session=[^;]/);
				if (isOfSignIn(form))
					expect([status, headers.location], about).toEqual([303, `${paths.signIn}?notice=over`]);
			}
			const { sessions: now = [], ...doorsNow } = await kept();
			expect(doorsNow, owner.email).toEqual(doors);
			expect(passed(now), owner.email).toEqual(passed(sessions));
		}
	});
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
