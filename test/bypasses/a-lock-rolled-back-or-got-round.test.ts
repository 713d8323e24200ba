import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { minutes, seconds } from "../../src/clock.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { avery, casey, signIn } from "../harness/people.ts";
import { cookies, formToken, isIn } from "./cookies-of.ts";
import { enterCode, enterRecoveryCode, ownerWithApp, waitingAtTheCode } from "./owners.ts";
import { countEvents, countSessions } from "./what-is-kept.ts";

const WRONG = "not the password at all";

/** Five wrong codes from browsers never seen: whoever is not in a known one waits now. */
async function withCodesUsedUp(app: App) {
	const owner = await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	for (let tries = 0; tries < 5; tries++) await enterCode(thief, owner.authenticator.wrongCode());
	return { ...owner, thief };
}

/** Ten wrong passwords from a browser never seen. */
async function withPasswordsUsedUp(app: App, email: string): Promise<Browser> {
	const thief = newBrowser(app);
	for (let tries = 0; tries < 10; tries++) await signIn(thief, email, WRONG);
	return thief;
}

test("the wait for codes outlasts a restart, a new sign-in, another way, and another browser", async () => {
	await using app = await startApp();
	const { thief, authenticator } = await withCodesUsedUp(app);
	const code = authenticator.code();

	await app.restart();
	expect((await enterCode(thief, code)).status).toBe(429);
	await signIn(thief, avery);
	expect((await enterCode(thief, code)).status).toBe(429);
	await thief.post(paths.anotherWay, {
		"form-token": formToken(thief, "signIn"),
		way: "authenticator-app",
	});
	expect((await enterCode(thief, code)).status).toBe(429);
	// A wrong Recovery Code is another count, and ends no wait of the codes.
	await enterRecoveryCode(thief, "0000 0000 0000 0000 0000");
	expect((await enterCode(thief, code)).status).toBe(429);
	const another = await waitingAtTheCode(app, avery);
	another.address = "198.51.100.200";
	expect((await enterCode(another, code)).status).toBe(429);
	app.clock.forward(minutes(14));
	expect((await enterCode(await waitingAtTheCode(app, avery), code)).status).toBe(429);
	for (const browser of [thief, another]) expect(await isIn(browser)).toBe(false);
});

test("the wait for passwords outlasts a restart, a new cookie jar, another address and another program", async () => {
	await using app = await startApp();
	const thief = await withPasswordsUsedUp(app, casey);
	await app.restart();
	thief.cookies.clear();
	expect((await signIn(thief, casey)).status).toBe(429);
	thief.address = "2001:db8:77:1::9";
	expect((await signIn(thief, casey)).status).toBe(429);
	const program = newBrowser(app, { userAgent: "curl/8", address: "198.51.100.77" });
	expect((await signIn(program, casey)).status).toBe(429);
	expect(await countSessions(app)).toBe(0);
});

test("cookies copied before the tries, and sent again, bring no try back", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	const fresh = await waitingAtTheCode(app, avery);
	const wrong = { "form-token": formToken(fresh, "signIn"), code: owner.authenticator.wrongCode() };
	const left: number[] = [];
	for (let tries = 0; tries < 5; tries++) {
		// Each time the very cookies from before the first try.
		const page = await fresh.copy().post(paths.verify, wrong);
		left.push(page.errors[0]?.includes("last try") ? 0 : Number(/(\d) more/.exec(page.errors[0] ?? "")?.[1]));
	}
	expect(left).toEqual([4, 3, 2, 1, 0]);
	const right = { ...wrong, code: owner.authenticator.code() };
	expect((await fresh.copy().post(paths.verify, right)).status).toBe(429);

	const nobody = newBrowser(app);
	for (let tries = 0; tries < 10; tries++) await signIn(nobody.copy(), casey, WRONG);
	expect((await signIn(nobody.copy(), casey)).status).toBe(429);
});

test("no answer to a wrong try sets a cookie in which something could be counted", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const form = { "form-token": formToken(thief, "signIn"), code: "000000", "recovery-code": "0".repeat(20) };
	for (const address of [paths.verify, paths.signInRecoveryCode]) {
		expect((await thief.send(address, { method: "POST", form })).headers["set-cookie"]).toBeUndefined();
	}
	const wrong = { email: avery, password: WRONG };
	const reply = await newBrowser(app).send(paths.signIn, { method: "POST", form: wrong });
	expect(reply.headers["set-cookie"]).toBeUndefined();
});

test("a browser cookie made up, a colleague's or one's own from elsewhere makes no browser known", async () => {
	await using app = await startApp();
	const { thief, desk, authenticator } = await withCodesUsedUp(app);
	const colleague = newBrowser(app);
	await signIn(colleague, casey);
	const made = "A".repeat(43);
	for (const value of [made, colleague.cookies.get(cookies.browser) ?? "", "", "x"]) {
		thief.cookies.set(cookies.browser, value);
		await signIn(thief, avery);
		expect((await enterCode(thief, authenticator.code())).status).toBe(429);
	}
	// The owner's own would: that it is what decides is seen by this.
	thief.cookies.set(cookies.browser, desk.cookies.get(cookies.browser) ?? "");
	await signIn(thief, avery);
	expect((await enterCode(thief, authenticator.code())).heading).toBe("My Account");
});

test("a made-up browser cookie is not taken on: the browser gets one of its own", async () => {
	await using app = await startApp();
	const planted = "B".repeat(43);
	const victim = newBrowser(app);
	victim.cookies.set(cookies.browser, planted);
	await signIn(victim, casey);
	expect(victim.cookies.get(cookies.browser)).not.toBe(planted);
});

test("a try whose comparison breaks is a try all the same", async () => {
	await using app = await startApp({ environment: { VESTIBULE_LOG_LEVEL: "silent" } });
	const { backdoor } = app.database;
	const [person] = await backdoor.selectFrom("profiles").selectAll().where("email", "=", casey).execute();
	const whose = person?.profile_id ?? "";
	await backdoor.updateTable("passwords").set({ hash: "broken" }).where("profile_id", "=", whose).execute();
	const form = { email: casey, password: WRONG };
	for (let tries = 0; tries < 10; tries++) {
		const reply = await newBrowser(app).send(paths.signIn, { method: "POST", form });
		expect([422, 500]).toContain(reply.status);
	}
	expect((await newBrowser(app).send(paths.signIn, { method: "POST", form })).status).toBe(429);
});

test("hanging up before the answer takes no try back", async () => {
	await using app = await startApp();
	const { authenticator, desk } = await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const wrong = { "form-token": formToken(thief, "signIn"), code: authenticator.wrongCode() };
	for (let tries = 0; tries < 5; tries++) await sendAndHangUp(thief, paths.verify, wrong);
	await until(async () => (await countEvents(app, "second-step-refused")) === 5);
	expect((await enterCode(thief, authenticator.code())).status).toBe(429);

	for (let tries = 0; tries < 10; tries++) {
		await sendAndHangUp(newBrowser(app), paths.signIn, { email: casey, password: WRONG });
	}
	await until(async () => (await countEvents(app, "password-refused")) === 10);
	expect((await signIn(newBrowser(app), casey)).status).toBe(429);
	expect(await isIn(desk)).toBe(true);
});

test("a count that cannot be read opens nothing", async () => {
	await using app = await startApp();
	const { authenticator } = await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	await signIn(newBrowser(app), casey, WRONG);
	await enterCode(thief, authenticator.wrongCode());
	const { backdoor } = app.database;
	await backdoor.updateTable("tries").set({ state: "spoilt" }).execute();
	await backdoor.updateTable("tries_across_clinics").set({ state: "{}" }).execute();

	expect((await enterCode(thief, authenticator.code())).status).toBe(429);
	const reply = await newBrowser(app).send(paths.signIn, {
		method: "POST",
		form: { email: casey, password: "quiet lanterns over water" },
	});
	expect([422, 429]).toContain(reply.status);
	expect(reply.headers["set-cookie"]).toBeUndefined();
	expect(await isIn(thief)).toBe(false);
});

test("the doubling wait after wrong passwords goes on where it was, and only a right password ends it", async () => {
	await using app = await startApp();
	await withPasswordsUsedUp(app, casey);
	for (const wait of [1, 2, 4, 8]) {
		app.clock.forward(minutes(wait) - seconds(2));
		expect((await signIn(newBrowser(app), casey)).status, `before ${wait} minutes`).toBe(429);
		await app.restart();
		app.clock.forward(seconds(3));
		expect((await signIn(newBrowser(app), casey, WRONG)).status, `after ${wait} minutes`).toBe(422);
	}
	app.clock.forward(minutes(16) + seconds(1));
	expect((await signIn(newBrowser(app), casey)).heading).toBe("My Account");
	for (let tries = 0; tries < 3; tries++) {
		expect((await signIn(newBrowser(app), casey, WRONG)).status).toBe(422);
	}
});

/** Sends a form and ends the connection as soon as it is written. */
function sendAndHangUp(browser: Browser, path: string, form: Record<string, string>): Promise<void> {
	const { app } = browser;
	const body = new URLSearchParams(form).toString();
	const headers = {
		host: app.url.host,
		cookie: browser.cookies.header("from this site", app.clock.now()),
		"sec-fetch-site": "same-origin",
		"content-type": "application/x-www-form-urlencoded",
		"content-length": String(body.length),
		"x-forwarded-for": browser.address,
	};
	return new Promise((resolve) => {
		const options = { host: "127.0.0.1", port: app.port, path, method: "POST", headers, agent: false };
		const sending = request(options);
		sending.on("error", () => {});
		sending.on("close", () => resolve());
		sending.end(body, async () => {
			await pause(1);
			sending.destroy();
		});
	});
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
	for (let looks = 0; looks < 4_800; looks++) {
		if (await isSo()) return;
		await pause(25);
	}
	throw new Error("It did not come to that");
}
