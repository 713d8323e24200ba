import { expect, test } from "vitest";
import { days, hours, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { idOf } from "../harness/by-operator.ts";
import type { Page } from "../harness/page.ts";
import {
	avery,
	blake,
	casey,
	devon,
	proveByEmail,
	requireFrom,
	signIn,
	signInTrusting,
	signInWithCode,
	signOut,
} from "../harness/people.ts";
import { cookies, formToken, isIn } from "./cookies-of.ts";
import { everyPlace, isPageOfASignIn, type Place, tryAt } from "./every-address.ts";
import { notMeLink, saysNotMe } from "./not-me.ts";
import { chooseNewPassword, linkFor, NEW_PASSWORD, ownerWithApp, ownerWithTexts } from "./owners.ts";
import { countSessions, everythingKept } from "./what-is-kept.ts";

/** Avery at the front desk with a method of her own, and Casey, whose it is. */
async function atTheFrontDesk() {
	const app = await startApp();
	const averys = await ownerWithApp(app, avery);
	return { app, desk: averys.desk, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

async function disables(app: App, desk: Browser): Promise<void> {
	const page = await desk.open(paths.resetColleague.to(await idOf(app, casey)));
	const typed = { Reason: "Phone lost, seen in person", "Your password": DEMO_PASSWORD };
	const done = await page.submit(typed, "Disable 2-Step Verification");
	expect(done.text).toContain("2-Step Verification is off for Casey Singh");
}

/** @returns the code, as Avery reads it off the page */
async function givesCode(app: App, desk: Browser): Promise<string> {
	const page = await desk.open(paths.giveTemporaryCode.to(await idOf(app, casey)));
	const typed = { "I call the number above": true, "Your password": DEMO_PASSWORD };
	const { text } = await page.submit(typed, "Give a temporary code");
	return /\b\d{4} \d{4}\b/.exec(text)?.[0] ?? "";
}

type Standing = [what: string, make: (app: App, desk: Browser) => Promise<unknown>];

/** How it stands with Casey when a thief comes: a method is on, or a reset pending. */
const METHOD_ON: readonly Standing[] = [
	["the app on", (app) => ownerWithApp(app, casey)],
	["text messages on", (app) => ownerWithTexts(app, casey)],
	[
		"the app on and a temporary code given",
		async (app, desk) => {
			await ownerWithApp(app, casey);
			await givesCode(app, desk);
		},
	],
];
const PENDING: readonly Standing[] = [
	[
		"a reset pending",
		async (app, desk) => {
			await ownerWithApp(app, casey);
			await disables(app, desk);
		},
	],
	[
		"a reset pending and a temporary code given",
		async (app, desk) => {
			await ownerWithTexts(app, casey);
			await disables(app, desk);
			await givesCode(app, desk);
		},
	],
];

/** These may end the sign-in or the session that is tried with, and are tried last, in this order. */
const LAST: readonly string[] = [paths.signIn, paths.cancelSignIn, paths.endSession, paths.signOut];

/**
 * Asks for everything that the app answers to, with all that the thief knows, and is given no session by any of it.
 *
 * @param known.codes what may be a code, as it is known at that moment. Then the pages of the sign-in are gone through
 * three times: a code that is sent in the first round is entered in the second, and leads on in the third
 */
async function triesEverything(
	browser: Browser,
	known: { password: string; codes?: () => Promise<string[]>; except?: readonly string[] },
): Promise<void> {
	const has = (name: string) => browser.cookies.get(name) !== undefined;
	const of = has(cookies.session) ? "session" : has(cookies.signIn) ? "signIn" : undefined;
	const all = everyPlace(browser.app).filter(({ address }) => !known.except?.includes(address));
	expect(all.length).toBeGreaterThan(100);
	const places = all.filter(({ address }) => !LAST.includes(address));
	const inSignIn = places.filter(({ address }) => isPageOfASignIn(address));
	const rounds = known.codes ? [...inSignIn, ...inSignIn, ...places] : places;
	const last = LAST.flatMap((path) => all.filter(({ address }) => address === path));
	for (const place of [...rounds, ...last]) {
		const found = takesCode(place) ? ((await known.codes?.()) ?? []) : [];
		for (const code of found.length > 0 ? found : [GUESS]) {
			const form = {
				...(of && { "form-token": formToken(browser, of) }),
				email: casey,
				password: known.password,
				"new-password": NEW_PASSWORD,
				code,
				"recovery-code": "AAAA AAAA AAAA AAAA AAAA",
				way: "temporary-code",
				kind: "authenticator-app",
				lost: "authenticator-app",
				mobile: "+16045550199",
				"sign-out": "on",
				saved: "on",
			};
			const reply = await tryAt(browser, place, form);
			const said = reply.headers["set-cookie"]?.join() ?? "";
			expect(said, `${place.method} ${place.address}`).not.toMatch(/vestibule-session=[^;]/);
		}
	}
}

const GUESS = "00000000";

function takesCode({ method, address }: Place): boolean {
	const pages: readonly string[] = [paths.verify, paths.emailedCode, paths.signInTemporaryCode];
	return method === "POST" && pages.includes(address);
}

async function textsOf(app: App, email: string): Promise<string> {
	return (await app.inbox.all(email)).map(({ text }) => text).join("\n");
}

/** Whatever in a mailbox looks like a code, the newest first. */
async function codesIn(app: App, email = casey): Promise<string[]> {
	const found = (await textsOf(app, email)).match(/\b\d{4} ?\d{4}\b/g) ?? [];
	return [...new Set(found.toReversed())];
}

test.each([...METHOD_ON, ...PENDING])(
	"with %s, who has the password gets no session anywhere",
	async (_, make) => {
		for (const day of [null, "2026-01-01"]) {
			await using work = await atTheFrontDesk();
			const { app, desk } = work;
			await make(app, desk);
			await requireFrom(app, day);
			const before = await countSessions(app, casey);
			const thief = newBrowser(app);
			const page = await signIn(thief, casey);
			expect([paths.verify, paths.emailedCode]).toContain(page.path);
			await triesEverything(thief, { password: DEMO_PASSWORD });
			expect(await countSessions(app, casey)).toBe(before);
		}
	},
);

test("who has the password and calls the front desk: the code that Avery then has is in no email, no text and no page of his", async () => {
	await using work = await atTheFrontDesk();
	const { app, desk } = work;
	const caseys = await ownerWithApp(app, casey);
	await signOut(caseys.desk);
	const thief = newBrowser(app);
	await signIn(thief, casey);
	const page = await desk.open(paths.giveTemporaryCode.to(await idOf(app, casey)));
	expect(page.text).toContain("Never give a code to somebody who called you: call them back.");
	expect(page.text).toContain("the number on their staff profile, and no other");
	expect(page.text).toContain("+1 604 555 0103");
	const code = await givesCode(app, desk);
	expect(code).not.toBe("");
	const spellings = new RegExp(`${code}|${code.replace(" ", "")}`);
	for (const place of everyPlace(app)) {
		const { body } = await tryAt(thief, place, { "form-token": formToken(thief, "signIn") });
		expect(body.toString(), place.address).not.toMatch(spellings);
	}
	expect((await app.inbox.all()).map(({ text }) => text).join("\n")).not.toMatch(spellings);
	expect(app.texts.gateway.texts).toEqual([]);

	// His guesses end, and Casey, whom Avery called, gets in with it where she always signs in.
	await signIn(thief, casey);
	const left = await thief.open(paths.signInTemporaryCode);
	for (let wrong = 0; wrong < 5; wrong++) await enter(left, GUESS);
	expect((await enter(left, GUESS)).status).toBe(429);
	expect((await enter(left, code)).status).toBe(429);
	await signIn(caseys.desk, casey);
	const inside = await enter(await caseys.desk.open(paths.signInTemporaryCode), code);
	expect(inside.heading).toBe("Lost your phone?");
});

function enter(page: Page, code: string): Promise<Page> {
	return page.submit({ "Temporary code": code }, "Submit");
}

test.each([...METHOD_ON, ...PENDING])(
	"with %s, who reads the mailbox gets no session by all that ever comes there",
	async (_, make) => {
		await using work = await atTheFrontDesk();
		const { app, desk } = work;
		await make(app, desk);
		const thief = newBrowser(app);
		const signedIn = async (password: string) => {
			await signIn(thief, casey, password);
			return triesEverything(thief, { password, codes: () => codesIn(app) });
		};
		await chooseNewPassword(thief, await linkFor(app, casey, thief));
		await signedIn(NEW_PASSWORD);
		// The button of every security email, and the link that comes with it.
		await saysNotMe(thief, await notMeLink(app, casey));
		const another = "silver kettles hum by night";
		await chooseNewPassword(thief, await linkFor(app, casey, thief), another);
		for (const wait of [0, days(8)]) {
			app.clock.forward(wait);
			await signedIn(another);
		}
		expect(await isIn(thief)).toBe(false);
		expect(
			(await everythingKept(app)).sessions?.filter((row) => Number(row.started_at) >= app.clock.now()),
		).toEqual([]);
	},
);

test.each(METHOD_ON)("with %s, mailbox and password together open nothing", async (_, make) => {
	for (const day of [null, "2026-01-01"]) {
		await using work = await atTheFrontDesk();
		const { app, desk } = work;
		await make(app, desk);
		await requireFrom(app, day);
		const before = await countSessions(app, casey);
		const thief = newBrowser(app);
		expect((await signIn(thief, casey)).path).toBe(paths.verify);
		await triesEverything(thief, { password: DEMO_PASSWORD, codes: () => codesIn(app) });
		expect(await countSessions(app, casey)).toBe(before);
		expect(await textsOf(app, casey)).not.toContain("Enter this code");
	}
});

test("with a reset pending, mailbox and password together are what Casey has left: she is told, and one button ends whoever used them", async () => {
	await using work = await atTheFrontDesk();
	const { app, desk } = work;
	await ownerWithApp(app, casey);
	await app.inbox.clear();
	await disables(app, desk);
	const told = await notMeLink(app, casey, "Your 2-Step Verification was turned off");
	const thief = newBrowser(app);
	await signIn(thief, casey);
	await (await proveByEmail(thief, casey)).submit({}, "Not now");
	expect(await isIn(thief)).toBe(true);

	await saysNotMe(newBrowser(app), told);
	expect(await isIn(thief)).toBe(false);
	expect((await signIn(thief, casey)).errors[0]).toContain("don't match");
	for (const user of [avery, blake]) {
		expect((await app.inbox.latest(user)).subject).toContain("Casey Singh says: this wasn't me");
	}
});

test("who sits down at a session that a trusted browser let in, and knows the password, takes nothing along", async () => {
	await using work = await atTheFrontDesk();
	const { app } = work;
	const caseys = await ownerWithApp(app, casey);
	app.clock.forward(minutes(1));
	const trusted = newBrowser(app);
	await signInTrusting(trusted, casey, caseys.authenticator);
	await signOut(trusted);
	await signIn(trusted, casey);
	expect(await isIn(trusted)).toBe(true);
	const before = await everythingKept(app);
	// That this browser is trusted is its owner's choice, and the password may be changed by who knows it.
	const except = [paths.signIn, paths.password, paths.signOut];
	await triesEverything(trusted, { password: DEMO_PASSWORD, except });
	expect(await isIn(trusted)).toBe(true);
	const after = await everythingKept(app);
	for (const table of [
		"methods",
		"authenticator_apps",
		"text_message_numbers",
		"recovery_codes",
		"email_changes",
	]) {
		expect(after[table], table).toEqual(before[table]);
	}

	const change = await trusted.open(paths.password);
	const typed = { "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD };
	expect((await change.submit(typed, "Change password")).text).toContain("Your password is changed.");
	expect((await signIn(newBrowser(app), casey, NEW_PASSWORD)).path).toBe(paths.verify);
	await signOut(trusted);
	expect((await signIn(trusted, casey, NEW_PASSWORD)).path).toBe(paths.verify);
	expect((await app.inbox.latest(casey)).subject).toBe("Your password was changed – Harbour Physio");
});

test("a session or a trusted browser from before the reset opens nothing after it", async () => {
	await using work = await atTheFrontDesk();
	const { app, desk } = work;
	const caseys = await ownerWithApp(app, casey);
	app.clock.forward(minutes(1));
	const trusted = newBrowser(app);
	await signInTrusting(trusted, casey, caseys.authenticator);
	const parked = trusted.copy();
	await disables(app, desk);
	for (const thief of [parked, caseys.desk.copy()]) {
		await triesEverything(thief, { password: DEMO_PASSWORD });
		expect(await isIn(thief)).toBe(false);
		expect((await signIn(thief, casey)).path).toBe(paths.emailedCode);
		await triesEverything(thief, { password: DEMO_PASSWORD });
	}
	expect(await countSessions(app, casey)).toBe(0);
});

const emery = "emery@harbour.example";
const HIS = "blakes.other@mail.example";

/** Blake, who has Full Access, makes an address of his own Casey's. */
async function becomesCasey(app: App, blakes: Browser): Promise<void> {
	const page = await blakes.open(paths.editColleague.to(await idOf(app, casey)));
	await page.submit({ Email: HIS, "Your password": DEMO_PASSWORD }, "Save");
	const [link = ""] = (await app.inbox.latest(HIS)).links;
	const confirmed = await (await newBrowser(app).openFromEmail(link)).submit({}, "Confirm this email");
	expect(confirmed.heading).toBe("Your email is changed");
}

/** What the page of a person and its forms let somebody do, whether or not they are shown. */
async function isHelped(app: App, blakes: Browser, email: string): Promise<boolean> {
	const id = await idOf(app, email);
	const person = await blakes.open(paths.colleague.to(id));
	const form = {
		"form-token": formToken(blakes, "session"),
		reason: "Phone lost, seen in person",
		password: DEMO_PASSWORD,
		how: "in-person",
		lives: String(hours(1)),
	};
	const doors = async () => {
		const { temporary_codes, methods } = await everythingKept(app);
		return { temporary_codes, methods };
	};
	const before = await doors();
	await blakes.post(paths.giveTemporaryCode.to(id), form);
	await blakes.post(paths.resetColleague.to(id), form);
	const isDone = JSON.stringify(await doors()) !== JSON.stringify(before);
	const isOffered = ["Give a temporary code", "Disable 2-Step Verification"].some((link) =>
		person.links.includes(link),
	);
	expect(isOffered).toBe(isDone);
	return isDone;
}

test("a Full Access user who makes a colleague's email his own: for 7 days no link, no code and no reset, after them the second step, and each time the old address is told", async () => {
	await using app = await startApp();
	await ownerWithApp(app, casey);
	const blakes = await ownerWithApp(app, blake);
	const caseysOwn = await countSessions(app, casey);
	await app.inbox.clear();
	await becomesCasey(app, blakes.desk);
	const subjects = (await app.inbox.all(casey)).map(({ subject }) => subject);
	expect(subjects.filter((subject) => /email/i.test(subject)).length).toBeGreaterThanOrEqual(2);

	for (const wait of [0, days(7) - hours(1)]) {
		app.clock.forward(wait);
		const desk = newBrowser(app);
		await signInWithCode(desk, blake, blakes.authenticator);
		expect(await isHelped(app, desk, HIS)).toBe(false);
		await app.inbox.clear();
		await (await newBrowser(app).open(paths.forgotPassword)).submit({ Email: HIS }, "Email me a link");
		await (await desk.open(paths.colleague.to(await idOf(app, HIS)))).click("Send a password link");
		// To anybody else he can be of help.
		await ownerWithApp(app, wait === 0 ? devon : emery);
		expect(await isHelped(app, desk, wait === 0 ? devon : emery)).toBe(true);
		const toHim = (await app.inbox.all(HIS)).flatMap(({ links }) => links);
		expect(toHim.filter((link) => link.includes(paths.setPassword.to("")))).toEqual([]);
		expect((await app.inbox.all(casey)).flatMap(({ links }) => links).join("\n")).toContain(
			paths.setPassword.to(""),
		);
	}

	// After them the link is his, and Casey's app still stands before the door.
	app.clock.forward(hours(1));
	const thief = newBrowser(app);
	await chooseNewPassword(thief, await linkFor(app, HIS, thief));
	expect((await signIn(thief, HIS, NEW_PASSWORD)).path).toBe(paths.verify);
	await triesEverything(thief, { password: NEW_PASSWORD, codes: () => codesIn(app, HIS) });
	expect(await countSessions(app, HIS)).toBeLessThanOrEqual(caseysOwn);
	expect(await isIn(thief)).toBe(false);
});

test("the reset first and the email after it: nobody at the clinic can give him the code, and no emailed one is sent to him", async () => {
	await using app = await startApp();
	await ownerWithApp(app, casey);
	const blakes = await ownerWithApp(app, blake);
	await disables(app, blakes.desk);
	await becomesCasey(app, blakes.desk);
	expect(await isHelped(app, blakes.desk, HIS)).toBe(false);
	const thief = newBrowser(app);
	expect((await signIn(thief, HIS)).heading).toBe("Ask for a temporary code");
	await app.inbox.clear();
	await triesEverything(thief, { password: DEMO_PASSWORD, codes: () => codesIn(app, HIS) });
	expect((await app.inbox.all(HIS)).map(({ subject }) => subject)).not.toContain(
		"Your code to sign in – Harbour Physio",
	);
	expect(await countSessions(app, HIS)).toBe(0);
});

test("This wasn't me in the old mailbox puts the email back, on the last of the 7 days too", async () => {
	await using app = await startApp();
	await ownerWithApp(app, casey);
	const blakes = await ownerWithApp(app, blake);
	await becomesCasey(app, blakes.desk);
	const button = await notMeLink(app, casey, "Your email was changed");
	app.clock.forward(days(7) - minutes(1));
	await saysNotMe(newBrowser(app), button);
	expect(await idOf(app, HIS)).toBe("");
	expect(await idOf(app, casey)).not.toBe("");
	const asked = await newBrowser(app).open(paths.forgotPassword);
	await app.inbox.clear();
	await asked.submit({ Email: HIS }, "Email me a link");
	expect(await app.inbox.all(HIS)).toEqual([]);
});
