import { expect, test } from "vitest";
import { hours, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { avery, casey, signIn, signInWithCode, signOut } from "../harness/people.ts";
import { formToken } from "./cookies-of.ts";
import { ownerWithApp } from "./owners.ts";
import { countTriesBefore } from "./tries-before.ts";
import { countEvents, everythingKept } from "./what-is-kept.ts";

const TOO_MANY = "too many requests for links from your network";

/** **Forgot your password?** for an email, and the status of what it answers. */
async function askForLink(browser: Browser, email: string): Promise<number> {
	const page = await browser.open(paths.forgotPassword);
	return (await page.submit({ Email: email }, "Email me a link")).status;
}

async function rows(app: App): Promise<number> {
	return Object.values(await everythingKept(app)).flat().length;
}

test("who asks for links for one email after another fills neither the database nor the activity", async () => {
	await using app = await startApp();
	const address = "192.0.2.70";
	await countTriesBefore(app, "resetLinksNetwork", address, 98);
	const stranger = newBrowser(app, { address });
	expect(await askForLink(stranger, "person1@nowhere.example")).toBe(200);
	expect(await askForLink(stranger, "person2@nowhere.example")).toBe(200);
	// The first refusal is told once; whether the email is anybody's makes no difference.
	expect(await askForLink(stranger, avery)).toBe(429);
	expect(stranger.page.errors).toEqual([expect.stringContaining(TOO_MANY)]);
	const before = await rows(app);
	for (let n = 3; n < 9; n++) {
		expect(await askForLink(newBrowser(app, { address }), `person${n}@nowhere.example`)).toBe(429);
	}
	expect(await rows(app)).toBe(before);
	expect(await countEvents(app, "password-reset-waits")).toBe(1);
	expect(await app.inbox.all(avery)).toEqual([]);

	// Somebody else's network is another one, and it is over after a while.
	expect(await askForLink(newBrowser(app), casey)).toBe(200);
	app.clock.forward(minutes(16));
	expect(await askForLink(newBrowser(app, { address }), avery)).toBe(200);
	expect(await app.inbox.all(avery)).toHaveLength(1);
});

test("links asked for from one IPv6 /48 count together, whichever of its networks they come from", async () => {
	await using app = await startApp();
	await countTriesBefore(app, "resetLinksWiderNetwork", "2001:db8:cc::/48", 999);
	expect(await askForLink(newBrowser(app, { address: "2001:db8:cc:1::1" }), "a@nowhere.example")).toBe(200);
	expect(await askForLink(newBrowser(app, { address: "2001:db8:cc:2::1" }), "b@nowhere.example")).toBe(429);
});

test("while strangers on the clinic's own network ask for links, its staff get theirs at their own browsers", async () => {
	await using app = await startApp();
	const desk = newBrowser(app, { address: "192.0.2.71" });
	await signIn(desk, avery);
	await signOut(desk);
	await countTriesBefore(app, "resetLinksNetwork", "192.0.2.71", 100);
	expect(await askForLink(newBrowser(app, { address: "192.0.2.71" }), avery)).toBe(429);
	expect(await askForLink(desk, avery)).toBe(200);
	expect(await app.inbox.all(avery)).toHaveLength(1);
});

test("who has a password and begins one sign-in after another fills neither the database nor the activity", async () => {
	await using app = await startApp();
	const { desk, authenticator } = await ownerWithApp(app, avery);
	await signOut(desk);
	const begin = (password = DEMO_PASSWORD) =>
		newBrowser(app, { address: "192.0.2.72" }).send(paths.signIn, {
			method: "POST",
			form: { email: avery, password },
		});
	for (let begun = 0; begun < 60; begun++) expect((await begin()).status).toBe(303);
	for (let refused = 0; refused < 3; refused++) expect((await begin()).status).toBe(429);
	expect(await countEvents(app, "sign-ins-used-up", avery)).toBe(1);
	const before = await rows(app);
	expect((await begin()).status).toBe(429);
	expect(await rows(app)).toBe(before);
	// Nothing is hashed for them either: a right password and a wrong one get the same answer.
	const [right, wrong] = [await begin(), await begin("not the password at all")];
	expect(right.body.toString()).toContain("then try again, or choose Forgot your password?");
	expect([wrong.status, wrong.body.toString()]).toEqual([right.status, right.body.toString()]);
	expect(await countEvents(app, "password-refused")).toBe(0);

	// The owner's own browser counts apart, and somebody else's password does.
	expect((await signIn(desk, avery)).heading).toBe("Enter the code from your authenticator app");
	expect((await signIn(newBrowser(app), casey)).heading).toBe("My Account");

	// A sign-in that is finished is none that fills anything.
	app.clock.forward(hours(1));
	for (let finished = 0; finished < 3; finished++) {
		app.clock.forward(minutes(1));
		const browser = newBrowser(app);
		expect((await signInWithCode(browser, avery, authenticator)).heading).toBe("My Account");
	}
	for (let begun = 0; begun < 60; begun++) expect((await begin()).status).toBe(303);
	expect((await begin()).status).toBe(429);
});

test("who sends code upon code in a set-up keeps nobody waiting who is known", async () => {
	await using app = await startApp();
	const thief = newBrowser(app);
	await signIn(thief, avery);
	let page = await thief.open(paths.twoStep);
	page = await page.click("Set up", { near: "Authenticator App" });
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	page = await page.click("Next");
	const form = {
		"form-token": formToken(thief, "session"),
		"set-up": /name="set-up" value="([^"]+)"/.exec(page.html)?.[1] ?? "",
		code: "000000",
	};
	const send = () => thief.copy().send(setUpPaths(paths.authenticatorApp).code, { method: "POST", form });
	// So many are under way that none of these is finished before the last has come.
	const busy = Promise.all(Array.from({ length: 80 }, () => app.deps.hasher.hash("anybody's", "welcome")));
	const flood = await Promise.all(Array.from({ length: 60 }, send));
	await busy;
	// Each of them would have a Recovery Code hashed, whether its code is right or not.
	expect(flood.filter(({ status }) => status === 503).length).toBeGreaterThan(0);
	expect(flood.filter(({ status }) => status !== 503 && status !== 422)).toEqual([]);
	expect((await signIn(newBrowser(app), casey)).heading).toBe("My Account");
});
