import { describe, expect, test } from "vitest";
import type { TrustEndedWhy } from "../../src/activity/events.ts";
import { days, minutes, seconds } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { deactivate, idOf, reactivate } from "../harness/by-operator.ts";
import {
	avery,
	blake,
	casey,
	proveByEmail,
	requireFrom,
	saveRecoveryCode,
	scanKey,
	setUpAuthenticatorApp,
	setUpInSignIn,
	setUpTextMessages,
	signIn,
	signInTrusting,
	signInWithCode,
	signOut,
	TRUST,
} from "../harness/people.ts";
import { cookies, formToken, isIn } from "./cookies-of.ts";
import {
	chooseNewPassword,
	enterRecoveryCode,
	linkFor,
	NEW_PASSWORD,
	ownerWithApp,
	type TextedOwner,
} from "./owners.ts";
import { manyClinics, sasha, twoClinics } from "./two-clinics.ts";
import { countEvents, everythingKept } from "./what-is-kept.ts";

/** Somebody with both methods on, at the desk, and a browser at home that skips the second step for them. */
type Trusting = TextedOwner & { home: Browser; authenticator: Authenticator };

async function trusting(app: App, email = casey): Promise<Trusting> {
	const owner = await ownerWithApp(app, email);
	const { number, recoveryCode } = await setUpTextMessages(owner.desk);
	const home = newBrowser(app);
	await signInTrusting(home, email, owner.authenticator);
	await signOut(home);
	return { ...owner, number, recoveryCode, home };
}

/** Signs in with the password alone, and out again. */
async function skips(browser: Browser, email = casey, password = DEMO_PASSWORD): Promise<boolean> {
	const page = await signIn(browser.copy(), email, password);
	if (![paths.verify, paths.account].includes(page.path as typeof paths.verify)) {
		throw new Error(`The password led to "${page.heading}" (${page.path})`);
	}
	return page.path === paths.account;
}

async function turnOff({ desk }: Trusting, kind: "authenticator-app" | "text-message"): Promise<void> {
	const page = await desk.open(paths.turnOff.to(kind));
	await page.submit({ Password: DEMO_PASSWORD }, "Turn off");
}

async function replaceApp(browser: Browser): Promise<void> {
	const page = await browser.open(paths.authenticatorApp);
	await page.submit({ Password: DEMO_PASSWORD }, "Next");
	await finishSetUp(browser);
}

/** From the page with the key to **Done**. */
async function finishSetUp(browser: Browser): Promise<void> {
	const fresh = scanKey(browser.page, browser);
	const entering = await browser.page.click("Next");
	await saveRecoveryCode(await entering.submit({ "Verification code": fresh.code() }, "Submit"));
}

async function changePassword(browser: Browser): Promise<void> {
	const page = await browser.open(paths.password);
	const typed = { "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD };
	expect((await page.submit(typed, "Change password")).text).toContain("Your password is changed.");
}

/** Clears or ticks the clinic's checkbox, as a Full Access user does. */
async function allowTrust(browser: Browser, isAllowed: boolean): Promise<void> {
	const page = await browser.open(paths.enforcement);
	const label = "Allow recognized devices to skip 2-Step Verification";
	const saved = await page.submit({ [label]: isAllowed, Password: DEMO_PASSWORD }, "Save");
	expect(saved.path).toContain("notice=saved");
}

async function signInTrustingByText(app: App, { home, number }: Trusting): Promise<void> {
	app.clock.forward(minutes(1));
	const page = await signIn(home, casey);
	const { code } = await app.texts.latest(number);
	await page.submit({ "Verification code": code, [TRUST]: true }, "Submit");
	await signOut(home);
}

type Reason = {
	what: string;
	end: (app: App, person: Trusting) => Promise<void>;
	/** As the activity log says it; its time is no event. */
	why?: TrustEndedWhy;
	/** What it is afterwards. */
	password?: string;
};

const reasons: Reason[] = [
	{
		what: "the password was changed",
		end: (_, { desk }) => changePassword(desk),
		why: "new-password",
		password: NEW_PASSWORD,
	},
	{
		what: "the password was changed in that very browser",
		async end(_, { home }) {
			await signIn(home, casey);
			await changePassword(home);
			await signOut(home);
		},
		why: "new-password",
		password: NEW_PASSWORD,
	},
	{
		what: "the password was reset by an emailed link",
		async end(app) {
			await chooseNewPassword(newBrowser(app), await linkFor(app, casey));
		},
		why: "new-password",
		password: NEW_PASSWORD,
	},
	{
		what: "the app was turned off",
		end: (_, person) => turnOff(person, "authenticator-app"),
		why: "method-changed",
	},
	{
		what: "text messages were turned off",
		end: (_, person) => turnOff(person, "text-message"),
		why: "method-changed",
	},
	{
		what: "all was turned off, and one set up again",
		async end(_, person) {
			await turnOff(person, "text-message");
			await turnOff(person, "authenticator-app");
			await setUpAuthenticatorApp(person.desk);
		},
		why: "method-changed",
	},
	{ what: "the app was replaced", end: (_, { desk }) => replaceApp(desk), why: "method-changed" },
	{
		what: "the number was replaced",
		async end(_, { desk }) {
			await setUpTextMessages(desk, "+16045550188");
		},
		why: "method-changed",
	},
	{
		what: "a lost phone was replaced",
		async end(app, { recoveryCode }) {
			const elsewhere = newBrowser(app);
			await signIn(elsewhere, casey);
			const lost = await enterRecoveryCode(elsewhere, recoveryCode);
			await lost.submit({}, "I've lost it: replace it now");
			await finishSetUp(elsewhere);
		},
		why: "method-changed",
	},
	{
		what: "the clinic stopped text messages, and the app was set up instead",
		async end(app, person) {
			await turnOff(person, "authenticator-app");
			await signInTrustingByText(app, person);
			expect(await skips(person.home)).toBe(true);
			await requireFrom(app, null, { allowsTexts: false });
			await setUpAuthenticatorApp(person.desk);
		},
		why: "method-changed",
	},
	{
		what: "the profile was deactivated and reactivated",
		async end(app) {
			expect((await deactivate(app, casey)).kind).toBe("deactivated");
			expect((await reactivate(app, casey)).kind).toBe("reactivated");
		},
		why: "deactivated",
	},
	{
		what: "a colleague disabled it, and it was set up anew",
		async end(app) {
			const { desk } = await ownerWithApp(app, avery);
			const page = await desk.open(paths.resetColleague.to(await idOf(app, casey)));
			const typed = { Reason: "The phone is lost", "Your password": DEMO_PASSWORD };
			const off = await page.submit(typed, "Disable 2-Step Verification");
			expect(off.heading).toBe("Casey Singh");
			const elsewhere = newBrowser(app);
			await signIn(elsewhere, casey);
			await proveByEmail(elsewhere, casey);
			await setUpInSignIn(elsewhere);
		},
		why: "reset",
	},
	{
		what: "it was removed by hand",
		async end(_, { desk }) {
			const page = await desk.open(paths.twoStep);
			expect((await page.click("Remove")).text).toContain("There we ask for a code at the next sign-in.");
		},
		why: "by-hand",
	},
	{
		what: "all were removed by hand",
		async end(_, { desk }) {
			const page = await desk.open(paths.twoStep);
			expect((await page.click("Remove all")).text).toContain("None. When you enter a code");
		},
		why: "by-hand",
	},
	{
		what: "30 days passed",
		async end(app) {
			app.clock.forward(days(30));
		},
	},
];

test.each(reasons)("a trusted browser asks for a code again after $what", async ({ end, why, password }) => {
	await using app = await startApp();
	const person = await trusting(app);
	expect(await skips(person.home)).toBe(true);
	await end(app, person);
	expect(await skips(person.home, casey, password)).toBe(false);
	expect((await detailsOf(app, "trust-ended")).at(-1)).toEqual(why && { count: 1, why });
});

/** What is recorded with each event of a kind, the first one first. */
async function detailsOf(app: App, kind: string): Promise<unknown[]> {
	const { activity_events: events = [] } = await everythingKept(app);
	return events
		.filter((event) => event.kind === kind)
		.toSorted((a, b) => Number(a.number) - Number(b.number))
		.map(({ detail }) => JSON.parse(String(detail)));
}

describe("the clinic's checkbox", () => {
	test("once cleared, nobody's browser skips anything, nor when it is ticked again", async () => {
		await using app = await startApp();
		const [owner, colleague] = [await trusting(app, avery), await trusting(app, casey)];
		expect(await skips(owner.home, avery)).toBe(true);
		expect(await skips(colleague.home, casey)).toBe(true);
		await allowTrust(owner.desk, false);
		for (const who of [owner, colleague]) expect(await skips(who.home, who.email)).toBe(false);
		await allowTrust(owner.desk, true);
		for (const who of [owner, colleague]) expect(await skips(who.home, who.email)).toBe(false);
		// And from then on one may be trusted as before.
		await signInTrusting(colleague.home, casey, colleague.authenticator);
		await signOut(colleague.home);
		expect(await skips(colleague.home)).toBe(true);
	});

	test("cleared while a sign-in waits with the box ticked, it leaves that browser asked each time", async () => {
		await using app = await startApp();
		const owner = await trusting(app, avery);
		const colleague = await ownerWithApp(app, casey);
		app.clock.forward(minutes(1));
		const elsewhere = newBrowser(app);
		const waiting = await signIn(elsewhere, casey);
		await allowTrust(owner.desk, false);
		const typed = { "Verification code": colleague.authenticator.code(), [TRUST]: true };
		expect((await waiting.submit(typed, "Submit")).heading).toBe("My Account");
		await signOut(elsewhere);
		expect(await skips(elsewhere)).toBe(false);
		await allowTrust(owner.desk, true);
		expect(await skips(elsewhere)).toBe(false);
		expect(await countEvents(app, "browser-trusted", casey)).toBe(0);
	});

	test("where it is clear the box is not there, and sent all the same it does nothing", async () => {
		await using app = await startApp();
		const { authenticator } = await ownerWithApp(app, casey);
		await requireFrom(app, null, { allowsTrust: false });
		const browser = newBrowser(app);
		const page = await signIn(browser, casey);
		expect(page.fields.map(({ label }) => label)).toEqual(["Verification code"]);
		const form = { "form-token": formToken(browser, "signIn"), code: authenticator.code(), trust: "yes" };
		expect((await browser.post(paths.verify, form)).heading).toBe("My Account");
		await requireFrom(app, null, { allowsTrust: true });
		await signOut(browser);
		expect(await skips(browser)).toBe(false);
	});
});

test("use does not extend it: whoever signs in every day is asked again after 30 days", async () => {
	await using app = await startApp();
	const { home } = await trusting(app);
	for (let day = 1; day < 30; day++) {
		app.clock.forward(days(1));
		expect((await signIn(home, casey)).heading, `on day ${day}`).toBe("My Account");
		await signOut(home);
	}
	app.clock.forward(days(1) - minutes(5));
	expect(await skips(home)).toBe(true);
	app.clock.forward(minutes(5) + seconds(1));
	expect(await skips(home)).toBe(false);
});

test("the Recovery Code never makes a browser trusted, whatever is sent with it", async () => {
	await using app = await startApp();
	const { recoveryCode } = await ownerWithApp(app, casey);
	const browser = newBrowser(app);
	await signIn(browser, casey);
	const page = await browser.open(paths.signInRecoveryCode);
	expect(page.fields.map(({ label }) => label)).toEqual(["Recovery Code"]);
	const form = { "form-token": formToken(browser, "signIn"), "recovery-code": recoveryCode, trust: "yes" };
	expect((await browser.post(paths.signInRecoveryCode, form)).heading).toBe("Lost your phone?");
	await signOut(browser);
	expect(await skips(browser)).toBe(false);
});

describe("trust is one person's, in one browser, at one clinic", () => {
	test("two people trust one computer apart, and what one ends is not the other's", async () => {
		await using app = await startApp();
		const [one, other] = [await ownerWithApp(app, blake), await ownerWithApp(app, casey)];
		const frontDesk = newBrowser(app);
		await signInTrusting(frontDesk, blake, one.authenticator);
		await signOut(frontDesk);
		expect(await skips(frontDesk, blake)).toBe(true);
		expect(await skips(frontDesk, casey)).toBe(false);

		await signInTrusting(frontDesk, casey, other.authenticator);
		await signOut(frontDesk);
		expect(await skips(frontDesk, blake)).toBe(true);
		expect(await skips(frontDesk, casey)).toBe(true);

		await (await other.desk.open(paths.twoStep)).click("Remove all");
		expect(await skips(frontDesk, casey)).toBe(false);
		expect(await skips(frontDesk, blake)).toBe(true);
		await changePassword(other.desk);
		expect(await skips(frontDesk, casey, NEW_PASSWORD)).toBe(false);
		expect(await skips(frontDesk, blake)).toBe(true);
	});

	test("a number that is somebody else's removes nothing", async () => {
		await using app = await startApp();
		const person = await trusting(app);
		const { trusted_browsers: [trust] = [] } = await everythingKept(app);
		const thief = newBrowser(app);
		await signIn(thief, blake);
		for (const which of [String(trust?.trust_id), "all", "", "' or 1=1 --"]) {
			await thief.post(paths.removeTrusted, { "form-token": formToken(thief, "session"), which });
		}
		expect(await skips(person.home)).toBe(true);
	});

	test("a browser that is only known, a made-up cookie and no cookie skip nothing", async () => {
		await using app = await startApp();
		const { home, desk, authenticator } = await trusting(app);
		const known = newBrowser(app);
		await signInWithCode(known, casey, authenticator);
		await signOut(known);
		const without = home.copy();
		without.cookies.clear();
		const madeUp = without.copy();
		madeUp.cookies.set(cookies.browser, "A".repeat(43));
		const ofTheDesk = without.copy();
		ofTheDesk.cookies.set(cookies.browser, desk.cookies.get(cookies.browser) ?? "");
		for (const browser of [known, without, madeUp, ofTheDesk]) expect(await skips(browser)).toBe(false);
		expect(await skips(home)).toBe(true);
	});

	test("at the other clinic the same cookie of the same person skips nothing", async () => {
		await using app = await startApp(manyClinics);
		const { harbour, maple } = await twoClinics(app);
		const trusted: Browser[] = [];
		for (const { browser: open, invitation } of [harbour, maple]) {
			const browser = open();
			await chooseNewPassword(browser, invitation, DEMO_PASSWORD);
			await signIn(browser, sasha);
			const { authenticator } = await setUpAuthenticatorApp(browser);
			await signOut(browser);
			if (trusted.length === 0) {
				await signInTrusting(browser, sasha, authenticator);
				await signOut(browser);
			}
			trusted.push(browser);
		}
		const [atHarbour, atMaple] = trusted;
		if (!atHarbour || !atMaple) throw new Error("There are two clinics");
		expect(await skips(atHarbour, sasha)).toBe(true);
		expect(await skips(atMaple, sasha)).toBe(false);
		atMaple.cookies.set(cookies.browser, atHarbour.cookies.get(cookies.browser) ?? "");
		expect(await skips(atMaple, sasha)).toBe(false);
	});
});

test("a session by a trusted browser is recorded as one, and the clinic's software is told", async () => {
	await using app = await startApp();
	const { home } = await trusting(app);
	await signIn(home, casey);
	expect(await isIn(home)).toBe(true);
	const { headers } = await home.send(paths.authCheck);
	expect(headers["vestibule-signed-in-by"]).toBe("trusted-browser");
	expect((await detailsOf(app, "signed-in")).at(-1)).toEqual({ by: "trusted-browser" });
});
