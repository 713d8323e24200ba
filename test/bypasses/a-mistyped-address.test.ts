import { sql } from "kysely";
import { expect, test } from "vitest";
import { findClinic } from "../../src/clinics/store.ts";
import { minutes } from "../../src/clock.ts";
import { inTransaction } from "../../src/db/transaction.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { lockProfile, setEmail } from "../../src/profiles/store.ts";
import { endWhatWasBegun } from "../../src/sign-in/end-what-was-begun.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { idOf } from "../harness/by-operator.ts";
import { avery, signIn } from "../harness/people.ts";
import { chooseNewPassword, NEW_PASSWORD, ownerWithApp } from "./owners.ts";

const MISTYPED = "gina@harbor.example";
const RIGHT = "gina@harbour.example";
const STRANGERS = "seven strangers at a window";
const WRONG = "That email and password don't match.";

test("who chose a password at a mistyped address has nothing of the profile once it is corrected, and the right person chooses theirs", async () => {
	await using gina = await invitedAtMistyped();
	const { app } = gina;
	await chooseNewPassword(newBrowser(app), await gina.invitationAt(MISTYPED), STRANGERS);
	const buttons = await gina.linksAt(MISTYPED, paths.notMe.to(""));
	expect(buttons).toHaveLength(1);

	await gina.correct();
	// From the correction on, and not only once it is confirmed.
	expect((await signIn(newBrowser(app), MISTYPED, STRANGERS)).errors).toEqual([WRONG]);
	const page = await gina.confirm();
	expect(page.text).toContain("You choose your password next.");
	for (const email of [MISTYPED, RIGHT])
		expect((await signIn(newBrowser(app), email, STRANGERS)).errors).toEqual([WRONG]);

	const ginas = newBrowser(app);
	await chooseNewPassword(ginas, await gina.invitationAt(RIGHT));
	expect((await signIn(ginas, RIGHT, NEW_PASSWORD)).heading).toBe("My Account");
	// Nor does a button in the stranger's mailbox keep her out.
	for (const link of await gina.linksAt(MISTYPED, paths.notMe.to("")))
		expect((await newBrowser(app).openFromEmail(link)).status).toBe(410);
	expect((await signIn(newBrowser(app), RIGHT, NEW_PASSWORD)).heading).toBe("My Account");
});

test("while the right address is asked, the mistyped one opens nothing, gets no new link and does not end the correction", async () => {
	await using gina = await invitedAtMistyped();
	const { app } = gina;
	const invitation = await gina.invitationAt(MISTYPED);
	const left = await newBrowser(app).openFromEmail(invitation);
	await gina.correct({ "Mobile number": "604 555 0177" });
	expect((await newBrowser(app).openFromEmail(invitation)).status).toBe(410);
	const late = await left.submit({ "New password": STRANGERS }, "Save password");
	expect(late.status).toBe(410);
	await app.inbox.clear();
	const forgot = await newBrowser(app).open(paths.forgotPassword);
	await forgot.submit({ Email: MISTYPED }, "Email me a link");
	expect(await app.inbox.all(MISTYPED)).toEqual([]);

	// A colleague who sends another invitation there, not knowing, lets nobody keep it.
	app.clock.forward(minutes(2));
	const page = await gina.page();
	expect(page.text).toContain(`Once ${RIGHT} is confirmed, a link to set a password goes there by itself.`);
	expect(page.text).toContain(`A link that you send now still goes to ${MISTYPED}.`);
	await page.submit({}, "Send a password link");
	await chooseNewPassword(newBrowser(app), await gina.invitationAt(MISTYPED), STRANGERS);
	expect((await gina.confirm()).heading).toBe("Your email is changed");
	for (const email of [MISTYPED, RIGHT])
		expect((await signIn(newBrowser(app), email, STRANGERS)).errors).toEqual([WRONG]);
});

test("a link asked for at the mistyped address in the very moment of its correction is not made", async () => {
	await using gina = await invitedAtMistyped();
	const { app } = gina;
	const { db, clock, database } = app;
	const clinic = await findClinic(db, "the-only-one");
	const profileId = await idOf(app, MISTYPED);
	let asking: Promise<unknown> | undefined;
	let isAnswered = false;
	await inTransaction(db, async (tx) => {
		const profile = clinic && (await lockProfile(tx, clinic.clinicId, profileId));
		if (!profile) throw new Error("Gina is not there");
		await endWhatWasBegun(tx, profile, clock.now());
		await setEmail(tx, profile.clinicId, profileId, RIGHT, clock.now());
		asking = newBrowser(app)
			.post(paths.forgotPassword, { email: MISTYPED })
			.finally(() => {
				isAnswered = true;
			});
		// It has found Gina there, and waits or not; SQLite has it wait for all of this.
		while (database.engine === "postgres" && !isAnswered) {
			const waiting = sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
			if ((await waiting.execute(database.backdoor)).rows.length > 0) break;
		}
	});
	await asking;
	const links = database.backdoor.selectFrom("password_links").select("link_id");
	const live = links.where("used_at", "is", null).where("ended_at", "is", null);
	expect(await live.where("profile_id", "=", profileId).execute()).toEqual([]);
});

test("no email about an edit gives a button This wasn't me to an address that may be mistyped", async () => {
	await using gina = await invitedAtMistyped();
	await gina.correct({ Name: "Gina Hall-Moss", "Mobile number": "604 555 0177" });
	expect((await gina.app.inbox.all(MISTYPED)).map(({ subject }) => subject)).toContain(
		"Your staff profile was changed – Harbour Physio",
	);
	expect(await gina.linksAt(MISTYPED, paths.notMe.to(""))).toEqual([]);
});

/** Avery has invited Gina at an address with a letter missing, where a stranger reads the emails. */
async function invitedAtMistyped() {
	const app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	const form = await desk.open(paths.inviteStaff);
	await form.submit({ Name: "Gina Hall", Email: MISTYPED }, "Send invitation");
	const id = await idOf(app, MISTYPED);
	const linksAt = async (to: string, kind: string) =>
		(await app.inbox.all(to)).flatMap(({ links }) => links).filter((link) => link.includes(kind));
	let confirmation = "";
	return {
		app,
		linksAt,
		page: () => desk.open(paths.colleague.to(id)),
		invitationAt: async (to: string) => (await linksAt(to, paths.setPassword.to(""))).at(-1) ?? "",
		async correct(more: object = {}) {
			const edit = await desk.open(paths.editColleague.to(id));
			const page = await edit.submit({ Email: RIGHT, "Your password": DEMO_PASSWORD, ...more }, "Save");
			expect(page.heading).toContain("Gina Hall");
			[confirmation = ""] = await linksAt(RIGHT, paths.confirmEmail.to(""));
		},
		confirm: async () => (await newBrowser(app).openFromEmail(confirmation)).submit({}, "Confirm this email"),
		[Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
	};
}
