import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { momentOf } from "../../src/clinics/local-time.rule.ts";
import { hours, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { emailKey } from "../../src/profiles/profile.ts";
import { createClinic } from "../../src/staff/create-clinic.ts";
import { type App, startApp } from "../harness/app.ts";
import { newBrowser, userAgents } from "../harness/browser.ts";
import { deactivate, invite, reactivate } from "../harness/by-operator.ts";
import { avery, casey, requireFrom, setUpInSignIn, signIn, signOut } from "../harness/people.ts";
import { isIn } from "./cookies-of.ts";
import { chooseNewPassword, linkFor, NEW_PASSWORD } from "./owners.ts";
import { manyClinics, sasha, twoClinics } from "./two-clinics.ts";
import { countSessions } from "./what-is-kept.ts";

const TODAY = "2026-12-07";
const TOMORROW = "2026-12-08";
const FORCED = "Set up 2-Step Verification to sign in";
const gale = "gale@harbour.example";

/** Whoever signs in with the password alone comes to the emailed code and no further. */
async function expectUnderTheRule(app: App, email: string, password = DEMO_PASSWORD): Promise<void> {
	const browser = newBrowser(app);
	expect((await signIn(browser, email, password)).path, email).toBe(paths.emailedCode);
	expect(await isIn(browser), email).toBe(false);
}

test.each([["before"], ["after"]])(
	"who was invited %s the date, and sets a password after it, sets up before getting in",
	async (when) => {
		await using app = await startApp();
		const inviteGale = async () =>
			invite(app, {
				name: "Gale Roy",
				email: gale,
				access: "full",
				mobile: null,
			});
		if (when === "before") await inviteGale();
		await requireFrom(app, TODAY);
		if (when === "after") await inviteGale();
		const [link = ""] = (await app.inbox.latest(gale)).links;

		const browser = newBrowser(app);
		const chosen = await chooseNewPassword(browser, link);
		expect(chosen.heading).toBe("Sign in to Harbour Physio");
		// The mailbox has just been one door; what follows is no second letter to it.
		expect((await signIn(browser, gale, NEW_PASSWORD)).heading).toBe(FORCED);
		expect(await isIn(browser)).toBe(false);
		expect((await setUpInSignIn(browser)).page.text).toContain("You're all set.");
	},
);

test("who was invited and signs in for the first time days later proves it by the mailbox first", async () => {
	await using app = await startApp();
	await invite(app, {
		name: "Gale Roy",
		email: gale,
		access: "limited",
		mobile: null,
	});
	const [link = ""] = (await app.inbox.latest(gale)).links;
	await chooseNewPassword(newBrowser(app), link);
	await requireFrom(app, TODAY);
	app.clock.forward(hours(1));
	await expectUnderTheRule(app, gale, NEW_PASSWORD);
});

test("who was deactivated when the rule came, and comes back after it, is under it", async () => {
	await using app = await startApp();
	await deactivate(app, casey);
	await requireFrom(app, TODAY);
	expect((await reactivate(app, casey)).kind).toBe("reactivated");
	await expectUnderTheRule(app, casey);
});

test("a profile that another program wrote into the database is under it like any other", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const { backdoor } = app.database;
	const profile = await backdoor
		.selectFrom("profiles")
		.selectAll()
		.where("email", "=", casey)
		.executeTakeFirstOrThrow();
	const password = await backdoor
		.selectFrom("passwords")
		.selectAll()
		.where("profile_id", "=", profile.profile_id)
		.executeTakeFirstOrThrow();
	const imported = [
		{ email: "one@harbour.example", created_at: 0, last_sign_in_at: null, doors_version: 0 },
		{
			email: "two@harbour.example",
			created_at: app.clock.now() + hours(9),
			last_sign_in_at: 1,
			doors_version: 7,
		},
		{ email: "Three@Harbour.Example", created_at: -1, last_sign_in_at: null, doors_version: -3 },
	];
	for (const [index, person] of imported.entries()) {
		const profile_id = `imported-${index}`;
		await backdoor
			.insertInto("profiles")
			.values({ ...profile, ...person, profile_id, email_key: emailKey(person.email) })
			.execute();
		await backdoor
			.insertInto("passwords")
			.values({ ...password, profile_id, set_by: "change" })
			.execute();
		await expectUnderTheRule(app, person.email);
	}
	expect(await countSessions(app)).toBe(0);
});

test("every access level, any browser and any spelling of the email is under it", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	for (const email of [avery, casey, "CASEY@harbour.example", " casey@HARBOUR.EXAMPLE "]) {
		await expectUnderTheRule(app, email);
	}
	for (const userAgent of Object.values(userAgents)) {
		const browser = newBrowser(app, { userAgent, address: "127.0.0.1" });
		expect((await signIn(browser, casey)).path).toBe(paths.emailedCode);
	}
});

test("a known browser, and one that says it is trusted, is under it", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	await signOut(desk);
	await requireFrom(app, TODAY);
	const { backdoor } = app.database;
	const known = await backdoor.selectFrom("browsers").selectAll().executeTakeFirstOrThrow();
	const clinic = await backdoor.selectFrom("clinics").selectAll().executeTakeFirstOrThrow();
	await backdoor
		.insertInto("trusted_browsers")
		.values({
			clinic_id: known.clinic_id,
			profile_id: known.profile_id,
			browser_hash: known.browser_hash,
			trust_id: "forged",
			trust_version: clinic.trust_version,
			name: "",
			address: "",
			trusted_at: app.clock.now(),
			ends_at: app.clock.now() + hours(24),
		})
		.execute();
	expect((await signIn(desk, casey)).path).toBe(paths.emailedCode);
	expect(await isIn(desk)).toBe(false);
});

test("a sign-in begun before the date is under it from midnight at the clinic on, and Not now comes too late", async () => {
	await using app = await startApp();
	await requireFrom(app, TOMORROW);
	const midnight = momentOf(TOMORROW, 0, "America/Vancouver");
	app.clock.at(midnight - minutes(1));
	const browsers = [newBrowser(app), newBrowser(app)];
	const [inTime, tooLate] = browsers;
	if (!inTime || !tooLate) throw new Error("There are two");
	for (const browser of browsers) {
		expect((await signIn(browser, casey)).heading).toBe("Set up 2-Step Verification by Tue 8 Dec 2026");
	}
	expect((await inTime.page.click("Not now")).heading).toBe("My Account");

	app.clock.at(midnight);
	const led = await tooLate.page.click("Not now");
	expect(led.path).toBe(paths.emailedCode);
	expect(await isIn(tooLate)).toBe(false);
	expect(await countSessions(app)).toBe(1);
});

test("a password entered before the rule was saved, and compared after it, is under it", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, casey);
	await signOut(browser);
	const before = app.database.statements.length;
	// Hashing for known browsers and people inside turns nobody away, and is done in turn.
	const queue = Promise.all(
		Array.from({ length: 100 }, () => app.deps.hasher.hash("somebody else's", "welcome")),
	);
	const answer = signIn(browser, casey);
	while (!app.database.statements.slice(before).some((sql) => sql.includes('from "passwords"'))) {
		await pause(1);
	}
	await requireFrom(app, TODAY);
	expect((await answer).path).toBe(paths.emailedCode);
	await queue;
	expect(await isIn(browser)).toBe(false);
});

test("the rule is each clinic's own: another clinic of the server neither has it nor lifts it", async () => {
	await using app = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(app);
	for (const clinic of [harbour, maple]) {
		const browser = clinic.browser();
		await chooseNewPassword(browser, clinic.invitation);
	}
	await app.database.backdoor
		.updateTable("clinics")
		.set({ required_from_on: TODAY })
		.where("short_name", "=", "harbour")
		.execute();
	app.clock.forward(hours(1));
	const there = maple.browser();
	expect((await signIn(there, sasha, NEW_PASSWORD)).heading).toBe("My Account");
	expect((await signIn(harbour.browser(), sasha, NEW_PASSWORD)).path).toBe(paths.emailedCode);
	// A session there is none here.
	const carried = harbour.browser();
	carried.cookies.set("vestibule-session", there.cookies.get("vestibule-session") ?? "");
	expect(await isIn(carried)).toBe(false);
});

test("a clinic made while others require it begins without, and its first person comes in as before", async () => {
	await using app = await startApp({ clinic: "none" });
	const created = await createClinic(
		app.deps,
		{ shortName: "maple", name: "Maple Dental", timeZone: "America/Vancouver", country: "CA" },
		{ name: "Sasha Roy", email: sasha, mobile: null },
	);
	if (created.kind !== "created") throw new Error(created.kind);
	await chooseNewPassword(newBrowser(app), created.owner.link.url);
	expect((await signIn(newBrowser(app), sasha, NEW_PASSWORD)).heading).toBe("My Account");
	await requireFrom(app, TODAY);
	// Its owner is under the rule that it makes for itself.
	app.clock.forward(hours(1));
	await expectUnderTheRule(app, sasha, NEW_PASSWORD);
});

test("a forgotten password is no way round: the new one leads to the set-up, and after an hour to the code first", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	await chooseNewPassword(newBrowser(app), await linkFor(app, casey));
	const browser = newBrowser(app);
	expect((await signIn(browser, casey, NEW_PASSWORD)).heading).toBe(FORCED);
	expect(await isIn(browser)).toBe(false);
	app.clock.forward(hours(1));
	await expectUnderTheRule(app, casey, NEW_PASSWORD);
});
