import { expect, test } from "vitest";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { avery, blake, casey, saveRecoveryCode, signIn } from "../harness/people.ts";
import { cookies, formToken, isIn } from "./cookies-of.ts";
import {
	chooseNewPassword,
	enterCode,
	enterRecoveryCode,
	linkFor,
	NEW_PASSWORD,
	ownerWithApp,
	waitingAtTheCode,
} from "./owners.ts";
import { countSessions } from "./what-is-kept.ts";

test("no choice at Try another way leads past the second step", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const ways = ["", "authenticator-app", "text-message", "recovery-code", "password", "none", "session"];
	const more = ["emailed-code", "temporary-code", "trusted-browser", "__proto__", "constructor", "'"];
	for (const way of [...ways, ...more]) {
		const form = { "form-token": formToken(thief, "signIn"), way };
		const page = await thief.post(paths.anotherWay, form);
		expect([paths.verify, paths.anotherWay, paths.signInRecoveryCode], way).toContain(page.path);
		expect(await isIn(thief), way).toBe(false);
		// Whatever was chosen, the code that is asked for is the app's.
		const wrong = { "form-token": formToken(thief, "signIn"), code: "" };
		expect((await thief.post(paths.verify, wrong)).status, way).toBe(422);
	}
	expect(await countSessions(app)).toBe(1);
});

test("a person who has no second method is offered none, and cannot choose one", async () => {
	await using app = await startApp();
	const { authenticator } = await ownerWithApp(app, avery);
	const owner = await waitingAtTheCode(app, avery);
	const page = await owner.open(paths.anotherWay);
	expect(page.text).not.toContain("Text Message");
	await owner.post(paths.anotherWay, { "form-token": formToken(owner, "signIn"), way: "text-message" });
	const asked = await owner.open(paths.verify);
	expect(asked.heading).toBe("Enter the code from your authenticator app");
	expect((await enterCode(owner, authenticator.code())).heading).toBe("My Account");
});

test("a password chosen by a link gives no session, and the sign-in that waited is over", async () => {
	await using app = await startApp();
	const { authenticator } = await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const link = await linkFor(app, avery, thief);
	const done = await chooseNewPassword(thief, link);
	expect(done.path).toBe(`${paths.signIn}?notice=password-set`);
	expect(await isIn(thief)).toBe(false);

	const code = authenticator.code();
	const page = await thief.post(paths.verify, { "form-token": formToken(thief, "signIn"), code });
	expect(page.path).toBe(`${paths.signIn}?notice=over`);
	expect(await isIn(thief)).toBe(false);

	// The ordinary sign-in follows, second step included.
	expect((await signIn(thief, avery, NEW_PASSWORD)).path).toBe(paths.verify);
	expect((await enterCode(thief, code)).heading).toBe("My Account");
});

test("one's own link and one's own password do not finish a colleague's sign-in", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const waiting = thief.cookies.get(cookies.signIn) ?? "";

	await chooseNewPassword(thief, await linkFor(app, casey, thief));
	expect(await isIn(thief)).toBe(false);
	await signIn(thief, casey, NEW_PASSWORD);
	thief.cookies.set(cookies.signIn, waiting);
	for (const path of [paths.verify, paths.anotherWay, paths.signInRecoveryCode, paths.account]) {
		expect((await thief.open(path)).text, path).not.toContain("Avery");
	}
	expect((await thief.open(paths.account)).text).toContain("Casey Singh");
});

test("the pages of a session do not open with a sign-in that waits, nor its forms with the session's token", async () => {
	await using app = await startApp();
	const { authenticator } = await ownerWithApp(app, avery);
	const colleague = await ownerWithApp(app, blake);
	const thief = await waitingAtTheCode(app, avery);
	// A session of one's own beside the colleague's sign-in.
	thief.cookies.set(cookies.session, colleague.desk.cookies.get(cookies.session) ?? "");
	const sessions = await countSessions(app);

	const crossed = { "form-token": formToken(thief, "session"), code: authenticator.code() };
	expect((await thief.send(paths.verify, { method: "POST", form: crossed })).status).toBe(403);
	const own = { "form-token": formToken(thief, "signIn"), code: colleague.authenticator.code() };
	expect((await thief.send(paths.verify, { method: "POST", form: own })).status).toBe(422);
	expect(await countSessions(app)).toBe(sessions);
	expect((await thief.open(paths.account)).text).toContain("Blake Moreau");
});

test("Lost your phone? belongs to the session that the Recovery Code opened, and to no other", async () => {
	await using app = await startApp();
	const { desk, recoveryCode } = await ownerWithApp(app, avery);
	const home = await waitingAtTheCode(app, avery);
	const lost = await enterRecoveryCode(home, recoveryCode);
	expect(lost.heading).toBe("Lost your phone?");

	// The other session of the same person is not let off the password by it.
	expect((await desk.open(paths.lostPhone)).path).toBe(paths.twoStep);
	const token = { "form-token": formToken(desk, "session") };
	expect((await desk.post(paths.authenticatorApp, token)).errors).toEqual(["Enter your password."]);
	expect((await desk.post(paths.lostPhone, { ...token, answer: "keep" })).path).toBe(paths.twoStep);

	await saveRecoveryCode(await lost.click("I just don't have it with me: keep it"));
	// Answered once, it asks as everywhere.
	expect((await home.open(paths.lostPhone)).path).toBe(paths.twoStep);
	const after = await home.post(paths.authenticatorApp, { "form-token": formToken(home, "session") });
	expect(after.errors).toEqual(["Enter your password."]);
});
