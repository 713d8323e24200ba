import { expect, test } from "vitest";
import { days, hours, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { giveCode, resetSecondStep } from "../harness/by-operator.ts";
import {
	casey,
	emailedCode,
	proveByEmail,
	requireFrom,
	scanKey,
	signIn,
	signInTrusting,
	signOut,
} from "../harness/people.ts";
import { formToken, isIn } from "./cookies-of.ts";
import { chooseNewPassword, linkFor, NEW_PASSWORD, ownerWithApp, waitingAtTheCode } from "./owners.ts";
import { countEvents, countSessions } from "./what-is-kept.ts";

const RULES = [null, "2027-01-04", "2026-01-01"] as const;

/** Every form of a sign-in, sent by somebody who knows how. */
async function trySignInForms(browser: Browser, code: string, recoveryCode: string): Promise<void> {
	const more = [paths.sendEmailedCode, paths.anotherWay, paths.declineSetUp, paths.signInSetUp];
	const setUps = [paths.signInAuthenticatorApp, paths.signInTextMessage].flatMap((base) =>
		Object.values(setUpPaths(base)),
	);
	const all = [paths.verify, paths.emailedCode, paths.signInTemporaryCode, paths.signInRecoveryCode];
	for (const address of [...all, ...more, ...setUps]) {
		const form = {
			"form-token": formToken(browser, "signIn"),
			code,
			"recovery-code": recoveryCode,
			way: "recovery-code",
			kind: "authenticator-app",
			password: NEW_PASSWORD,
		};
		await browser.copy().send(address, { method: "POST", form });
		expect(await isIn(browser), address).toBe(false);
	}
}

async function useTemporaryCode(browser: Browser, code: string) {
	const page = await browser.open(paths.signInTemporaryCode);
	return page.submit({ "Temporary code": code }, "Submit");
}

/** Everything somebody reads in this mailbox that may be a code. */
async function codesIn(app: App, email: string): Promise<string[]> {
	const emails = await app.inbox.all(email);
	return emails.flatMap(({ text }) => text.match(/\b\d{4} ?\d{4}\b/g) ?? []);
}

test.each(RULES)("who has only the password gets nothing by a reset (required from %s)", async (day) => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, casey);
	await requireFrom(app, day);
	app.clock.forward(minutes(1));
	const known = newBrowser(app);
	await signInTrusting(known, casey, owner.authenticator);
	await signOut(known);
	await resetSecondStep(app, casey);
	app.clock.forward(minutes(1));
	// In the browser that was trusted, in a known one, and in a strange one.
	for (const browser of [known, owner.desk, newBrowser(app)]) {
		expect((await signIn(browser, casey)).path).toBe(paths.emailedCode);
		await trySignInForms(browser, owner.authenticator.code(), owner.recoveryCode);
		for (const path of [paths.signInSetUp, paths.verify, paths.account, paths.twoStep]) {
			expect([paths.emailedCode, paths.signIn], path).toContain(
				(await browser.open(path)).path.split("?")[0],
			);
		}
	}
	expect(await countSessions(app, casey)).toBe(0);
});

test.each(RULES)(
	"who has only the mailbox gets nothing by a reset, before it or after it (required from %s)",
	async (day) => {
		for (const setPassword of ["before the reset", "after the reset"]) {
			await using app = await startApp();
			const owner = await ownerWithApp(app, casey);
			await requireFrom(app, day);
			app.clock.forward(minutes(1));
			const link = await linkFor(app, casey);
			const thief = newBrowser(app);
			if (setPassword === "before the reset") await chooseNewPassword(thief, link);
			await resetSecondStep(app, casey);
			if (setPassword === "after the reset") await chooseNewPassword(thief, link);

			for (const wait of [0, hours(2), days(30)]) {
				app.clock.forward(wait);
				expect((await signIn(thief, casey, NEW_PASSWORD)).heading, setPassword).toBe(
					"Ask for a temporary code",
				);
				for (const code of [...(await codesIn(app, casey)), "00000000"]) {
					await trySignInForms(thief, code, owner.recoveryCode);
				}
				// Another password by the same mailbox changes nothing of it.
				await chooseNewPassword(thief, await linkFor(app, casey), NEW_PASSWORD);
			}
			expect(await countEvents(app, "emailed-code-sent"), setPassword).toBe(0);
			expect(await countSessions(app, casey), setPassword).toBe(0);
		}
	},
);

test("a code emailed after the reset opens nothing once the password comes from the same mailbox", async () => {
	await using app = await startApp();
	await ownerWithApp(app, casey);
	await resetSecondStep(app, casey);
	const asked = newBrowser(app);
	await (await signIn(asked, casey)).click("Email me a code");
	const code = await emailedCode(app, casey);
	await chooseNewPassword(newBrowser(app), await linkFor(app, casey));

	const thief = newBrowser(app);
	await signIn(thief, casey, NEW_PASSWORD);
	await trySignInForms(thief, code, "");
	// The sign-in in which it was asked for is over with the old password.
	expect((await asked.open(paths.emailedCode)).path).toBe(`${paths.signIn}?notice=over`);
	expect(await countEvents(app, "emailed-code-used")).toBe(0);
});

test("a code emailed before the method went on proves nothing after a reset", async () => {
	await using app = await startApp();
	await requireFrom(app, "2026-01-01");
	const early = newBrowser(app);
	await (await signIn(early, casey)).click("Email me a code");
	const code = await emailedCode(app, casey);
	await requireFrom(app, null);
	await ownerWithApp(app, casey);
	await resetSecondStep(app, casey);

	const thief = newBrowser(app);
	await signIn(thief, casey);
	const enter = await thief.post(paths.emailedCode, { "form-token": formToken(thief, "signIn"), code });
	expect(enter.status).toBe(422);
	expect(await isIn(thief)).toBe(false);
});

test("a temporary code from before a reset, or from before a new password, opens nothing", async () => {
	await using app = await startApp();
	await ownerWithApp(app, casey);
	const before = await giveCode(app, casey);
	const operators = await resetSecondStep(app, casey);
	const thief = newBrowser(app);
	await signIn(thief, casey);
	expect((await useTemporaryCode(thief, before)).errors[0]).toContain("has ended");
	await chooseNewPassword(newBrowser(app), await linkFor(app, casey));
	await signIn(thief, casey, NEW_PASSWORD);
	expect((await useTemporaryCode(thief, operators)).errors[0]).toContain("has ended");
});

test("a sign-in or set-up parked before the reset finishes nothing after it", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, casey);
	app.clock.forward(minutes(1));
	const asked = await (await waitingAtTheCode(app, casey)).open(paths.verify);
	const start = await owner.desk.open(paths.authenticatorApp);
	const key = await start.submit({ Password: DEMO_PASSWORD }, "Next");
	const thiefsApp = scanKey(key, owner.desk);
	const enter = await key.click("Next");

	await resetSecondStep(app, casey);
	const late = await asked.submit({ "Verification code": owner.authenticator.code() }, "Submit");
	expect(late.path).toBe(`${paths.signIn}?notice=over`);
	const set = await enter.submit({ "Verification code": thiefsApp.code() }, "Submit");
	expect(set.path).toContain(paths.signIn);
	expect(await countSessions(app, casey)).toBe(0);
	expect(await countEvents(app, "method-set-up", casey)).toBe(1);
});

test("a set-up inside a sign-in ends with a second reset, its proof too", async () => {
	await using app = await startApp();
	await ownerWithApp(app, casey);
	await resetSecondStep(app, casey);
	const thief = newBrowser(app);
	await signIn(thief, casey);
	const key = await (await proveByEmail(thief, casey)).submit({}, "Set up now");
	const thiefsApp = scanKey(key, thief);
	const enter = await key.click("Next");
	await resetSecondStep(app, casey);
	expect((await enter.submit({ "Verification code": thiefsApp.code() }, "Submit")).path).toContain(
		paths.signIn,
	);
	expect(await isIn(thief)).toBe(false);
	expect((await signIn(newBrowser(app), casey)).path).toBe(paths.emailedCode);
});

test("a code entered at the same moment as a reset leaves no session, whichever comes first", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, casey);
	for (let round = 0; round < 5; round++) {
		const { authenticator } = round === 0 ? owner : await ownerWithAppAgain(app);
		app.clock.forward(minutes(1));
		const waiting = await Promise.all(Array.from({ length: 3 }, () => waitingAtTheCode(app, casey)));
		const pages = await Promise.all(waiting.map((browser) => browser.open(paths.verify)));
		const code = { "Verification code": authenticator.code() };
		await Promise.all([...pages.map((page) => page.submit(code, "Submit")), resetSecondStep(app, casey)]);
		expect(await countSessions(app, casey)).toBe(0);
		for (const browser of waiting) expect(await isIn(browser)).toBe(false);
	}
});

/** Past the pending reset, to a method again. */
async function ownerWithAppAgain(app: App) {
	app.clock.forward(hours(1));
	const browser = newBrowser(app);
	await signIn(browser, casey);
	await (await proveByEmail(browser, casey)).submit({}, "Not now");
	return ownerWithApp(app, casey);
}

test("a reset is not over before a session: one that is left at the prompt is pending the next time", async () => {
	await using app = await startApp();
	await ownerWithApp(app, casey);
	await resetSecondStep(app, casey);
	const first = newBrowser(app);
	await signIn(first, casey);
	expect((await proveByEmail(first, casey)).path).toBe(paths.signInSetUp);
	expect((await signIn(newBrowser(app), casey)).path).toBe(paths.emailedCode);
	expect(await countSessions(app, casey)).toBe(0);
});
