import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { findClinic } from "../../src/clinics/store.ts";
import { paths, setUpPaths, textSetUpPaths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser, type Reply } from "../harness/browser.ts";
import { deactivate, giveCode, reactivate, resetSecondStep } from "../harness/by-operator.ts";
import {
	casey,
	emailedCode,
	proveByEmail,
	requireFrom,
	scanKey,
	setUpInSignIn,
	signIn,
} from "../harness/people.ts";
import { cookies, formToken, isIn, withOnly } from "./cookies-of.ts";
import { everyPlace, isPageOfASignIn, type Place, seenIn } from "./every-address.ts";
import { chooseNewPassword, linkFor, NEW_PASSWORD, ownerWithApp } from "./owners.ts";
import { countSessions, doorsKept } from "./what-is-kept.ts";

const TODAY = "2026-12-07";
const NEXT_WEEK = "2026-12-14";
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const inApp = setUpPaths(paths.signInAuthenticatorApp);
const inTexts = textSetUpPaths(paths.signInTextMessage);

/** How far somebody with the password alone has come, and the pages that are theirs there. */
type Stage = {
	name: string;
	/** What is so before; else the clinic requires 2-Step Verification from today. */
	before?: (app: App) => Promise<unknown>;
	come: (browser: Browser) => Promise<unknown>;
	pages: string[];
	/** Nothing requires a set-up: **Not now** is a right answer. */
	isOffered?: true;
};

const stages: Stage[] = [
	{
		name: "before the emailed code",
		come: async () => {},
		pages: [paths.emailedCode, paths.signInTemporaryCode],
	},
	{
		name: "with the code on its way",
		come: (browser) => browser.page.click("Email me a code"),
		pages: [paths.emailedCode, paths.signInTemporaryCode],
	},
	{
		name: "at the forced set-up",
		come: (browser) => proveByEmail(browser, casey),
		pages: [paths.signInSetUp],
	},
	{
		name: "with the setup key shown",
		async come(browser) {
			await (await proveByEmail(browser, casey)).submit({}, "Set up now");
		},
		pages: [paths.signInSetUp, inApp.key, inApp.code],
	},
	{
		name: "with the set-up's text message sent",
		async come(browser) {
			const texts = { "What do you want to set up?": "Text Message (SMS)" };
			const number = await (await proveByEmail(browser, casey)).submit(texts, "Set up now");
			await number.click("Next");
		},
		pages: [paths.signInSetUp, inTexts.number, inTexts.code],
	},
];

/** What stands between password and session where a colleague or the operator turned the method off. */
const stagesOfAReset: Stage[] = [
	{
		name: "after a reset, before the emailed code",
		before: resetOf,
		come: async () => {},
		pages: [paths.emailedCode, paths.signInTemporaryCode],
	},
	{
		name: "after a reset, with the code on its way",
		before: resetOf,
		come: (browser) => browser.page.click("Email me a code"),
		pages: [paths.emailedCode, paths.signInTemporaryCode],
	},
	{
		name: "after a reset, with a password from the same mailbox",
		async before(app) {
			await resetOf(app);
			await chooseNewPassword(newBrowser(app), await linkFor(app, casey), NEW_PASSWORD);
		},
		come: (browser) => signIn(browser, casey, NEW_PASSWORD),
		pages: [paths.emailedCode, paths.signInTemporaryCode],
	},
	{
		name: "after a reset, at the prompt",
		before: resetOf,
		come: (browser) => proveByEmail(browser, casey),
		pages: [paths.signInSetUp],
		isOffered: true,
	},
	{
		name: "after a reset, with the setup key shown",
		before: resetOf,
		async come(browser) {
			await (await proveByEmail(browser, casey)).submit({}, "Set up now");
		},
		pages: [paths.signInSetUp, inApp.key, inApp.code],
		isOffered: true,
	},
	{
		name: "after a reset, at the forced set-up by a temporary code",
		async before(app) {
			await resetOf(app);
			await requireFrom(app, TODAY);
		},
		async come(browser) {
			const code = await giveCode(browser.app, casey);
			const enter = await browser.open(paths.signInTemporaryCode);
			await enter.submit({ "Temporary code": code }, "Submit");
		},
		pages: [paths.signInSetUp],
	},
];

async function resetOf(app: App): Promise<void> {
	await ownerWithApp(app, casey);
	await resetSecondStep(app, casey);
}

async function comeTo(app: App, stage: Stage): Promise<Browser> {
	await (stage.before ?? ((it) => requireFrom(it, TODAY)))(app);
	const browser = newBrowser(app);
	await signIn(browser, casey);
	await stage.come(browser);
	await app.drain();
	return browser;
}

/** Every address of every route, with every method, whether or not the route has it. */
function everywhere(app: App): Place[] {
	const addresses = [...new Set(everyPlace(app).map(({ address }) => address))];
	// All pages first, as they are before anything is posted.
	return METHODS.flatMap((method) => addresses.map((address) => ({ method, address })));
}

function ask(
	browser: Browser,
	{ method, address }: Place,
	more: Record<string, string> = {},
): Promise<Reply> {
	const form = {
		...tokenOf(browser),
		code: "000000",
		kind: "authenticator-app",
		answer: "keep",
		saved: "on",
	};
	return browser.copy().send(address, { method, headers: more, ...(method === "POST" ? { form } : {}) });
}

function tokenOf(browser: Browser): Record<string, string> {
	return browser.cookies.get(cookies.signIn) ? { "form-token": formToken(browser, "signIn") } : {};
}

describe.each([...stages, ...stagesOfAReset])("a sign-in $name", (stage) => {
	test("is nobody on every page but its own, by whatever method", async () => {
		await using app = await startApp();
		const holder = await comeTo(app, stage);
		const nobody = newBrowser(app);
		nobody.address = holder.address;
		const before = await doorsKept(app);
		let tried = 0;
		for (const place of everywhere(app).filter(({ address }) => !isPageOfASignIn(address))) {
			// Sign in is everybody's; to begin anew there ends this one.
			if (place.address === paths.signIn) continue;
			const where = `${place.method} ${place.address}`;
			expect(seenIn(await ask(holder, place)), where).toEqual(seenIn(await ask(nobody, place)));
			tried++;
		}
		expect(tried).toBeGreaterThan(200);
		expect(await doorsKept(app)).toEqual(before);
		expect(await isIn(holder)).toBe(false);
	});

	test("is given no session by any page of a sign-in, and only its own are there", async () => {
		await using app = await startApp();
		const holder = await comeTo(app, stage);
		const shown = new Set<string>();
		for (const place of everywhere(app).filter(({ address }) => isPageOfASignIn(address))) {
			if (place.address === paths.cancelSignIn) continue;
			if (stage.isOffered && place.address === paths.declineSetUp) continue;
			const { status, location, cookies: set } = seenIn(await ask(holder, place));
			const where = `${place.method} ${place.address}`;
			expect(set, where).toBeUndefined();
			expect(location ?? paths.signIn, where).toMatch(/^\/sign-in/);
			if (place.method === "GET" && status === 200) shown.add(place.address);
		}
		expect([...shown].sort()).toEqual([...stage.pages, paths.signInHelp].sort());
		// All of it was asked of a sign-in that still stands.
		expect((await holder.open(stage.pages[0] ?? "")).path).toBe(stage.pages[0]);
		expect(await countSessions(app)).toBe(0);
		expect((await doorsKept(app)).methods).toEqual([]);
	});
});

test("no header makes more of a sign-in", async () => {
	await using app = await startApp();
	const holder = await comeTo(app, stages[2] as Stage);
	const nobody = newBrowser(app);
	nobody.address = holder.address;
	const token = holder.cookies.get(cookies.signIn) ?? "";
	const [person] = await app.database.backdoor.selectFrom("profiles").selectAll().execute();
	const headers: Record<string, string>[] = [
		{ "x-original-url": paths.account },
		{ "x-rewrite-url": paths.account },
		{ "x-original-uri": paths.signInSetUp },
		{ "x-forwarded-uri": paths.signInSetUp, "x-forwarded-method": "GET" },
		{ "x-forwarded-prefix": "/sign-in" },
		{ "x-http-method-override": "POST" },
		{ "x-http-method": "GET" },
		{ "x-method-override": "PUT" },
		{ "x-middleware-subrequest": "middleware" },
		{ "x-requested-with": "XMLHttpRequest", accept: "application/json" },
		{ authorization: `Bearer ${token}` },
		{ "vestibule-profile": person?.profile_id ?? "", "vestibule-signed-in-by": "authenticator-app" },
		{ referer: `${app.url.origin}${paths.recoveryCode}` },
		{ "sec-fetch-dest": "iframe" },
		{ "x-forwarded-for": "127.0.0.1" },
	];
	const places = [
		paths.home,
		paths.account,
		paths.twoStep,
		paths.recoveryCode,
		paths.authCheck,
		paths.signInSetUp,
	];
	for (const more of headers) {
		for (const address of places) {
			for (const method of ["GET", "POST"]) {
				const where = `${method} ${address} with ${Object.keys(more)}`;
				const reply = await ask(holder, { method, address }, more);
				expect(reply.headers["set-cookie"]?.join() ?? "", where).not.toMatch(/vestibule-session=[^;]/);
				if (address === paths.signInSetUp) continue;
				expect(seenIn(reply), where).toEqual(seenIn(await ask(nobody, { method, address }, more)));
			}
		}
	}
	expect(await countSessions(app)).toBe(0);
	expect((await holder.open(paths.signInSetUp)).path).toBe(paths.signInSetUp);
});

test("its cookie sent as a session, or a finished one's as a sign-in, opens nothing", async () => {
	await using app = await startApp();
	const holder = await comeTo(app, stages[2] as Stage);
	const token = holder.cookies.get(cookies.signIn) ?? "";
	const asSession = withOnly(holder, cookies.session, token);
	expect(await isIn(asSession)).toBe(false);
	expect((await asSession.send(paths.account)).headers.location).toMatch(/^\/sign-in/);

	await setUpInSignIn(holder);
	const session = holder.cookies.get(cookies.session) ?? "";
	for (const value of [token, session]) {
		const late = withOnly(holder, cookies.signIn, value);
		for (const address of [paths.signInSetUp, paths.emailedCode, inApp.key]) {
			expect((await late.send(address)).headers.location, address).toBe(`${paths.signIn}?notice=over`);
		}
	}
});

test("Not now is no answer to what is forced, whatever the form says", async () => {
	for (const stage of [...stages, ...stagesOfAReset].filter(({ isOffered }) => !isOffered)) {
		await using app = await startApp();
		const holder = await comeTo(app, stage);
		const reply = await holder.copy().send(paths.declineSetUp, {
			method: "POST",
			form: { ...tokenOf(holder), by: "2099-01-01", step: "offer-set-up", "not-now": "on" },
		});
		expect(reply.headers.location, stage.name).toBe(stage.pages[0]);
		expect(reply.headers["set-cookie"], stage.name).toBeUndefined();
		expect(await countSessions(app), stage.name).toBe(0);
	}
});

test("a set-up begun before the date is not finished after it without the emailed code", async () => {
	await using app = await startApp();
	await requireFrom(app, NEXT_WEEK);
	const browser = newBrowser(app);
	const key = await (await signIn(browser, casey)).submit({}, "Set up now");
	const authenticator = scanKey(key, browser);
	const enter = await key.click("Next");
	await requireFrom(app, TODAY);
	const prove = await enter.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(prove.path).toBe(paths.emailedCode);
	for (const address of [inApp.key, inApp.code, paths.signInSetUp]) {
		expect((await browser.open(address)).path, address).toBe(paths.emailedCode);
	}
	expect((await doorsKept(app)).methods).toEqual([]);
	expect(await countSessions(app)).toBe(0);
});

test("a set-up whose code is being looked at when the rule comes into force turns nothing on", async () => {
	await using app = await startApp();
	await requireFrom(app, NEXT_WEEK);
	const browser = newBrowser(app);
	const key = await (await signIn(browser, casey)).submit({}, "Set up now");
	const authenticator = scanKey(key, browser);
	const enter = await key.click("Next");

	// Between what stands before the page and its write lies the hashing of the Recovery Code, which now waits in a queue.
	const before = app.database.statements.length;
	const queue = Promise.all(
		Array.from({ length: 100 }, () => app.deps.hasher.hash("somebody else's", "welcome")),
	);
	const answer = enter.submit({ "Verification code": authenticator.code() }, "Submit");
	const isPastTheGate = () => app.database.statements.slice(before).some((sql) => /from "methods"/.test(sql));
	while (!isPastTheGate()) await pause(1);
	await requireFrom(app, TODAY);
	expect((await answer).heading).toBe("This set-up has ended");
	await queue;
	expect((await doorsKept(app)).methods).toEqual([]);
	expect(await countSessions(app)).toBe(0);
});

test("a forced set-up sent in twenty times at the same moment turns on one method and gives one session", async () => {
	await using app = await startApp();
	const holder = await comeTo(app, stages[3] as Stage);
	const key = await holder.open(inApp.key);
	const authenticator = scanKey(key, holder);
	const enter = await key.click("Next");
	const form = {
		...tokenOf(holder),
		"set-up": /name="set-up" value="([^"]+)"/.exec(enter.html)?.[1] ?? "",
		code: authenticator.code(),
	};
	const replies = await Promise.all(
		Array.from({ length: 20 }, () => holder.copy().send(inApp.code, { method: "POST", form })),
	);
	const sessions = replies.filter(({ headers }) =>
		headers["set-cookie"]?.some((line) => /^vestibule-session=[^;]/.test(line)),
	);
	expect(sessions).toHaveLength(1);
	expect(replies.every(({ status }) => status < 500)).toBe(true);
	const { methods, sessions: kept } = await doorsKept(app);
	expect([methods?.length, kept?.length]).toEqual([1, 1]);
});

const changes: [what: string, change: (app: App) => Promise<unknown>][] = [
	[
		"its person was deactivated and reactivated",
		async (app) => {
			const clinic = await findClinic(app.db, "the-only-one");
			if (!clinic) throw new Error("There is no clinic");
			expect((await deactivate(app, casey)).kind).toBe("deactivated");
			expect((await reactivate(app, casey)).kind).toBe("reactivated");
		},
	],
	[
		"a new password was set",
		async (app) => chooseNewPassword(newBrowser(app), await linkFor(app, casey), NEW_PASSWORD),
	],
	[
		"a reset",
		async (app) => {
			const other = newBrowser(app);
			await signIn(other, casey);
			if (other.page.path === paths.emailedCode) await enterNewest(other);
			await setUpInSignIn(other);
			await resetSecondStep(app, casey);
		},
	],
	[
		"a method was set up elsewhere",
		async (app) => {
			const browser = newBrowser(app);
			await signIn(browser, casey);
			if (browser.page.path === paths.emailedCode) await enterNewest(browser);
			await setUpInSignIn(browser);
		},
	],
];

/** Has a code emailed where none waits, and enters the newest. */
async function enterNewest(browser: Browser): Promise<void> {
	const enter = browser.page.buttons.includes("Email me a code")
		? await browser.page.click("Email me a code")
		: browser.page;
	await enter.submit({ "Verification code": await emailedCode(browser.app, casey) }, "Submit");
}

test.each(changes)(
	"a sign-in parked anywhere on the way finishes nothing after %s",
	async (_what, change) => {
		for (const stage of stages) {
			await using app = await startApp();
			const holder = await comeTo(app, stage);
			const token = tokenOf(holder);
			const page = await holder.open(stage.pages.at(-1) ?? "");
			const setUp = /name="set-up" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
			const key = stage.pages.includes(inApp.key) ? await holder.open(inApp.key) : undefined;
			const codes = {
				[paths.emailedCode]:
					stage.name === "with the code on its way" ? await emailedCode(app, casey) : "00000000",
				[inApp.code]: key ? scanKey(key, holder).code() : "000000",
				[inTexts.code]: stage.pages.includes(inTexts.code)
					? (await app.texts.latest("+16045550103")).code
					: "000000",
			};
			await change(app);
			const before = await doorsKept(app);
			for (const [address, code] of Object.entries(codes)) {
				const form = { ...token, "set-up": setUp, code };
				const reply = await holder.copy().send(address, { method: "POST", form });
				expect(reply.headers.location, `${stage.name}: ${address}`).toBe(`${paths.signIn}?notice=over`);
			}
			expect(await doorsKept(app)).toEqual(before);
			expect(await isIn(holder)).toBe(false);
		}
	},
);
