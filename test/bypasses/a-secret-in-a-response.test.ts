import { expect, test } from "vitest";
import { minutes, seconds } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths, textSetUpPaths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser, type Reply } from "../harness/browser.ts";
import { avery, beginTextSetUp, casey, scanKey, signIn } from "../harness/people.ts";
import { cookies, formToken } from "./cookies-of.ts";
import { everyPlace, tryAt } from "./every-address.ts";
import {
	enterCode,
	linkFor,
	NEW_PASSWORD,
	type Owner,
	ownerWithApp,
	ownerWithTexts,
	waitingAtTheCode,
} from "./owners.ts";
import { everythingKept } from "./what-is-kept.ts";

/** What no answer may hold: each secret of this person, as people write it and as programs do. */
async function secretsOf(app: App, { authenticator, recoveryCode }: Owner): Promise<string[]> {
	const now = app.clock.now();
	const codes = [-1, 0, 1, 2].map((step) => authenticator.codeAt(now + step * seconds(30)));
	const recovery = [recoveryCode, recoveryCode.replaceAll(" ", ""), recoveryCode.replaceAll(" ", "-")];
	const key = [authenticator.secret, authenticator.secret.match(/.{4}/g)?.join(" ") ?? ""];
	const kept = Object.values(await everythingKept(app)).flat();
	const hidden = kept.flatMap((row) => [row.hash, row.token_hash, row.sealed_secret, row.sealed_code]);
	const stored = hidden.filter((text): text is string => typeof text === "string");
	return [...codes, ...recovery, ...key, DEMO_PASSWORD, ...stored];
}

function expectNoneIn(reply: Reply, secrets: readonly string[], where: string): void {
	const all = `${JSON.stringify(reply.headers)}\n${reply.body}`;
	// A code is six digits by themselves: those inside a longer number or a token are none.
	const found = secrets.filter((secret) =>
		/^\d{6}$/.test(secret) ? new RegExp(`(?<![\\w-])${secret}(?![\\w-])`).test(all) : all.includes(secret),
	);
	expect(found, where).toEqual([]);
}

/** Asks for every page and sends every form, with whatever the browser holds. */
async function lookEverywhere(
	app: App,
	browser: Browser,
	secrets: readonly string[],
	of: "session" | "signIn",
) {
	const form = {
		"form-token": formToken(browser, of),
		email: avery,
		password: "not the password at all",
		code: "000000",
		"recovery-code": "0".repeat(20),
		way: "authenticator-app",
	};
	for (const place of everyPlace(app)) {
		const where = `${place.method} ${place.address}`;
		expectNoneIn(await tryAt(browser, place, form), secrets, where);
	}
}

test("no answer to somebody at the second step holds the code, the key, the Recovery Code or a hash", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	app.clock.forward(minutes(1));
	const thief = await waitingAtTheCode(app, avery);
	await lookEverywhere(app, thief, await secretsOf(app, owner), "signIn");
});

test("no page of a session shows the key, the Recovery Code or a hash once they were saved", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	await lookEverywhere(app, owner.desk, await secretsOf(app, owner), "session");
});

test("the setup key is on one page of the set-up, for the session that began it, and nowhere afterwards", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const other = newBrowser(app);
	await signIn(other, avery);
	let page = await desk.open(paths.authenticatorApp);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	const { secret, ...rest } = scanKey(page, desk);
	const set = setUpPaths(paths.authenticatorApp);
	const isOnKeyPage = ({ address }: { address: string }) => address === set.key;

	for (const place of everyPlace(app)) {
		const where = `${place.method} ${place.address}`;
		if (!isOnKeyPage(place)) expectNoneIn(await tryAt(desk, place), [secret], where);
		expectNoneIn(await tryAt(other, place), [secret], where);
	}
	expect((await desk.send(set.key)).body.toString()).toContain(secret);
	expect(rest).toBeDefined();
});

test("a form that comes back holds no password and no code of those typed", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const link = await linkFor(app, casey);
	const typed = {
		password: "typed password for nothing",
		"new-password": "typedshort",
		code: "135790",
		"recovery-code": "7777-7777-7777-7777-7777",
	};
	const sent: [Browser, string, Record<string, string>][] = [
		[newBrowser(app), paths.signIn, { email: avery }],
		[newBrowser(app), new URL(link).pathname, {}],
		[thief, paths.verify, { "form-token": formToken(thief, "signIn") }],
		[thief, paths.signInRecoveryCode, { "form-token": formToken(thief, "signIn") }],
		[desk, paths.password, { "form-token": formToken(desk, "session") }],
		[desk, paths.authenticatorApp, { "form-token": formToken(desk, "session") }],
		[desk, paths.newRecoveryCode, { "form-token": formToken(desk, "session") }],
	];
	for (const [browser, address, form] of sent) {
		const reply = await browser.copy().send(address, { method: "POST", form: { ...form, ...typed } });
		expect(reply.status, address).toBe(422);
		expectNoneIn(reply, Object.values(typed), address);
	}
});

test("no address that anybody is led to holds a secret, and no cookie another one than its own", async () => {
	await using app = await startApp();
	const link = await linkFor(app, avery);
	const browser = newBrowser(app);
	const set = await browser.send(new URL(link).pathname, {
		method: "POST",
		form: { "new-password": NEW_PASSWORD },
	});
	const login = { email: avery, password: NEW_PASSWORD };
	const signedIn = await browser.send(paths.signIn, { method: "POST", form: login });
	for (const { headers } of [set, signedIn]) {
		expect(headers.location).toMatch(/^\/(sign-in\?notice=password-set)?$/);
	}
	const lines = signedIn.headers["set-cookie"] ?? [];
	expect(lines.map((line) => line.split("=")[0]).sort()).toEqual(
		[cookies.browser, cookies.session, cookies.signIn].sort(),
	);
	for (const line of lines) expect(line).toMatch(/^[a-z-]+=([\w-]{43})?;/);
});

test("the code that was texted is in no answer, to whoever waits for it at sign-in or in a set-up", async () => {
	await using app = await startApp();
	const { desk, number } = await ownerWithTexts(app, avery);
	const waiting = await waitingAtTheCode(app, avery);
	const atSignIn = (await app.texts.latest(number)).code;
	app.clock.forward(seconds(31));
	await (await beginTextSetUp(desk)).click("Next");
	const inSetUp = (await app.texts.latest(number)).code;
	const ends: string[] = [paths.cancelSignIn, paths.signOut];
	const form = { code: "1", way: "text-message", kind: "text-message", mobile: "6" };
	let looked = 0;
	for (const [browser, of] of [
		[waiting, "signIn"],
		[desk, "session"],
	] as const) {
		const token = { "form-token": formToken(browser, of) };
		for (const place of everyPlace(app).filter(({ address }) => !ends.includes(address))) {
			const reply = await tryAt(browser, place, { ...form, ...token });
			// Nor the whole number, to whoever has only the password.
			const secrets = [
				atSignIn,
				inSetUp,
				...(of === "signIn" ? [number, "604 555 0101", "604-555-0101"] : []),
			];
			expectNoneIn(reply, secrets, `${place.method} ${place.address}`);
			looked++;
		}
	}
	expect(looked).toBeGreaterThan(80);
	// All the while both were waited for.
	expect((await enterCode(waiting, atSignIn)).heading).toBe("My Account");
	const setUp = await desk.open(textSetUpPaths(paths.textMessage).code);
	expect((await setUp.submit({ "Verification code": inSetUp }, "Submit")).heading).toBe(
		"Save your Recovery Code",
	);
});
