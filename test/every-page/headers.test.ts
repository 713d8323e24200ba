import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { paths } from "../../src/paths.ts";
import { fileAddress } from "../../src/web/files.ts";
import { everythingKept } from "../bypasses/what-is-kept.ts";
import { type App, startApp } from "../harness/app.ts";
import { newBrowser, type Reply } from "../harness/browser.ts";
import { avery, setUpAuthenticatorApp, signIn } from "../harness/people.ts";
import { everyAnswer } from "./every-answer.ts";
import { type Stage, setStage } from "./stage.ts";

const CSP =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const onEveryAnswer = {
	"content-security-policy": CSP,
	"x-content-type-options": "nosniff",
	"referrer-policy": "same-origin",
	"cross-origin-opener-policy": "same-origin",
};

let stage: Stage;
beforeAll(async () => {
	stage = await setStage();
}, 120_000);
beforeEach(() => stage.restore());
afterAll(() => stage[Symbol.asyncDispose]());

test("every answer forbids what pages do not need, and no page is kept by a browser or a proxy", async () => {
	let answers = 0;
	for await (const { about, method, reply } of everyAnswer(stage)) {
		answers++;
		expect(reply.headers, about).toMatchObject(onEveryAnswer);
		const isFile = /^text\/css/.test(reply.headers["content-type"] ?? "");
		expect(reply.headers["cache-control"], about).toBe(
			isFile ? "public, max-age=31536000, immutable" : "no-store",
		);
		expect(reply.headers["strict-transport-security"], about).toBeUndefined();
		expect(reply.headers["x-powered-by"] ?? reply.headers.server, about).toBeUndefined();
		if (method !== "GET") expect(method === "HEAD" ? reply.body.length : 0, about).toBe(0);
	}
	expect(answers).toBeGreaterThan(300);
});

test("a page of a newer version of the app is styled by what an older process has, which nobody keeps", async () => {
	const browser = newBrowser(stage.app);
	const own = fileAddress("style.css");
	const newer = own.replace(/[0-9a-f]{12}/, "0123456789ab");
	expect(newer).not.toBe(own);
	const [asked, instead] = [await browser.send(own), await browser.send(newer)];
	expect([instead.status, instead.body.equals(asked.body)]).toEqual([200, true]);
	expect(instead.headers["cache-control"]).toBe("no-store");
	expect((await browser.send(newer.replace("style.css", "elsewhere.css"))).status).toBe(404);
});

test("nothing is changed by asking: no GET, HEAD or OPTIONS, by anybody", async () => {
	// Long enough for every session to be seen again.
	stage.app.clock.forward(minutes(2));
	const before = withoutLastSeen(await everythingKept(stage.app));
	let asked = 0;
	for await (const { about, reply } of everyAnswer(stage)) {
		asked++;
		expect(reply.headers["set-cookie"]?.filter((line) => !/Max-Age=0/.test(line)) ?? [], about).toEqual([]);
	}
	expect(asked).toBeGreaterThan(300);
	expect(withoutLastSeen(await everythingKept(stage.app))).toEqual(before);
});

test("when a session was last seen is written at most once a minute", async () => {
	stage.app.clock.forward(minutes(2));
	const browser = stage.people.withMethod.browser.copy();
	const writes = () =>
		stage.app.database.statements.filter((sql) => sql.startsWith('update "sessions" set "last_seen_at"'))
			.length;
	const before = writes();
	for (let i = 0; i < 5; i++) await browser.open(paths.account);
	expect(writes()).toBe(before + 1);
});

describe("over https", () => {
	let secure: App;
	beforeAll(async () => {
		secure = await startApp({ environment: { VESTIBULE_URL: "https://sign-in.harbour.example" } });
	});
	afterAll(() => secure[Symbol.asyncDispose]());

	test("browsers are told to come by https only, for a year", async () => {
		for (const address of [paths.signIn, paths.account, "/no-such-page", "/%zz"]) {
			const { headers } = await newBrowser(secure).send(address);
			expect(headers).toMatchObject({ ...onEveryAnswer, "strict-transport-security": "max-age=31536000" });
		}
	});

	test("each step sets its own cookies, bound to this host, and the browser's only when somebody is in", async () => {
		const session = /^__Host-vestibule-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/;
		const signInCookie = /^__Host-vestibule-sign-in=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/;
		const browserCookie =
			/^__Host-vestibule-browser=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Strict$/;
		const over = (name: string) =>
			new RegExp(`^__Host-vestibule-${name}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax$`);
		const expectCookies = ({ headers }: Reply, ...shapes: RegExp[]) => {
			const set = headers["set-cookie"] ?? [];
			expect(set).toEqual(shapes.map((shape) => expect.stringMatching(shape)));
		};

		// A password alone, where nothing more is asked.
		const desk = newBrowser(secure);
		expectCookies(await desk.send(paths.signIn));
		const post = (browser: typeof desk, path: string, form: Record<string, string>) =>
			browser.send(path, { method: "POST", form });
		const password = stage.people.withMethod.password;
		expectCookies(await post(desk, paths.signIn, { email: avery, password: "not this one" }));
		const alone = await post(desk, paths.signIn, { email: avery, password });
		expectCookies(alone, session, browserCookie, over("sign-in"));

		// With a method: a sign-in first, and what makes it a session only with the code.
		const { authenticator } = await setUpAuthenticatorApp(desk);
		const phone = newBrowser(secure);
		expectCookies(await post(phone, paths.signIn, { email: avery, password }), signInCookie);
		const page = await phone.open(paths.verify);
		expect(page.headers["set-cookie"]).toBeUndefined();
		const token = /name="form-token" value="([\w-]+)"/.exec(page.html)?.[1] ?? "";
		const wrong = await post(phone, paths.verify, { "form-token": token, code: authenticator.wrongCode() });
		expectCookies(wrong);
		const right = await post(phone, paths.verify, { "form-token": token, code: authenticator.code() });
		expectCookies(right, session, browserCookie, over("sign-in"));

		// Signing out forgets the session and what pages stored, not the browser.
		const leaving = await phone.open(paths.signOut);
		const leaveToken = /name="form-token" value="([\w-]+)"/.exec(leaving.html)?.[1] ?? "";
		const left = await post(phone, paths.signOut, { "form-token": leaveToken });
		expectCookies(left, over("session"));
		expect(left.headers["clear-site-data"]).toBe('"cache", "storage"');
		expect(alone.headers["clear-site-data"] ?? right.headers["clear-site-data"]).toBeUndefined();

		// Coming back, the same browser keeps its own.
		const again = await post(phone, paths.signIn, { email: avery, password });
		expectCookies(again, signInCookie);
	});

	test("a cookie of plain http, which another host of the domain could have set, opens nothing", async () => {
		const browser = newBrowser(secure);
		await signIn(browser, stage.people.withoutMethod.email);
		const token = browser.cookies.get("__Host-vestibule-session") ?? "";
		expect((await browser.send(paths.authCheck)).status).toBe(204);
		const other = newBrowser(secure);
		other.cookies.set("vestibule-session", token);
		expect((await other.send(paths.authCheck)).status).toBe(401);
	});
});

function withoutLastSeen(kept: Awaited<ReturnType<typeof everythingKept>>) {
	return { ...kept, sessions: kept.sessions?.map(({ last_seen_at, ...session }) => session) };
}
