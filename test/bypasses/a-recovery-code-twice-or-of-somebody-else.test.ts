import { expect, test } from "vitest";
import { hours } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { avery, casey, recoveryCodeOn, saveRecoveryCode, signIn } from "../harness/people.ts";
import { isIn } from "./cookies-of.ts";
import { enterRecoveryCode, ownerWithApp, waitingAtTheCode } from "./owners.ts";
import { countEvents, countSessions } from "./what-is-kept.ts";

const WRONG = /^That isn't your Recovery Code\. Only the newest one works, and only once\./;

async function tryRecoveryCode(app: App, email: string, code: string) {
	const browser = await waitingAtTheCode(app, email);
	const page = await enterRecoveryCode(browser, code);
	return { page, browser, isIn: await isIn(browser) };
}

async function expectRefused(app: App, email: string, code: string): Promise<void> {
	const tried = await tryRecoveryCode(app, email, code);
	expect(tried.isIn).toBe(false);
	expect(tried.page.errors).toEqual([expect.stringMatching(WRONG)]);
}

test("a Recovery Code opens one session and is spent by it, also where Lost your phone? is left unanswered", async () => {
	await using app = await startApp();
	const { recoveryCode } = await ownerWithApp(app, avery);
	const first = await tryRecoveryCode(app, avery, recoveryCode);
	expect(first.page.heading).toBe("Lost your phone?");
	expect(first.isIn).toBe(true);

	await expectRefused(app, avery, recoveryCode);
	await app.restart();
	await expectRefused(app, avery, recoveryCode);
	app.clock.forward(hours(30));
	await expectRefused(app, avery, recoveryCode);
	expect(await countEvents(app, "recovery-code-used")).toBe(1);
});

test("a Recovery Code spent in one sign-in is wrong in another that was already waiting", async () => {
	await using app = await startApp();
	const { recoveryCode } = await ownerWithApp(app, avery);
	const waiting = await waitingAtTheCode(app, avery);
	expect((await tryRecoveryCode(app, avery, recoveryCode)).isIn).toBe(true);
	const page = await enterRecoveryCode(waiting, recoveryCode);
	expect(page.errors).toEqual([expect.stringMatching(WRONG)]);
	expect(await isIn(waiting)).toBe(false);
});

test("one Recovery Code in six sign-ins at the same moment opens one session", async () => {
	await using app = await startApp();
	const { recoveryCode } = await ownerWithApp(app, avery);
	const waiting = await Promise.all(Array.from({ length: 6 }, () => waitingAtTheCode(app, avery)));
	const sessions = await countSessions(app);
	await Promise.all(waiting.map((browser) => enterRecoveryCode(browser, recoveryCode)));
	const inside = await Promise.all(waiting.map(isIn));
	expect(inside.filter(Boolean)).toHaveLength(1);
	expect(await countSessions(app)).toBe(sessions + 1);
	expect(await countEvents(app, "recovery-code-used")).toBe(1);
});

test("a colleague's Recovery Code opens nothing, and is not spent by the try", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const { recoveryCode } = await ownerWithApp(app, casey);
	await expectRefused(app, avery, recoveryCode);
	expect((await tryRecoveryCode(app, casey, recoveryCode)).isIn).toBe(true);
});

test("a Recovery Code ends when there is a newer one, and when 2-Step Verification is turned off", async () => {
	await using app = await startApp();
	const { desk, recoveryCode } = await ownerWithApp(app, avery);
	let page = await desk.open(paths.newRecoveryCode);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	// Also before Done is reached: the one that is shown is the one that works.
	const second = recoveryCodeOn(page);
	await expectRefused(app, avery, recoveryCode);
	await saveRecoveryCode(page);
	await expectRefused(app, avery, recoveryCode);

	page = await desk.open(paths.turnOff.to("authenticator-app"));
	await page.submit({ Password: DEMO_PASSWORD }, "Turn off");
	const again = await ownerWithApp(app, avery);
	await expectRefused(app, avery, second);
	await expectRefused(app, avery, recoveryCode);
	expect((await tryRecoveryCode(app, avery, again.recoveryCode)).isIn).toBe(true);
});

test("a Recovery Code takes the place of the code only: the password still comes first", async () => {
	await using app = await startApp();
	const { recoveryCode } = await ownerWithApp(app, avery);
	const browser = await waitingAtTheCode(app, avery);
	const page = await browser.open(paths.signInRecoveryCode);
	await (await browser.open(paths.verify)).click("Cancel");
	const after = await page.submit({ "Recovery Code": recoveryCode }, "Submit");
	expect(after.path).toBe(`${paths.signIn}?notice=over`);
	expect(await isIn(browser)).toBe(false);
	expect((await tryRecoveryCode(app, avery, recoveryCode)).isIn).toBe(true);
});

test("a method's code in the Recovery Code's field, and the other way round, are wrong", async () => {
	await using app = await startApp();
	const { authenticator, recoveryCode } = await ownerWithApp(app, avery);
	const browser = await waitingAtTheCode(app, avery);
	expect((await enterRecoveryCode(browser, authenticator.code())).errors[0]).toMatch(WRONG);
	const page = await browser.open(paths.verify);
	const asCode = await page.submit({ "Verification code": recoveryCode }, "Submit");
	expect(asCode.errors).toEqual(["Enter the six digits that your app shows now."]);
	expect(await isIn(browser)).toBe(false);
});

test("the Recovery Code being shown is read by nobody but the session that made it", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	const elsewhere = await waitingAtTheCode(app, avery);
	const stranger = await waitingAtTheCode(app, avery);
	let page = await desk.open(paths.newRecoveryCode);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	const code = recoveryCodeOn(page);
	const inside = await enterRecoveryCode(elsewhere, "0000 0000 0000 0000 0000");
	expect(inside.html).not.toContain(code);
	for (const browser of [elsewhere, stranger]) {
		for (const path of [paths.recoveryCode, paths.recoveryCodePdf]) {
			expect((await browser.send(path)).headers.location, path).toMatch(/^\/sign-in/);
		}
	}
	expect((await signIn(stranger, casey)).heading).toBe("My Account");
	expect((await stranger.open(paths.recoveryCode)).heading).toBe("You have no Recovery Code");
});
