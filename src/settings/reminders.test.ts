import { expect, test } from "vitest";
import { type App, startApp } from "../../test/harness/app.ts";
import { type Browser, newBrowser } from "../../test/harness/browser.ts";
import {
	avery,
	blake,
	casey,
	devon,
	requireFrom,
	setUpAuthenticatorApp,
	signIn,
} from "../../test/harness/people.ts";
import { days, hours, minutes } from "../clock.ts";
import { paths } from "../paths.ts";

const BY_HAND = "Reminder: set up 2-Step Verification by Mon 21 Dec 2026 – Harbour Physio";

test("a reminder goes to one colleague alone, and the record says who sent it", async () => {
	await using app = await startApp();
	const desk = await fullAccessUser(app);
	const list = await desk.open(paths.whoHasItOn);
	const sent = await list.click("Send reminder", { near: casey });
	expect(sent.text).toContain("A reminder is on its way to Casey Singh.");
	expect(await reminded(app)).toEqual([casey]);
	const { subject, text, links } = await app.inbox.latest(casey);
	expect(subject).toBe(BY_HAND);
	expect(text).toContain("From Mon 21 Dec 2026 you need 2-Step Verification to sign in at Harbour Physio.");
	expect(text).toContain("It takes two minutes.");
	expect(links).toEqual([app.url.origin + paths.twoStep]);
	expect(await remindedBy(app)).toEqual([{ actor: avery, whom: casey, detail: "{}" }]);
});

test("once it is in force, a reminder says since when", async () => {
	await using app = await startApp();
	const desk = await fullAccessUser(app);
	await requireFrom(app, "2026-12-01");
	await remind(desk, await idOf(app, casey));
	const { subject, text } = await app.inbox.latest(casey);
	expect(subject).toBe("Reminder: set up 2-Step Verification – Harbour Physio");
	expect(text).toContain("Since Tue 1 Dec 2026 you need 2-Step Verification");
	expect(text).toContain("You are asked to set it up the next time you sign in.");
});

test("nobody is reminded more than 3 times an hour and 10 times a day, and the page says when the next one can go", async () => {
	await using app = await startApp();
	const desk = await fullAccessUser(app);
	const caseys = await idOf(app, casey);
	for (let count = 1; count <= 10; count++) {
		expect((await remind(desk, caseys)).text).toContain("A reminder is on its way to Casey Singh.");
		if (count === 3) {
			const refused = await remind(desk, caseys);
			expect(refused.text).toMatch(
				/Casey Singh has had 3 reminders in the last hour; try again at \d+:\d\d am\./,
			);
			expect((await remind(desk, await idOf(app, devon))).text).toContain(
				"A reminder is on its way to Devon Okafor.",
			);
		}
		// An email that takes an hour to send is sent again.
		await app.drain();
		if (count % 3 === 0) app.clock.forward(minutes(61));
	}
	const refused = await remind(desk, caseys);
	expect(refused.text).toMatch(
		/Casey Singh has had 10 reminders in the last day; try again on Tue 8 Dec 2026, \d+:\d\d am Vancouver time\./,
	);
	expect((await reminded(app)).filter((to) => to === casey)).toHaveLength(10);
});

test("the wait is over when the page says so, and then it says nothing any more", async () => {
	await using app = await startApp();
	const desk = await fullAccessUser(app);
	const caseys = await idOf(app, casey);
	for (let count = 1; count <= 3; count++) await remind(desk, caseys);
	const refused = await remind(desk, caseys);
	// A little after the full hour the first one is an hour old: in that minute it would be too early.
	expect(refused.text).toMatch(/try again at \d+:01 am\./);
	await app.drain();
	app.clock.at(Date.parse("2026-12-07T18:01:00Z"));
	expect((await desk.open(refused.path)).text).not.toContain("reminders in the last hour");
	expect((await remind(desk, caseys)).text).toContain("A reminder is on its way to Casey Singh.");
});

test("who has set it up meanwhile, is deactivated, or is nobody here gets none, and the page says so", async () => {
	await using app = await startApp();
	const desk = await fullAccessUser(app);
	const list = await desk.open(paths.whoHasItOn);
	const caseys = newBrowser(app);
	await signIn(caseys, casey);
	await caseys.page.click("Not now");
	await setUpAuthenticatorApp(caseys);
	await app.inbox.clear();
	expect((await list.click("Send reminder", { near: casey })).text).toContain(
		"Casey Singh has set up 2-Step Verification, so no reminder was sent.",
	);
	await app.database.backdoor.updateTable("profiles").set({ active: 0 }).where("email", "=", devon).execute();
	expect((await list.click("Send reminder", { near: devon })).text).toContain(
		"Devon Okafor is deactivated and can't sign in, so no reminder was sent.",
	);
	expect((await remind(desk, "nobody")).status).toBe(404);
	expect(await reminded(app)).toEqual([]);
});

test("where it is not required, nobody is reminded, and the page says so", async () => {
	await using app = await startApp();
	const desk = await fullAccessUser(app);
	const list = await desk.open(paths.whoHasItOn);
	await requireFrom(app, null);
	const off =
		"2-Step Verification is not required at Harbour Physio, so no reminder was sent. Require it first, in Settings, Security.";
	expect((await list.click("Send reminder", { near: casey })).text).toContain(off);
	expect((await list.click("Send reminder to all")).text).toContain(off);
	expect(await reminded(app)).toEqual([]);
	expect(await mailings(app)).toEqual([]);
});

test("a reminder to all goes to each who has not set it up, but not to who had 3 within the hour", async () => {
	await using app = await startApp();
	const desk = await fullAccessUser(app);
	for (let count = 1; count <= 3; count++) await remind(desk, await idOf(app, casey));
	await app.database.backdoor.updateTable("profiles").set({ active: 0 }).where("email", "=", devon).execute();
	await app.inbox.clear();
	const all = await (await desk.open(paths.whoHasItOn)).click("Send reminder to all");
	expect(all.text).toContain("Reminders are on their way to 4 people.");
	const others = [blake, "emery@harbour.example", "finley@harbour.example"];
	expect((await reminded(app)).toSorted()).toEqual(others);
	expect((await app.inbox.latest(blake)).subject).toBe(BY_HAND);
	const events = (await remindedBy(app)).filter(({ detail }) => detail !== "{}");
	expect(events.map(({ actor, whom }) => [actor, whom]).toSorted()).toEqual(others.map((to) => [avery, to]));
	expect(await mailings(app)).toMatchObject([{ kind: "by-hand", emailed: 3 }]);
});

test("pressed again while reminders to all are on their way, it sends no more; two who press at once are one", async () => {
	await using app = await startApp();
	const desk = await fullAccessUser(app);
	const list = await desk.open(paths.whoHasItOn);
	const pages = await Promise.all(
		[desk.copy(), desk.copy(), desk.copy()].map(async (copy) => {
			const page = await copy.open(paths.whoHasItOn);
			return page.click("Send reminder to all");
		}),
	);
	for (const { text } of pages) expect(text).toMatch(/Reminders are (?:still )?on their way/);
	await app.drain();

	// One that takes its time: it is under way until then.
	await app.database.backdoor
		.updateTable("mailings")
		.set({ ended_at: null, due_at: app.clock.now() + days(1) })
		.where("mailing_id", "=", (await mailings(app)).at(-1)?.mailing_id ?? "")
		.execute();
	const before = await reminded(app);
	const count = (await mailings(app)).length;
	expect((await list.click("Send reminder to all")).text).toContain(
		"Reminders are still on their way from the last time, so no more were sent.",
	);
	expect(await reminded(app)).toEqual(before);
	expect(await mailings(app)).toHaveLength(count);
});

test("where everybody has set it up, a reminder to all says so", async () => {
	await using app = await startApp();
	const desk = await fullAccessUser(app);
	const list = await desk.open(paths.whoHasItOn);
	await app.database.backdoor
		.updateTable("profiles")
		.set({ active: 0 })
		.where("email", "<>", avery)
		.execute();
	expect((await list.click("Send reminder to all")).text).toContain(
		"Everybody has set up 2-Step Verification, so no reminder was sent.",
	);
	expect(await mailings(app)).toEqual([]);
});

test("it leads back to the page it was pressed on, as it stood, and nowhere else", async () => {
	await using app = await startApp();
	const desk = await fullAccessUser(app);
	const profile = await idOf(app, casey);
	const backFrom = async (from: string, more: Record<string, string> = { profile }) => {
		const { headers } = await desk.send(paths.sendReminder, {
			method: "POST",
			form: { "form-token": tokenOn(desk), from, ...more },
		});
		return headers.location;
	};
	const asked = `reminder=sent&whom=${profile}`;
	expect(await backFrom(paths.security)).toBe(`${paths.security}?${asked}`);
	expect(await backFrom(`${paths.whoHasItOn}?show=not-set-up&after=a%26b`)).toBe(
		`${paths.whoHasItOn}?show=not-set-up&after=a%26b&${asked}`,
	);
	// What the last one did is not said again.
	const again = await backFrom(`${paths.enforcement}?reminder=sent&whom=${profile}&x=1`, {});
	expect(again).toBe(`${paths.enforcement}?reminder=on-their-way&x=1`);
	app.clock.forward(hours(1));
	for (const elsewhere of [
		"https://elsewhere.example/settings/security",
		"//elsewhere.example/settings/security",
		"/\\elsewhere.example",
		paths.account,
		`${paths.security}/../../account`,
		"",
	]) {
		const back = await backFrom(elsewhere, {});
		expect(back, elsewhere).toMatch(/^\/settings\/security\/2-step-verification\?reminder=[a-z-]+$/);
	}
});

test("an address that was made up says nothing", async () => {
	await using app = await startApp();
	const desk = await fullAccessUser(app);
	for (const query of [
		"reminder=sent",
		"reminder=sent&whom=nobody",
		"reminder=<b>",
		"reminder=waits&whom=",
	]) {
		const page = await desk.open(`${paths.whoHasItOn}?${query}`);
		expect(page.text, query).not.toMatch(/reminder sent to|reminders are/i);
		expect(page.html, query).not.toContain("<b>");
	}
	// Nobody has waited for anything.
	const waits = await desk.open(`${paths.whoHasItOn}?reminder=waits&whom=${await idOf(app, casey)}`);
	expect(waits.text).not.toContain("Casey Singh has had");
});

/** Avery, who has set it up, in a session; required from 21 December. */
async function fullAccessUser(app: App): Promise<Browser> {
	const desk = newBrowser(app);
	await signIn(desk, avery);
	await setUpAuthenticatorApp(desk);
	await requireFrom(app, "2026-12-21");
	await app.inbox.clear();
	await desk.open(paths.whoHasItOn);
	return desk;
}

/** The form of a **Send reminder** that stands on a list. */
async function remind(desk: Browser, profile: string) {
	return desk.post(paths.sendReminder, { "form-token": tokenOn(desk), from: paths.whoHasItOn, profile });
}

function tokenOn(desk: Browser): string {
	return /name="form-token" value="([^"]+)"/.exec(desk.page.html)?.[1] ?? "";
}

async function idOf({ database }: App, email: string): Promise<string> {
	const query = database.backdoor.selectFrom("profiles").select("profile_id").where("email", "=", email);
	return (await query.executeTakeFirstOrThrow()).profile_id;
}

/** Whom reminders came to. */
async function reminded(app: App): Promise<string[]> {
	const emails = await app.inbox.all();
	return emails.filter(({ subject }) => subject.startsWith("Reminder:")).map(({ to }) => to);
}

async function remindedBy({ database }: App) {
	const rows = await database.backdoor
		.selectFrom("activity_events")
		.innerJoin("profiles as actors", "actors.profile_id", "activity_events.actor")
		.innerJoin("profiles as whom", "whom.profile_id", "activity_events.profile_id")
		.select(["actors.email as actor", "whom.email as whom", "detail"])
		.where("kind", "=", "staff-reminded")
		.orderBy("number")
		.execute();
	return rows;
}

function mailings({ database }: App) {
	return database.backdoor.selectFrom("mailings").selectAll().orderBy("mailing_id").execute();
}
