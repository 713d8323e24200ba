import { expect, test } from "vitest";
import { minutes, seconds } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import type { Page } from "../harness/page.ts";
import {
	casey,
	recoveryCodeOn,
	saveRecoveryCode,
	scanKey,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
	signInTrusting,
	signInWithCode,
	signOut,
} from "../harness/people.ts";

const ASKED = "Enter a code to go on";
const SIGNED_OUT = "That was wrong five times, so we signed you out.";

test("who came in by a trusted browser enters a code before changing a method, once, and goes on where they were", async () => {
	await using app = await startApp();
	const { home, authenticator } = await inByTrust(app);

	const twoStep = await home.open(paths.twoStep);
	const asked = await twoStep.click("Replace", { near: "Authenticator App" });
	expect(asked.heading).toBe(ASKED);
	expect(asked.text).toContain("You signed in without a code this time.");
	expect(asked.fields.map(({ label }) => label)).toEqual(["Verification code"]);
	const start = await enters(asked, authenticator.code());
	expect(start.heading).toBe("Replace the authenticator app");

	const key = await start.submit({ Password: DEMO_PASSWORD }, "Next");
	const fresh = scanKey(key, home);
	const first = await key.click("Next");
	await saveRecoveryCode(await enters(first, fresh.code()));
	for (const path of [paths.newRecoveryCode, paths.textMessage, paths.turnOff.to("authenticator-app")]) {
		expect((await home.open(path)).path).toBe(path);
	}
	expect(await eventsOf(app, "asked-again-passed")).toEqual([{ by: "authenticator-app" }]);
});

test("whoever signed in with a code, or has no method, is asked for none", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, casey);
	expect((await browser.open(paths.authenticatorApp)).heading).toBe("Set up the authenticator app");
	const { authenticator } = await setUpAuthenticatorApp(browser);
	const other = newBrowser(app);
	await signInWithCode(other, casey, authenticator);
	for (const each of [browser, other]) {
		expect((await each.open(paths.newRecoveryCode)).path).toBe(paths.newRecoveryCode);
		// The page that asks has nothing to ask.
		expect((await each.open(confirmThen(paths.password))).heading).toBe("Password");
	}
});

test("changing the password, the default and trusted browsers asks for no code", async () => {
	await using app = await startApp();
	const { home } = await inByTrust(app, { texts: true });
	let page = await home.open(paths.twoStep);
	page = await page.click("Make default");
	expect(page.text).toContain("Saved. We ask for this method first.");
	page = await page.click("Remove");
	expect(page.text).toContain("None. When you enter a code at sign-in");
	page = await home.open(paths.password);
	const typed = { "Current password": DEMO_PASSWORD, "New password": "marble heron counts slowly" };
	expect((await page.submit(typed, "Change password")).text).toContain("Your password is changed.");
});

test("Cancel leads back to where it was asked for", async () => {
	await using app = await startApp();
	const { home } = await inByTrust(app);
	const asked = await home.open(paths.turnOff.to("authenticator-app"));
	expect((await asked.click("Cancel")).heading).toBe("2-Step Verification");
	const byCode = await asked.click("Use recovery code instead");
	expect((await byCode.click("Try another way")).heading).toBe(ASKED);
});

test("a code goes by text only when it is chosen, with its state and Resend code, and belongs to this session", async () => {
	await using app = await startApp();
	const { home, number } = await inByTrust(app, { texts: true });
	const before = (await app.texts.all(number)).length;

	const asked = await home.open(paths.newRecoveryCode);
	await home.open(`${paths.confirmByText}?${new URLSearchParams({ return: paths.newRecoveryCode })}`);
	expect(home.page.heading).toBe(ASKED);
	expect(await app.texts.all(number)).toHaveLength(before);

	let page = await asked.click("Text me a code");
	expect(page.text).toContain("We texted a code to •••• •••• 0103.");
	const text = await app.texts.latest(number);
	expect(await app.texts.all(number)).toHaveLength(before + 1);
	await app.texts.gateway.report(text, "delivered");
	expect((await home.reload()).text).toContain("your carrier says it arrived");
	expect(page.text).toContain("You can resend the code in 30 seconds.");
	// Chosen again, it is a resend.
	const early = await (await page.click("Use the app")).click("Text me a code");
	expect(early.status).toBe(429);
	expect(early.errors).toEqual(["You can resend the code in 30 seconds."]);
	app.clock.forward(seconds(31));
	page = await (await home.open(page.path)).click("Resend code");
	expect(await app.texts.all(number)).toHaveLength(before + 2);
	expect((await app.texts.latest(number)).code).toBe(text.code);

	// In another session of the same person it opens nothing, nor in a sign-in.
	const elsewhere = newBrowser(app);
	const secondStep = await (await signIn(elsewhere, casey)).click("Try another way");
	const atSignIn = await secondStep.click("Text me a code");
	const other = await app.texts.latest(number);
	if (other.code !== text.code) expect((await enters(atSignIn, text.code)).status).toBe(422);
	if (other.code !== text.code) expect((await enters(page, other.code)).status).toBe(422);

	const done = await enters(page, text.code);
	expect(done.path).toBe(paths.newRecoveryCode);
	expect((await eventsOf(app, "asked-again-passed")).at(-1)).toEqual({ by: "text-message" });
});

test("a code texted to a number that is replaced meanwhile proves nothing any more", async () => {
	await using app = await startApp();
	const { home, desk, number } = await inByTrust(app, { texts: true });
	const asked = await (await home.open(paths.newRecoveryCode)).click("Text me a code");
	const toTheOldNumber = await app.texts.latest(number);
	let page = await desk.open(paths.textMessage);
	page = await page.submit({ Password: DEMO_PASSWORD, "Sign out everywhere else": false }, "Next");
	page = await page.submit({ "Mobile number": "604 555 0188" }, "Next");
	await saveRecoveryCode(await enters(page, (await app.texts.latest("+16045550188")).code));
	expect((await enters(asked, toTheOldNumber.code)).status).toBe(422);
	expect(await eventsOf(app, "asked-again-passed")).toEqual([]);
	expect((await home.open(paths.newRecoveryCode)).heading).toBe(ASKED);
});

test("with texts as the default nothing is sent before it is chosen, and the app is one click away", async () => {
	await using app = await startApp();
	const { home, number, authenticator } = await inByTrust(app, { texts: true });
	await (await home.open(paths.twoStep)).click("Make default");
	const before = (await app.texts.all(number)).length;
	const asked = await home.open(paths.newRecoveryCode);
	expect(asked.text).toContain("We text a code to •••• •••• 0103.");
	expect(asked.fields).toEqual([]);
	expect(await app.texts.all(number)).toHaveLength(before);
	const byApp = await asked.click("Use the app");
	expect((await enters(byApp, authenticator.wrongCode())).field("Verification code").value).toBe("");
	expect((await enters(home.page, authenticator.code())).path).toBe(paths.newRecoveryCode);
});

test("a Recovery Code spent here is told by email and followed by a new one, then by the page asked for", async () => {
	await using app = await startApp();
	const { home, recoveryCode } = await inByTrust(app);
	await app.inbox.clear();
	const asked = await home.open(paths.turnOff.to("authenticator-app"));
	const byCode = await asked.click("Use recovery code instead");
	const empty = await byCode.submit({}, "Submit");
	expect(empty.errors).toEqual(["Enter your Recovery Code: five groups of four letters and digits."]);
	const wrong = await empty.submit({ "Recovery Code": "0000 0000 0000 0000 0000" }, "Submit");
	expect(wrong.errors).toEqual([
		expect.stringMatching(/That isn't your Recovery Code\..* You have 4 more tries\./),
	]);
	const shown = await wrong.submit({ "Recovery Code": recoveryCode.toLowerCase() }, "Submit");
	expect(shown.heading).toBe("Save your Recovery Code");
	const fresh = recoveryCodeOn(shown);
	expect(fresh).not.toBe(recoveryCode);

	const emails = await app.inbox.all();
	expect(emails.map(({ to, subject }) => [to, subject])).toEqual([
		[casey, "Your Recovery Code was used – Harbour Physio"],
	]);
	expect(await eventsOf(app, "asked-again-passed")).toEqual([{ by: "recovery-code" }]);
	expect(await eventsOf(app, "recovery-code-used")).toHaveLength(1);

	const { page } = await saveRecoveryCode(shown);
	expect(page.path).toBe(paths.turnOff.to("authenticator-app"));
	expect(page.heading).toBe("Turn off Authenticator App?");

	// The spent one works nowhere, the new one does.
	const elsewhere = newBrowser(app);
	const enter = await (await signIn(elsewhere, casey)).click("Use recovery code instead");
	expect((await enter.submit({ "Recovery Code": recoveryCode }, "Submit")).status).toBe(422);
	expect((await elsewhere.page.submit({ "Recovery Code": fresh }, "Submit")).heading).toBe(
		"Lost your phone?",
	);
});

test("the form of a right code sent again, or twice at once, leads on and spends nothing more", async () => {
	await using app = await startApp();
	const { home, authenticator, recoveryCode } = await inByTrust(app);
	const asked = await home.open(paths.newRecoveryCode);
	const code = authenticator.code();
	const twice = await Promise.all([enters(asked, code), enters(asked, code)]);
	expect(twice.map(({ path }) => path)).toEqual([paths.newRecoveryCode, paths.newRecoveryCode]);
	expect((await enters(asked, code)).path).toBe(paths.newRecoveryCode);
	expect(await eventsOf(app, "asked-again-passed")).toHaveLength(1);
	expect(await eventsOf(app, "asked-again-refused")).toEqual([]);

	await signOut(home);
	await signIn(home, casey);
	const byCode = await (await home.open(paths.newRecoveryCode)).click("Use recovery code instead");
	const both = await Promise.all(
		[0, 1].map(() => byCode.submit({ "Recovery Code": recoveryCode }, "Submit")),
	);
	expect(new Set(both.map(({ heading }) => heading))).toEqual(new Set(["Save your Recovery Code"]));
	expect(await eventsOf(app, "recovery-code-used")).toHaveLength(1);
	expect((await byCode.submit({ "Recovery Code": recoveryCode }, "Submit")).heading).toBe(
		"Save your Recovery Code",
	);
});

test("the page to go on to is one of this site", async () => {
	await using app = await startApp();
	const { home, authenticator } = await inByTrust(app);
	for (const elsewhere of [
		"https://elsewhere.example/",
		"//elsewhere.example",
		"/\\elsewhere.example",
		"x",
		"",
	]) {
		const asked = await home.copy().open(confirmThen(elsewhere));
		expect(asked.heading).toBe(ASKED);
		expect(asked.html).toContain(`action="${confirmThen(paths.account)}"`);
		expect(asked.href("Cancel")).toBe(paths.account);
	}
	const asked = await home.open(confirmThen("//elsewhere.example"));
	expect((await enters(asked, authenticator.code())).path).toBe(paths.account);
});

test("a wrong code says so and how many tries are left; five in one session end it, whatever was asked", async () => {
	await using app = await startApp();
	const { home, authenticator } = await inByTrust(app, { texts: true });
	let page = await home.open(paths.newRecoveryCode);
	expect((await enters(page, "12")).errors).toEqual(["Enter the six digits that your app shows now."]);
	page = await enters(page, authenticator.wrongCode());
	expect(page.status).toBe(422);
	expect(page.errors).toEqual([expect.stringContaining("That code isn't right.")]);
	expect(page.errors[0]).toContain("You have 4 more tries.");
	page = await enters(page, authenticator.codeAt(app.clock.now() - minutes(3)));
	expect(page.errors).toEqual([expect.stringContaining("That code is about 3 minutes old.")]);
	expect(page.errors[0]).toContain("You have 3 more tries.");
	page = await page.click("Text me a code");
	page = await enters(page, notThis((await app.texts.all("+16045550103")).at(-1)?.code ?? ""));
	expect(page.errors).toEqual([
		expect.stringContaining("Check the newest text message. You have 2 more tries."),
	]);

	// A wrong password in the same session counts with them.
	const password = await home.open(paths.password);
	const typed = { "Current password": "not that one, sorry", "New password": "marble heron counts slowly" };
	expect((await password.submit(typed, "Change password")).errors).toHaveLength(1);
	page = await (await home.open(confirmThen(paths.twoStep))).click("Use recovery code instead");
	page = await page.submit({ "Recovery Code": "0000 0000 0000 0000 0000" }, "Submit");
	expect(page.heading).toBe("Sign in to Harbour Physio");
	expect(page.text).toContain(SIGNED_OUT);
	expect((await home.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
	expect(await eventsOf(app, "asked-again-refused")).toEqual([
		{ asked: "authenticator-app" },
		{ asked: "authenticator-app", clock: "slow" },
		{ asked: "text-message" },
		{ asked: "recovery-code" },
	]);
	expect(await eventsOf(app, "sessions-ended")).toContainEqual({ count: 1, why: "too-many-wrong-proofs" });
});

test("a right proof begins the count of five anew", async () => {
	await using app = await startApp();
	const { home, authenticator } = await inByTrust(app);
	for (const _ of [1, 2, 3, 4]) await wrongPassword(home);
	expect((await enters(await home.open(paths.newRecoveryCode), authenticator.code())).status).toBe(200);
	for (const _ of [1, 2, 3, 4]) await wrongPassword(home);
	expect((await home.open(paths.account)).heading).toBe("My Account");
});

test("wrong codes here and at sign-in are counted together, and in the wait not even the right one is looked at", async () => {
	await using app = await startApp();
	const { home, desk, authenticator } = await inByTrust(app);
	await signOut(desk);
	let page = await signIn(desk, casey);
	for (const _ of [1, 2, 3]) page = await enters(page, authenticator.wrongCode());

	page = await home.open(paths.newRecoveryCode);
	page = await enters(page, authenticator.wrongCode());
	expect(page.errors[0]).toContain("You have 1 more try.");
	page = await enters(page, authenticator.wrongCode());
	expect(page.errors).toEqual([
		"That code isn't right, and it was the last try for now. Wait 15 minutes, or try another way below.",
	]);
	page = await enters(page, authenticator.code());
	expect(page.status).toBe(429);
	expect(page.errors).toEqual([
		expect.stringMatching(/You can enter codes again at \d+:\d\d [ap]m, in 15 minutes\./),
	]);
	expect(await eventsOf(app, "second-step-waits")).toHaveLength(1);
	page = await home.open(paths.newRecoveryCode);
	expect(page.text).toMatch(/You can enter codes again at \d+:\d\d [ap]m, in 15 minutes\./);
	expect(page.links).toContain("Use recovery code instead");
	app.clock.forward(minutes(15));
	expect((await home.open(paths.newRecoveryCode)).text).not.toContain("You can enter codes again");
	expect((await enters(await home.open(paths.newRecoveryCode), authenticator.code())).path).toBe(
		paths.newRecoveryCode,
	);
});

test("who has only taken the session's cookie elsewhere uses up nothing of the owner's browser", async () => {
	await using app = await startApp();
	const { home, authenticator } = await inByTrust(app);
	const thief = newBrowser(app);
	thief.cookies.set("vestibule-session", home.cookies.get("vestibule-session") ?? "");
	const page = await thief.open(paths.newRecoveryCode);
	for (const _ of [1, 2, 3, 4, 5]) await enters(page, authenticator.wrongCode());
	expect((await thief.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
	// Its session is over; in the owner's browser all tries are there.
	await signIn(home, casey);
	const asked = await enters(await home.open(paths.newRecoveryCode), authenticator.wrongCode());
	expect(asked.errors[0]).toContain("You have 4 more tries.");
});

test("the hundredth wrong code in a row blocks the method here too: it is still on, and the Recovery Code goes on", async () => {
	await using app = await startApp();
	const { home, authenticator, recoveryCode } = await inByTrust(app);
	await app.database.backdoor.updateTable("methods").set({ wrong_in_a_row: 99 }).execute();
	await app.inbox.clear();
	await enters(await home.open(paths.newRecoveryCode), authenticator.wrongCode());
	expect((await app.inbox.latest(casey)).subject).toContain("takes no more codes");
	const asked = await home.open(paths.newRecoveryCode);
	expect(asked.heading).toBe(ASKED);
	expect(asked.text).toContain("Your method takes no codes now. It still counts as on.");
	const byCode = await asked.click("Use recovery code instead");
	const shown = await byCode.submit({ "Recovery Code": recoveryCode }, "Submit");
	expect((await saveRecoveryCode(shown)).page.path).toBe(paths.newRecoveryCode);
});

type InByTrust = {
	home: Browser;
	/** Another known browser, which is asked for a code at sign-in. */
	desk: Browser;
	authenticator: Authenticator;
	recoveryCode: string;
	/** E.164; "" without text messages. */
	number: string;
};

/** Casey with the app on, asked for the password alone in a browser they trust. */
async function inByTrust(app: App, { texts = false } = {}): Promise<InByTrust> {
	const desk = newBrowser(app);
	await signIn(desk, casey);
	const { authenticator, ...withApp } = await setUpAuthenticatorApp(desk);
	const { recoveryCode, number } = texts
		? await setUpTextMessages(desk)
		: { recoveryCode: withApp.recoveryCode, number: "" };
	const home = newBrowser(app);
	await signInTrusting(home, casey, authenticator);
	await signOut(home);
	expect((await signIn(home, casey)).heading).toBe("My Account");
	return { home, desk, authenticator, recoveryCode, number };
}

function enters(page: Page, code: string): Promise<Page> {
	return page.submit({ "Verification code": code }, "Submit");
}

function confirmThen(returnTo: string): string {
	return `${paths.confirm}?${new URLSearchParams({ return: returnTo })}`;
}

async function wrongPassword(browser: Browser): Promise<void> {
	const page = await browser.open(paths.password);
	const typed = { "Current password": "not that one, sorry", "New password": "marble heron counts slowly" };
	expect((await page.submit(typed, "Change password")).status).toBe(422);
}

/** Another code than this one. */
function notThis(code: string): string {
	return String((Number(code) + 1) % 1_000_000).padStart(6, "0");
}

/** What was recorded with each event of a kind, the first one first. */
async function eventsOf({ database: { backdoor } }: App, kind: string): Promise<unknown[]> {
	const rows = await backdoor
		.selectFrom("activity_events")
		.select("detail")
		.where("kind", "=", kind)
		.orderBy("number")
		.execute();
	return rows.map(({ detail }) => JSON.parse(detail));
}
