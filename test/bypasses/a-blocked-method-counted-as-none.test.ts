import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { avery, saveRecoveryCode, scanKey, signIn, signOut } from "../harness/people.ts";
import { formToken, isIn } from "./cookies-of.ts";
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
