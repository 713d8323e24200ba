import { describe, expect, test } from "vitest";
import { days, hours, minutes, seconds } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { SIGN_OUT_CHOICES_MS } from "../../src/sessions/lifetime.rule.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import {
	avery,
	casey,
	requireFrom,
	setUpAuthenticatorApp,
	signIn,
	signInWithCode,
} from "../harness/people.ts";

const SEND = "Send the confirmation";
/** The clock goes on by a millisecond at each look. */
const A_LITTLE = seconds(1);
/** So often somebody at work opens a page. */
const NOW_AND_THEN = minutes(9);

test.each(SIGN_OUT_CHOICES_MS)(
	"after %i ms without use one is signed out, and not earlier",
	async (unused) => {
		await using app = await startApp();
		await signOutAfter(app, unused);
		const browser = newBrowser(app);
		await signIn(browser, casey);
		app.clock.forward(unused - A_LITTLE);
		expect(await isIn(browser.copy(), "without a trace")).toBe(true);
		app.clock.forward(A_LITTLE);
		expect(await isIn(browser, "with a page")).toBe(false);
		expect((await browser.open(paths.signIn)).text).toContain(
			"You were signed out: you were away for a while",
		);
	},
);

test("what is sent after it changes nothing, which the page says; signing out is signed out all the same", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, casey);
	const open = await browser.open(paths.changeEmail);
	const signOutPage = await browser.open(paths.signOut);
	app.clock.forward(hours(2));
	const late = await open.submit({ "New email": "casey.new@harbour.example", Password: DEMO_PASSWORD }, SEND);
	expect(late.heading).toBe("Sign in to Harbour Physio");
	expect(late.text).toContain("You were signed out before that was sent");
	expect(await app.inbox.all()).toEqual([]);
	expect((await signOutPage.submit({}, "Sign out")).text).toContain("You are signed out.");
});

describe("whoever goes on working stays signed in", () => {
	test.each([
		["a day", minutes(10), hours(24)],
		["a day", hours(24), hours(24)],
		["a week", days(7), days(7)],
	])("for %s at the longest, where %i ms without use end it", async (_name, unused, longest) => {
		await using app = await startApp();
		await signOutAfter(app, unused);
		const browser = newBrowser(app);
		await signIn(browser, casey);
		const often = Math.min(unused - minutes(1), hours(12));
		for (let worked = 0; worked + often < longest - A_LITTLE; worked += often) {
			app.clock.forward(often);
			expect(await isIn(browser, "with a page")).toBe(true);
		}
		app.clock.forward((longest % often || often) - A_LITTLE);
		expect(await isIn(browser, "with a page")).toBe(true);
		app.clock.forward(A_LITTLE);
		expect(await isIn(browser, "with a page")).toBe(false);
	});
});

test("for a day at the longest while 2-Step Verification is required, whatever was chosen before", async () => {
	await using app = await startApp();
	await signOutAfter(app, days(7));
	const [unused, inUse] = [newBrowser(app), newBrowser(app)];
	await signIn(unused, casey);
	await signIn(inUse, casey);
	app.clock.forward(hours(23));
	expect(await isIn(inUse, "with a page")).toBe(true);
	await requireFrom(app, "2026-12-01");
	expect(await isIn(unused, "without a trace")).toBe(true);
	app.clock.forward(hours(1));
	expect(await isIn(unused, "with a page")).toBe(false);
	expect(await isIn(inUse, "with a page")).toBe(false);
});

test("a setting that is lowered ends at once what lay unused for longer, and leaves what was in use", async () => {
	await using app = await startApp();
	const [unused, inUse] = [newBrowser(app), newBrowser(app)];
	await signIn(unused, casey);
	await signIn(inUse, casey);
	app.clock.forward(minutes(45));
	expect(await isIn(inUse, "with a page")).toBe(true);
	await signOutAfter(app, minutes(30));
	expect(await isIn(unused, "with a page")).toBe(false);
	expect(await isIn(inUse, "with a page")).toBe(true);
});

test("a setting that is raised lets a session lie unused for longer, and last no longer than a day all the same", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, casey);
	await signOutAfter(app, days(7));
	app.clock.forward(hours(24) - A_LITTLE);
	expect(await isIn(browser, "with a page")).toBe(true);
	app.clock.forward(A_LITTLE);
	expect(await isIn(browser, "with a page")).toBe(false);
});

describe("a session that was over does not come back", () => {
	test("when a Full Access user chooses a longer time", async () => {
		await using app = await startApp();
		const [left, owner] = [newBrowser(app), newBrowser(app)];
		await signIn(left, casey);
		app.clock.forward(hours(3));
		await signIn(owner, avery);
		const form = await owner.open(paths.automaticSignOut);
		const choice = { "Sign out after this time of inactivity": "8 hours", Password: DEMO_PASSWORD };
		expect((await form.submit(choice, "Save")).text).toContain("8 hours of inactivity");
		expect(await isIn(left, "with a page")).toBe(false);
		expect(await isIn(owner, "with a page")).toBe(true);
	});

	test("when 2-Step Verification is not required any more", async () => {
		await using app = await startApp();
		await signOutAfter(app, days(7));
		const [left, owner] = [newBrowser(app), newBrowser(app)];
		await signIn(owner, avery);
		const { authenticator } = await setUpAuthenticatorApp(owner);
		await signIn(left, casey);
		await requireFrom(app, "2026-12-07");
		app.clock.forward(hours(30));
		await signInWithCode(owner, avery, authenticator);
		const form = await owner.open(paths.enforcement);
		const asked = await form.submit(
			{
				"Require 2-Step Verification at Harbour Physio": false,
				"Effective date": "",
				Password: DEMO_PASSWORD,
			},
			"Save",
		);
		const off = await asked.submit({ Password: DEMO_PASSWORD }, "Stop requiring it");
		expect(off.text).toContain("Nobody at Harbour Physio has to have it.");
		expect(await isIn(left, "with a page")).toBe(false);
		expect(await isIn(owner, "with a page")).toBe(true);
	});
});

describe("what counts as use", () => {
	test("a page, a form and what the clinic's software is asked do", async () => {
		await using app = await startApp();
		await signOutAfter(app, minutes(10));
		const browser = newBrowser(app);
		await signIn(browser, casey);
		const uses = [
			() => browser.send(paths.account),
			() => browser.send(paths.authCheck),
			() => browser.post(paths.password, {}),
			() => browser.send(paths.authCheck),
		];
		for (const use of uses) {
			app.clock.forward(NOW_AND_THEN);
			await use();
		}
		expect((await browser.send(paths.authCheck)).status).toBe(204);
		app.clock.forward(minutes(10));
		expect((await browser.send(paths.authCheck)).status).toBe(401);
	});

	test("a page's own question how long it still is does not", async () => {
		await using app = await startApp();
		await signOutAfter(app, minutes(10));
		const browser = newBrowser(app);
		await signIn(browser, casey);
		for (const left of [8, 6, 4, 2]) {
			app.clock.forward(minutes(2));
			expect(await timeLeft(browser)).toEqual({ minutes: left, endsUnused: true });
		}
		app.clock.forward(minutes(2));
		expect((await browser.send(paths.timeLeft)).status).toBe(401);
	});

	test("near the end of the day no use helps, and the page is told so", async () => {
		await using app = await startApp();
		const browser = newBrowser(app);
		await signIn(browser, casey);
		for (let hour = 0; hour < 23; hour++) {
			app.clock.forward(hours(1));
			expect(await isIn(browser, "with a page")).toBe(true);
		}
		expect(await timeLeft(browser)).toEqual({ minutes: 60, endsUnused: false });
	});
});

test("a page says to the moment when the session ends, also where its last use was not written anew", async () => {
	await using app = await startApp();
	await signOutAfter(app, minutes(10));
	const browser = newBrowser(app);
	await signIn(browser, casey);
	app.clock.forward(seconds(50));
	const { html } = await browser.open(paths.account);
	const [, endsAt = "", now = ""] = /data-signs-out-at="(\d+)" data-now="(\d+)"/.exec(html) ?? [];
	expect(Number(endsAt) - Number(now)).toBeGreaterThan(minutes(9));
	app.clock.at(Number(endsAt) - A_LITTLE);
	expect(await isIn(browser.copy(), "without a trace")).toBe(true);
	app.clock.at(Number(endsAt));
	expect(await isIn(browser, "without a trace")).toBe(false);
});

/** Chosen in Settings. */
async function signOutAfter(app: App, ms: number): Promise<void> {
	await app.database.backdoor.updateTable("clinics").set({ sign_out_after_ms: ms }).execute();
}

async function isIn(browser: Browser, how: "with a page" | "without a trace"): Promise<boolean> {
	const { status } = await browser.send(how === "with a page" ? paths.account : paths.timeLeft);
	return status === 200;
}

/** What the page's script is told, in minutes as a person would say it. */
async function timeLeft(browser: Browser): Promise<{ minutes: number; endsUnused: boolean }> {
	const { body } = await browser.send(paths.timeLeft);
	const { leftMs, endsUnused } = JSON.parse(body.toString());
	return { minutes: Math.round(leftMs / minutes(1)), endsUnused };
}
