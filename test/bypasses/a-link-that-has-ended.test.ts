import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { days, hours, minutes } from "../../src/clock.ts";
import { PlainToken } from "../../src/crypto/tokens.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { snapshot } from "../every-page/snapshot.ts";
import { type App, startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { deactivate, invite, reactivate, resetSecondStep } from "../harness/by-operator.ts";
import { avery, casey, devon, signIn } from "../harness/people.ts";
import { cookies, isIn, withOnly } from "./cookies-of.ts";
import { notMeLink, saysNotMe } from "./not-me.ts";
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

describe("whatever a link is for", () => {
	const NEW_EMAIL = "casey.new@mail.example";
	/** Everything that a link can be for, by where it leads; with the form that uses it. */
	const kinds = {
		"a new password": { at: paths.setPassword, form: { "new-password": NEW_PASSWORD }, livesMs: hours(1) },
		"a new email": { at: paths.confirmEmail, form: {}, livesMs: hours(24) },
		"This wasn't me": { at: paths.notMe, form: {}, livesMs: days(7) },
	} as const;
	type Kind = keyof typeof kinds;
	const all = Object.keys(kinds) as Kind[];
	const links = {} as Record<Kind, string>;

	let app: App;
	let restore: () => Promise<void>;
	let start: number;
	/** Casey, whose they all are, in the session in which the app was set up. */
	let desk: Awaited<ReturnType<typeof ownerWithApp>>["desk"];
	beforeAll(async () => {
		app = await startApp();
		desk = (await ownerWithApp(app, casey)).desk;
		links["This wasn't me"] = await notMeLink(app, casey);
		app.clock.forward(minutes(1));
		links["a new password"] = await linkFor(app, casey);
		const ask = await desk.open(paths.changeEmail);
		await ask.submit({ "New email": NEW_EMAIL, Password: DEMO_PASSWORD }, "Send the confirmation");
		[links["a new email"] = ""] = (await app.inbox.latest(NEW_EMAIL)).links;
		await app.drain();
		restore = await snapshot(app);
		start = app.clock.now();
	}, 60_000);
	beforeEach(async () => {
		await restore();
		app.clock.at(start);
	});
	afterAll(() => app[Symbol.asyncDispose]());

	const use = (kind: Kind) => newBrowser(app).post(links[kind], kinds[kind].form);

	async function whatWorks(): Promise<Kind[]> {
		const open: Kind[] = [];
		for (const kind of all) {
			const { status } = await newBrowser(app).openFromEmail(links[kind]);
			if (status === 200) open.push(kind);
			else await expectDead(app, links[kind]);
		}
		return open;
	}

	test("it is one of these, at each address of the running app that ends in a token", () => {
		const tokened = app.routes.map(({ pattern }) => pattern).filter((pattern) => pattern.includes(":token"));
		expect([...new Set(tokened)].sort()).toEqual(all.map((kind) => kinds[kind].at.pattern).sort());
	});

	/** What happens to Casey, and which of the links still work after it. */
	const ends: [what: string, happens: () => Promise<unknown>, working: Kind[]][] = [
		["nothing", async () => {}, all],
		["a reset", () => resetSecondStep(app, casey), ["a new password", "This wasn't me"]],
		["deactivation", () => deactivate(app, casey), []],
		[
			"deactivation and reactivation",
			async () => {
				await deactivate(app, casey);
				await reactivate(app, casey);
			},
			["This wasn't me"],
		],
		["a new password by a link", () => use("a new password"), ["This wasn't me"]],
		[
			"a new password in a session",
			async () => {
				const page = await desk.open(paths.password);
				await page.submit({ "Current password": DEMO_PASSWORD, "New password": THIRD }, "Change password");
			},
			["This wasn't me"],
		],
		["a new email confirmed", () => use("a new email"), ["This wasn't me"]],
		["This wasn't me", () => saysNotMe(newBrowser(app), links["This wasn't me"]), []],
	];

	test.each(ends)("after %s none works but those that do not end with it", async (_, happens, working) => {
		// A session's cookie that a change replaces is this test's alone.
		desk = desk.copy();
		await happens();
		expect(await whatWorks()).toEqual(working);
	});

	test.each(all)("%s: used it is dead, and after its time, and not before", async (kind) => {
		app.clock.forward(kinds[kind].livesMs - minutes(2));
		expect((await newBrowser(app).openFromEmail(links[kind])).status).toBe(200);
		app.clock.forward(minutes(2));
		await expectDead(app, links[kind]);
		app.clock.at(start);
		expect((await use(kind)).status).toBe(200);
		await expectDead(app, links[kind]);
	});

	test("a token opens what it was made for and nothing else, whole and as it was written", async () => {
		const tokenOf = (kind: Kind) => links[kind].split("/").at(-1) ?? "";
		const kept = Object.values(await doorsKept(app)).flat();
		const hashes = kept.flatMap(({ token_hash }) => (typeof token_hash === "string" ? [token_hash] : []));
		expect(hashes.length).toBeGreaterThan(3);
		for (const kind of all) {
			const own = tokenOf(kind);
			const others = all.map(tokenOf).filter((token) => token !== own);
			const cookiesOfCasey = Object.values(cookies).flatMap((name) => desk.cookies.get(name) ?? []);
			const cut = [own.slice(0, -1), `${own}A`, own.toLowerCase(), `%00${own}`, `${own}%20`];
			const before = await doorsKept(app);
			for (const token of [...others, ...cookiesOfCasey, ...hashes, ...cut, PlainToken.fresh().reveal()]) {
				const address = kinds[kind].at.to(token);
				const sent = { method: "POST", form: kinds[kind].form };
				const { status } = await newBrowser(app).send(address, sent);
				expect([400, 404, 410], `${kind}: ${token}`).toContain(status);
			}
			expect(await doorsKept(app), kind).toEqual(before);
		}
		expect(await whatWorks()).toEqual(all);
	});
});
