import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { days, minutes } from "../../src/clock.ts";
import type { Db } from "../../src/db/connect.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { deactivate, idOf, reactivate } from "../harness/by-operator.ts";
import type { Page } from "../harness/page.ts";
import { avery, casey, devon, signIn, signInWithCode } from "../harness/people.ts";
import { type Owner, ownerWithApp } from "./owners.ts";

const NEW_EMAIL = "casey.home@mail.example";

test("an address somebody had until within 7 days is given to nobody else, so that nobody there gets their password links", async () => {
	await using app = await startApp();
	const averys = await ownerWithApp(app, avery);
	await changesEmail(app, casey, NEW_EMAIL);

	const refused = await invites(app, averys, ` ${casey.toUpperCase()} `);
	expect(refused.errors[0]).toContain("That email was Casey Singh's until Mon 7 Dec 2026");
	expect(refused.errors[0]).toContain("It can be used from Mon 14 Dec 2026");
	expect(refused.field("Name").value).toBe("Gina Hall");
	const edit = await averys.desk.open(paths.editColleague.to(await idOf(app, devon)));
	const edited = await edit.submit({ Email: casey, "Your password": DEMO_PASSWORD }, "Save");
	expect(edited.errors[0]).toContain("That email was Casey Singh's until Mon 7 Dec 2026");

	// A change of one's own tells nobody who had it, and the address cannot confirm it.
	const devons = newBrowser(app);
	await signIn(devons, devon);
	const asked = await asksForOwn(devons, casey);
	expect(asked.text).toContain(`Confirm ${casey}`);
	const confirmed = await confirms(app, casey);
	expect([confirmed.status, confirmed.heading]).toEqual([410, "This email is taken"]);
	expect(await whoHas(app, casey)).toEqual([]);

	app.clock.forward(days(6));
	expect((await invites(app, averys, casey)).errors).toHaveLength(1);
	app.clock.forward(days(1));
	expect((await invites(app, averys, casey)).heading).toBe("Gina Hall");
	await asksForLink(app, NEW_EMAIL);
	expect((await app.inbox.latest(NEW_EMAIL)).subject).toContain("Choose a new password");
});

test("Casey takes her own earlier address back within the 7 days", async () => {
	await using app = await startApp();
	await changesEmail(app, casey, NEW_EMAIL);
	await changesEmail(app, NEW_EMAIL, casey);
	expect(await whoHas(app, casey)).toEqual(["Casey Singh"]);
});

test("nobody waits out the 7 days while the owner is deactivated: they begin again, and the earlier address hears of it", async () => {
	await using app = await startApp();
	await changesEmail(app, casey, NEW_EMAIL);
	app.clock.forward(days(2));
	await deactivate(app, NEW_EMAIL);
	app.clock.forward(days(9));
	await app.inbox.clear();
	await reactivate(app, NEW_EMAIL);
	for (const to of [casey, NEW_EMAIL]) {
		const told = await app.inbox.latest(to);
		expect(told.subject).toBe("Your staff profile is active again – Harbour Physio");
		expect(told.text).toContain(`You can sign in again with ${NEW_EMAIL}`);
	}

	await app.inbox.clear();
	app.clock.forward(days(6));
	await asksForLink(app, NEW_EMAIL);
	expect(await app.inbox.all(NEW_EMAIL)).toEqual([]);
	expect((await app.inbox.latest(casey)).subject).toContain("Choose a new password");
	app.clock.forward(days(1));
	await asksForLink(app, NEW_EMAIL);
	expect((await app.inbox.latest(NEW_EMAIL)).subject).toContain("Choose a new password");
});

test("7 days that were over when somebody was deactivated stay over, and nobody gets links at an address that another has by now", async () => {
	await using app = await startApp();
	const averys = await ownerWithApp(app, avery);
	await changesEmail(app, casey, NEW_EMAIL);
	app.clock.forward(days(7));
	await deactivate(app, NEW_EMAIL);
	await reactivate(app, NEW_EMAIL);
	await app.inbox.clear();
	await asksForLink(app, NEW_EMAIL);
	expect(await app.inbox.all(casey)).toEqual([]);

	await changesEmail(app, devon, "devon.home@mail.example");
	await deactivate(app, "devon.home@mail.example");
	app.clock.forward(days(8));
	expect((await invites(app, averys, devon)).heading).toBe("Gina Hall");
	await reactivate(app, "devon.home@mail.example");
	await app.inbox.clear();
	await asksForLink(app, "devon.home@mail.example");
	expect(await app.inbox.all(devon)).toEqual([]);
});

test("an address confirmed by somebody in the very moment in which its 7 days begin again is one person's", async () => {
	await using app = await startApp();
	const devonNow = "devon.home@mail.example";
	await changesEmail(app, devon, devonNow);
	await deactivate(app, devonNow);
	app.clock.forward(days(8));
	const caseys = newBrowser(app);
	await signIn(caseys, casey);
	await asksForOwn(caseys, devon);
	await app.drain();

	await atTheSameMoment(
		app,
		() => reactivate(app, devonNow),
		() => confirms(app, devon),
	);
	await app.inbox.clear();
	await asksForLink(app, devonNow);
	const sentTo = (await app.inbox.all()).map(({ to }) => to);
	expect(sentTo).toHaveLength(1);
	const ofDevons = (await whoHas(app, devon)).includes("Casey Singh") ? devonNow : devon;
	expect(sentTo).toEqual([ofDevons]);
});

/** Does both, and on PostgreSQL lets neither go on to its end before the other waits as well. */
async function atTheSameMoment(app: App, ...both: (() => Promise<unknown>)[]): Promise<void> {
	const { backdoor, engine } = app.database;
	if (engine === "sqlite") return void (await Promise.all(both.map((one) => one())));
	const doing = await backdoor.transaction().execute(async (tx) => {
		// Both record an event last.
		await tx.updateTable("activity_heads").set({ number: sql`number` }).execute();
		const doing = both.map((one) => one());
		while ((await countWaiting(backdoor)) < both.length) await pause(5);
		return { doing };
	});
	await Promise.all(doing.doing);
}

/** How many transactions wait for what another one has locked. */
async function countWaiting(db: Db): Promise<number> {
	const { rows } = await sql`
		select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
	`.execute(db);
	return rows.length;
}

test("the number to call is not waited out either", async () => {
	await using app = await startApp();
	const changedAt = app.clock.now();
	await app.database.backdoor
		.updateTable("profiles")
		.set({ mobile: "+16045550188", earlier_mobile: "+16045550103", mobile_changed_at: changedAt })
		.where("email", "=", casey)
		.execute();
	app.clock.forward(days(2));
	await deactivate(app, casey);
	app.clock.forward(days(9));
	await reactivate(app, casey);
	const averys = await ownerWithApp(app, avery);
	const page = await averys.desk.open(paths.colleague.to(await idOf(app, casey)));
	expect(page.text).toContain("+1 604 555 0103");
});

/** Changes an email of one's own, and the new address confirms it. */
async function changesEmail(app: App, email: string, newEmail: string): Promise<void> {
	const browser = newBrowser(app);
	await signIn(browser, email);
	await asksForOwn(browser, newEmail);
	expect((await confirms(app, newEmail)).heading).toBe("Your email is changed");
}

async function asksForOwn(browser: Browser, newEmail: string): Promise<Page> {
	const form = await browser.open(paths.changeEmail);
	return form.submit({ "New email": newEmail, Password: DEMO_PASSWORD }, "Send the confirmation");
}

async function confirms(app: App, email: string): Promise<Page> {
	const emails = await app.inbox.all(email);
	const link = emails
		.flatMap(({ links }) => links)
		.findLast((each) => each.includes(paths.confirmEmail.to("")));
	return (await newBrowser(app).openFromEmail(link ?? "")).submit({}, "Confirm this email");
}

/** Avery invites Gina Hall, in a session of today. */
async function invites(app: App, { authenticator }: Owner, email: string): Promise<Page> {
	app.clock.forward(minutes(1));
	const browser = newBrowser(app);
	await signInWithCode(browser, avery, authenticator);
	const form = await browser.open(paths.inviteStaff);
	return form.submit({ Name: "Gina Hall", Email: email }, "Send invitation");
}

async function asksForLink(app: App, email: string): Promise<void> {
	const page = await newBrowser(app).open(paths.forgotPassword);
	await page.submit({ Email: email }, "Email me a link");
}

async function whoHas(app: App, email: string): Promise<string[]> {
	const { backdoor } = app.database;
	const rows = await backdoor.selectFrom("profiles").select("name").where("email_key", "=", email).execute();
	return rows.map(({ name }) => name);
}
