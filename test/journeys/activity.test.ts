import { type IncomingMessage, request } from "node:http";
import { Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { recordEvent } from "../../src/activity/record.ts";
import { findClinic } from "../../src/clinics/store.ts";
import { days, hours, minutes } from "../../src/clock.ts";
import { auditCommand } from "../../src/commands/audit.ts";
import { inTransaction } from "../../src/db/transaction.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { forgetOldActivity } from "../../src/upkeep/forget-old-activity.ts";
import { chooseNewPassword } from "../bypasses/owners.ts";
import { manyClinics, sasha, twoClinics } from "../bypasses/two-clinics.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser, userAgents } from "../harness/browser.ts";
import { deactivate, idOf } from "../harness/by-operator.ts";
import { addStaff } from "../harness/more-staff.ts";
import {
	avery,
	casey,
	devon,
	setUpAuthenticatorApp,
	signIn,
	signInWithCode,
	signOut,
} from "../harness/people.ts";

/** A sign-out of somebody at a time, by way of what everything is recorded by. */
async function record(app: App, profileId: string | null, at: number, browserName = "Firefox on Linux") {
	const clinic = await findClinic(app.db, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	await inTransaction(app.db, (tx) =>
		recordEvent(tx, app.deps.config.keyring, {
			clinicId: clinic.clinicId,
			at,
			profileId,
			actor: profileId ?? "nobody",
			address: "192.0.2.7",
			browserName,
			kind: "signed-out",
			detail: {},
		}),
	);
}

test("a day at the clinic can be read from its activity: who signed in, how and from where, who helped, who changed what", async () => {
	await using app = await startApp();
	const office = newBrowser(app, { address: "198.51.100.1" });
	await signIn(office, avery);
	await setUpAuthenticatorApp(office);
	const desk = newBrowser(app, { address: "198.51.100.1", userAgent: userAgents.firefoxOnMac });
	await signIn(desk, casey);
	const { authenticator } = await setUpAuthenticatorApp(desk);
	await signOut(desk);
	app.clock.forward(hours(1));
	const home = newBrowser(app, { address: "203.0.113.250", userAgent: userAgents.safariOnIphone });
	await signInWithCode(home, casey, authenticator);
	await signIn(newBrowser(app), devon, "not the password of Devon");
	const giving = await office.open(paths.giveTemporaryCode.to(await idOf(app, casey)));
	await giving.submit({ "In person": true, "Your password": DEMO_PASSWORD }, "Give a temporary code");
	await app.drain();

	const page = await (await office.open(paths.security)).click("Activity");
	expect(page.heading).toBe("Activity");
	expect(page.text).toContain("times are Vancouver time");
	expect(page.text).toContain("Mon 7 Dec 2026");
	for (const sentence of [
		"Casey Singh signed in with the password and the app's code\nSafari on iPhone, another network",
		"Casey Singh signed in with the password\nFirefox on macOS, this network",
		"Casey Singh set up Authenticator App\nFirefox on macOS, this network",
		"Avery Chen gave Casey Singh a temporary code, to be told in person, that works until 12:",
		"A wrong password was entered for Devon Okafor\nChrome on Windows, another network",
		"Casey Singh signed out",
	]) {
		expect.soft(page.text).toContain(sentence);
	}
	// Messages are there for whoever wants them, and bury nothing else.
	const message = "An email was sent to Casey Singh: a method was set up\nDetails";
	expect(page.text).not.toContain("was sent to");
	const aboutHer = "An email about Casey Singh was sent to Blake Moreau: a temporary code was given\nDetails";
	for (const kind of ["Everything", "Messages"]) {
		const { text } = await page.submit({ "What happened": kind }, "Show");
		expect(text, kind).toContain(message);
		expect(text, kind).toContain(aboutHer);
	}
	const csv = await page.click("Download as CSV");
	expect(csv.html).toContain("An email was sent to Casey Singh: a method was set up");
	// The newest on top, at its time in the clinic's zone.
	expect(page.text.indexOf("the app's code\n")).toBeLessThan(page.text.indexOf("Casey Singh signed out"));
	expect(page.text).toMatch(/11:\d\d am\nCasey Singh signed in with the password and the app's code/);
	expect(page.text).toMatch(/10:\d\d am\nCasey Singh signed out/);
	// The address is there for whoever looks for it.
	expect(page.html).toContain("203.0.113.250");
});

test("activity is looked through by person, by what happened and by day, together and page by page", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const [averyId, caseyId] = [await idOf(app, avery), await idOf(app, casey)];
	const start = app.clock.now();
	for (let n = 0; n < 120; n++) await record(app, caseyId, start + n, `Browser ${n}.`);
	app.clock.forward(minutes(5));
	await deactivate(app, casey);

	// Only Casey's sign-ins, a page after the other and back.
	let page = await desk.open(paths.activity);
	page = await page.submit({ Person: "Casey Singh (deactivated)", "What happened": "Sign-ins" }, "Show");
	expect(page.field("Person").value).toBe(caseyId);
	const shown = (text: string) => [...text.matchAll(/Browser (\d+)\./g)].map(([, n]) => Number(n));
	const numbers = (from: number, count: number) => Array.from({ length: count }, (_, n) => from - n);
	expect(page.text).not.toContain("Avery Chen signed in");
	expect(new Set(shown(page.text))).toEqual(new Set(numbers(119, 50)));
	expect(page.links).not.toContain("Newer");
	page = await page.click("Older");
	expect(new Set(shown(page.text))).toEqual(new Set(numbers(69, 50)));
	page = await page.click("Older");
	expect(new Set(shown(page.text))).toEqual(new Set(numbers(19, 20)));
	expect(page.links).not.toContain("Older");
	page = await page.click("Newer");
	expect(new Set(shown(page.text))).toEqual(new Set(numbers(69, 50)));

	// What somebody did to another is theirs as well as the other's; what the operator did is not Avery's.
	page = await desk.open(`${paths.activity}?person=${averyId}`);
	expect(page.text).toContain("Avery Chen signed in with the password");
	expect(page.text).not.toContain("Casey Singh signed out");
	page = await desk.open(`${paths.activity}?person=${caseyId}&kind=changes`);
	expect(page.text).toContain("The people who run this server deactivated Casey Singh");
	expect(page.text).not.toContain("Casey Singh signed out");

	page = await (await page.click("Clear filters")).submit({ From: "2026-12-08" }, "Show");
	expect(page.text).toContain("Nothing fits what you chose.");
});

test("a day is the clinic's: what happens at 11:59 at night in Vancouver belongs to it, and a minute later does not", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const caseyId = await idOf(app, casey);
	// 8 March 2026 has 23 hours there.
	for (const [at, name] of [
		["2026-03-08T07:59:00Z", "eve"],
		["2026-03-08T08:00:00Z", "first"],
		["2026-03-09T06:59:00Z", "last"],
		["2026-03-09T07:00:00Z", "next"],
	] as const) {
		await record(app, caseyId, Date.parse(at), `Browser ${name}`);
	}
	const seen = async (from: string, to: string) => {
		const page = await (await desk.open(paths.activity)).submit({ From: from, To: to }, "Show");
		return [...page.text.matchAll(/Browser (\w+)/g)].map(([, name]) => name);
	};
	const once = (names: string[]) => names.flatMap((name) => [name, name]);
	expect(await seen("2026-03-08", "2026-03-08")).toEqual(once(["last", "first"]));
	expect(await seen("", "2026-03-07")).toEqual(once(["eve"]));
	expect(await seen("2026-03-09", "2026-03-09")).toEqual(once(["next"]));
	expect((await desk.open(`${paths.activity}?to=2026-03-08`)).text).toContain("Sun 8 Mar 2026\n11:59 pm");

	// Mistakes are named, with what was typed still there.
	const wrong = await desk.open(
		`${paths.activity}?from=2026-02-30&to=yesterday&person=nobody@harbour.example`,
	);
	expect(wrong.status).toBe(422);
	expect(wrong.errors).toHaveLength(3);
	expect(wrong.field("Person").value).toBe("nobody@harbour.example");
	const backwards = await desk.open(`${paths.activity}?from=2026-03-09&to=2026-03-08`);
	expect(backwards.text).toContain("This day is before the first one.");
	for (const odd of [
		"from=0000-01-01",
		"to=9999-12-31",
		"before=99999999999999999999",
		"after=-1",
		"kind=x",
	]) {
		expect([200, 422]).toContain((await desk.open(`${paths.activity}?${odd}`)).status);
	}
});

test("one's own activity has what concerns oneself and nothing else, and Settings has none for Limited access", async () => {
	await using app = await startApp();
	const caseys = newBrowser(app);
	await signIn(caseys, casey);
	await signIn(newBrowser(app), devon);
	await signIn(newBrowser(app), casey, "not the password of Casey");
	let page = await (await caseys.open(paths.account)).click("Activity");
	expect(page.path).toBe(paths.ownActivity);
	expect(page.text).toContain("Casey Singh signed in with the password");
	expect(page.text).toContain("A wrong password was entered for Casey Singh");
	expect(page.text).not.toContain("Devon");
	// Asked again inside the session it was no stranger.
	const typed = { "Current password": "not that one, sorry", "New password": "marble heron counts slowly" };
	await (await caseys.open(paths.password)).submit(typed, "Change password");
	page = await caseys.open(paths.ownActivity);
	expect(page.text).toContain("Casey Singh was asked for the password again and entered a wrong one");
	// Asking for somebody else changes nothing.
	page = await caseys.open(`${paths.ownActivity}?person=${await idOf(app, devon)}`);
	expect(page.text).not.toContain("Devon");
	page = await page.submit({}, "Download as JSON");
	expect(page.headers["content-type"]).toContain("jsonl");
	expect(page.html).toContain("Casey Singh signed in with the password");
	expect(page.html).toContain("Casey Singh downloaded their own activity as JSON");
	expect(page.html).not.toContain("Devon");
	const forged = { person: await idOf(app, devon), format: "csv", "form-token": "" };
	expect((await caseys.post(paths.ownActivityDownload, forged)).status).toBe(403);

	expect((await caseys.open(paths.activity)).status).toBe(404);
	expect((await (await caseys.open(paths.ownActivity)).click("Download as CSV")).status).toBe(200);
	const token = /name="form-token" value="([^"]+)"/.exec((await caseys.open(paths.ownActivity)).html)?.[1];
	expect((await caseys.post(paths.activityDownload, { "form-token": token ?? "" })).status).toBe(404);
});

test("another clinic's activity is not there, neither to look at nor by its people", async () => {
	await using app = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(app);
	for (const clinic of [harbour, maple]) {
		const browser = clinic.browser();
		await chooseNewPassword(browser, clinic.invitation);
	}
	const signedIn = harbour.browser();
	await signIn(signedIn, sasha, "marble heron counts slowly");
	const profiles = app.database.backdoor
		.selectFrom("profiles")
		.innerJoin("clinics", "clinics.clinic_id", "profiles.clinic_id");
	const other = await profiles
		.where("short_name", "=", "maple")
		.select("profile_id")
		.executeTakeFirstOrThrow();
	const page = await signedIn.open(paths.activity);
	expect(page.text).toContain("Sasha Roy signed in");
	const all = await page.click("Download as CSV");
	expect(all.html).not.toContain(other.profile_id);
	const theirs = await signedIn.open(`${paths.activity}?person=${other.profile_id}`);
	expect(theirs.errors.length + Number(theirs.text.includes("Nobody here has that email"))).toBeGreaterThan(
		0,
	);
	expect(theirs.text).not.toContain("Sasha Roy signed in");
	// Somebody signed in at one is nobody at the other.
	const stranger = signedIn.copy({ origin: maple.origin });
	expect((await stranger.open(paths.activity)).heading).toBe("Sign in to Maple Dental");
});

test("the clinic's activity is kept as a file that ends with the latest number and code, and that it was taken is recorded", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	await addStaff(app, [{ name: '=HYPERLINK("https://evil.example")', email: "formula@harbour.example" }]);
	const formula = await idOf(app, "formula@harbour.example");
	for (let n = 0; n < 1_100; n++) await record(app, formula, app.clock.now());

	const csv = await (await desk.open(paths.activity)).click("Download as CSV");
	expect(csv.headers["content-disposition"]).toBe('attachment; filename="activity-harbour-2026-12-07.csv"');
	expect(csv.html.startsWith('\ufeff"number",')).toBe(true);
	const rows = csv.html.trimEnd().split("\r\n");
	expect(rows[0]).toContain('"clinic_time","concerns","done_by","what_happened"');
	expect(rows[1]).toContain('"2026-12-07T17:00:00');
	expect(rows[1]).toContain('"2026-12-07 10:00:00"');
	expect(rows.length).toBeGreaterThan(1_100);
	expect(rows.filter((row) => /(^|,)"[=+@-]/.test(row))).toEqual([]);
	expect(csv.html).toContain(`"'=HYPERLINK(""https://evil.example"") signed out"`);
	expect(rows.at(-1)).toContain("Avery Chen downloaded the clinic's activity as CSV");

	const json = await (await desk.open(paths.activity)).click("Download as JSON");
	const lines = json.html
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line));
	expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1));
	expect(lines.at(-1)).toMatchObject({
		kind: "activity-exported",
		detail: { as: "jsonl", whose: "clinic" },
		clinicTime: expect.stringMatching(/^2026-12-07 10:00:\d\d$/),
		doneBy: "Avery Chen",
	});
	const expected = `${lines.at(-1).number}:${lines.at(-1).code}`;
	expect(await verify(app, expected)).toMatch(/^Every event of harbour is as it was recorded\./);

	// And only what was chosen, oldest first.
	const page = await desk.open(`${paths.activity}?person=${formula}&kind=sign-ins`);
	const chosen = await page.click("Download as JSON");
	const found = chosen.html
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line));
	expect(found).toHaveLength(1_100);
	expect(new Set(found.map(({ profileId }) => profileId))).toEqual(new Set([formula]));
	expect(found[0].number).toBeLessThan(found.at(-1).number);
});

test("names and whatever else was recorded are shown as they are, and never as part of the page", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const name = '<img src=x onerror="alert(1)">';
	await addStaff(app, [{ name, email: "markup@harbour.example" }]);
	await record(app, await idOf(app, "markup@harbour.example"), app.clock.now(), "<script>alert(2)</script>");
	const page = await desk.open(paths.activity);
	expect(page.text).toContain(`${name} signed out\n<script>alert(2)</script>, another network`);
	expect(page.html).not.toContain("<img");
	expect(page.html).not.toContain("<script>alert");

	// What somebody changed in the database hides nothing else.
	await app.database.backdoor
		.updateTable("activity_events")
		.set({ detail: "no JSON" })
		.where("number", "=", 1)
		.execute();
	await app.database.backdoor
		.updateTable("activity_events")
		.set({ kind: "<b>", detail: "{}" })
		.where("number", "=", 2)
		.execute();
	const changed = await desk.open(paths.activity);
	expect(changed.status).toBe(200);
	expect(changed.text).toContain("Something was recorded that cannot be read: <b>");
	expect(changed.text).toContain(`${name} signed out`);
	for (const at of [9_000_000_000_000_000, -9_000_000_000_000_000]) {
		await app.database.backdoor.updateTable("activity_events").set({ at }).where("number", "=", 1).execute();
		const atNoTime = await desk.open(paths.activity);
		expect(atNoTime.text).toContain(`${name} signed out`);
		expect((await atNoTime.click("Download as CSV")).html).toContain(`${at}"`);
	}
});

test("where there are too many people for a list, one is looked for by email", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	await addStaff(
		app,
		Array.from({ length: 200 }, (_, n) => ({ name: `Person ${n}`, email: `p${n}@harbour.example` })),
	);
	await signIn(newBrowser(app), casey);
	let page = await desk.open(paths.activity);
	expect(page.field("Person").type).toBe("text");
	page = await page.submit({ Person: " Casey@Harbour.example " }, "Show");
	expect(page.text).toContain("Casey Singh signed in");
	expect(page.text).not.toContain("Avery Chen signed in");
	expect(page.field("Person").value).toBe(casey);
	page = await page.submit({ Person: "c@harbour.example" }, "Show");
	expect(page.text).toContain("Nobody here has that email.");
});

test("whoever takes the file slowly holds nothing up: the next page is read when the last one was taken", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const clinic = await findClinic(app.db, "the-only-one");
	const [first, count, page] = [1_000, 20_000, 500];
	for (let n = 0; n < count; n += page) {
		const rows = Array.from({ length: page }, (_, index) => ({
			clinic_id: clinic?.clinicId ?? "",
			number: first + n + index,
			at: app.clock.now(),
			kind: "signed-out",
			profile_id: null,
			actor: "nobody",
			address: null,
			browser_name: "A browser with a long name. ".repeat(40),
			detail: "{}",
			code: "",
		}));
		await app.database.backdoor.insertInto("activity_events").values(rows).execute();
	}
	const pagesRead = () => {
		const { statements } = app.database;
		return statements.filter((sql) => /from "activity_events".+order by "number" limit/.test(sql)).length;
	};
	const token = /name="form-token" value="([^"]+)"/.exec((await desk.open(paths.activity)).html)?.[1] ?? "";
	const before = pagesRead();
	const answer = await take(app, desk, paths.activityDownload, { "form-token": token, format: "csv" });

	// Nothing is taken: soon nothing more is read either, and everybody else is answered.
	const standing = await settled(pagesRead);
	expect(standing - before).toBeLessThan(count / page / 2);
	expect((await desk.open(paths.account)).status).toBe(200);
	await record(app, null, app.clock.now());
	expect(pagesRead()).toBe(standing);

	let lines = 0;
	for await (const chunk of answer) lines += String(chunk).split("\r\n").length - 1;
	expect(lines).toBeGreaterThan(count);
	expect(pagesRead() - before).toBeGreaterThanOrEqual(count / page);

	// Who leaves halfway ends it.
	const left = await take(app, desk, paths.activityDownload, { "form-token": token, format: "csv" });
	await settled(pagesRead);
	const atLeaving = pagesRead();
	left.destroy();
	expect(await settled(pagesRead)).toBeLessThanOrEqual(atLeaving + 1);
});

test("where old activity was taken away, the page and the file say up to which event", async () => {
	await using app = await startApp({ environment: { VESTIBULE_ACTIVITY_YEARS: "1" } });
	await signIn(newBrowser(app), avery);
	await app.drain();
	const old = await app.database.backdoor.selectFrom("activity_events").selectAll().execute();
	app.clock.forward(days(367));
	await forgetOldActivity(app.deps);
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const page = await desk.open(paths.activity);
	const told = `Earlier activity, up to event ${old.length}, was old enough and was taken away.`;
	expect(page.text).toContain(told);
	expect((await desk.open(`${paths.activity}?kind=sign-ins`)).text).not.toContain(told);
	const csv = await page.click("Download as CSV");
	expect(csv.html.split("\r\n")[1]).toContain(`"${old.length}",`);
	expect(csv.html.split("\r\n")[1]).toContain(`"${told}"`);
	const [number, code] = [old.length, old.find((event) => event.number === old.length)?.code];
	expect(await verify(app, `${number}:${code}`)).toContain(`Kept from ${old.length + 1} on.`);
});

/** The answer to a form, of which nothing is read yet. */
function take(app: App, { cookies }: Browser, path: string, form: Record<string, string>) {
	return new Promise<IncomingMessage>((resolve, reject) => {
		const body = new URLSearchParams(form).toString();
		const headers = {
			host: app.url.host,
			origin: app.url.origin,
			"sec-fetch-site": "same-origin",
			"content-type": "application/x-www-form-urlencoded",
			"content-length": String(Buffer.byteLength(body)),
			cookie: cookies.header("from this site", app.clock.now()) ?? "",
		};
		request({ host: "127.0.0.1", port: app.port, path, method: "POST", headers }, resolve)
			.on("error", reject)
			.end(body);
	});
}

/** A number, once it has not changed for a while. */
async function settled(look: () => number): Promise<number> {
	for (let last = look(), same = 0; ; ) {
		await pause(50);
		const now = look();
		same = now === last ? same + 1 : 0;
		if (same === 20) return now;
		last = now;
	}
}

async function verify(app: App, expected: string): Promise<string> {
	let said = "";
	const out = new Writable({
		write(chunk, _encoding, done) {
			said += String(chunk);
			done();
		},
	});
	const args = ["verify", "--clinic", "harbour", "--expect", expected];
	await auditCommand(args, { db: app.db, config: app.deps.config, out, err: out });
	return said;
}
