import { expect, test } from "vitest";
import { hours, minutes } from "../../src/clock.ts";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { casey, emailedCode, requireFrom, setUpAuthenticatorApp, signIn } from "../harness/people.ts";
import { formToken, isIn } from "./cookies-of.ts";
import { chooseNewPassword, linkFor, NEW_PASSWORD, ownerWithApp } from "./owners.ts";
import { countEvents, countSessions } from "./what-is-kept.ts";

const TODAY = "2026-12-07";

test("who has only the mailbox sets a password by it, and gets no emailed code past a method that is on", async () => {
	await using app = await startApp();
	await ownerWithApp(app, casey);
	for (const day of [null, TODAY]) {
		await requireFrom(app, day);
		const thief = newBrowser(app);
		await chooseNewPassword(thief, await linkFor(app, casey, thief), `${NEW_PASSWORD} ${day}`);
		for (const wait of [0, hours(2)]) {
			app.clock.forward(wait);
			expect((await signIn(thief, casey, `${NEW_PASSWORD} ${day}`)).path).toBe(paths.verify);
			const form = { "form-token": formToken(thief, "signIn"), code: "00000000" };
			for (const address of [paths.sendEmailedCode, paths.emailedCode]) {
				const reply = await thief.copy().send(address, { method: "POST", form });
				expect([reply.status, reply.headers.location], address).toEqual([303, paths.verify]);
			}
			expect((await thief.open(paths.emailedCode)).path).toBe(paths.verify);
		}
		expect(await isIn(thief)).toBe(false);
	}
	expect(await countEvents(app, "emailed-code-sent")).toBe(0);
	expect(await countEvents(app, "emailed-code-refused")).toBe(0);
	const subjects = (await app.inbox.all(casey)).map(({ subject }) => subject);
	expect(subjects.filter((subject) => subject.startsWith("Your code"))).toEqual([]);
});

test("a code emailed before the method went on opens nothing after it", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	await requireFrom(app, TODAY);
	const thief = newBrowser(app);
	await (await signIn(thief, casey)).click("Email me a code");
	const code = await emailedCode(app, casey);
	await setUpAuthenticatorApp(desk);

	const again = newBrowser(app);
	expect((await signIn(again, casey)).path).toBe(paths.verify);
	const before = await countSessions(app);
	for (const address of [paths.emailedCode, paths.verify, paths.signInRecoveryCode]) {
		const form = { "form-token": formToken(again, "signIn"), code, "recovery-code": code };
		const reply = await again.copy().send(address, { method: "POST", form });
		expect(reply.headers["set-cookie"], address).toBeUndefined();
	}
	expect(await countSessions(app)).toBe(before);
});

test("within the hour of a password set by an emailed link no code is emailed to the same mailbox, nor taken", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const earlier = newBrowser(app);
	await (await signIn(earlier, casey)).click("Email me a code");
	const code = await emailedCode(app, casey);
	await chooseNewPassword(newBrowser(app), await linkFor(app, casey));

	const browser = newBrowser(app);
	await signIn(browser, casey, NEW_PASSWORD);
	for (const address of [paths.sendEmailedCode, paths.emailedCode]) {
		const form = { "form-token": formToken(browser, "signIn"), code };
		const reply = await browser.copy().send(address, { method: "POST", form });
		expect(reply.headers.location, address).toBe(paths.signInSetUp);
	}
	expect(await countEvents(app, "emailed-code-sent")).toBe(1);
	expect(await countEvents(app, "emailed-code-used")).toBe(0);
	app.clock.forward(minutes(59));
	expect((await browser.open(paths.emailedCode)).path).toBe(paths.signInSetUp);
});
