import { describe, expect, test } from "vitest";
import { hours, seconds } from "../../src/clock.ts";
import { Keyring } from "../../src/crypto/keyring.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { deactivate, reactivate } from "../harness/by-operator.ts";
import { avery, casey, emailedCode, requireFrom, signIn, signOut } from "../harness/people.ts";
import { formToken, isIn } from "./cookies-of.ts";
import { chooseNewPassword, linkFor, NEW_PASSWORD } from "./owners.ts";
import { manyClinics, sasha, twoClinics } from "./two-clinics.ts";
import { countEvents, everythingKept } from "./what-is-kept.ts";

const TODAY = "2026-12-07";
const WRONG = "0000 0000";

/** Posts a code where a sign-in asks for it. */
function enter(browser: Browser, code: string) {
	return browser.post(paths.emailedCode, { "form-token": formToken(browser, "signIn"), code });
}

/** A browser never seen here, whose user entered the right password and is asked for an emailed code. */
async function waiting(app: App, email = casey, password?: string): Promise<Browser> {
	const browser = newBrowser(app);
	const page = await signIn(browser, email, password);
	if (page.path !== paths.emailedCode) throw new Error(`A password alone led to ${page.path}`);
	return browser;
}

async function sendCode(browser: Browser): Promise<void> {
	await browser.post(paths.sendEmailedCode, { "form-token": formToken(browser, "signIn") });
}

describe("wrong codes", () => {
	test("are five an hour, counted and kept whatever one does, and then not even the right one works", async () => {
		await using app = await startApp();
		await requireFrom(app, TODAY);
		let thief = await waiting(app);
		await sendCode(thief);
		const right = await emailedCode(app, casey);
		for (const left of [
			"4 more tries",
			"3 more tries",
			"2 more tries",
			"1 more try",
			"the last try for now",
		]) {
			// A new sign-in, from another network, or another code does not begin a new count.
			thief = await waiting(app);
			if (left === "2 more tries") await sendCode(thief);
			const page = await enter(thief, WRONG);
			expect([page.status, page.errors[0]]).toEqual([422, expect.stringContaining(left)]);
		}
		for (const code of [WRONG, right, right]) {
			const page = await enter(thief, code);
			expect(page.status).toBe(429);
			expect(page.errors[0]).toMatch(/You can enter codes again at 11:0\d am, in (59 minutes|1 hour)\./);
		}
		expect(await countEvents(app, "emailed-code-refused", casey)).toBe(5);
		expect(await countEvents(app, "emailed-code-waits", casey)).toBe(1);

		// Never final: an hour later it goes on.
		app.clock.forward(hours(1) + seconds(1));
		const owner = await waiting(app);
		await sendCode(owner);
		expect((await enter(owner, await emailedCode(app, casey))).path).toBe(paths.signInSetUp);
	});

	test("of strangers do not close the owner's known browser, nor does a right one there give them new tries", async () => {
		await using app = await startApp();
		const desk = newBrowser(app);
		await signIn(desk, casey);
		await signOut(desk);
		await requireFrom(app, TODAY);
		const thief = await waiting(app);
		for (let tries = 0; tries < 6; tries++) await enter(thief, WRONG);
		expect((await enter(thief, WRONG)).status).toBe(429);

		await signIn(desk, casey);
		await sendCode(desk);
		expect((await enter(desk, WRONG)).errors[0]).toContain("You have 4 more tries.");
		expect((await enter(desk, await emailedCode(app, casey))).path).toBe(paths.signInSetUp);
		expect((await enter(thief, WRONG)).status).toBe(429);
	});

	test("are forgotten with a new password, and one set by an emailed link needs no code at all for an hour", async () => {
		await using app = await startApp();
		const desk = newBrowser(app);
		await signIn(desk, casey);
		await requireFrom(app, TODAY);
		const thief = await waiting(app);
		for (let tries = 0; tries < 6; tries++) await enter(thief, WRONG);
		await chooseNewPassword(newBrowser(app), await linkFor(app, casey, desk));
		const owner = newBrowser(app);
		expect((await signIn(owner, casey, NEW_PASSWORD)).path).toBe(paths.signInSetUp);

		// The same where the password was changed by hand, and a code is asked for.
		await app.database.backdoor.updateTable("passwords").set({ set_by: "change" }).execute();
		const inSession = newBrowser(app);
		await requireFrom(app, null);
		await signIn(inSession, casey, NEW_PASSWORD);
		await requireFrom(app, TODAY);
		const again = await waiting(app, casey, NEW_PASSWORD);
		for (let tries = 0; tries < 6; tries++) await enter(again, WRONG);
		const change = await inSession.open(paths.password);
		const another = "seven otters fold maps";
		await change.submit({ "Current password": NEW_PASSWORD, "New password": another }, "Change password");
		const next = await waiting(app, casey, another);
		expect((await enter(next, WRONG)).errors[0]).toContain("You have 4 more tries.");
	});

	test("that cannot be a code are no tries", async () => {
		await using app = await startApp();
		await requireFrom(app, TODAY);
		const owner = await waiting(app);
		await sendCode(owner);
		for (const code of [
			"",
			"482913",
			"123456789",
			"1234567a",
			"0x123456",
			"1e500000",
			"-12345.6",
			"١٢٣٤٥٦٧",
		]) {
			const page = await enter(owner, code);
			expect(page.errors, code).toEqual(["Enter the eight digits from the email."]);
		}
		expect(await countEvents(app, "emailed-code-refused")).toBe(0);
		const inArabic = [...(await emailedCode(app, casey))].map((digit) =>
			digit === " " ? "\u2009" : String.fromCodePoint(0x660 + Number(digit)),
		);
		expect((await enter(owner, inArabic.join(""))).path).toBe(paths.signInSetUp);
	});

	test("sent at the same moment are counted one by one", async () => {
		await using app = await startApp();
		await requireFrom(app, TODAY);
		const thief = await waiting(app);
		const pages = await Promise.all(
			Array.from({ length: 20 }, () =>
				thief.copy().send(paths.emailedCode, {
					method: "POST",
					form: { "form-token": formToken(thief, "signIn"), code: WRONG },
				}),
			),
		);
		expect(pages.filter(({ status }) => status === 422)).toHaveLength(5);
		expect(pages.filter(({ status }) => status === 429)).toHaveLength(15);
		expect(await countEvents(app, "emailed-code-refused", casey)).toBe(5);
	});
});

describe("a right code", () => {
	test("entered at the same moment in twenty sign-ins is taken in one", async () => {
		await using app = await startApp();
		await requireFrom(app, TODAY);
		const browsers: Browser[] = [];
		while (browsers.length < 20) browsers.push(await waiting(app));
		const [first] = browsers;
		if (first) await sendCode(first);
		const code = await emailedCode(app, casey);
		await Promise.all(browsers.map((browser) => enter(browser, code)));
		expect(await countEvents(app, "emailed-code-used", casey)).toBe(1);
		const { sign_ins: signIns = [] } = await everythingKept(app);
		expect(signIns.filter((row) => row.emailed_code_passed_at !== null)).toHaveLength(1);
	});

	test("sent twenty times at the same moment by one form is taken once, and none counts as wrong", async () => {
		await using app = await startApp();
		await requireFrom(app, TODAY);
		const browser = await waiting(app);
		await sendCode(browser);
		const form = { "form-token": formToken(browser, "signIn"), code: await emailedCode(app, casey) };
		const replies = await Promise.all(
			Array.from({ length: 20 }, () => browser.copy().send(paths.emailedCode, { method: "POST", form })),
		);
		expect(new Set(replies.map(({ headers }) => headers.location))).toEqual(new Set([paths.signInSetUp]));
		expect(await countEvents(app, "emailed-code-used", casey)).toBe(1);
		expect(await countEvents(app, "emailed-code-refused", casey)).toBe(0);
	});

	test("works once, and not in a second sign-in", async () => {
		await using app = await startApp();
		await requireFrom(app, TODAY);
		const [one, other] = [await waiting(app), await waiting(app)];
		await sendCode(one);
		const code = await emailedCode(app, casey);
		expect((await enter(one, code)).path).toBe(paths.signInSetUp);
		const page = await enter(other, code);
		expect([page.status, page.errors[0]]).toEqual([422, expect.stringContaining("no longer works")]);
		expect(await isIn(other)).toBe(false);
	});

	test("of somebody else, or without the password, is nothing", async () => {
		await using app = await startApp();
		await requireFrom(app, TODAY);
		const [own, others] = [await waiting(app, casey), await waiting(app, avery)];
		await sendCode(own);
		await sendCode(others);
		const code = await emailedCode(app, avery);
		expect((await enter(own, code)).errors[0]).toContain("That code isn't right.");
		const nobody = newBrowser(app);
		const reply = await nobody.send(paths.emailedCode, { method: "POST", form: { code } });
		expect(reply.headers.location).toBe(`${paths.signIn}?notice=over`);
		// It was not spent by that.
		expect((await enter(others, code)).path).toBe(paths.signInSetUp);
	});

	test("of the same person at another clinic, or moved in the database to another person, is nothing", async () => {
		await using app = await startApp(manyClinics);
		const { harbour, maple } = await twoClinics(app);
		const { backdoor } = app.database;
		await backdoor.updateTable("clinics").set({ required_from_on: TODAY }).execute();
		const browsers: Browser[] = [];
		for (const clinic of [harbour, maple]) {
			await chooseNewPassword(clinic.browser(), clinic.invitation);
			browsers.push(clinic.browser());
		}
		app.clock.forward(hours(1));
		const [here, there] = browsers;
		if (!here || !there) throw new Error("There are two");
		for (const browser of [here, there]) await signIn(browser, sasha, NEW_PASSWORD);
		await sendCode(there);
		const code = await emailedCode(app, sasha);
		expect((await enter(here, code)).errors[0]).toContain("That code isn't right.");

		const clinics = await backdoor.selectFrom("clinics").select(["clinic_id", "short_name"]).execute();
		const target = await backdoor
			.selectFrom("profiles")
			.select(["clinic_id", "profile_id"])
			.where("clinic_id", "=", clinics.find(({ short_name }) => short_name === "harbour")?.clinic_id ?? "")
			.executeTakeFirstOrThrow();
		await backdoor.updateTable("emailed_codes").set(target).execute();
		expect((await enter(here, code)).errors[0]).toContain("That code isn't right.");
	});

	test("stands in no answer, no event, and nowhere in the database as it is, nor as anything but a keyed hash", async () => {
		await using app = await startApp();
		await requireFrom(app, TODAY);
		const browser = await waiting(app);
		const kept: string[] = [];
		for (const step of [
			() => browser.page.click("Email me a code"),
			() => browser.reload(),
			() => enter(browser, WRONG),
		]) {
			kept.push((await step()).html, JSON.stringify(await everythingKept(app)));
		}
		const code = await emailedCode(app, casey);
		kept.push((await enter(browser, code)).html, JSON.stringify(await everythingKept(app)));
		const plain = code.replace(" ", "");
		for (const text of kept) {
			expect(text).not.toContain(code);
			expect(text).not.toMatch(new RegExp(`(?<![\\w.-])${plain}(?![\\w-])`));
		}
		const [row] = await app.database.backdoor.selectFrom("emailed_codes").selectAll().execute();
		expect(row?.code_hash).toMatch(/^test\.[\w-]{43}$/);
		// Whoever has the database alone cannot try all of them: another key makes another hash.
		const bound = JSON.stringify([row?.clinic_id, row?.profile_id, plain]);
		const { keyring } = app.deps.config;
		expect(keyring.matchesKeyedHash("emailed-code", bound, row?.code_hash ?? "")).toBe(true);
		const guessed = new Keyring(Keyring.newKey("test"));
		expect(guessed.matchesKeyedHash("emailed-code", bound, row?.code_hash ?? "")).toBe(false);
	});
});

test("a code emailed before its person was deactivated opens nothing when they are back", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	await sendCode(await waiting(app));
	const code = await emailedCode(app, casey);
	await deactivate(app, casey);
	await reactivate(app, casey);
	const back = await waiting(app);
	expect((await enter(back, code)).status).toBe(422);
	expect(await isIn(back)).toBe(false);
});
