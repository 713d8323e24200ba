import { request } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { avery, casey, signIn, signOut } from "../harness/people.ts";
import { cookies, formToken, isIn, withMadeUp, withOnly } from "./cookies-of.ts";
import { everyPlace, isPageOfASignIn, seenIn, tryAt } from "./every-address.ts";
import { enterCode, ownerWithApp, waitingAtTheCode } from "./owners.ts";
import { countSessions, doorsKept } from "./what-is-kept.ts";

/** Somebody who holds these cookies is answered everywhere as somebody who has none, or none that opens anything. */
async function expectNothingOpensFor(
	app: App,
	holder: Browser,
	form: Record<string, string>,
	nobody = newBrowser(app),
): Promise<void> {
	nobody.address = holder.address;
	let tried = 0;
	for (const place of everyPlace(app)) {
		if (isPageOfASignIn(place.address)) continue;
		const where = `${place.method} ${place.address}`;
		expect(seenIn(await tryAt(holder, place, form)), where).toEqual(seenIn(await tryAt(nobody, place, form)));
		tried++;
	}
	expect(tried).toBeGreaterThan(25);
}

test("a sign-in that waits for its code opens no page but its own, whatever is asked for and how", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const before = await doorsKept(app);

	await expectNothingOpensFor(app, thief, { "form-token": formToken(thief, "signIn") });

	expect(await isIn(thief)).toBe(false);
	expect(await doorsKept(app)).toEqual(before);
});

test("the pages of a sign-in give no session to who has no code, whatever the form says", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const sessions = await countSessions(app);
	const form = {
		"form-token": formToken(thief, "signIn"),
		way: "none",
		answer: "keep",
		saved: "on",
		"sign-out": "on",
		step: "session",
		verified: "true",
	};

	for (const place of everyPlace(app).filter(({ address }) => isPageOfASignIn(address))) {
		const { cookies: set, location } = seenIn(await tryAt(thief, place, form));
		const where = `${place.method} ${place.address}`;
		expect(set?.filter((line) => !line.startsWith(`${cookies.signIn}=;`)) ?? [], where).toEqual([]);
		expect(location ?? paths.signIn, where).toMatch(/^\/sign-in/);
	}
	expect(await countSessions(app)).toBe(sessions);
});

test("the address of a page written another way opens no more than the page", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const spellings = [
		"/ACCOUNT",
		"/account/",
		"//account",
		"/account//2-step-verification",
		"/account;a=b",
		"/account%2f2-step-verification",
		"/%61ccount",
		"/sign-in/../account",
		"/sign-in/%2e%2e/account",
		"/sign-in/verify/../../account",
		"/sign-in/verify;/account",
		"/account?return=/sign-in/verify",
		"/account.css",
		"/account%00",
		"/vestibule/../account",
		`${app.url.origin}/account`,
	];
	for (const address of spellings) {
		const { status, location, body } = await askedAsWritten(thief, address);
		expect([303, 400, 404], address).toContain(status);
		expect(location ?? paths.signIn, address).toMatch(/^\/sign-in/);
		expect(body, address).not.toContain("Avery");
	}
});

/** A browser would first tidy the address up; an attacker's program does not. */
async function askedAsWritten({ app, cookies: jar }: Browser, path: string) {
	const headers = { host: app.url.host, cookie: jar.header("from this site", app.clock.now()) };
	return new Promise<{ status?: number; location?: string; body: string }>((resolve, reject) => {
		const asking = request({ host: "127.0.0.1", port: app.port, path, headers }, async (answer) => {
			const body = await text(answer);
			resolve({ status: answer.statusCode, location: answer.headers.location, body });
		});
		asking.on("error", reject).end();
	});
}

test("no other secret, nor anything that a copy of the database holds, is a session when sent as one", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const { backdoor } = app.database;
	const [session] = await backdoor.selectFrom("sessions").selectAll().execute();
	const [waiting] = await backdoor.selectFrom("sign_ins").selectAll().execute();
	const [known] = await backdoor.selectFrom("browsers").selectAll().execute();
	const pretended = {
		"the sign-in's token": thief.cookies.get(cookies.signIn),
		"the known browser's token": owner.desk.cookies.get(cookies.browser),
		"the form token of the session": formToken(owner.desk, "session"),
		"the form token of the sign-in": formToken(thief, "signIn"),
		"the hash of the session's token": session?.token_hash,
		"the session's id": session?.session_id,
		"the hash of the sign-in's token": waiting?.token_hash,
		"the hash of the browser's token": known?.browser_hash,
		"the profile's id": session?.profile_id,
		"the session's token and more": `${owner.desk.cookies.get(cookies.session)}A`,
		nothing: "",
	};
	for (const [what, value] of Object.entries(pretended)) {
		if (value === undefined) throw new Error(`There is no such thing as ${what}`);
		for (const name of [cookies.session, cookies.signIn]) {
			if (what === "the sign-in's token" && name === cookies.signIn) continue;
			const holder = withOnly(thief, name, value);
			expect(await isIn(holder), `${what} as ${name}`).toBe(false);
			for (const path of [paths.account, paths.twoStep, paths.verify, paths.password]) {
				const reply = await holder.send(path);
				expect(reply.headers.location, `${what} as ${name} at ${path}`).toMatch(/^\/sign-in(\?|$)/);
			}
		}
	}
	expect(await isIn(withOnly(thief, cookies.session, owner.desk.cookies.get(cookies.session) ?? ""))).toBe(
		true,
	);
});

test("a known browser without its session opens nothing", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	await signOut(desk);
	expect(desk.cookies.get(cookies.browser)).toBeDefined();
	await expectNothingOpensFor(app, desk, {});
});

test("the cookie of a session that was signed out of opens nothing any more", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	const thief = desk.copy();
	const token = formToken(thief, "session");
	expect(await isIn(thief)).toBe(true);
	await signOut(desk);
	const nobody = withMadeUp(newBrowser(app), cookies.session);
	await expectNothingOpensFor(app, thief, { "form-token": token }, nobody);
});

test("the cookie of a sign-in that is finished or cancelled opens nothing any more", async () => {
	await using app = await startApp();
	const { authenticator } = await ownerWithApp(app, avery);

	const owner = await waitingAtTheCode(app, avery);
	const thief = owner.copy();
	await enterCode(owner, authenticator.code());
	expect((await thief.open(paths.verify)).path).toBe(`${paths.signIn}?notice=over`);

	const cancelling = await waitingAtTheCode(app, avery);
	const copied = cancelling.copy();
	await (await cancelling.open(paths.verify)).click("Cancel");
	expect((await copied.open(paths.verify)).path).toBe(`${paths.signIn}?notice=over`);
	expect(await isIn(thief)).toBe(false);
	expect(await isIn(copied)).toBe(false);
});

test("finishing one's own sign-in does not finish that of somebody else in the same browser", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const waiting = thief.cookies.get(cookies.signIn) ?? "";

	// Casey has no second step: this ends in a session of Casey's.
	await signIn(thief, casey);
	thief.cookies.set(cookies.signIn, waiting);
	const account = await thief.open(paths.account);
	expect(account.text).toContain("Casey Singh");
	expect(account.text).not.toContain("Avery");
	await thief.open(paths.verify);
	expect((await thief.open(paths.account)).text).toContain("Casey Singh");
});
