import { expect, test } from "vitest";
import { hours, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { deactivate, idOf, resetSecondStep } from "../harness/by-operator.ts";
import { avery, blake, casey, devon, signIn } from "../harness/people.ts";
import { isIn } from "./cookies-of.ts";
import { notMeLink, saysNotMe } from "./not-me.ts";
import { chooseNewPassword, linkFor, ownerWithApp } from "./owners.ts";
import { everythingKept } from "./what-is-kept.ts";

const THIEFS_EMAIL = "thief@elsewhere.example";

/** A thief sits in Avery's session, which is proven, and knows Casey's password: a code for Casey, Devon's email his. */
async function thiefAtWork() {
	const app = await startApp();
	await ownerWithApp(app, casey);
	const { desk } = await ownerWithApp(app, avery);
	const code = await givesCode(app, desk, casey);
	const page = await desk.open(paths.editColleague.to(await idOf(app, devon)));
	await page.submit({ Email: THIEFS_EMAIL, "Your password": DEMO_PASSWORD }, "Save");
	const confirm = (await app.inbox.latest(THIEFS_EMAIL)).links.find((link) =>
		link.includes(paths.confirmEmail.to("")),
	);
	if (confirm === undefined) throw new Error("No link to confirm the email was sent");
	return { app, code, confirm, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

async function givesCode(app: App, desk: Browser, to: string): Promise<string> {
	const give = await desk.open(paths.giveTemporaryCode.to(await idOf(app, to)));
	const page = await give.submit(
		{ "In person": true, "24 hours": true, "Your password": DEMO_PASSWORD },
		"Give a temporary code",
	);
	const code = /\b\d{4} \d{4}\b/.exec(page.text)?.[0];
	if (code === undefined) throw new Error(`"${page.heading}" shows no code`);
	return code;
}

async function opensWith(app: App, code: string): Promise<boolean> {
	const browser = newBrowser(app);
	await signIn(browser, casey);
	await (await browser.open(paths.signInTemporaryCode)).submit({ "Temporary code": code }, "Submit");
	return isIn(browser);
}

async function whyEnded(app: App): Promise<unknown[]> {
	const { activity_events: events = [], profiles = [] } = await everythingKept(app);
	const email = (id: unknown) => profiles.find(({ profile_id }) => profile_id === id)?.email;
	return events
		.filter(({ kind }) => kind === "temporary-code-ended" || kind === "email-change-ended")
		.map(({ kind, profile_id, detail }) => [kind, email(profile_id), JSON.parse(String(detail)).why])
		.sort();
}

const bothEnded = (why: string) => [
	["email-change-ended", devon, why],
	["temporary-code-ended", casey, why],
];

test("This wasn't me ends what a thief gave in Avery's name, and tells who it was done to", async () => {
	await using work = await thiefAtWork();
	const { app, code, confirm } = work;
	await saysNotMe(newBrowser(app), await notMeLink(app, avery, "Authenticator App was set up"));
	expect(await opensWith(app, code)).toBe(false);
	expect((await newBrowser(app).openFromEmail(confirm)).status).toBe(410);
	expect(await whyEnded(app)).toEqual(bothEnded("giver-not-me"));
	const { text } = await app.inbox.latest(blake);
	expect(text).toContain("In their name something was also done to Casey Singh and Devon");
	expect(text).toContain("invite them anew with an email that only they can read");
});

test("so does the button in the email that tells Avery what was done in her name, and her own set-up stays", async () => {
	await using work = await thiefAtWork();
	const { app, code, confirm } = work;
	await saysNotMe(newBrowser(app), await notMeLink(app, avery, "Casey Singh was given a temporary code"));
	expect(await opensWith(app, code)).toBe(false);
	expect((await newBrowser(app).openFromEmail(confirm)).status).toBe(410);
	expect(await whyEnded(app)).toEqual(bothEnded("giver-not-me"));
	const methods = app.database.backdoor.selectFrom("methods").select("blocked_at");
	const averys = await methods.where("profile_id", "=", await idOf(app, avery)).execute();
	expect(averys).toEqual([{ blocked_at: null }]);
});

test("so does turning off Avery's 2-Step Verification, and deactivating her", async () => {
	for (const [undo, why] of [
		[resetSecondStep, "giver-reset"],
		[deactivate, "giver-lost-full-access"],
	] as const) {
		await using work = await thiefAtWork();
		const { app, code, confirm } = work;
		// So that somebody with Full Access is left who has signed in.
		await signIn(newBrowser(app), blake);
		await undo(app, avery);
		expect(await opensWith(app, code)).toBe(false);
		expect((await newBrowser(app).openFromEmail(confirm)).status).toBe(410);
		const ended = (await whyEnded(app)).filter((one) => JSON.stringify(one).includes(why));
		expect(ended).toEqual(bothEnded(why));
	}
});

test("a password that Avery forgot takes back nothing of the help she gave", async () => {
	await using work = await thiefAtWork();
	const { app, code, confirm } = work;
	app.clock.forward(hours(1) + minutes(1));
	await chooseNewPassword(newBrowser(app), await linkFor(app, avery));
	expect((await newBrowser(app).openFromEmail(confirm)).heading).toBe("Confirm your new email");
	expect(await opensWith(app, code)).toBe(true);
});
