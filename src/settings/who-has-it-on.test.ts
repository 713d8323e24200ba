import { expect, test } from "vitest";
import { manyClinics, twoClinics } from "../../test/bypasses/two-clinics.ts";
import { type App, startApp } from "../../test/harness/app.ts";
import { type Browser, newBrowser } from "../../test/harness/browser.ts";
import { addStaff, type Colleague } from "../../test/harness/more-staff.ts";
import type { Page } from "../../test/harness/page.ts";
import { avery, casey, requireFrom, setUpAuthenticatorApp, signIn } from "../../test/harness/people.ts";
import { days, hours } from "../clock.ts";
import { paths } from "../paths.ts";
import { orderNames } from "../upkeep/order-names.ts";

test("the list names everybody who can sign in, with their methods and when they were last reminded", async () => {
	await using app = await startApp();
	const now = app.clock.now();
	const both: Colleague["methods"] = [
		{ kind: "text-message", on_at: now - days(30), blocked_at: now - days(1) },
		{ kind: "authenticator-app", on_at: now - days(60), last_used_at: now - days(3), is_default: 1 },
	];
	await addStaff(app, [
		{ name: "Gale Ito", email: "gale@harbour.example", access: "full", methods: both },
		{ name: "Hari Rao", email: "hari@harbour.example", last_reminded_at: now - days(2) },
		{ name: "Ines Vale", email: "ines@harbour.example", active: 0 },
	]);
	const browser = await fullAccessUser(app);
	const page = await browser.open(paths.whoHasItOn);
	expect(page.heading).toBe("Who has it on");
	expect(page.text).toContain("1 of 8 staff have it on");
	expect(rowsOf(page)).toHaveLength(8);
	expect(rowOf(page, "Gale Ito")).toBe(
		"Gale Ito gale@harbour.example | Full Access | " +
			"Authenticator App On since Thu 8 Oct 2026. Last used Fri 4 Dec 2026. " +
			"Text Message (SMS) Blocked On since Sat 7 Nov 2026. Not used to sign in yet. | Never",
	);
	expect(rowOf(page, "Hari Rao")).toBe(
		"Hari Rao hari@harbour.example | Limited | Not set up | Sat 5 Dec 2026 Send reminder",
	);
	expect(page.text).not.toContain("Ines Vale");
});

test("those who have not set it up can be looked at alone, and when nobody is left the page says so", async () => {
	await using app = await startApp();
	await addStaff(app, [
		{ name: "Gale Ito", email: "gale@harbour.example", methods: [{ kind: "text-message", blocked_at: 1 }] },
	]);
	const browser = await fullAccessUser(app);
	const everybody = await browser.open(paths.whoHasItOn);
	expect(everybody.links).toEqual(expect.arrayContaining(["Everybody (7)", "Not set up (6)"]));
	const page = await everybody.click("Not set up (6)");
	expect(rowsOf(page).map((row) => row.split(" ")[0])).toEqual([
		"Avery",
		"Blake",
		"Casey",
		"Devon",
		"Emery",
		"Finley",
	]);
	expect(page.text).not.toContain("Gale Ito");

	await app.database.backdoor
		.updateTable("profiles")
		.set({ active: 0 })
		.where("email", "!=", avery)
		.execute();
	await addStaff(app, [
		{ name: "Hari Rao", email: "hari@harbour.example", methods: [{ kind: "text-message" }] },
	]);
	const { clinic_id, profile_id } = await app.database.backdoor
		.selectFrom("profiles")
		.selectAll()
		.where("email", "=", avery)
		.executeTakeFirstOrThrow();
	const method = { clinic_id, profile_id, method_id: "a", on_at: 1, last_used_at: 1, is_default: 1 as const };
	await app.database.backdoor
		.insertInto("methods")
		.values({ ...method, kind: "authenticator-app", wrong_in_a_row: 0, blocked_at: null })
		.execute();
	const nobody = await browser.open(`${paths.whoHasItOn}?show=not-set-up`);
	expect(nobody.text).toContain("2 of 2 staff have it on");
	expect(nobody.text).toContain("Everybody has it on.");
	expect(rowsOf(nobody)).toEqual([]);
	expect(nobody.buttons).not.toContain("Send reminder to all");
});

test("names stand where people look for them, also those that an earlier version wrote", async () => {
	await using app = await startApp();
	const names = ["Zoë Ward", "de Vries", "Łukasz Żak", "Émile Zola", "devi Rao", "Lwazi Dube", "Emil Novak"];
	await addStaff(
		app,
		names.map((name, n) => ({
			name,
			email: `p${n}@harbour.example`,
			...(n % 2 === 0 && { name_order: "" }),
		})),
	);
	await orderNames(app.deps);
	const inOrder = [
		...["Avery", "Blake", "Casey", "de Vries", "devi Rao", "Devon", "Emery", "Emil Novak", "Émile Zola"],
		...["Finley", "Łukasz Żak", "Lwazi Dube", "Zoë Ward"],
	];
	const browser = await fullAccessUser(app);
	for (const path of [paths.whoHasItOn, paths.staff]) {
		const rows = rowsOf(await browser.open(path));
		expect(rows.map((row) => inOrder.find((name) => row.startsWith(name)))).toEqual(inOrder);
	}
	// A new name is a new place.
	await setUpAuthenticatorApp(browser);
	const colleague = await (await browser.open(paths.staff)).click("Zoë Ward");
	const change = { Name: "Ana Ward", "Your password": "quiet lanterns over water" };
	await (await colleague.click("Edit")).submit(change, "Save");
	expect(rowsOf(await browser.open(paths.staff))[0]).toContain("Ana Ward");
});

test("a long list goes on page after page, and back the same way, nobody left out and nobody twice", async () => {
	await using app = await startApp();
	// Namesakes on both sides of the end of a page.
	const names = Array.from({ length: 117 }, (_, n) => (n < 60 ? "Kim Lee" : `Name ${n}`));
	await addStaff(
		app,
		names.map((name, n) => ({ name, email: `p${n}@harbour.example`, methods: everyThird(n) })),
	);
	const browser = await fullAccessUser(app);
	for (const [start, people] of [
		[paths.whoHasItOn, 123],
		[`${paths.whoHasItOn}?show=not-set-up`, 84],
	] as const) {
		const onward: string[][] = [];
		for (let page = await browser.open(start); ; page = await page.click("Next")) {
			onward.push(emailsOn(page));
			if (!page.links.includes("Next")) break;
		}
		expect(onward.map(({ length }) => length)).toEqual(people > 100 ? [50, 50, 23] : [50, 34]);
		expect(new Set(onward.flat()).size).toBe(people);
		const back: string[][] = [];
		for (let { page } = browser; ; page = await page.click("Previous")) {
			back.unshift(emailsOn(page));
			if (!page.links.includes("Previous")) break;
		}
		expect(back).toEqual(onward);
	}
});

test("people are found by something of their name or email, among those that are shown, page after page", async () => {
	await using app = await startApp();
	await addStaff(app, [
		...Array.from({ length: 60 }, (_, n) => ({ name: "Kim Lee", email: `p${n}@harbour.example` })),
		{ name: "Émile Łukasik", email: "emile@harbour.example", methods: [{ kind: "text-message" }] },
		{ name: "Kim Gone", email: "gone@harbour.example", active: 0 },
	]);
	const browser = await fullAccessUser(app);
	let page = await browser.open(paths.whoHasItOn);
	for (const [typed, email] of [
		["ÉMILE", "emile@harbour.example"],
		["łuka", "emile@harbour.example"],
		["casey@", casey],
		[" SINGH ", casey],
	] as const) {
		page = await page.submit({ "Name or email": typed }, "Search");
		expect(emailsOn(page), typed).toEqual([email]);
		expect(page.field("Name or email").value).toBe(typed.trim());
	}
	// What means something to a database means nothing here.
	for (const typed of ["%", "_", "!", "' or 1=1 --", "Gone"]) {
		page = await page.submit({ "Name or email": typed }, "Search");
		expect(rowsOf(page), typed).toEqual([]);
		expect(page.text).toContain(`Nobody in this list fits “${typed}”.`);
	}
	page = await page.click("Show the whole list");
	page = await (await page.click("Not set up (66)")).submit({ "Name or email": "emile" }, "Search");
	expect(rowsOf(page)).toEqual([]);
	page = await page.submit({ "Name or email": "kim lee" }, "Search");
	expect(rowsOf(page)).toHaveLength(50);
	page = await page.click("Next");
	expect(rowsOf(page)).toHaveLength(10);
	expect(page.field("Name or email").value).toBe("kim lee");
	expect(rowsOf(await page.click("Previous"))).toHaveLength(50);
});

test("somebody who is left out of the list meanwhile leaves a way to its start", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const finley = await app.database.backdoor
		.selectFrom("profiles")
		.select("profile_id")
		.where("email", "=", "finley@harbour.example")
		.executeTakeFirstOrThrow();
	const behind = await browser.open(`${paths.whoHasItOn}?after=${finley.profile_id}`);
	expect(behind.text).toContain("There is nobody here any more.");
	expect(rowsOf(await behind.click("Show the list from the start"))).toHaveLength(6);
	for (const unknown of ["after=nobody", "before=nobody", "after=", "after=a&after=b", "show=no"]) {
		expect(rowsOf(await browser.open(`${paths.whoHasItOn}?${unknown}`)), unknown).toHaveLength(6);
	}
});

test("a reminder is sent from the list, and the list is still as it was", async () => {
	await using app = await startApp();
	const browser = await fullAccessUser(app);
	const list = await browser.open(`${paths.whoHasItOn}?show=not-set-up`);
	const sent = await list.submit({}, "Send reminder", { near: "casey@harbour.example" });
	expect(sent.text).toContain("A reminder is on its way to Casey Singh.");
	expect(rowsOf(sent)).toHaveLength(6);
	expect(rowOf(sent, "Casey")).toContain("Mon 7 Dec 2026 Send reminder");
	expect((await app.inbox.latest(casey)).subject).toContain("Reminder");
	const all = await sent.submit({}, "Send reminder to all");
	expect(all.text).toContain("Reminders are on their way");

	await requireFrom(app, null);
	const off = await browser.open(paths.whoHasItOn);
	expect(off.buttons.filter((button) => button.startsWith("Send"))).toEqual([]);
	expect(off.links).toContain("Require it");
});

test("the CSV says what the database says, row by row, and no name in it is a formula", async () => {
	await using app = await startApp();
	await addStaff(app, colleagues(app.clock.now()));
	const browser = await fullAccessUser(app);
	const list = await browser.open(paths.whoHasItOn);
	const csv = await list.submit({}, "Download as CSV");
	expect(csv.headers).toMatchObject({
		"content-type": "text/csv; charset=utf-8",
		"content-disposition": 'attachment; filename="who-has-it-on-harbour-2026-12-07.csv"',
	});
	expect(csv.html.startsWith("\ufeff")).toBe(true);
	const [heads, ...rows] = parsed(csv.html.slice(1));
	expect(heads).toEqual([
		"Name",
		"Email",
		"Access level",
		"2-Step Verification",
		"Authenticator App on since",
		"Authenticator App last used",
		"Authenticator App blocked since",
		"Text Message (SMS) on since",
		"Text Message (SMS) last used",
		"Text Message (SMS) blocked since",
		"Last sign-in",
		"Last reminded",
	]);
	expect(rows).toEqual(await expectedRows(app));
	for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);

	const notSetUp = await list.click(`Not set up (${rows.filter((row) => row[3] === "Not set up").length})`);
	const filtered = await notSetUp.submit({}, "Download as CSV");
	expect(parsed(filtered.html.slice(1)).slice(1)).toEqual(rows.filter((row) => row[3] === "Not set up"));

	const events = await app.database.backdoor
		.selectFrom("activity_events")
		.innerJoin("profiles", "profiles.profile_id", "actor")
		.select(["email", "detail"])
		.where("kind", "=", "security-report-made")
		.execute();
	expect(events).toEqual(Array(2).fill({ email: avery, detail: '{"as":"csv"}' }));
});

test("only Full Access users of this clinic find it", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, casey);
	const token = tokenOn(await browser.open(paths.signOut));
	for (const path of [paths.whoHasItOn, paths.report]) {
		const page = await browser.open(path);
		expect([page.status, page.heading], path).toEqual([404, "There is no page here"]);
	}
	for (const path of [paths.whoHasItOnCsv, paths.report]) {
		const page = await browser.post(path, { "form-token": token });
		expect([page.status, page.heading], path).toEqual([404, "There is no page here"]);
	}
	expect((await newBrowser(app).open(paths.whoHasItOn)).heading).toBe("Sign in to Harbour Physio");
	expect(await countReports(app)).toBe(0);
});

test("a Full Access user of another clinic sees nobody of this one, whatever they ask for", async () => {
	await using app = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(app);
	const password = "marble heron counts slowly";
	for (const { browser, invitation } of [harbour, maple]) {
		const page = await browser().openFromEmail(invitation);
		await page.submit({ "New password": password }, "Save password");
	}
	await app.database.backdoor.updateTable("profiles").set({ name: "Roy of Harbour" }).execute();
	const { clinic_id } = await app.database.backdoor
		.selectFrom("clinics")
		.select("clinic_id")
		.where("short_name", "=", "maple")
		.executeTakeFirstOrThrow();
	await app.database.backdoor
		.updateTable("profiles")
		.set({ name: "Roy of Maple" })
		.where("clinic_id", "=", clinic_id)
		.execute();
	const others = await app.database.backdoor
		.selectFrom("profiles")
		.select("profile_id")
		.where("clinic_id", "!=", clinic_id)
		.executeTakeFirstOrThrow();

	const browser = maple.browser();
	await signIn(browser, "sasha@physio.example", password);
	for (const query of ["", `?after=${others.profile_id}`, `?before=${others.profile_id}`]) {
		const page = await browser.open(paths.whoHasItOn + query);
		expect(page.text).toContain("0 of 1 staff have it on");
		expect(page.text).not.toContain("Harbour");
		expect(rowOf(page, "Roy of Maple")).toContain("Not set up");
	}
	const csv = await (await browser.open(paths.whoHasItOn)).submit({}, "Download as CSV");
	expect(csv.html).toContain("Roy of Maple");
	expect(csv.html).not.toContain("Harbour");
	// The same cookies at the other clinic open nothing there.
	const there = browser.copy({ origin: harbour.origin });
	expect((await there.open(paths.whoHasItOn)).heading).toBe("Sign in to Harbour Physio");
});

/** Avery in a session, 2-Step Verification in force since last week. */
async function fullAccessUser(app: App): Promise<Browser> {
	const browser = newBrowser(app);
	await signIn(browser, avery);
	await requireFrom(app, "2026-12-01");
	return browser;
}

/** Names in many scripts, and such as would be read as something else in a spreadsheet. */
function colleagues(now: number): Colleague[] {
	const names = [
		"Łucja Żółć",
		"Nguyễn Thị Hồng Đào",
		"山田花子",
		'Anne "Annie" O\'Neil, PhD',
		'=HYPERLINK("https://elsewhere.example";"Click")',
		"+1 604 555 0101",
		"-2+3",
		"@SUM(1;1)",
		"＝1+1",
		"; drop",
	];
	return names.map((name, n) => ({
		name,
		email: n === 4 ? "=1@harbour.example" : `p${n}@harbour.example`,
		access: n % 4 === 0 ? "full" : "limited",
		methods: everyThird(n).map((method) => ({
			...method,
			on_at: now - days(40 * n),
			last_used_at: n % 2 === 0 ? null : now - hours(n),
			blocked_at: n === 6 ? now - days(1) : null,
		})),
		last_sign_in_at: n % 2 === 0 ? now - days(n) : null,
		last_reminded_at: n % 3 === 1 ? now - days(100) : null,
	}));
}

function everyThird(n: number): NonNullable<Colleague["methods"]> {
	if (n % 3 !== 0) return [];
	return [{ kind: n % 2 === 0 ? "authenticator-app" : "text-message", is_default: 1 }];
}

/** What the CSV has to say, from the tables themselves. */
async function expectedRows({ database: { backdoor } }: App): Promise<string[][]> {
	const people = await backdoor
		.selectFrom("profiles")
		.selectAll()
		.orderBy("name_order")
		.orderBy("profile_id")
		.execute();
	const methods = await backdoor.selectFrom("methods").selectAll().execute();
	const safe = (text: string) => (/^[=+\-@＝]/.test(text) ? `'${text}` : text);
	return people.map((person) => {
		const of = (kind: string) =>
			methods.find((each) => each.kind === kind && each.profile_id === person.profile_id);
		const columns = (kind: string) => {
			const method = of(kind);
			return [method?.on_at, method?.last_used_at, method?.blocked_at].map(inVancouver);
		};
		const isOn = of("authenticator-app") !== undefined || of("text-message") !== undefined;
		return [
			safe(person.name),
			safe(person.email),
			person.access === "full" ? "Full Access" : "Limited",
			isOn ? "On" : "Not set up",
			...columns("authenticator-app"),
			...columns("text-message"),
			inVancouver(person.last_sign_in_at),
			inVancouver(person.last_reminded_at),
		];
	});
}

/** ISO 8601 as a clock in Vancouver shows it, by another way than the code under test. */
function inVancouver(at: number | null | undefined): string {
	if (at === null || at === undefined) return "";
	const parts = new Intl.DateTimeFormat("en-US", {
		timeZone: "America/Vancouver",
		year: "numeric",
		month: "2-digit",
		day: "2-digit",
		hour: "2-digit",
		minute: "2-digit",
		second: "2-digit",
		hourCycle: "h23",
		timeZoneName: "longOffset",
	}).formatToParts(at);
	const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
	const { year, month, day, hour, minute, second, timeZoneName = "" } = part;
	return `${year}-${month}-${day}T${hour}:${minute}:${second}${timeZoneName.replace("GMT", "")}`;
}

/** RFC 4180. */
function parsed(csv: string): string[][] {
	const rows: string[][] = [];
	for (const line of csv.split(/\r\n(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
		if (line === "") continue;
		const cells = [...line.matchAll(/"((?:[^"]|"")*)"(,|$)/g)];
		rows.push(cells.map(([, cell = ""]) => cell.replaceAll('""', '"')));
	}
	return rows;
}

/** The rows of the table, their cells side by side. */
function rowsOf({ html }: Page): string[] {
	const body = /<tbody>(.*)<\/tbody>/s.exec(html)?.[1] ?? "";
	return [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
		row
			.split(/<\/t[hd]>/)
			.slice(0, -1)
			.map(plain)
			.join(" | "),
	);
}

function rowOf(page: Page, name: string): string | undefined {
	return rowsOf(page).find((row) => row.startsWith(name));
}

function plain(html: string): string {
	return html
		.replaceAll("<wbr>", "")
		.replaceAll(/<[^>]+>/g, " ")
		.replaceAll(/\s+/g, " ")
		.trim();
}

function emailsOn(page: Page): string[] {
	return rowsOf(page).map((row) => /\S+@\S+/.exec(row)?.[0] ?? "none");
}

function tokenOn({ html }: Page): string {
	return /name="form-token" value="([\w-]+)"/.exec(html)?.[1] ?? "";
}

async function countReports({ database }: App): Promise<number> {
	const events = await database.backdoor
		.selectFrom("activity_events")
		.select("number")
		.where("kind", "=", "security-report-made")
		.execute();
	return events.length;
}
