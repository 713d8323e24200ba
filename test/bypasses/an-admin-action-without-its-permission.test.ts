import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { avery, casey, devon, requireFrom, setUpAuthenticatorApp, signIn } from "../harness/people.ts";
import { cookies, formToken } from "./cookies-of.ts";
import { everyPlace, type Place } from "./every-address.ts";
import { chooseNewPassword, NEW_PASSWORD } from "./owners.ts";
import { manyClinics, sasha, twoClinics } from "./two-clinics.ts";
import { doorsKept, everythingKept } from "./what-is-kept.ts";

/** Everything under Settings that the running app has, whoever mounted it. */
function settingsOf(app: App): Place[] {
	return everyPlace(app).filter(({ address }) => address.startsWith("/settings"));
}

/** What is right in every form there, with the token of this browser's own session and the right password. */
function rightForm(browser: Browser, password: string, more: Record<string, string> = {}) {
	return {
		"form-token": formToken(browser, "session"),
		version: "0",
		requires: "yes",
		"effective-date": "2026-12-21",
		"sign-out-after": String(minutes(10)),
		confirmed: "yes",
		password,
		...more,
	};
}

test("there are settings to be kept from others, each of which a Full Access user reaches", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	await setUpAuthenticatorApp(browser);
	const places = settingsOf(app);
	expect(places.map(({ address }) => address)).toEqual(
		expect.arrayContaining([paths.security, paths.enforcement, paths.automaticSignOut]),
	);
	for (const { method, address } of places) {
		const form = rightForm(browser, DEMO_PASSWORD);
		const { status } = await browser.copy().send(address, method === "POST" ? { method, form } : { method });
		expect([200, 303], `${method} ${address}`).toContain(status);
	}
});

test("a Limited colleague gets nowhere in Settings, with the right token, password and code", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, casey);
	await setUpAuthenticatorApp(browser);
	await requireFrom(app, "2026-12-28");
	const { profiles = [] } = await everythingKept(app);
	const somebody = profiles.find(({ email }) => email === devon)?.profile_id;
	const nowhere = await browser.copy().send("/no-such-page");
	const before = await doorsKept(app);
	for (const { method, address } of settingsOf(app)) {
		const form = rightForm(browser, DEMO_PASSWORD, { version: "1", profile: String(somebody) });
		const { status, body } = await browser
			.copy()
			.send(address, method === "POST" ? { method, form } : { method });
		expect(status, `${method} ${address}`).toBe(404);
		if (method !== "HEAD") expect(mainOf(body), `${method} ${address}`).toBe(mainOf(nowhere.body));
	}
	expect(await doorsKept(app)).toEqual(before);
	expect((await browser.open(paths.account)).links).not.toContain("Settings");
});

test("who has lost Full Access since signing in gets nowhere, from the next request on", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	await setUpAuthenticatorApp(browser);
	const { backdoor } = app.database;
	await backdoor.updateTable("profiles").set({ access: "limited" }).where("email", "=", avery).execute();
	const before = await doorsKept(app);
	for (const { method, address } of settingsOf(app)) {
		const form = rightForm(browser, DEMO_PASSWORD);
		const { status } = await browser.copy().send(address, method === "POST" ? { method, form } : { method });
		expect(status, `${method} ${address}`).toBe(404);
	}
	expect(await doorsKept(app)).toEqual(before);
});

test("another clinic's Full Access user reaches only their own, whatever cookies, tokens and ids they send", async () => {
	await using app = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(app);
	const sign = async ({ browser, invitation }: typeof harbour) => {
		const desk = browser();
		await chooseNewPassword(desk, invitation);
		await signIn(desk, sasha, NEW_PASSWORD);
		await setUpAuthenticatorApp(desk, NEW_PASSWORD);
		return desk;
	};
	await sign(harbour);
	const stranger = await sign(maple);
	// What their emails leave in the record is there before it is looked at.
	await app.drain();
	const before = await ofClinic(app, harbour.shortName);

	// The session of the one clinic, shown to the other: it is none there.
	const there = harbour.browser();
	for (const name of [cookies.session, cookies.browser]) {
		there.cookies.set(name, stranger.cookies.get(name) ?? "");
	}
	for (const { method, address } of settingsOf(app)) {
		const form = rightForm(stranger, NEW_PASSWORD);
		const { status, headers } = await there
			.copy()
			.send(address, method === "POST" ? { method, form } : { method });
		expect([status, headers.location?.split("?")[0]], `${method} ${address}`).toEqual([303, paths.signIn]);
	}
	expect(await ofClinic(app, harbour.shortName)).toEqual(before);

	// In their own, with the other clinic's ids and name in every field that could take one.
	const { clinics = [], profiles = [] } = await everythingKept(app);
	const other = clinics.find(({ short_name }) => short_name === harbour.shortName);
	const colleague = profiles.find(({ clinic_id }) => clinic_id === other?.clinic_id);
	const foreign = {
		profile: String(colleague?.profile_id),
		clinic: String(other?.clinic_id),
		"clinic-id": String(other?.clinic_id),
		clinic_id: String(other?.clinic_id),
	};
	for (const { method, address } of settingsOf(app)) {
		const form = rightForm(stranger, NEW_PASSWORD, foreign);
		const query = `?${new URLSearchParams(foreign)}`;
		const sending = method === "POST" ? { method, form } : { method };
		const { body } = await stranger.copy().send(address + query, sending);
		expect(body.toString(), `${method} ${address}`).not.toContain("Harbour Physio");
	}
	await app.drain();
	expect(await ofClinic(app, harbour.shortName)).toEqual(before);
	const own = (await everythingKept(app)).clinics?.find(({ short_name }) => short_name === maple.shortName);
	expect(own).toMatchObject({ required_from_on: "2026-12-21", sign_out_after_ms: minutes(10) });
});

/** All that is kept of one clinic, its record and its messages too. */
async function ofClinic(app: App, shortName: string) {
	const { tries_across_clinics, codes_of_countries, ...kept } = await everythingKept(app);
	const clinic = kept.clinics?.find(({ short_name }) => short_name === shortName);
	return Object.fromEntries(
		Object.entries(kept).map(([table, rows]) => [
			table,
			rows.filter(({ clinic_id }) => clinic_id === clinic?.clinic_id),
		]),
	);
}

function mainOf(body: Buffer): string | undefined {
	return /<main[\s\S]*<\/main>/.exec(body.toString())?.[0];
}
