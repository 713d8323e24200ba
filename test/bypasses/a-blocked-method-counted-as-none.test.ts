import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { snapshot } from "../every-page/snapshot.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { giveCode, idOf } from "../harness/by-operator.ts";
import {
	avery,
	casey,
	requireFrom,
	saveRecoveryCode,
	scanKey,
	setUpTextMessages,
	signIn,
	signOut,
} from "../harness/people.ts";
import { formToken, isIn } from "./cookies-of.ts";
import { everyPlace, isPageOfASignIn, tryAt } from "./every-address.ts";
import {
	chooseNewPassword,
	enterCode,
	enterRecoveryCode,
	linkFor,
	NEW_PASSWORD,
	notThis,
	type Owner,
	ownerWithApp,
	ownerWithTexts,
	waitingAtTheCode,
} from "./owners.ts";
import { countEvents, doorsKept } from "./what-is-kept.ts";

const MOST = 100;

/** 100 wrong codes from the known browser, five every 15 minutes; the password alone is tried between them. */
async function enterWrongCodes(app: App, { desk, authenticator }: Owner): Promise<void> {
	await signOut(desk);
	for (let entered = 0; entered < MOST; app.clock.forward(minutes(15) + 1000)) {
		let page = await signIn(desk, avery);
		expect(page.path, `after ${entered} wrong codes`).toBe(paths.verify);
		expect(await isIn(desk), `after ${entered} wrong codes`).toBe(false);
		const until = entered + 5;
		while (entered < until) {
			page = await page.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
			entered++;
			expect(page.path, `after ${entered} wrong codes`).toBe(
				entered < MOST ? paths.verify : paths.anotherWay,
			);
		}
		if (entered < MOST) expect((await enterCode(desk, authenticator.wrongCode())).status).toBe(429);
	}
}

/** As after so many wrong codes in a row, some days apart. */
async function withWrongCodes(app: App, { desk }: Owner, wrong: number): Promise<void> {
	await signOut(desk);
	await app.database.backdoor.updateTable("methods").set({ wrong_in_a_row: wrong }).execute();
}

test("after 99 wrong codes in a row the right one still opens, and the count begins again", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	await withWrongCodes(app, owner, MOST - 1);
	await signIn(owner.desk, avery);
	expect((await enterCode(owner.desk, owner.authenticator.code())).heading).toBe("My Account");
	await signOut(owner.desk);
	await signIn(owner.desk, avery);
	for (let again = 0; again < 2; again++) {
		expect((await enterCode(owner.desk, owner.authenticator.wrongCode())).status).toBe(422);
	}
	expect(await countEvents(app, "method-blocked")).toBe(0);
	expect((await enterCode(owner.desk, owner.authenticator.code())).heading).toBe("My Account");
});

test("100 wrong codes block the method, which stays on everywhere and is replaced after another way in", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	const { desk, authenticator, recoveryCode } = owner;
	await enterWrongCodes(app, owner);
	expect(await countEvents(app, "method-blocked")).toBe(1);
	expect((await app.inbox.latest(avery)).subject).toContain("Authenticator App takes no more codes");

	// A password alone opens nothing: the second step is asked for, and offers what can work.
	for (const browser of [desk, newBrowser(app)]) {
		const asked = await signIn(browser, avery);
		expect(asked.path).toBe(paths.anotherWay);
		expect(asked.text).toContain("It still counts as on");
		expect(asked.text).toContain("Recovery Code");
		expect(asked.buttons).not.toContain("Use the app");
		expect(await isIn(browser)).toBe(false);
		for (const path of [paths.account, paths.twoStep, paths.lostPhone, paths.recoveryCode]) {
			expect((await browser.open(path)).path, path).toMatch(/^\/sign-in/);
		}
		expect((await browser.open(paths.signInHelp)).text).not.toContain("Your app's code isn't accepted");
	}

	// It takes no codes, right or wrong, also when chosen by a form from before.
	const right = await desk.open(paths.anotherWay);
	expect(right.heading).toBe("Try another way");
	const token = { "form-token": formToken(desk, "signIn") };
	await desk.post(paths.anotherWay, { ...token, way: "authenticator-app" });
	const tried = await desk.post(paths.verify, { ...token, code: authenticator.code() });
	expect(tried.path).toBe(paths.anotherWay);
	expect(await isIn(desk)).toBe(false);

	// The Recovery Code gets in, and there it is on, blocked, and can be replaced or turned off.
	const lost = await enterRecoveryCode(desk, recoveryCode);
	expect(lost.heading).toBe("Lost your phone?");
	expect(lost.field("Authenticator App").checked).toBe(true);
	const account = await desk.open(paths.twoStep);
	expect(account.text).toContain("Blocked");
	expect(account.text).toContain("It still counts as on.");
	expect((await desk.open(paths.account)).text).not.toContain("2-Step Verification is off");
	const turnOff = await desk.open(paths.turnOff.to("authenticator-app"));
	expect(turnOff.heading).toBe("Turn off Authenticator App?");
	expect((await turnOff.submit({ Password: "not my password at all" }, "Turn off")).status).toBe(422);
	expect((await signIn(newBrowser(app), avery)).path).toBe(paths.anotherWay);

	let page = await desk.open(paths.lostPhone);
	page = await page.click("I've lost it: replace it now");
	const newApp = scanKey(page, desk);
	page = await page.click("Next");
	await saveRecoveryCode(await page.submit({ "Verification code": newApp.code() }, "Submit"));
	const elsewhere = await waitingAtTheCode(app, avery);
	expect((await enterCode(elsewhere, authenticator.code())).status).toBe(422);
	expect((await enterCode(elsewhere, newApp.code())).heading).toBe("My Account");
});

test("a blocked method without a Recovery Code left opens nothing, and says whom to ask", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	const { desk } = owner;
	await withWrongCodes(app, owner, MOST - 1);
	await app.database.backdoor.deleteFrom("recovery_codes").execute();
	await signIn(desk, avery);
	const asked = await enterCode(desk, owner.authenticator.wrongCode());
	expect(await countEvents(app, "method-blocked")).toBe(1);
	expect(asked.path).toBe(paths.anotherWay);
	expect(asked.buttons).not.toContain("Use the app");
	expect(asked.links).not.toContain("Use recovery code instead");
	expect(asked.links).toContain("I'm locked out");
	await desk.open(paths.verify);
	expect(await isIn(desk)).toBe(false);
	expect((await desk.open(paths.signInHelp)).text).toContain("Privacy and Security team");

	// A new password does not unblock it, and does not take its place.
	await chooseNewPassword(desk, await linkFor(app, avery, desk));
	expect((await signIn(desk, avery, NEW_PASSWORD)).path).toBe(paths.anotherWay);
	expect(await isIn(desk)).toBe(false);
});

test("the code of a method just blocked opens nothing in a sign-in that was waiting", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	await withWrongCodes(app, owner, MOST - 1);
	const waiting = await waitingAtTheCode(app, avery);
	const form = await waiting.open(paths.verify);
	await signIn(owner.desk, avery);
	expect((await enterCode(owner.desk, owner.authenticator.wrongCode())).path).toBe(paths.anotherWay);
	expect(await countEvents(app, "method-blocked")).toBe(1);

	const tried = await form.submit({ "Verification code": owner.authenticator.code() }, "Submit");
	expect(tried.path).toBe(paths.anotherWay);
	expect(await isIn(waiting)).toBe(false);
	expect((await signIn(newBrowser(app), avery, DEMO_PASSWORD)).path).toBe(paths.anotherWay);
});

/** What a password alone comes to: nothing but the second step, at every address. */
async function expectNoWayRound(app: App, browser: Browser): Promise<void> {
	for (const place of everyPlace(app).filter(({ method }) => method === "GET")) {
		const reply = await tryAt(browser, place);
		expect(reply.body.toString(), place.address).not.toContain("Sign out");
	}
	expect(await isIn(browser)).toBe(false);
}

test("100 wrong texted codes block text messages, which stay on, and another method still opens", async () => {
	await using app = await startApp();
	const { desk, recoveryCode } = await ownerWithTexts(app, avery);
	await signOut(desk);
	await app.database.backdoor
		.updateTable("methods")
		.set({ wrong_in_a_row: MOST - 1 })
		.execute();
	await signIn(desk, avery);
	const { code } = await app.texts.latest("+16045550101");
	const blocked = await enterCode(desk, notThis(code));
	expect(blocked.path).toBe(paths.anotherWay);
	expect(blocked.buttons).not.toContain("Text me a code");
	expect((await app.inbox.latest(avery)).subject).toContain("Text Message (SMS) takes no more codes");

	// Neither the code that was right nor a new one opens anything, and none is sent.
	const token = { "form-token": formToken(desk, "signIn") };
	const sent = (await app.texts.all("+16045550101")).length;
	await desk.post(paths.verify, { ...token, code });
	await desk.post(paths.anotherWay, { ...token, way: "text-message" });
	await desk.post(paths.verify, { ...token, resend: "yes" });
	expect(await app.texts.all("+16045550101")).toHaveLength(sent);
	await expectNoWayRound(app, desk);
	expect((await signIn(newBrowser(app), avery)).path).toBe(paths.anotherWay);
	expect((await enterRecoveryCode(desk, recoveryCode)).heading).toBe("Lost your phone?");
});

test("text messages that the operator has switched off count as on, also without a Recovery Code left", async () => {
	await using app = await startApp();
	const { desk, number } = await ownerWithTexts(app, avery);
	const waiting = await waitingAtTheCode(app, avery);
	const { code } = await app.texts.latest(number);
	await signOut(desk);
	await app.database.backdoor.deleteFrom("recovery_codes").execute();
	await app.restart({ VESTIBULE_SMS_PROVIDERS: "" });

	for (const browser of [desk, newBrowser(app)]) {
		expect((await signIn(browser, avery)).path).toBe(paths.anotherWay);
		await expectNoWayRound(app, browser);
		expect((await browser.open(paths.signInHelp)).text).toContain("Privacy and Security team");
	}
	// Neither does a new password take its place, nor a code sent before.
	await chooseNewPassword(desk, await linkFor(app, avery, desk));
	expect((await signIn(desk, avery, NEW_PASSWORD)).path).toBe(paths.anotherWay);
	await waiting.post(paths.verify, { "form-token": formToken(waiting, "signIn"), code });
	expect(await isIn(desk)).toBe(false);
	expect(await isIn(waiting)).toBe(false);

	// Switched on again, it works as before.
	await app.restart({ VESTIBULE_SMS_PROVIDERS: "http" });
	const asked = await signIn(desk, avery, NEW_PASSWORD);
	const fresh = (await app.texts.latest(number)).code;
	await asked.submit({ "Verification code": fresh }, "Submit");
	expect(await isIn(desk)).toBe(true);
});

test.each([
	["whose messages are used up", { VESTIBULE_SMS_CLINIC_CEILING: "1" }],
	["to whose country none are sent any more", { VESTIBULE_SMS_COUNTRIES: "GB" }],
])("text messages count as on at a clinic %s", async (_when, changes) => {
	await using app = await startApp();
	const { desk, number, recoveryCode } = await ownerWithTexts(app, avery);
	await signOut(desk);
	await app.restart(changes);
	const sent = await app.texts.all(number);
	for (const browser of [desk, newBrowser(app)]) {
		const asked = await signIn(browser, avery);
		expect(asked.path).toBe(paths.verify);
		expect(asked.heading).toBe("We can't text you a code now");
		// It cannot work while this sign-in lives, so it is not offered; asked for all the same, it is refused.
		expect(asked.buttons).not.toContain("Text me a code");
		const ways = await browser.open(paths.anotherWay);
		expect((await ways.click("Text me a code")).status).toBe(429);
		await expectNoWayRound(app, browser);
	}
	expect(await app.texts.all(number)).toEqual(sent);
	expect((await enterRecoveryCode(desk, recoveryCode)).heading).toBe("Lost your phone?");
});

describe("everywhere that somebody is asked whether Casey has one, Casey has", () => {
	let app: App;
	let restore: () => Promise<void>;
	/** Avery's, who looks. */
	let desk: Browser;
	/** Where Casey set it up. */
	let known: Browser;
	let link: string;
	beforeAll(async () => {
		app = await startApp();
		desk = (await ownerWithApp(app, avery)).desk;
		known = (await ownerWithApp(app, casey)).desk;
		await setUpTextMessages(known);
		await signOut(known);
		link = await linkFor(app, casey);
		// Nobody's last code may be the next one's replay.
		app.clock.forward(minutes(1));
		await app.drain();
		restore = await snapshot(app);
	}, 60_000);
	beforeEach(() => restore());
	afterAll(() => app[Symbol.asyncDispose]());

	type Kind = "authenticator-app" | "text-message";

	const APP = "authenticator-app";
	const TEXTS = "text-message";
	/** In what ways what is on may take no code, or no new one be set up. */
	type Standing = { on: Kind[]; blocked?: Kind[]; isStopped?: true; isSwitchedOff?: true };
	const standings: [what: string, standing: Standing][] = [
		["the app alone, blocked", { on: [APP], blocked: [APP] }],
		["texts alone, blocked", { on: [TEXTS], blocked: [TEXTS] }],
		["both, blocked", { on: [APP, TEXTS], blocked: [APP, TEXTS] }],
		["the app, blocked, and texts", { on: [APP, TEXTS], blocked: [APP] }],
		["texts alone, stopped by the clinic", { on: [TEXTS], isStopped: true }],
		["texts alone, blocked and stopped", { on: [TEXTS], blocked: [TEXTS], isStopped: true }],
		["the app, blocked, and texts, stopped", { on: [APP, TEXTS], blocked: [APP], isStopped: true }],
		["texts alone, switched off by the operator", { on: [TEXTS], isSwitchedOff: true }],
		[
			"both, the app blocked and texts switched off",
			{ on: [APP, TEXTS], blocked: [APP], isSwitchedOff: true },
		],
	];

	async function make({ on, blocked = [], isStopped, isSwitchedOff }: Standing): Promise<void> {
		const { backdoor } = app.database;
		const id = await idOf(app, casey);
		await backdoor.deleteFrom("methods").where("profile_id", "=", id).where("kind", "not in", on).execute();
		const methods = backdoor.updateTable("methods").set({ blocked_at: app.clock.now() });
		if (blocked.length > 0) await methods.where("profile_id", "=", id).where("kind", "in", blocked).execute();
		if (isStopped) await requireFrom(app, null, { allowsTexts: false });
		if (isSwitchedOff) await app.restart({ VESTIBULE_SMS_PROVIDERS: "" });
	}

	test.each(standings)("with %s", async (_, standing) => {
		await make(standing);
		const before = await opened(app);
		for (const day of [null, "2099-01-01", "2026-01-01"]) {
			await requireFrom(app, day);
			// The password leads to the second step and no further, in a strange browser and in a known one.
			for (const browser of [newBrowser(app), known.copy()]) {
				const asked = await signIn(browser, casey);
				expect([paths.verify, paths.anotherWay], `required from ${day}`).toContain(asked.path);
				await expectNoneIsSetUp(browser);
			}
			expect((await desk.open(paths.security)).text).toContain("2 of 6 staff have it on");
			const download = {
				method: "POST",
				form: { "form-token": formToken(desk, "session"), show: "everybody" },
			};
			const csv = (await desk.send(paths.whoHasItOnCsv, download)).body.toString();
			expect(csv, `required from ${day}`).toMatch(/^"Casey Singh","[^"]*","Limited","On",/m);
		}
		expect(await opened(app)).toEqual(before);

		// A colleague gives a temporary code, and turns it off; nobody is reminded to set up what is there.
		const id = await idOf(app, casey);
		const person = await desk.open(paths.colleague.to(id));
		expect(person.links).toEqual(
			expect.arrayContaining(["Give a temporary code", "Disable 2-Step Verification"]),
		);
		await app.inbox.clear();
		await desk.post(paths.sendReminder, { "form-token": formToken(desk, "session"), profile: id });
		expect(await app.inbox.all(casey)).toEqual([]);

		// A password from the mailbox leads nowhere else.
		await chooseNewPassword(newBrowser(app), link);
		expect([paths.verify, paths.anotherWay]).toContain(
			(await signIn(newBrowser(app), casey, NEW_PASSWORD)).path,
		);

		// Nor does the session that a temporary code opens: what Asking again protects asks for a code.
		const code = await giveCode(app, casey);
		const inside = newBrowser(app);
		await signIn(inside, casey, NEW_PASSWORD);
		await (await inside.open(paths.signInTemporaryCode)).submit({ "Temporary code": code }, "Submit");
		expect(await isIn(inside)).toBe(true);
		await inside.post(paths.lostPhone, { "form-token": formToken(inside, "session"), answer: "keep" });
		for (const address of [paths.newRecoveryCode, paths.changeEmail, paths.authenticatorApp]) {
			const form = { "form-token": formToken(inside, "session"), password: NEW_PASSWORD };
			const { headers } = await inside.send(address, { method: "POST", form });
			expect(headers.location, address).toMatch(/^\/account\/confirm/);
		}
	});

	/** Asks for every page and sends every form of a sign-in, with the password. */
	async function expectNoneIsSetUp(browser: Browser): Promise<void> {
		const form = {
			"form-token": formToken(browser, "signIn"),
			password: DEMO_PASSWORD,
			kind: "authenticator-app",
		};
		const sent = await app.inbox.all(casey);
		for (const place of everyPlace(app).filter(isOfSignIn)) {
			const { headers, body } = await tryAt(browser, place, form);
			expect(headers["set-cookie"], place.address).toBeUndefined();
			expect(body.toString(), place.address).not.toMatch(/otpauth:|Set up now|Not now/);
		}
		expect(await app.inbox.all(casey)).toEqual(sent);
		expect(await isIn(browser)).toBe(false);
	}

	function isOfSignIn({ address }: { address: string }): boolean {
		return isPageOfASignIn(address) && address !== paths.cancelSignIn;
	}
});

/** What is on, what is being set up or was emailed, and who is in. */
async function opened(app: App) {
	const { methods, authenticator_app_set_ups, text_message_set_ups, emailed_codes, sessions } =
		await doorsKept(app);
	const on = (methods ?? []).map(({ wrong_in_a_row, ...row }) => row);
	return { on, authenticator_app_set_ups, text_message_set_ups, emailed_codes, sessions };
}
