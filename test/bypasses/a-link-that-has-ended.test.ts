import { expect, test } from "vitest";
import { days, hours, minutes } from "../../src/clock.ts";
import { PlainToken } from "../../src/crypto/tokens.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { deactivate, invite, reactivate } from "../harness/by-operator.ts";
import { avery, casey, devon, signIn } from "../harness/people.ts";
import { cookies, isIn, withOnly } from "./cookies-of.ts";
import { chooseNewPassword, linkFor, NEW_PASSWORD, ownerWithApp } from "./owners.ts";
import { manyClinics, sasha, twoClinics } from "./two-clinics.ts";
import { countEvents, doorsKept } from "./what-is-kept.ts";

const THIRD = "seven otters fold maps";

/** Opens the link, and posts its form as if the page had been open since before. */
async function expectDead(app: App, link: string, browser = newBrowser(app)): Promise<void> {
	const before = await doorsKept(app);
	const opened = await browser.openFromEmail(link);
	expect(opened.status).toBe(410);
	expect(opened.heading).toBe("This link doesn't work any more");
	expect(opened.fields).toEqual([]);
	const posted = await browser.post(link, { "new-password": THIRD });
	expect(posted.status).toBe(410);
	expect(await doorsKept(app)).toEqual(before);
}

test("a link that was used sets no second password", async () => {
	await using app = await startApp();
	const link = await linkFor(app, casey);
	await chooseNewPassword(newBrowser(app), link);
	await expectDead(app, link);
	expect((await signIn(newBrowser(app), casey, NEW_PASSWORD)).heading).toBe("My Account");
});

test("a link is over after its hour, an invitation after its seven days, and not before", async () => {
	await using app = await startApp();
	const reset = await linkFor(app, casey);
	const invited = await invite(app, {
		name: "Gale Roy",
		email: "gale@harbour.example",
		access: "limited",
		mobile: null,
	});
	if (invited.kind !== "invited") throw new Error("Gale was not invited");
	const invitation = invited.link.url;

	app.clock.forward(minutes(59));
	expect((await newBrowser(app).openFromEmail(reset)).status).toBe(200);
	app.clock.forward(minutes(1));
	await expectDead(app, reset);
	app.clock.forward(days(7) - hours(2));
	expect((await newBrowser(app).openFromEmail(invitation)).status).toBe(200);
	app.clock.forward(hours(1));
	await expectDead(app, invitation);
});

test("every link sent ends when one of them is used, when the password is changed, and when somebody is deactivated", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	const [first, second, third] = [
		await linkFor(app, casey, desk),
		await linkFor(app, casey, desk),
		await linkFor(app, casey, desk),
	];
	await chooseNewPassword(newBrowser(app), second);
	for (const link of [first, second, third]) await expectDead(app, link);

	await signIn(desk, casey, NEW_PASSWORD);
	const fourth = await linkFor(app, casey, desk);
	const page = await desk.open(paths.password);
	await page.submit({ "Current password": NEW_PASSWORD, "New password": THIRD }, "Change password");
	await expectDead(app, fourth);

	const fifth = await linkFor(app, casey, desk);
	expect((await deactivate(app, casey)).kind).toBe("deactivated");
	await expectDead(app, fifth);
	expect((await reactivate(app, casey)).kind).toBe("reactivated");
	await expectDead(app, fifth);
});

test("a form of a link that was opened before it ended sets nothing", async () => {
	await using app = await startApp();
	const [thiefs, owners] = [await linkFor(app, casey), await linkFor(app, casey)];
	const open = await newBrowser(app).openFromEmail(thiefs);
	await chooseNewPassword(newBrowser(app), owners);
	const before = await doorsKept(app);
	const late = await open.submit({ "New password": THIRD }, "Save password");
	expect(late.status).toBe(410);
	expect(await doorsKept(app)).toEqual(before);
});

test("links used at the same moment set one password, and one that ended at that moment sets none", async () => {
	await using app = await startApp();
	const links = [await linkFor(app, casey), await linkFor(app, casey), await linkFor(app, casey)];
	const forms = await Promise.all(links.map((link) => newBrowser(app).openFromEmail(link)));
	const twice = [...forms, ...forms];
	const done = await Promise.all(
		twice.map((form, nth) => form.submit({ "New password": `${THIRD} ${nth}` }, "Save password")),
	);
	expect(done.filter(({ status }) => status === 410)).toHaveLength(5);
	expect(await countEvents(app, "password-set")).toBe(1);
	const set = done.findIndex(({ status }) => status !== 410);
	expect((await signIn(newBrowser(app), casey, `${THIRD} ${set}`)).heading).toBe("My Account");
});

test("opening a link, as mail scanners do, neither spends it nor changes anything", async () => {
	await using app = await startApp();
	const link = await linkFor(app, casey);
	const before = await doorsKept(app);
	for (const method of ["GET", "HEAD", "OPTIONS"]) {
		for (let times = 0; times < 3; times++) {
			await newBrowser(app).send(link, { method, coming: "by a link elsewhere" });
		}
	}
	expect(await doorsKept(app)).toEqual(before);
	expect((await chooseNewPassword(newBrowser(app), link)).path).toBe(`${paths.signIn}?notice=password-set`);
});

test("a link sets the password of its own person only, whoever is signed in and whatever the form names", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const link = await linkFor(app, casey);
	const thief = newBrowser(app);
	await signIn(thief, devon);
	const before = await doorsKept(app);
	const form = {
		"new-password": NEW_PASSWORD,
		email: avery,
		profile: avery,
		profileId: avery,
		kind: "invitation",
	};
	await thief.post(`${link}?email=${avery}`, form);
	const after = await doorsKept(app);
	const changed = after.passwords?.filter(({ hash }) => !before.passwords?.some((row) => row.hash === hash));
	const [person] = after.profiles?.filter(({ email }) => email === casey) ?? [];
	expect(changed?.map(({ profile_id }) => profile_id)).toEqual([person?.profile_id]);
	expect((await signIn(newBrowser(app), avery)).path).toBe(paths.verify);
});

test("a link gives no session, and its token is none", async () => {
	await using app = await startApp();
	const link = await linkFor(app, casey);
	const token = link.split("/").at(-1) ?? "";
	const browser = newBrowser(app);
	for (const name of [cookies.session, cookies.signIn]) {
		expect(await isIn(withOnly(browser, name, token))).toBe(false);
		const holder = withOnly(browser, name, token);
		expect((await holder.open(paths.verify)).path).toBe(`${paths.signIn}?notice=over`);
	}
	await chooseNewPassword(browser, link);
	expect(await isIn(browser)).toBe(false);
	expect(browser.cookies.get(cookies.session)).toBeUndefined();
});

test("a link made up, cut, lengthened, or read from the database is dead", async () => {
	await using app = await startApp();
	const link = await linkFor(app, casey);
	const [row] = await app.database.backdoor.selectFrom("password_links").selectAll().execute();
	const token = link.split("/").at(-1) ?? "";
	const made = [
		PlainToken.fresh().reveal(),
		token.slice(0, -1),
		`${token}A`,
		token.toLowerCase(),
		row?.token_hash ?? "",
		row?.link_id ?? "",
		`%00${token}`,
		`${token}%20`,
	];
	for (const text of made) {
		const reply = await newBrowser(app).send(paths.setPassword.to(text), {
			method: "POST",
			form: { "new-password": THIRD },
		});
		expect([400, 404, 410], text).toContain(reply.status);
	}
	expect(await countEvents(app, "password-set")).toBe(0);
	expect((await signIn(newBrowser(app), casey, DEMO_PASSWORD)).heading).toBe("My Account");
});

test("a link of one clinic is dead at another, also for the same email, and works at its own", async () => {
	await using app = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(app);
	expect(harbour.invitation.startsWith(harbour.origin)).toBe(true);
	const token = harbour.invitation.split("/").at(-1) ?? "";
	await expectDead(app, `${maple.origin}${paths.setPassword.to(token)}`, maple.browser());
	// Not even with the other clinic's name in the Host header of a request to it.
	const { host } = new URL(maple.origin);
	const headers = { host, origin: maple.origin };
	const form = { "new-password": THIRD };
	const reply = await harbour.browser().send(paths.setPassword.to(token), { method: "POST", form, headers });
	expect(reply.status).toBe(410);
	await chooseNewPassword(harbour.browser(), harbour.invitation);
	expect((await signIn(harbour.browser(), sasha, NEW_PASSWORD)).heading).toBe("My Account");
	expect((await signIn(maple.browser(), sasha, NEW_PASSWORD)).status).toBe(422);
});
