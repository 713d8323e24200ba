import { expect, test } from "vitest";
import { days, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { giveCode } from "../harness/by-operator.ts";
import { avery, casey, devon, setUpAuthenticatorApp, signIn, signInWithCode } from "../harness/people.ts";
import { formToken, isIn } from "./cookies-of.ts";
import { notMeLink, passwordLinkAfter, saysNotMe } from "./not-me.ts";
import {
	chooseNewPassword,
	enterRecoveryCode,
	linkFor,
	NEW_PASSWORD,
	ownerWithApp,
	waitingAtTheCode,
} from "./owners.ts";
import { manyClinics, twoClinics } from "./two-clinics.ts";
import { countEvents, doorsKept } from "./what-is-kept.ts";

const MISMATCH = ["That email and password don't match."];
const OWNERS_NEW = "seven otters row upstream";
const THIEFS_EMAIL = "thief@elsewhere.example";

test("a mail scanner that opens the link, asks for its head or its options changes nothing, and it still works", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, casey);
	const link = await notMeLink(app, casey);
	const before = await doorsKept(app);
	const scanner = newBrowser(app);
	for (const method of ["GET", "HEAD", "OPTIONS"]) {
		for (const coming of ["by a link elsewhere", "from this site"] as const)
			await scanner.send(link, { method, coming });
	}
	const elsewhere = await scanner.send(link, { method: "POST", form: {}, coming: "by a link elsewhere" });
	expect(elsewhere.status).toBe(403);
	expect(await doorsKept(app)).toEqual(before);
	expect(await isIn(desk)).toBe(true);
	expect((await saysNotMe(newBrowser(app), link)).heading).toBe("Check your email");
});

test("chosen by six at the same moment it is done once, and one link is sent", async () => {
	await using app = await startApp();
	await ownerWithApp(app, casey);
	const link = await notMeLink(app, casey);
	await app.inbox.clear();
	const answers = await Promise.all(
		Array.from({ length: 6 }, () => newBrowser(app).send(link, { method: "POST", form: {} })),
	);
	expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410, 410]);
	expect(await countEvents(app, "not-me", casey)).toBe(1);
	expect(await app.inbox.all(casey)).toHaveLength(1);
});

test("it lets nobody in: who has the mailbox gets a new password by it, and stands before the second step as ever", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, casey);
	app.clock.forward(minutes(10));
	await (await owner.desk.open(paths.password)).submit(
		{ "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD },
		"Change password",
	);
	const thief = newBrowser(app);
	const done = await saysNotMe(thief, await notMeLink(app, casey, "Your password was changed"));
	expect(await isIn(thief)).toBe(false);
	expect(done.text).not.toContain(paths.setPassword.to(""));
	await chooseNewPassword(thief, await passwordLinkAfter(app, casey), "the thief's own words here");
	let page = await signIn(thief, casey, "the thief's own words here");
	expect(page.path).toBe(paths.verify);
	expect(await isIn(thief)).toBe(false);

	// Nor by the link of the set-up itself: its method is blocked, and still asked for.
	page = await saysNotMe(thief, await notMeLink(app, casey, "Authenticator App was set up"));
	expect(page.heading).toBe("Check your email");
	await chooseNewPassword(thief, await passwordLinkAfter(app, casey), NEW_PASSWORD);
	page = await signIn(thief, casey, NEW_PASSWORD);
	expect(page.path).not.toBe(paths.account);
	expect((await enterRecoveryCode(thief, owner.recoveryCode)).errors).not.toEqual([]);
	expect(await isIn(thief)).toBe(false);
	// The owner gets in with a colleague's help.
	const code = await giveCode(app, casey);
	const home = newBrowser(app);
	await signIn(home, casey, NEW_PASSWORD);
	await (await home.open(paths.signInTemporaryCode)).submit({ "Temporary code": code }, "Submit");
	expect(await isIn(home)).toBe(true);
});

test("a thief's own method is blocked: neither its codes nor the Recovery Code that came with it get in", async () => {
	await using app = await startApp();
	const thief = newBrowser(app);
	await signIn(thief, casey);
	const his = await setUpAuthenticatorApp(thief);
	await saysNotMe(newBrowser(app), await notMeLink(app, casey, "Authenticator App was set up"));
	expect(await isIn(thief)).toBe(false);
	const home = newBrowser(app);
	await chooseNewPassword(home, await passwordLinkAfter(app, casey), OWNERS_NEW);
	app.clock.forward(minutes(1));
	for (const browser of [thief, newBrowser(app)]) {
		await signIn(browser, casey, OWNERS_NEW);
		await postCode(browser, his.authenticator.code());
		expect(await isIn(browser)).toBe(false);
		await enterRecoveryCode(browser, his.recoveryCode);
		expect(await isIn(browser)).toBe(false);
	}
	const kept = await app.database.backdoor.selectFrom("methods").selectAll().execute();
	expect(kept.map(({ kind, blocked_at }) => [kind, blocked_at !== null])).toEqual([
		["authenticator-app", true],
	]);
});

test("a password that was right is wrong everywhere: at sign-in, in a known browser, in a waiting sign-in, and asked again", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, casey);
	app.clock.forward(minutes(1));
	await linkFor(app, casey);
	const waiting = await waitingAtTheCode(app, casey);
	const setPassword = (await app.inbox.latest(casey)).links.find((link) =>
		link.includes(paths.setPassword.to("")),
	);
	await saysNotMe(newBrowser(app), await notMeLink(app, casey));

	await postCode(waiting, owner.authenticator.code());
	expect(await isIn(waiting)).toBe(false);
	expect((await waiting.open(paths.verify)).heading).toBe("Sign in to Harbour Physio");
	expect((await signIn(newBrowser(app), casey)).errors).toEqual(MISMATCH);
	const known = owner.desk.copy();
	expect((await signIn(known, casey)).errors).toEqual(MISMATCH);
	expect((await newBrowser(app).open(setPassword ?? "")).status).toBe(410);
	const asked = await owner.desk.post(paths.password, {
		password: DEMO_PASSWORD,
		"new-password": NEW_PASSWORD,
	});
	expect(asked.status === 403 || asked.path.startsWith(paths.signIn)).toBe(true);
});

test("a password that is being compared at that very moment starts no sign-in and no session", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, devon);
	await (await desk.open(paths.password)).submit(
		{ "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD },
		"Change password",
	);
	const link = await notMeLink(app, devon);
	// Without a method the password alone is a session: the time between comparing it and starting one is tried.
	const pages = Array.from({ length: 6 }, () => signIn(newBrowser(app), devon, NEW_PASSWORD));
	await Promise.all([...pages, saysNotMe(newBrowser(app), link)]);
	const { sign_ins, sessions } = await doorsKept(app);
	expect([sign_ins, sessions]).toEqual([[], []]);
});

test("an email that a thief changed is put back, and the link to a new password goes there and not to his", async () => {
	await using app = await startApp();
	const thief = newBrowser(app);
	await changeEmail(app, thief, THIEFS_EMAIL);
	const link = await notMeLink(app, casey, "Your email was changed");
	await app.inbox.clear();
	const done = await saysNotMe(newBrowser(app), link);
	expect(done.text).toContain("The email for signing in is your earlier one again.");
	expect(await isIn(thief)).toBe(false);

	const toThief = await app.inbox.all(THIEFS_EMAIL);
	expect(toThief.map(({ subject }) => subject)).toEqual(["This wasn't me was chosen – Harbour Physio"]);
	expect(toThief.flatMap(({ links }) => links)).toEqual([]);
	const { text } = await app.inbox.latest(avery);
	expect(text).toContain(`Casey Singh (${casey}) chose “This wasn't me”`);
	expect(text).toContain("Call Casey Singh on +1 604 555 0103,");
	expect(text).not.toContain(THIEFS_EMAIL);
	const page = await chooseNewPassword(newBrowser(app), await passwordLinkAfter(app, casey), OWNERS_NEW);
	expect(page.text).toContain("Your password is saved.");
	expect((await signIn(newBrowser(app), casey, OWNERS_NEW)).heading).toBe("My Account");
	expect((await signIn(newBrowser(app), THIEFS_EMAIL, OWNERS_NEW)).errors).toEqual(MISMATCH);
	// And another link, asked for with either, goes there too.
	await app.inbox.clear();
	for (const email of [casey, THIEFS_EMAIL])
		await (await newBrowser(app).open(paths.forgotPassword)).submit({ Email: email }, "Email me a link");
	expect((await app.inbox.all()).map(({ to }) => to)).toEqual([casey]);
});

test("an address that the owner had left is not put back for good by undoing what a thief did after it", async () => {
	await using app = await startApp();
	const owners = "casey@home.example";
	await changeEmail(app, newBrowser(app), owners);
	app.clock.forward(days(2));
	await changeEmail(app, newBrowser(app), THIEFS_EMAIL, owners);
	const link = await notMeLink(app, owners, "Your email was changed");
	await app.inbox.clear();
	const done = await saysNotMe(newBrowser(app), link);
	expect(done.text).toContain("The email for signing in is your earlier one again.");
	const emails = async () =>
		(await app.database.backdoor.selectFrom("profiles").select("email").execute()).map(({ email }) => email);
	expect(await emails()).toContain(owners);
	expect(await emails()).not.toContain(casey);
	// Nothing is weaker: the link to a new password still goes to the earliest of the 7 days, and never to the thief.
	await passwordLinkAfter(app, casey);
	expect((await app.inbox.all(THIEFS_EMAIL)).flatMap(({ links }) => links)).toEqual([]);
	app.clock.forward(days(7) + minutes(1));
	await chooseNewPassword(newBrowser(app), await linkFor(app, owners), OWNERS_NEW);
	expect((await signIn(newBrowser(app), owners, OWNERS_NEW)).heading).toBe("My Account");
	expect((await signIn(newBrowser(app), casey, OWNERS_NEW)).errors).toEqual(MISMATCH);
});

test("a thief who put his own address in place gets no link there by the button of a later email", async () => {
	await using app = await startApp();
	const thief = newBrowser(app);
	await changeEmail(app, thief, THIEFS_EMAIL);
	app.clock.forward(minutes(10));
	await setUpAuthenticatorApp(thief);
	expect((await app.inbox.latest(casey)).subject).toContain("Authenticator App was set up");
	const his = await notMeLink(app, THIEFS_EMAIL, "Authenticator App was set up");
	await app.inbox.clear();
	const done = await saysNotMe(thief, his);
	// For a week no colleague can give a code: nobody is sent to one.
	expect(done.text).toContain("or write to privacy@vestibule.example");
	expect(done.text).not.toContain("ask a Full Access user");
	expect((await app.inbox.all(THIEFS_EMAIL)).flatMap(({ links }) => links)).toEqual([]);
	expect((await app.inbox.latest(avery)).text).toContain(`Casey Singh (${casey})`);
	expect(await passwordLinkAfter(app, casey)).toContain(paths.setPassword.to(""));
});

test("where the earlier email is somebody else's by now it stays, everybody is told so, and the link still goes to it", async () => {
	await using app = await startApp();
	await changeEmail(app, newBrowser(app), THIEFS_EMAIL);
	const link = await notMeLink(app, casey, "Your email was changed");
	await app.database.backdoor
		.updateTable("profiles")
		.set({ email: casey, email_key: casey })
		.where("email", "=", devon)
		.execute();
	await app.inbox.clear();
	const done = await saysNotMe(newBrowser(app), link);
	expect(done.text).toContain("so it could not be put back");
	expect((await app.inbox.latest(avery)).text).toContain("so it could not be put back");
	expect(await passwordLinkAfter(app, casey)).toContain(paths.setPassword.to(""));
	expect((await app.inbox.all(THIEFS_EMAIL)).flatMap(({ links }) => links)).toEqual([]);
});

test("a link left in the mailbox does not undo what its owner did after choosing another one of the same events", async () => {
	await using app = await startApp();
	const thief = newBrowser(app);
	await signIn(thief, casey);
	await setUpAuthenticatorApp(thief);
	const first = await notMeLink(app, casey, "Authenticator App was set up");
	app.clock.forward(minutes(5));
	await (await thief.open(paths.password)).submit(
		{ "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD },
		"Change password",
	);
	const later = await notMeLink(app, casey, "Your password was changed");
	const home = newBrowser(app);
	await saysNotMe(home, first);
	await chooseNewPassword(home, await passwordLinkAfter(app, casey), OWNERS_NEW);
	const before = await doorsKept(app);
	expect((await newBrowser(app).send(later, { method: "POST", form: {} })).status).toBe(410);
	expect(await doorsKept(app)).toEqual(before);
	expect((await signIn(home, casey, OWNERS_NEW)).errors).toEqual([]);
});

test("the link of an earlier event still works, and what the owner set up since stays the second step of whoever uses it", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	await (await desk.open(paths.password)).submit(
		{ "Current password": DEMO_PASSWORD, "New password": NEW_PASSWORD },
		"Change password",
	);
	const earlier = await notMeLink(app, casey, "Your password was changed");
	app.clock.forward(minutes(5));
	const owner = await setUpAuthenticatorApp(desk, NEW_PASSWORD);
	app.clock.forward(days(1));
	const thief = newBrowser(app);
	await saysNotMe(thief, earlier);
	await chooseNewPassword(thief, await passwordLinkAfter(app, casey), "the thief's own words here");
	await signIn(thief, casey, "the thief's own words here");
	await postCode(thief, owner.authenticator.code());
	expect(await isIn(thief)).toBe(false);
	expect((await thief.open(paths.account)).path).toContain(paths.signIn);
	expect((await thief.open(paths.verify)).links).not.toContain("Not now");
});

test("it is the link's person to whom it happens, whosever session the browser holds, and only at their clinic", async () => {
	await using app = await startApp();
	const caseys = await ownerWithApp(app, casey);
	const averys = await ownerWithApp(app, avery);
	const link = await notMeLink(app, casey);
	await saysNotMe(averys.desk, link);
	expect(await isIn(averys.desk)).toBe(true);
	expect(await isIn(caseys.desk)).toBe(false);
	app.clock.forward(minutes(1));
	expect((await signInWithCode(newBrowser(app), avery, averys.authenticator)).heading).toBe("My Account");

	await using two = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(two);
	await chooseNewPassword(harbour.browser(), harbour.invitation);
	await chooseNewPassword(maple.browser(), maple.invitation);
	const ofHarbour = await notMeLink(two, "sasha@physio.example");
	const token = new URL(ofHarbour).pathname;
	const [here, there] = ofHarbour.startsWith(harbour.origin) ? [harbour, maple] : [maple, harbour];
	const before = await doorsKept(two);
	expect((await there.browser().open(token)).status).toBe(410);
	expect((await there.browser().send(token, { method: "POST", form: {} })).status).toBe(410);
	expect(await doorsKept(two)).toEqual(before);
	expect((await here.browser().open(token)).status).toBe(200);
});

/** Sends a code whether or not a page asks for it. */
async function postCode(browser: Browser, code: string): Promise<void> {
	await browser.send(paths.verify, {
		method: "POST",
		form: { "form-token": formToken(browser, "signIn"), code, method: "authenticator-app" },
	});
}

/** Changes Casey's email from a session, with the new mailbox in the same hands. */
async function changeEmail(app: App, browser: Browser, to: string, from = casey): Promise<void> {
	await signIn(browser, from);
	await (await browser.open(paths.changeEmail)).submit(
		{ "New email": to, Password: DEMO_PASSWORD },
		"Send the confirmation",
	);
	const link = (await app.inbox.latest(to)).links.find((each) => each.includes(paths.confirmEmail.to("")));
	await (await browser.openFromEmail(link ?? "")).submit({}, "Confirm this email");
}
