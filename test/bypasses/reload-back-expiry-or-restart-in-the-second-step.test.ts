import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { avery, signIn } from "../harness/people.ts";
import { cookies, isIn } from "./cookies-of.ts";
import { enterCode, ownerWithApp, waitingAtTheCode } from "./owners.ts";
import { countSessions } from "./what-is-kept.ts";

const CODE_ASKED = "Enter the code from your authenticator app";

test("reloading the page of the code, and going back to other pages, keeps asking for the code", async () => {
	await using app = await startApp();
	const { authenticator } = await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);

	for (let times = 0; times < 3; times++) {
		expect((await thief.reload()).heading).toBe(CODE_ASKED);
		for (const path of [paths.home, paths.account, paths.signIn, paths.signInHelp, paths.anotherWay]) {
			await thief.open(path);
			expect(await isIn(thief), path).toBe(false);
			expect((await thief.open(paths.verify)).heading, path).toBe(CODE_ASKED);
		}
	}
	expect((await enterCode(thief, authenticator.code())).heading).toBe("My Account");
});

test("entering the password again and again never takes the place of the code", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const thief = newBrowser(app);
	for (let times = 0; times < 4; times++) {
		expect((await signIn(thief, avery)).heading).toBe(CODE_ASKED);
		expect(await isIn(thief)).toBe(false);
	}
	expect(await countSessions(app)).toBe(1);
});

test("after a restart of the server the code is still asked for", async () => {
	await using app = await startApp();
	const { authenticator } = await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	await app.restart();
	expect((await thief.reload()).heading).toBe(CODE_ASKED);
	expect(await isIn(thief)).toBe(false);
	expect((await signIn(newBrowser(app), avery)).heading).toBe(CODE_ASKED);
	expect((await enterCode(thief, authenticator.code())).heading).toBe("My Account");
});

test("a browser that was closed meanwhile starts again with the password", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	thief.restart();
	expect((await thief.open(paths.verify)).path).toBe(`${paths.signIn}?notice=over`);
	expect(await isIn(thief)).toBe(false);
});

test("a sign-in left for 15 minutes takes no code any more, and spends none", async () => {
	await using app = await startApp();
	const { authenticator } = await ownerWithApp(app, avery);
	const waiting = await waitingAtTheCode(app, avery);
	app.clock.forward(minutes(14));
	const page = await waiting.open(paths.verify);
	expect(page.heading).toBe(CODE_ASKED);
	app.clock.forward(minutes(1));

	const code = authenticator.code();
	const over = await page.submit({ "Verification code": code }, "Submit");
	expect(over.heading).toBe("Sign in to Harbour Physio");
	expect(over.text).toContain("That sign-in has ended");
	expect(waiting.cookies.get(cookies.signIn)).toBeUndefined();
	expect(await isIn(waiting)).toBe(false);

	await signIn(waiting, avery);
	expect((await enterCode(waiting, code)).heading).toBe("My Account");
});

test("the code is asked for in a browser known for years as well", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	desk.restart();
	expect(desk.cookies.get(cookies.browser)).toBeDefined();
	expect((await signIn(desk, avery)).heading).toBe(CODE_ASKED);
	expect(await isIn(desk)).toBe(false);
});

test("a form of the second step sent again after it was passed goes home, and gives nobody else anything", async () => {
	await using app = await startApp();
	const { authenticator } = await ownerWithApp(app, avery);
	const owner = await waitingAtTheCode(app, avery);
	const thief = owner.copy();
	const page = await owner.open(paths.verify);
	const code = authenticator.code();
	await page.submit({ "Verification code": code }, "Submit");
	const sessions = await countSessions(app);

	const again = await page.submit({ "Verification code": code }, "Submit");
	expect(again.heading).toBe("My Account");
	expect((await thief.reload()).path).toBe(paths.signIn);
	expect((await thief.post(paths.verify, { code })).path).toBe(`${paths.signIn}?notice=over`);
	expect(await countSessions(app)).toBe(sessions);
});
