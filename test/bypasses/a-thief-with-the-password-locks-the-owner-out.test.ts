import { expect, test } from "vitest";
import { days, hours, minutes, seconds } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { avery, casey, signIn, signOut } from "../harness/people.ts";
import { cookies, isIn } from "./cookies-of.ts";
import {
	chooseNewPassword,
	enterCode,
	enterRecoveryCode,
	linkFor,
	NEW_PASSWORD,
	type Owner,
	ownerWithApp,
	waitingAtTheCode,
} from "./owners.ts";
import { countEvents } from "./what-is-kept.ts";

const WAIT = minutes(15) + seconds(1);
const CLOSED = "That email and password don't match. If you're sure they do, choose Forgot your password?";
const SUBJECT = "Somebody else may know your password";

/** Five wrong codes, and where the last one led. */
async function fiveWrongCodes(thief: Browser, { authenticator }: Owner) {
	let page = await thief.open(paths.verify);
	for (let tries = 0; tries < 5; tries++) {
		page = await page.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
	}
	return page;
}

/** 20 wrong codes in an hour, from browsers never seen: the password works only in known browsers from here on. */
async function closedByCodes(app: App, owner: Owner, password = DEMO_PASSWORD): Promise<void> {
	for (let round = 0; round < 4; round++) {
		await fiveWrongCodes(await waitingAtTheCode(app, owner.email, password), owner);
		await app.drain();
		app.clock.forward(WAIT);
	}
	expect((await signIn(newBrowser(app), owner.email, password)).errors).toEqual([CLOSED]);
}

async function warnings(app: App): Promise<number> {
	return (await app.inbox.all(avery)).filter(({ subject }) => subject.startsWith(SUBJECT)).length;
}

test("while a thief guesses codes, the owner signs in at the known browser without noticing anything", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	const { desk, authenticator } = owner;

	async function ownerSignsInAsEver(): Promise<void> {
		await signOut(desk);
		const asked = await signIn(desk, avery);
		expect(asked.heading).toBe("Enter the code from your authenticator app");
		expect(asked.errors).toEqual([]);
		const home = await asked.submit({ "Verification code": authenticator.code() }, "Submit");
		expect(home.heading).toBe("My Account");
	}

	for (let round = 1; round <= 4; round++) {
		const thief = await waitingAtTheCode(app, avery);
		const last = await fiveWrongCodes(thief, owner);
		if (round < 4) {
			expect(last.errors[0]).toContain("That was the last try for now.");
			// During the wait not even the right code opens, in this browser or another one that is not known.
			expect((await enterCode(thief, authenticator.codeAt(app.clock.now()))).status).toBe(429);
			expect((await enterCode(await waitingAtTheCode(app, avery), authenticator.wrongCode())).status).toBe(
				429,
			);
		} else {
			expect(last.path).toBe(`${paths.signIn}?notice=closed`);
			expect(last.text).toContain("Your password now works only in browsers you have used before.");
		}
		expect(await isIn(thief)).toBe(false);
		await ownerSignsInAsEver();
		await app.drain();
		app.clock.forward(WAIT);
	}
	await ownerSignsInAsEver();
	expect(await countEvents(app, "password-only-known-browsers")).toBe(1);
	expect(await warnings(app)).toBe(1);
});

test("after 20 wrong codes in a day a stranger's right password and a wrong one get the very same answer", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	await closedByCodes(app, owner);

	const post = (password: string) =>
		newBrowser(app).send(paths.signIn, { method: "POST", form: { email: avery, password } });
	const right = await post(DEMO_PASSWORD);
	const wrong = await post("not the password at all");
	expect(right.status).toBe(wrong.status);
	expect(right.body.toString()).toBe(wrong.body.toString());
	expect(right.headers["set-cookie"]).toEqual(wrong.headers["set-cookie"]);
	expect(right.body.toString()).toContain("choose Forgot your password?");
	// Neither waiting nor restarting opens it again.
	await app.restart();
	app.clock.forward(days(40));
	expect((await signIn(newBrowser(app), avery)).errors).toEqual([CLOSED]);
});

test("the sign-ins that wait in unknown browsers end with it, and one in the known browser goes on", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	const { desk, authenticator, recoveryCode } = owner;
	for (let round = 0; round < 3; round++) {
		await fiveWrongCodes(await waitingAtTheCode(app, avery), owner);
		app.clock.forward(WAIT);
	}
	await signOut(desk);
	await signIn(desk, avery);
	const waiting = await waitingAtTheCode(app, avery);
	const withRecoveryCode = await waitingAtTheCode(app, avery);
	const form = await withRecoveryCode.open(paths.signInRecoveryCode);
	await fiveWrongCodes(await waitingAtTheCode(app, avery), owner);

	const code = authenticator.code();
	expect((await waiting.open(paths.verify)).path).toBe(`${paths.signIn}?notice=over`);
	expect((await form.submit({ "Recovery Code": recoveryCode }, "Submit")).path).toBe(
		`${paths.signIn}?notice=over`,
	);
	expect(await isIn(withRecoveryCode)).toBe(false);
	expect((await enterCode(desk, code)).heading).toBe("My Account");
});

test("a password that was being checked in an unknown browser when it closed opens nothing there", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const late = await waitingAtTheCode(app, avery);
	// As if its sign-in had been written the moment after those of strangers were ended.
	await app.database.backdoor.updateTable("passwords").set({ only_known_browsers: 1 }).execute();
	for (const path of [paths.verify, paths.anotherWay, paths.signInRecoveryCode]) {
		expect((await late.copy().open(path)).path, path).toBe(`${paths.signIn}?notice=over`);
	}
});

test("the owner without any known browser gets in again alone: Forgot your password?, then both steps", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	await closedByCodes(app, owner);

	const phone = newBrowser(app);
	const refused = await signIn(phone, avery);
	const forgot = await refused.click("Forgot your password?");
	await forgot.submit({ Email: avery }, "Email me a link");
	const [link = ""] = (await app.inbox.latest(avery)).links;
	// The one that the thief knows lifts nothing.
	const same = await chooseNewPassword(phone, link, DEMO_PASSWORD);
	expect(same.errors).toEqual(["That is the password you have had so far. Choose another one."]);
	expect((await signIn(newBrowser(app), avery)).errors).toEqual([CLOSED]);
	await same.submit({ "New password": NEW_PASSWORD }, "Save password");
	const asked = await signIn(phone, avery, NEW_PASSWORD);
	expect(asked.heading).toBe("Enter the code from your authenticator app");
	// A new password lifts the waits that the thief left behind, those for codes as well.
	const home = await asked.submit({ "Verification code": owner.authenticator.code() }, "Submit");
	expect(home.errors).toEqual([]);
	expect(home.heading).toBe("My Account");

	// To the thief the old one is a wrong password like any other.
	expect((await signIn(newBrowser(app), avery)).errors).toEqual(["That email and password don't match."]);
});

test("a new password lifts no block: wrong codes in a row go on counting for the method", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	await app.database.backdoor.updateTable("methods").set({ wrong_in_a_row: 97 }).execute();
	await chooseNewPassword(owner.desk, await linkFor(app, avery, owner.desk));
	const thief = await waitingAtTheCode(app, avery, NEW_PASSWORD);
	const page = await enterCode(thief, owner.authenticator.wrongCode());
	await page.submit({ "Verification code": owner.authenticator.wrongCode() }, "Submit");
	await enterCode(thief, owner.authenticator.wrongCode());
	expect(await countEvents(app, "method-blocked")).toBe(1);
	expect((await thief.open(paths.verify)).path).toBe(paths.anotherWay);
});

test("the warning comes once a day, however often the thief finds the new password too", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	const passwords = [DEMO_PASSWORD, NEW_PASSWORD, "seven otters fold maps"];
	const warned = [1, 1, 2];
	for (const [turn, password] of passwords.entries()) {
		if (turn === 2) app.clock.forward(hours(24));
		if (turn > 0) await chooseNewPassword(newBrowser(app), await linkFor(app, avery), password);
		await closedByCodes(app, owner, password);
		expect(await warnings(app)).toBe(warned[turn]);
	}
});

test("wrong codes in the owner's known browser make it wait, and nobody else", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	const { desk, authenticator } = owner;
	await signOut(desk);
	await signIn(desk, avery);
	expect((await fiveWrongCodes(desk, owner)).errors[0]).toContain("That was the last try for now.");
	expect((await enterCode(desk, authenticator.codeAt(app.clock.now()))).status).toBe(429);
	const phone = await waitingAtTheCode(app, avery);
	expect((await enterCode(phone, authenticator.code())).heading).toBe("My Account");
	app.clock.forward(WAIT);
	await signIn(desk, avery);
	expect((await enterCode(desk, authenticator.code())).heading).toBe("My Account");
	expect(await warnings(app)).toBe(0);
});

test("a colleague's known browser is not the owner's: with the owner's password it is a stranger's", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	const colleague = newBrowser(app);
	await signIn(colleague, casey);
	await signOut(colleague);
	expect(colleague.cookies.get(cookies.browser)).toBeDefined();
	for (let round = 0; round < 4; round++) {
		await signIn(colleague, avery);
		await fiveWrongCodes(colleague, owner);
		app.clock.forward(WAIT);
	}
	expect((await signIn(colleague, avery)).errors).toEqual([CLOSED]);
	// The colleague's own password works there as ever, and the owner's where the owner is known.
	expect((await signIn(colleague, casey)).heading).toBe("My Account");
	await signOut(owner.desk);
	expect((await signIn(owner.desk, avery)).path).toBe(paths.verify);
});

test("while strangers try 100 wrong passwords, the owner signs in at the known browser without noticing anything", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	for (let tried = 0; tried < 100; ) {
		const page = await signIn(newBrowser(app), avery, `wrong password number ${tried}`);
		if (page.status === 429) app.clock.forward(hours(1) + seconds(1));
		else tried++;
		if (tried % 25 === 0) {
			await signOut(owner.desk).catch(() => undefined);
			const asked = await signIn(owner.desk, avery);
			expect(asked.errors).toEqual([]);
			await asked.submit({ "Verification code": owner.authenticator.code() }, "Submit");
			expect(await isIn(owner.desk)).toBe(true);
		}
	}
	expect((await signIn(newBrowser(app), avery)).errors).toEqual([CLOSED]);
	await signOut(owner.desk);
	expect((await signIn(owner.desk, avery)).path).toBe(paths.verify);

	// The way out is the same, and in a browser not known as well.
	const phone = newBrowser(app);
	await chooseNewPassword(phone, await linkFor(app, avery, phone));
	await signIn(phone, avery, NEW_PASSWORD);
	expect((await enterRecoveryCode(phone, owner.recoveryCode)).heading).toBe("Lost your phone?");
});
