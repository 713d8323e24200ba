import { expect, test } from "vitest";
import { days, hours } from "../../src/clock.ts";
import { paths } from "../../src/paths.ts";
import { notMeLink, passwordLinkAfter, saysNotMe } from "../bypasses/not-me.ts";
import { type App, startApp } from "../harness/app.ts";
import { newBrowser, userAgents } from "../harness/browser.ts";
import { casey, setUpAuthenticatorApp, signIn, signInWithCode, signOut } from "../harness/people.ts";

const SUBJECT = "You signed in from a new browser – Harbour Physio";
const CLINIC = "198.51.100.7";
const HOME = "203.0.113.200";

/** How many emails of it have come to Casey. */
async function told(app: App): Promise<number> {
	return (await app.inbox.all(casey)).filter(({ subject }) => subject === SUBJECT).length;
}

test("a sign-in in a new browser on a new network is told, with when, where and a button; the very first is not", async () => {
	await using app = await startApp();
	await signIn(newBrowser(app, { address: CLINIC }), casey);
	expect(await app.inbox.all()).toEqual([]);

	const stranger = newBrowser(app, { address: HOME, userAgent: userAgents.firefoxOnMac });
	await signIn(stranger, casey);
	const email = await app.inbox.latest(casey);
	expect(email.subject).toBe(SUBJECT);
	expect(email.text).toContain(`from the address ${HOME}`);
	expect(email.text).toMatch(/with Firefox on macOS/);
	await saysNotMe(newBrowser(app), await notMeLink(app, casey));
	expect((await stranger.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
	expect(await passwordLinkAfter(app, casey)).toContain(paths.setPassword.to(""));
});

test("a new browser on a network used within 30 days is no news, nor a known browser on a new one", async () => {
	await using app = await startApp();
	const desk = newBrowser(app, { address: CLINIC });
	await signIn(desk, casey);
	await signIn(newBrowser(app, { address: CLINIC }), casey);
	await signOut(desk);
	desk.address = HOME;
	await signIn(desk, casey);
	// The known browser made its network known too, and the clinic's is not forgotten by it.
	await signIn(newBrowser(app, { address: HOME }), casey);
	await signIn(newBrowser(app, { address: CLINIC }), casey);
	expect(await told(app)).toBe(0);
});

test("a network is news again 30 days after the last sign-in on it, and use keeps it from that", async () => {
	await using app = await startApp();
	const desk = newBrowser(app, { address: CLINIC });
	await signIn(desk, casey);
	// Every 23 hours, so that some days have two sign-ins and some the later one alone.
	for (let days = 0; days < 40; days++) {
		app.clock.forward(hours(23));
		await signIn(desk, casey);
	}
	await signIn(newBrowser(app, { address: CLINIC }), casey);
	expect(await told(app)).toBe(0);
	app.clock.forward(days(30) - hours(1));
	await signIn(newBrowser(app, { address: CLINIC }), casey);
	expect(await told(app)).toBe(0);
	app.clock.forward(days(30));
	await signIn(newBrowser(app, { address: CLINIC }), casey);
	expect(await told(app)).toBe(1);
});

test("a browser that was known and is not any more, after 90 days, is new", async () => {
	await using app = await startApp();
	const desk = newBrowser(app, { address: CLINIC });
	await signIn(desk, casey);
	app.clock.forward(days(91));
	await signIn(desk, casey);
	expect(await told(app)).toBe(1);
});

test("IPv6: another address of the same /64 is the same network, the next /64 is not", async () => {
	await using app = await startApp();
	await signIn(newBrowser(app, { address: "2001:db8:7:1::10" }), casey);
	await signIn(newBrowser(app, { address: "2001:db8:7:1:a:b:c:d" }), casey);
	expect(await told(app)).toBe(0);
	await signIn(newBrowser(app, { address: "2001:db8:7:2::10" }), casey);
	expect(await told(app)).toBe(1);
	expect((await app.inbox.latest(casey)).text).toContain("from the address 2001:db8:7:2::10");
});

test("it is told when the sign-in is finished, and not at the password alone", async () => {
	await using app = await startApp();
	const desk = newBrowser(app, { address: CLINIC });
	await signIn(desk, casey);
	const { authenticator } = await setUpAuthenticatorApp(desk);
	app.clock.forward(hours(1));
	const phone = newBrowser(app, { address: HOME });
	await signIn(phone, casey);
	expect(await told(app)).toBe(0);
	await signInWithCode(phone, casey, authenticator);
	expect(await told(app)).toBe(1);
	const another = newBrowser(app, { address: HOME });
	app.clock.forward(hours(1));
	await signInWithCode(another, casey, authenticator);
	expect(await told(app)).toBe(1);
});
