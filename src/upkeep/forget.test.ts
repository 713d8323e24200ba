import { expect, test } from "vitest";
import { type App, startApp } from "../../test/harness/app.ts";
import { newBrowser } from "../../test/harness/browser.ts";
import {
	avery,
	beginTextSetUp,
	blake,
	casey,
	devon,
	requireFrom,
	scanKey,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
} from "../../test/harness/people.ts";
import { localDay } from "../clinics/local-time.rule.ts";
import { findClinic } from "../clinics/store.ts";
import { days, hours, minutes } from "../clock.ts";
import { newId } from "../db/ids.ts";
import type { OutboxRow } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import { endMailings, insertMailing } from "../enforcement/store.ts";
import { paths } from "../paths.ts";
import { forgetShownCodes, forgetWhatIsOver } from "./forget.ts";
import { forgetOldActivity } from "./forget-old-activity.ts";
import { logLatestActivity } from "./log-latest-activity.ts";

test("a Recovery Code that was never saved is only a hash after 15 minutes", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	let page = await (await browser.open(paths.twoStep)).click("Set up", { near: "Authenticator App" });
	page = await page.submit({ Password: "quiet lanterns over water" }, "Next");
	const authenticator = scanKey(page, browser);
	page = await page.click("Next");
	page = await page.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(page.heading).toBe("Save your Recovery Code");
	const sealed = () =>
		app.database.backdoor.selectFrom("recovery_codes").select(["hash", "sealed_code"]).execute();

	app.clock.forward(minutes(14));
	await forgetShownCodes(app.deps);
	expect(await sealed()).toEqual([{ hash: expect.any(String), sealed_code: expect.any(String) }]);
	app.clock.forward(minutes(2));
	await forgetShownCodes(app.deps);
	expect(await sealed()).toEqual([{ hash: expect.stringContaining("$argon2id$"), sealed_code: null }]);
});

test("what is over is deleted, and what still opens something stays", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	await setUpAuthenticatorApp(desk);
	await signIn(newBrowser(app), avery);
	await (await newBrowser(app).open(paths.forgotPassword)).submit({ Email: casey }, "Email me a link");
	await signIn(newBrowser(app), casey, "a wrong password, typed once");
	const blakes = newBrowser(app);
	await signIn(blakes, blake);
	const page = await (await blakes.open(paths.twoStep)).click("Set up", { near: "Authenticator App" });
	await page.submit({ Password: "quiet lanterns over water" }, "Next");
	const rows = async () => ({
		sessions: await count(app, "sessions"),
		signIns: await count(app, "sign_ins"),
		setUps: await count(app, "authenticator_app_set_ups"),
		steps: await count(app, "authenticator_steps"),
		links: await count(app, "password_links"),
		tries: (await count(app, "tries")) > 0,
		triesAcrossClinics: (await count(app, "tries_across_clinics")) > 0,
	});
	const all = {
		sessions: 2,
		signIns: 1,
		setUps: 1,
		steps: 1,
		links: 1,
		tries: true,
		triesAcrossClinics: true,
	};

	await forgetWhatIsOver(app.deps);
	expect(await rows()).toEqual(all);
	// Blake goes on; Avery's session was last used at the start.
	app.clock.forward(minutes(90));
	await blakes.open(paths.account);
	app.clock.forward(minutes(45));
	await forgetWhatIsOver(app.deps);
	expect(await rows()).toMatchObject({ sessions: 1, signIns: 0, setUps: 0, steps: 0, links: 1 });
	expect((await blakes.open(paths.account)).heading).toBe("My Account");
	app.clock.forward(days(29));
	await forgetWhatIsOver(app.deps);
	expect(await rows()).toMatchObject({ sessions: 0, links: 1 });
	app.clock.forward(days(100) + hours(1));
	await forgetWhatIsOver(app.deps);
	expect(await rows()).toEqual({
		sessions: 0,
		signIns: 0,
		setUps: 0,
		steps: 0,
		links: 0,
		tries: false,
		triesAcrossClinics: false,
	});
});

test("sent messages are forgotten after a week and given-up ones after 90 days, with what carriers said of them", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	const { number } = await setUpTextMessages(desk);
	await app.texts.gateway.report(await app.texts.latest(number), "delivered");
	const other = newBrowser(app);
	await signIn(other, devon);
	app.texts.gateway.behave({ kind: "refuses", status: 422, error: "number-cannot-receive" });
	await (await beginTextSetUp(other)).submit({ "Mobile number": "+16045550177" }, "Next");
	await app.drain();
	const kept = async () => ({
		sent: await count(app, "outbox", "sent"),
		dead: await count(app, "outbox", "dead"),
		tries: await count(app, "text_tries"),
		receipts: await count(app, "text_receipts"),
	});
	// The code, and the email that tells of the set-up; the code that nobody could get.
	expect(await kept()).toEqual({ sent: 2, dead: 1, tries: 2, receipts: 1 });
	const recorded = await count(app, "activity_events");

	app.clock.forward(days(7) - hours(1));
	await forgetWhatIsOver(app.deps);
	expect(await kept()).toEqual({ sent: 2, dead: 1, tries: 2, receipts: 1 });
	// A receipt this late finds its message; the next one does not, and makes nothing.
	const late = await app.texts.latest(number);
	expect(await app.texts.gateway.report(late, "delivered")).toBe(204);
	app.clock.forward(hours(2));
	await forgetWhatIsOver(app.deps);
	expect(await kept()).toEqual({ sent: 0, dead: 1, tries: 1, receipts: 0 });
	expect(await app.texts.gateway.report(late, "delivered")).toBe(404);
	expect(await kept()).toEqual({ sent: 0, dead: 1, tries: 1, receipts: 0 });

	app.clock.forward(days(83) - hours(2));
	await forgetWhatIsOver(app.deps);
	expect(await kept()).toMatchObject({ dead: 1, tries: 1 });
	app.clock.forward(hours(2));
	await forgetWhatIsOver(app.deps);
	expect(await kept()).toEqual({ sent: 0, dead: 0, tries: 0, receipts: 0 });
	expect(await count(app, "activity_events")).toBe(recorded);
});

test("a message that still waits is never forgotten, however old it is", async () => {
	await using app = await startApp();
	await insertEnded(app, 1, { state: "waiting", ended_at: null });
	app.clock.forward(days(400));
	await forgetWhatIsOver(app.deps);
	expect(await count(app, "outbox", "waiting")).toBe(1);
});

test("a mailing is forgotten 90 days after it ended, and one that is still to come is not", async () => {
	await using app = await startApp();
	const ahead = localDay(app.clock.now() + days(300), "America/Vancouver");
	await requireFrom(app, ahead);
	const { clinicId } = (await findClinic(app.db, "the-only-one")) ?? { clinicId: "" };
	const planned = { clinicId, on: ahead, askedBy: null, now: app.clock.now() };
	await inTransaction(app.db, async (tx) => {
		await insertMailing(tx, { ...planned, kind: "announcement", dueAt: app.clock.now() });
		await endMailings(tx, clinicId, app.clock.now());
		await insertMailing(tx, { ...planned, kind: "week-before", dueAt: app.clock.now() + days(293) });
	});
	app.clock.forward(days(90) - hours(1));
	await forgetWhatIsOver(app.deps);
	expect(await count(app, "mailings")).toBe(2);
	app.clock.forward(hours(2));
	await forgetWhatIsOver(app.deps);
	expect(await count(app, "mailings")).toBe(1);
});

test("a long backlog is forgotten whole, and what is newer or another clinic's stays", async () => {
	await using app = await startApp();
	const now = app.clock.now();
	await insertEnded(app, 1_203, { state: "sent", ended_at: now - days(8) });
	await insertEnded(app, 2, { state: "sent", ended_at: now - days(6) });
	await insertEnded(app, 1, {
		clinic_id: "no clinic of this server",
		state: "sent",
		ended_at: now - days(8),
	});
	await forgetWhatIsOver(app.deps);
	expect(await count(app, "outbox", "sent")).toBe(3);
});

test("a browser is forgotten a month after it is known no longer, unless somebody signed in there meanwhile", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	await signIn(newBrowser(app), avery);
	app.clock.forward(days(60));
	await signIn(desk, avery);
	app.clock.forward(days(60) - hours(1));
	await forgetWhatIsOver(app.deps);
	expect(await count(app, "browsers")).toBe(2);
	app.clock.forward(hours(2));
	await forgetWhatIsOver(app.deps);
	expect(await count(app, "browsers")).toBe(1);
	app.clock.forward(days(60));
	await forgetWhatIsOver(app.deps);
	expect(await count(app, "browsers")).toBe(0);
});

test("the networks somebody signed in on are forgotten after 30 days, and the links of security emails 30 days after they ended", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	await setUpAuthenticatorApp(desk);
	const kept = async () => ({
		networks: await count(app, "networks_seen"),
		links: await count(app, "not_me_links"),
	});
	app.clock.forward(days(30) - hours(1));
	await forgetWhatIsOver(app.deps);
	expect(await kept()).toEqual({ networks: 1, links: 1 });
	app.clock.forward(hours(2));
	await forgetWhatIsOver(app.deps);
	expect(await kept()).toEqual({ networks: 0, links: 1 });
	app.clock.forward(days(7));
	await forgetWhatIsOver(app.deps);
	expect(await kept()).toEqual({ networks: 0, links: 0 });
});

test("activity is kept for as many years as the operator says, and what is not as it was recorded stays", async () => {
	await using app = await startApp({ environment: { VESTIBULE_ACTIVITY_YEARS: "2" } });
	const { backdoor } = app.database;
	const logged: object[] = [];
	const log = Object.create(app.deps.log, { error: { value: (line: object) => logged.push(line) } });
	const numbers = async () =>
		(await backdoor.selectFrom("activity_events").select("number").orderBy("number").execute()).map(
			({ number }) => number,
		);
	await signIn(newBrowser(app), avery);
	const all = await numbers();
	const first = all.length;
	app.clock.forward(days(2 * 365 - 1));
	await forgetOldActivity({ ...app.deps, log });
	expect(await numbers()).toEqual(all);
	await signIn(newBrowser(app), avery);
	// The email about a new browser records that it was sent.
	await app.drain();
	const later = (await numbers()).slice(first);
	app.clock.forward(days(3));
	await forgetOldActivity({ ...app.deps, log });
	const retained = (later.at(-1) ?? 0) + 1;
	expect(await numbers()).toEqual([...later, retained]);
	expect(logged).toEqual([]);

	// A clock that jumps years ahead, and is set right again.
	const rightTime = app.clock.now();
	app.clock.forward(days(5 * 365));
	await forgetOldActivity({ ...app.deps, log });
	expect(await numbers()).toEqual([...later, retained]);
	expect(logged.splice(0)).toEqual([{ clinic: "harbour" }]);
	app.clock.at(rightTime);

	await backdoor.updateTable("activity_events").set({ at: 0 }).where("number", "=", retained).execute();
	app.clock.forward(days(2 * 365));
	await forgetOldActivity({ ...app.deps, log });
	expect(await numbers()).toEqual([...later, retained]);
	expect(logged).toEqual([{ clinic: "harbour", number: retained }]);
});

test("the log tells each clinic's latest number and code, as audit verify --expect takes it", async () => {
	await using app = await startApp();
	await signIn(newBrowser(app), avery);
	const logged: object[] = [];
	const log = Object.create(app.deps.log, { info: { value: (line: object) => logged.push(line) } });
	await logLatestActivity({ db: app.deps.db, log });
	const head = await app.database.backdoor.selectFrom("activity_heads").selectAll().executeTakeFirstOrThrow();
	expect(logged).toEqual([{ clinic: "harbour", latest: `${head.number}:${head.code}` }]);
});

type Table =
	| "sessions"
	| "sign_ins"
	| "authenticator_app_set_ups"
	| "authenticator_steps"
	| "password_links"
	| "not_me_links"
	| "networks_seen"
	| "tries"
	| "tries_across_clinics"
	| "browsers"
	| "outbox"
	| "text_tries"
	| "text_receipts"
	| "activity_events"
	| "mailings";

async function count(app: App, table: Table, state?: OutboxRow["state"]): Promise<number> {
	const { backdoor } = app.database;
	if (state !== undefined) {
		return (await backdoor.selectFrom("outbox").select("state").where("state", "=", state).execute()).length;
	}
	return (await backdoor.selectFrom(table).selectAll().execute()).length;
}

/** Emails as they lie in the outbox, the only clinic's unless it is said otherwise. */
async function insertEnded(app: App, howMany: number, as: Partial<OutboxRow>): Promise<void> {
	const { backdoor } = app.database;
	const { clinic_id } = await backdoor.selectFrom("clinics").select("clinic_id").executeTakeFirstOrThrow();
	const now = app.clock.now();
	for (let written = 0; written < howMany; written += 100) {
		const rows = Array.from({ length: Math.min(100, howMany - written) }, () => ({
			clinic_id,
			message_id: newId(now),
			channel: "email" as const,
			kind: "test",
			profile_id: null,
			recipient: casey,
			sealed_body: null,
			state: "sent" as const,
			made_at: now,
			due_at: now + days(1_000),
			expires_at: now + days(1_000),
			tries: 1,
			last_error: null,
			ended_at: now,
			provider: null,
			avoid: null,
			why: null,
			...as,
		}));
		await backdoor.insertInto("outbox").values(rows).execute();
	}
}
