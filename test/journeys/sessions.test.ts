import { expect, test } from "vitest";
import { hours, minutes } from "../../src/clock.ts";
import { paths } from "../../src/paths.ts";
import { manyClinics, sasha, twoClinics } from "../bypasses/two-clinics.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser, userAgents } from "../harness/browser.ts";
import type { Page } from "../harness/page.ts";
import {
	avery,
	blake,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
	signInTrusting,
	signInWithCode,
	signOut,
} from "../harness/people.ts";

const ADDRESS = "198.51.100.20";
const THIS = "This session";

test("every session says where it is, since when, when it was last seen and how it began; this one comes first", async () => {
	await using app = await startApp();
	const { authenticator, recoveryCode, number, phone } = await withBothMethods(app);
	app.clock.forward(minutes(1));
	const texted = newBrowser(app, { address: "2001:db8:1:2::7" });
	const ways = await (await signIn(texted, avery)).click("Try another way");
	const asked = await ways.click("Text me a code");
	await asked.submit({ "Verification code": (await app.texts.latest(number)).code }, "Submit");
	app.clock.forward(minutes(1));
	const recovered = newBrowser(app, { address: "2001:db8:1:2:ffff::9", userAgent: userAgents.firefoxOnMac });
	const another = await (await signIn(recovered, avery)).click("Use recovery code instead");
	await another.submit({ "Recovery Code": recoveryCode }, "Submit");
	app.clock.forward(minutes(50));
	const desk = newBrowser(app, { address: "2001:db8:1:2::1" });
	await signInWithCode(desk, avery, authenticator);
	app.clock.forward(minutes(3));

	const page = await desk.open(paths.account).then((account) => account.click("Sessions"));
	expect(page.heading).toBe("Sessions");
	expect(page.fields).toEqual([]);
	expect(sessionsOn(page)).toEqual([
		[
			`Chrome on Windows ${THIS}`,
			"Last seen Mon 7 Dec 2026, 10:55 am, just now.",
			"Signed in Mon 7 Dec 2026, 10:52 am, from this network, with your password and a code from the app.",
			"Signed in from the address 2001:db8:1:2::1",
			"Ends Mon 7 Dec 2026, 12:55 pm, if it is not used before",
		],
		[
			"Firefox on macOS",
			"Last seen Mon 7 Dec 2026, 10:02 am, about 53 minutes ago.",
			"Signed in Mon 7 Dec 2026, 10:02 am, from this network, with your password and your Recovery Code.",
			"Signed in from the address 2001:db8:1:2:ffff::9",
			"Ends Mon 7 Dec 2026, 12:02 pm, if it is not used before",
		],
		[
			"Chrome on Windows",
			"Last seen Mon 7 Dec 2026, 10:01 am, about 54 minutes ago.",
			"Signed in Mon 7 Dec 2026, 10:01 am, from this network, with your password and a texted code.",
			"Signed in from the address 2001:db8:1:2::7",
			"Ends Mon 7 Dec 2026, 12:01 pm, if it is not used before",
		],
		[
			"Safari on iPhone",
			"Last seen Mon 7 Dec 2026, 10:00 am, about 55 minutes ago.",
			"Signed in Mon 7 Dec 2026, 10:00 am, from another network, with your password.",
			`Signed in from the address ${ADDRESS}`,
			"Ends Mon 7 Dec 2026, 12:00 pm, if it is not used before",
		],
	]);
	expect(page.text).toContain(
		"Each session ends by itself after 2 hours of inactivity, and 24 hours after signing in at the latest. Times are Vancouver time.",
	);
	expect((await phone.open(paths.account)).heading).toBe("My Account");
});

test("one that a trusted browser let in says so", async () => {
	await using app = await startApp();
	const { authenticator } = await withBothMethods(app);
	app.clock.forward(minutes(1));
	const desk = newBrowser(app);
	await signInTrusting(desk, avery, authenticator);
	await signOut(desk);
	await signIn(desk, avery);
	const [own] = sessionsOn(await desk.open(paths.sessions));
	expect(own?.[2]).toMatch(/, from this network, with your password, in a browser you trust\.$/);
});

test("each can be signed out by itself, at once and without asking again", async () => {
	await using app = await startApp();
	const [desk, phone, laptop] = await threeSessions(app);
	const page = await desk.open(paths.sessions);
	const ended = await page.submit({}, "Sign out", { near: "Safari on iPhone" });
	expect(ended.heading).toBe("Sessions");
	expect(ended.text).toContain("That session is signed out.");
	expect(browsersOn(ended)).toEqual([`Chrome on Windows ${THIS}`, "Firefox on macOS"]);
	expect((await phone.open(paths.account)).text).toContain(
		"You were signed out: you were away for a while, or signed out somewhere else.",
	);
	expect((await laptop.open(paths.account)).heading).toBe("My Account");

	// The same page, still open in another tab.
	const again = await page.submit({}, "Sign out", { near: "Safari on iPhone" });
	expect(again.text).toContain("That session had ended already.");
	expect(await eventsOf(app, "sessions-ended")).toEqual([{ count: 1, why: "by-hand" }]);
});

test("this one too, which leads to Sign in", async () => {
	await using app = await startApp();
	const [desk, phone] = await threeSessions(app);
	const page = await desk.open(paths.sessions);
	const out = await page.submit({}, "Sign out", { near: THIS });
	expect(out.heading).toBe("Sign in to Harbour Physio");
	expect(out.text).toContain("You are signed out.");
	expect(desk.cookies.header("from this site", app.clock.now())).not.toContain("session=");
	expect((await phone.open(paths.account)).heading).toBe("My Account");
	expect(await eventsOf(app, "signed-out")).toEqual([{}]);
	expect(await eventsOf(app, "sessions-ended")).toEqual([]);
});

test("Sign out everywhere else leaves this one alone, and says so when there is no other", async () => {
	await using app = await startApp();
	const [desk, phone, laptop] = await threeSessions(app);
	const colleague = newBrowser(app);
	await signIn(colleague, blake);
	const done = await (await desk.open(paths.sessions)).click("Sign out everywhere else");
	expect(done.text).toContain("You are signed out everywhere else.");
	expect(done.text).toContain("You are signed in nowhere else.");
	expect(browsersOn(done)).toEqual([`Chrome on Windows ${THIS}`]);
	expect(done.buttons).toEqual(["Sign out"]);
	for (const browser of [phone, laptop]) {
		expect((await browser.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
	}
	expect((await colleague.open(paths.account)).heading).toBe("My Account");
	expect(await eventsOf(app, "sessions-ended")).toEqual([{ count: 2, why: "by-hand" }]);
});

test("of two that sign each other out at the same moment one is left", async () => {
	await using app = await startApp();
	const [desk, phone] = await threeSessions(app);
	const pages = [await desk.open(paths.sessions), await phone.open(paths.sessions)];
	await Promise.all(pages.map((page) => page.click("Sign out everywhere else")));
	const left = [await desk.open(paths.account), await phone.open(paths.account)];
	expect(left.filter(({ heading }) => heading === "My Account")).toHaveLength(1);
});

test("nobody ends, or learns of, a session of somebody else", async () => {
	await using app = await startApp();
	const [desk] = await threeSessions(app);
	const other = newBrowser(app, { userAgent: userAgents.firefoxOnMac });
	await signIn(other, blake);
	const token = await formTokenOf(desk);
	const theirs = await sessionIdsOf(app, blake);
	expect(theirs).toHaveLength(1);
	for (const session of [...theirs, "no-such-session", ""]) {
		const answer = await desk.post(paths.endSession, { ...token, session });
		expect([answer.path, answer.status]).toEqual([`${paths.sessions}?notice=ended-before`, 200]);
	}
	expect((await other.open(paths.account)).heading).toBe("My Account");
	expect(browsersOn(await other.open(paths.sessions))).toEqual([`Firefox on macOS ${THIS}`]);
	expect(await eventsOf(app, "sessions-ended")).toEqual([]);
});

test("nor one of the same person at another clinic", async () => {
	await using app = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(app);
	const browsers: Browser[] = [];
	for (const clinic of [harbour, maple]) {
		const browser = clinic.browser();
		const link = await browser.openFromEmail(clinic.invitation);
		await link.submit({ "New password": "eleven herons on a fence" }, "Save password");
		await signIn(browser, sasha, "eleven herons on a fence");
		browsers.push(browser);
	}
	const [here, there] = browsers as [Browser, Browser];
	const token = await formTokenOf(here);
	for (const session of await sessionIdsOf(app, sasha)) {
		if ((await here.open(paths.sessions)).html.includes(session)) continue;
		const answer = await here.post(paths.endSession, { ...token, session });
		expect(answer.path).toBe(`${paths.sessions}?notice=ended-before`);
	}
	expect(browsersOn(await here.open(paths.sessions))).toEqual([`Chrome on Windows ${THIS}`]);
	await here.post(paths.endOtherSessions, token);
	expect((await there.open(paths.account)).heading).toBe("My Account");
});

test("one that has ended by itself is not listed", async () => {
	await using app = await startApp();
	const phone = newBrowser(app, { userAgent: userAgents.safariOnIphone });
	await signIn(phone, avery);
	app.clock.forward(hours(2) - minutes(1));
	const desk = newBrowser(app);
	await signIn(desk, avery);
	expect(browsersOn(await desk.open(paths.sessions))).toEqual([
		`Chrome on Windows ${THIS}`,
		"Safari on iPhone",
	]);
	app.clock.forward(minutes(1));
	expect(browsersOn(await desk.open(paths.sessions))).toEqual([`Chrome on Windows ${THIS}`]);
});

test("however many there are, the page can be used and all of them ended", async () => {
	await using app = await startApp();
	const [desk, phone] = await threeSessions(app);
	const { backdoor } = app.database;
	const template = await backdoor.selectFrom("sessions").selectAll().executeTakeFirstOrThrow();
	const many = Array.from({ length: 400 }, (_, n) => ({
		...template,
		session_id: `made-${n}`,
		token_hash: `none-${n}`,
	}));
	await backdoor.insertInto("sessions").values(many).execute();

	const page = await desk.open(paths.sessions);
	expect(browsersOn(page)).toHaveLength(51);
	expect(page.text).toContain("There are more sessions than fit here.");
	expect(Buffer.byteLength(page.html)).toBeLessThan(100_000);
	const done = await page.click("Sign out everywhere else");
	expect(done.text).toContain("You are signed in nowhere else.");
	expect((await phone.open(paths.account)).heading).toBe("Sign in to Harbour Physio");
	expect(await backdoor.selectFrom("sessions").select("session_id").execute()).toHaveLength(1);
});

/** Avery at a desk, with an iPhone and at a Mac. */
async function threeSessions(app: App): Promise<[Browser, Browser, Browser]> {
	const desk = newBrowser(app);
	const phone = newBrowser(app, { userAgent: userAgents.safariOnIphone });
	const laptop = newBrowser(app, { userAgent: userAgents.firefoxOnMac });
	for (const browser of [laptop, phone, desk]) await signIn(browser, avery);
	return [desk, phone, laptop];
}

/** Avery's iPhone, with which both methods were set up. */
async function withBothMethods(app: App) {
	const phone = newBrowser(app, { userAgent: userAgents.safariOnIphone, address: ADDRESS });
	await signIn(phone, avery);
	const { authenticator } = await setUpAuthenticatorApp(phone);
	return { phone, authenticator, ...(await setUpTextMessages(phone)) };
}

/** What each row of the page says, line by line. */
function sessionsOn(page: Page): string[][] {
	const rows = page.text
		.split("\n")
		.slice(page.text.split("\n").findIndex((line) => line.endsWith(THIS)))
		.join("\n")
		.split("\nSign out\n");
	return rows
		.filter((row) => row.includes("Last seen"))
		.map((row) =>
			row
				.replace("Everywhere else\nSign out everywhere else\n", "")
				.replace("\nDetails", "")
				.replace("the address\n", "the address ")
				.replace("\nEnds\n", "\nEnds ")
				.split("\n"),
		);
}

function browsersOn(page: Page): (string | undefined)[] {
	return sessionsOn(page).map(([browser]) => browser);
}

async function formTokenOf(browser: Browser): Promise<{ "form-token": string }> {
	const { html } = await browser.open(paths.sessions);
	return { "form-token": /name="form-token" value="([^"]+)"/.exec(html)?.[1] ?? "" };
}

async function sessionIdsOf(app: App, email: string): Promise<string[]> {
	const rows = await app.database.backdoor
		.selectFrom("sessions")
		.innerJoin("profiles", "profiles.profile_id", "sessions.profile_id")
		.select("session_id")
		.where("email", "=", email)
		.execute();
	return rows.map(({ session_id }) => session_id);
}

async function eventsOf(app: App, kind: string): Promise<unknown[]> {
	const rows = await app.database.backdoor
		.selectFrom("activity_events")
		.select("detail")
		.where("kind", "=", kind)
		.orderBy("number")
		.execute();
	return rows.map(({ detail }) => JSON.parse(detail));
}
