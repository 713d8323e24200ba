import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { type App, startApp } from "../../test/harness/app.ts";
import { type Browser, newBrowser } from "../../test/harness/browser.ts";
import { addStaff, type Colleague } from "../../test/harness/more-staff.ts";
import { avery, requireFrom, signIn } from "../../test/harness/people.ts";
import { readPdf } from "../../test/harness/programs.ts";
import { days, hours } from "../clock.ts";
import type { ClinicRow, MethodRow, ProfileRow } from "../db/tables.ts";
import { paths } from "../paths.ts";

test("the report names everybody as the database has them, in Polish, Vietnamese and Japanese too", async () => {
	await using app = await startApp();
	await addStaff(app, colleagues(app.clock.now()));
	const pdf = await report(await fullAccessUser(app));
	const rows = rowsAfter(pdf, "Everybody who can sign in");
	expect(rows[0]).toEqual(["Name", "Access level", "2-Step Verification", "Last sign-in"]);
	expect(rows.slice(1, -1)).toEqual(await expectedRows(app));
	expect(rows.at(-1)).toEqual([expect.stringMatching(/^End of the report: 14 people on \d pages\.$/)]);

	// As it stands on the paper, whatever the order in which a reader takes it.
	const paper = (await readPdf(pdf)).normalize("NFC");
	for (const name of ["Łucja Żółć", "Nguyễn Thị Hồng Đào", "山田花子", "Hanako 髙﨑", "Οδυσσέας Ελύτης"]) {
		expect(paper).toContain(name);
	}
	// No font has this name: the email stands alone.
	expect(paper).not.toContain("สมชาย");
	expect(paper).toContain("somchai@harbour.example");
	expect(paper).not.toContain("Gone Away");
});

test("it says what the clinic requires and since when, and who made it when, in the clinic's time zone", async () => {
	await using app = await startApp();
	const { backdoor } = app.database;
	const clinic = (changes: Partial<ClinicRow>) => backdoor.updateTable("clinics").set(changes).execute();
	const browser = await fullAccessUser(app);
	const paragraphs = async () => rowsAfter(await report(browser), "2-Step Verification report").slice(0, 12);

	expect(await paragraphs()).toEqual([
		[expect.stringMatching(/^2-Step Verification is Multi-Factor Authentication: .+ know, .+ have, .+\.$/)],
		["Clinic", "Harbour Physio"],
		["Made", inVancouver(app.clock.now(), true)],
		["Made by", "Avery Chen", avery],
		["Dates and times", "In the clinic's time zone, America/Vancouver"],
		["What the clinic requires"],
		["2-Step Verification Enforcement", expect.stringContaining("In force since Tue 1 Dec 2026")],
		["Recognized devices", expect.stringContaining("Allowed: ")],
		["Text messages", "Allowed"],
		["Automatic Sign Out", "After 2 hours without use"],
		["In numbers"],
		["People who can sign in", "6"],
	]);

	await clinic({ time_zone: "Pacific/Auckland", required_from_on: "2026-12-09", sign_out_after_ms: days(7) });
	await clinic({ allows_trust: 0, allows_texts: 0 });
	expect((await paragraphs()).slice(2, 10)).toEqual([
		["Made", "Tue 8 Dec 2026, 6:00 am"],
		["Made by", "Avery Chen", avery],
		["Dates and times", "In the clinic's time zone, Pacific/Auckland"],
		["What the clinic requires"],
		["2-Step Verification Enforcement", expect.stringContaining("From Wed 9 Dec 2026")],
		["Recognized devices", expect.stringContaining("Not allowed: ")],
		["Text messages", expect.stringContaining("Not allowed: ")],
		["Automatic Sign Out", "After 1 week without use"],
	]);

	// In force it is a day at most, whatever was chosen.
	await clinic({ required_from_on: "2026-12-08" });
	expect(await paragraphs()).toContainEqual(["Automatic Sign Out", "After 24 hours without use"]);
	await clinic({ required_from_on: null });
	expect(await paragraphs()).toContainEqual([
		"2-Step Verification Enforcement",
		expect.stringMatching(/^Off/),
	]);
});

test("it counts and names the exceptions, and nothing that is none", async () => {
	await using app = await startApp();
	const now = app.clock.now();
	const method = { kind: "authenticator-app" as const };
	const open = { started_at: now - days(0.9), last_seen_at: now, expires_at: now + hours(1) };
	await addStaff(app, [
		{
			name: "Trusting",
			email: "trusting@harbour.example",
			methods: [method],
			trusted: [
				{ name: "Safari on iPhone", ends_at: now + days(30), trusted_at: now },
				{ name: "Firefox on Mac", ends_at: now + days(2), trusted_at: now - days(28) },
				{ name: "Over", ends_at: now },
				{ name: "Forgotten", ends_at: now + days(2), trust_version: 7 },
			],
			sessions: [open],
		},
		{
			name: "Still There",
			email: "still@harbour.example",
			sessions: [
				open,
				{ ...open, browser_name: "Unused", last_seen_at: now - hours(2) },
				{ ...open, browser_name: "Ended", expires_at: now },
				{ ...open, browser_name: "Too old", started_at: now - days(1) },
			],
		},
		{
			name: "Blocked",
			email: "blocked@harbour.example",
			methods: [{ ...method, blocked_at: now - days(1) }, { kind: "text-message" }],
		},
		{
			name: "Gone Away",
			email: "gone@harbour.example",
			active: 0,
			methods: [{ ...method, blocked_at: now }],
			trusted: [{ ends_at: now + days(2) }],
			sessions: [open],
		},
	]);
	await app.database.backdoor
		.updateTable("profiles")
		.set({ active: 0 })
		.where("email", "in", demoButAvery)
		.execute();
	const browser = await fullAccessUser(app);
	const pdf = await report(browser);

	expect(rowsAfter(pdf, "In numbers").slice(0, 10)).toEqual([
		["People who can sign in", "4"],
		["With 2-Step Verification on", "2"],
		["With Authenticator App", "2"],
		["With Text Message (SMS)", "1"],
		["Not set up", "2"],
		["Trusted browsers", "2"],
		["Still signed in from before it was required", "2"],
		["Resets pending", "0"],
		["Blocked methods", "1"],
		["Exceptions"],
	]);
	const said = expect.stringMatching(/^[A-Z].+\.$/);
	const listed = rowsAfter(pdf, "Exceptions");
	expect(
		listed.slice(
			0,
			listed.findIndex(([first]) => first === "Everybody who can sign in"),
		),
	).toEqual([
		["Not set up: 2"],
		[said],
		["Name", "Last sign-in"],
		["Avery Chen", avery, inVancouver(now, true)],
		["Still There", "still@harbour.example", "Never signed in"],
		["Trusted browsers: 2"],
		[said],
		["Name", "Browser"],
		["Trusting", "trusting@harbour.example", "Safari on iPhone", "Until Wed 6 Jan 2027"],
		["Trusting", "trusting@harbour.example", "Firefox on Mac", "Until Wed 9 Dec 2026"],
		["Still signed in from before it was required: 2"],
		[said],
		["Name", "Browser"],
		["Avery Chen", avery, "Chrome on Windows", `Signed in ${inVancouver(now, true)}`],
		[
			"Still There",
			"still@harbour.example",
			"Chrome on Windows",
			`Signed in ${inVancouver(open.started_at, true)}`,
		],
		["Resets pending: 0"],
		[said],
		["Blocked methods: 1"],
		[said],
		["Name", "Method"],
		["Blocked", "blocked@harbour.example", "Authenticator App", "Blocked since Sun 6 Dec 2026"],
	]);

	// Where nothing is required nobody is signed in from before; where trust is not allowed nothing is trusted.
	await app.database.backdoor
		.updateTable("clinics")
		.set({ required_from_on: null, allows_trust: 0 })
		.execute();
	const off = rowsAfter(await report(browser), "In numbers");
	expect(off).toContainEqual(["Trusted browsers", "0"]);
	expect(off).toContainEqual(["Still signed in from before it was required", "0"]);
	expect(off).toContainEqual([expect.stringContaining("as long as 2-Step Verification is not in force")]);
});

test("it is as long as it has to be, with the columns named and the page numbered on each", async () => {
	await using app = await startApp();
	const long = "Wolfeschlegelsteinhausenbergerdorff ".repeat(3).trim().slice(0, 100);
	await addStaff(
		app,
		Array.from({ length: 300 }, (_, n) => ({
			name: n % 10 === 0 ? `${n} ${long}`.slice(0, 100) : `Person ${n}`,
			email: `${n % 7 === 0 ? "wolfeschlegelsteinhausenbergerdorff.".repeat(3) : "p"}${n}@harbour.example`,
			methods: [{ kind: "authenticator-app" }, ...(n % 2 ? [{ kind: "text-message" as const }] : [])],
		})),
	);
	const pdf = await report(await fullAccessUser(app));
	const rows = rowsAfter(pdf, "Everybody who can sign in");
	expect(rows.slice(1, -1)).toEqual(await expectedRows(app));
	const pages = (await readPdf(pdf)).split("\f").slice(0, -1);
	expect(rows.at(-1)).toEqual([`End of the report: 306 people on ${pages.length} pages.`]);
	expect(pages.length).toBeGreaterThan(15);
	for (const [index, page] of pages.entries()) {
		const foot = `2-Step Verification report, Mon 7 Dec 2026, page ${index + 1}`;
		expect(page.trimEnd().endsWith(foot), foot).toBe(true);
		if (index > 1) expect(page).toMatch(/^\s*Name +Access level +2-Step Verification +Last sign-in\n/);
	}
});

test("it is a PDF of the clinic's paper with its own fonts, and can be read aloud", async () => {
	await using app = await startApp();
	const { backdoor } = app.database;
	await backdoor.updateTable("clinics").set({ name: "みなとクリニック", country: "JP" }).execute();
	const browser = await fullAccessUser(app);
	const pdf = await report(browser);
	expect(await readPdf(pdf)).toContain("みなとクリニック");
	const facts = execFileSync("pdfinfo", ["-"], { input: pdf, encoding: "utf8" });
	expect(facts).toMatch(/Title:\s+2-Step Verification report – みなとクリニック/);
	expect(facts).toMatch(/Tagged:\s+yes/);
	expect(facts).toMatch(/Page size:.*\(A4\)/);
	const [, , ...fonts] = execFileSync("pdffonts", ["-"], { input: pdf, encoding: "utf8" }).trim().split("\n");
	expect(fonts.length).toBeGreaterThan(2);
	for (const font of fonts) expect(font).toMatch(/(IBMPlexSans|BIZUDPGothic).* yes yes yes /);

	await backdoor.updateTable("clinics").set({ name: "คลินิกท่าเรือ" }).execute();
	expect(rowsAfter(await report(browser), "2-Step Verification report")).toContainEqual([
		"Clinic",
		app.url.host,
	]);
});

test("each one made is recorded with who made it, also when two are asked for at the same moment", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const page = await browser.open(paths.report);
	expect(page.heading).toBe("Report for an auditor or insurer");
	expect(page.buttons).toContain("Download the report");
	const both = await Promise.all([report(browser), report(browser)]);
	for (const pdf of both) expect(rowsAfter(pdf, "In numbers")[0]).toEqual(["People who can sign in", "6"]);
	const events = await app.database.backdoor
		.selectFrom("activity_events")
		.innerJoin("profiles", "profiles.profile_id", "actor")
		.select(["email", "detail", "activity_events.profile_id as whom"])
		.where("kind", "=", "security-report-made")
		.execute();
	expect(events).toEqual(Array(2).fill({ email: avery, detail: '{"as":"pdf"}', whom: null }));
});

const demoButAvery = ["blake", "casey", "devon", "emery", "finley"].map((who) => `${who}@harbour.example`);

/** Avery in a session, 2-Step Verification in force since last week. */
async function fullAccessUser(app: App): Promise<Browser> {
	const browser = newBrowser(app);
	await signIn(browser, avery);
	await requireFrom(app, "2026-12-01");
	return browser;
}

async function report(browser: Browser): Promise<Uint8Array> {
	const { html } = await browser.open(paths.report);
	const token = /name="form-token" value="([\w-]+)"/.exec(html)?.[1] ?? "";
	const answer = await browser.send(paths.report, { method: "POST", form: { "form-token": token } });
	expect(answer.status).toBe(200);
	expect(answer.headers["content-type"]).toBe("application/pdf");
	expect(answer.headers["content-disposition"]).toMatch(
		/^attachment; filename="2-step-verification-harbour-2026-12-0[78]\.pdf"$/,
	);
	return answer.body;
}

function colleagues(now: number): Colleague[] {
	const names = [
		["lucja", "Łucja Żółć"],
		["hongdao", "Nguyễn Thị Hồng Đào".normalize("NFD")],
		["hanako", "山田花子"],
		["takasaki", "Hanako 髙﨑"],
		["odysseas", "Οδυσσέας Ελύτης"],
		["somchai", "สมชาย"],
		["anne", "Anne O'Neil, PhD"],
		["dan", "Dan 🦊 Fox"],
	] as const;
	const people = names.map(
		([who, name], n): Colleague => ({
			name,
			email: `${who}@harbour.example`,
			access: n % 3 === 0 ? "full" : "limited",
			last_sign_in_at: n % 2 === 0 ? now - hours(7 * n) : null,
			methods: [
				...(n % 4 === 1
					? []
					: [{ kind: "authenticator-app" as const, on_at: now - days(n), is_default: 1 as const }]),
				...(n % 4 === 2 ? [{ kind: "text-message" as const, blocked_at: now - days(n) }] : []),
			],
		}),
	);
	return [...people, { name: "Gone Away", email: "gone@harbour.example", active: 0 }];
}

/** What the report has to say of everybody, from the tables themselves. */
async function expectedRows({ database: { backdoor } }: App): Promise<string[][]> {
	const people = await backdoor
		.selectFrom("profiles")
		.selectAll()
		.where("active", "=", 1)
		.orderBy("name_order")
		.orderBy("profile_id")
		.execute();
	const methods = await backdoor.selectFrom("methods").selectAll().orderBy("is_default", "desc").execute();
	return people.map((person) => {
		const its = methods.filter((method) => method.profile_id === person.profile_id);
		return [
			...drawnName(person),
			person.email,
			person.access === "full" ? "Full Access" : "Limited",
			...(its.length === 0 ? ["Not set up"] : its.flatMap(linesOf)),
			person.last_sign_in_at === null ? "Never signed in" : inVancouver(person.last_sign_in_at, true),
		];
	});
}

/** The two names of these tests that no font has whole. */
function drawnName({ name }: ProfileRow): string[] {
	if (name === "สมชาย") return [];
	return [name.normalize("NFC").replace("🦊 ", "")];
}

function linesOf({ kind, on_at, blocked_at }: MethodRow): string[] {
	return [
		kind === "authenticator-app" ? "Authenticator App" : "Text Message (SMS)",
		`On since ${inVancouver(on_at)}`,
		...(blocked_at === null ? [] : [`Blocked since ${inVancouver(blocked_at)}`]),
	];
}

/** As people write it, by another way than the code under test. */
function inVancouver(at: number, withTime = false): string {
	const zone = { timeZone: "America/Vancouver" } as const;
	const [weekday, day, month, year] = ["weekday", "day", "month", "year"].map((part) =>
		new Intl.DateTimeFormat("en-GB", {
			...zone,
			[part]: /day|year/.test(part) && part !== "weekday" ? "numeric" : "short",
		}).format(at),
	);
	const time = new Intl.DateTimeFormat("en-US", { ...zone, timeStyle: "short" }).format(at).toLowerCase();
	return `${weekday} ${day} ${month} ${year}${withTime ? `, ${time.replaceAll(/\s/g, " ")}` : ""}`;
}

/** What stands in each paragraph of a PDF behind the one with this text: its parts, in the order they are read aloud. */
function rowsAfter(pdf: Uint8Array, text: string): string[][] {
	const tree = execFileSync("pdfinfo", ["-struct-text", "-"], {
		input: pdf,
		encoding: "utf8",
		maxBuffer: 1e8,
	});
	const rows = tree.split(/^ {2}\S.* \(block\)$/m).slice(1);
	const parts = rows.map((row) =>
		[...row.matchAll(/^ {4}"(.*)"$/gm)].map(([, part = ""]) => part.normalize("NFC").trim()),
	);
	const at = parts.findIndex(([first, second]) => first === text && second === undefined);
	if (at < 0) throw new Error(`There is no "${text}" among: ${parts.map(String).join("; ").slice(0, 2_000)}`);
	return parts.slice(at + 1);
}
