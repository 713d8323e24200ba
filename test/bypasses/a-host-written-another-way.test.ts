import { expect, test } from "vitest";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import type { Browser } from "../harness/browser.ts";
import { setUpAuthenticatorApp, signIn, signOut } from "../harness/people.ts";
import { cookies, formToken, isIn, withMadeUp, withOnly } from "./cookies-of.ts";
import { everyPlace, seenIn, tryAt } from "./every-address.ts";
import { chooseNewPassword, NEW_PASSWORD } from "./owners.ts";
import { manyClinics, sasha, twoClinics } from "./two-clinics.ts";
import { countSessions, doorsKept } from "./what-is-kept.ts";

/** The form with which one signs in, sent with another Host header. */
function signInAt(browser: Browser, host: string, origin = browser.origin) {
	const form = { email: sasha, password: NEW_PASSWORD };
	return browser.send(paths.signIn, { method: "POST", form, headers: { host, origin } });
}

test("a clinic is the same one, with the same second step, however its host is written", async () => {
	await using app = await startApp(manyClinics);
	const { harbour } = await twoClinics(app);
	const desk = harbour.browser();
	await chooseNewPassword(desk, harbour.invitation);
	await signIn(desk, sasha, NEW_PASSWORD);
	const { authenticator } = await setUpAuthenticatorApp(desk, NEW_PASSWORD);
	await signOut(desk);
	const { port, hostname } = app.url;
	const sessions = await countSessions(app);

	const hosts = [
		`HARBOUR.${hostname.toUpperCase()}:${port}`,
		`Harbour.LocalHost:${port}`,
		`harbour.${hostname}.:${port}`,
		`harbour.${hostname}`,
		`harbour.${hostname}:1`,
	];
	for (const host of hosts) {
		const thief = harbour.browser();
		const reply = await signInAt(thief, host);
		expect(reply.headers.location, host).toBe(paths.verify);
		expect((await thief.send(paths.authCheck, { headers: { host } })).status, host).toBe(401);
		expect((await thief.send(paths.account, { headers: { host } })).headers.location, host).toMatch(
			/^\/sign-in/,
		);
		// The wrong codes of each spelling are one count.
		const form = { "form-token": formToken(thief, "signIn"), code: authenticator.wrongCode() };
		expect((await thief.send(paths.verify, { method: "POST", form, headers: { host } })).status).toBe(422);
	}
	const thief = harbour.browser();
	await signInAt(thief, `hArBoUr.${hostname}:${port}`);
	const form = { "form-token": formToken(thief, "signIn"), code: authenticator.code() };
	const host = `HARBOUR.${hostname}:${port}`;
	expect((await thief.send(paths.verify, { method: "POST", form, headers: { host } })).status).toBe(429);
	expect(await countSessions(app)).toBe(sessions);
});

test("a host that is no clinic's leads to no clinic", async () => {
	await using app = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(app);
	const desk = harbour.browser();
	await chooseNewPassword(desk, harbour.invitation);
	const { host, hostname, port } = app.url;
	const hosts = [
		`nobody.${host}`,
		`x.harbour.${host}`,
		`harbour${host}`,
		`harbour..${host}`,
		`harbour.${hostname}.evil.example`,
		"harbour",
		"127.0.0.1",
		`[::1]:${port}`,
		"",
	];
	for (const other of hosts) {
		const reply = await signInAt(maple.browser(), other, harbour.origin);
		expect(reply.headers["set-cookie"], other).toBeUndefined();
		expect([400, 403, 404], other).toContain(reply.status);
	}
	// The bare host asks which clinic is meant, and signs nobody in.
	expect((await signInAt(harbour.browser(), host, app.url.origin)).headers["set-cookie"]).toBeUndefined();
	expect(await countSessions(app)).toBe(0);
});

test("a session, a sign-in and a known browser of one clinic are nothing at another", async () => {
	await using app = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(app);
	const here = harbour.browser();
	await chooseNewPassword(here, harbour.invitation);
	await signIn(here, sasha, NEW_PASSWORD);
	await setUpAuthenticatorApp(here, NEW_PASSWORD);
	const waiting = harbour.browser();
	await signIn(waiting, sasha, NEW_PASSWORD);
	const before = await doorsKept(app);

	const stolen = {
		[cookies.session]: here.cookies.get(cookies.session) ?? "",
		[cookies.browser]: here.cookies.get(cookies.browser) ?? "",
		[cookies.signIn]: waiting.cookies.get(cookies.signIn) ?? "",
	};
	const tokens = [formToken(here, "session"), formToken(waiting, "signIn")];
	for (const [name, value] of Object.entries(stolen)) {
		const there = withOnly(maple.browser(), name, value);
		const nobody = withMadeUp(maple.browser(), name);
		for (const place of everyPlace(app)) {
			// Cancelling is let go without a question where the form is the cookie's own: it ends nothing here.
			if (place.address === paths.cancelSignIn) continue;
			for (const token of tokens) {
				const form = { "form-token": token, password: NEW_PASSWORD };
				const [asHolder, asNobody] = [await tryAt(there, place, form), await tryAt(nobody, place, form)];
				const where = `${name} at ${place.method} ${place.address}`;
				expect(seenIn(asHolder), where).toEqual(seenIn(asNobody));
			}
		}
		expect(await isIn(there)).toBe(false);
	}
	expect(await doorsKept(app)).toEqual(before);
});

test("the same email at two clinics is two people: password, code and counts are each clinic's own", async () => {
	await using app = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(app);
	const here = harbour.browser();
	await chooseNewPassword(here, harbour.invitation);
	await signIn(here, sasha, NEW_PASSWORD);
	const { authenticator, recoveryCode } = await setUpAuthenticatorApp(here, NEW_PASSWORD);
	const there = maple.browser();
	expect((await signIn(there, sasha, NEW_PASSWORD)).errors).toEqual(["That email and password don't match."]);

	await chooseNewPassword(there, maple.invitation, "seven otters fold maps");
	await signIn(there, sasha, "seven otters fold maps");
	const other = await setUpAuthenticatorApp(there, "seven otters fold maps");
	const thief = maple.browser();
	let page = await signIn(thief, sasha, "seven otters fold maps");
	page = await page.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(page.status).toBe(422);
	page = await (await page.click("Use recovery code instead")).submit(
		{ "Recovery Code": recoveryCode },
		"Submit",
	);
	expect(page.status).toBe(422);
	expect(await isIn(thief)).toBe(false);
	page = await (await thief.open(paths.verify)).submit(
		{ "Verification code": other.authenticator.code() },
		"Submit",
	);
	expect(page.heading).toBe("My Account");
});
