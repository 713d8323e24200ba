import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { paths } from "../../src/paths.ts";
import { type App, type AppOptions, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { freePort } from "../harness/free-port.ts";
import type { Page } from "../harness/page.ts";
import { avery, casey, setUpAuthenticatorApp, signIn, signOut } from "../harness/people.ts";
import { startCaddy } from "./caddy.ts";
import { startNginx } from "./nginx.ts";
import type { Behind, RunningProxy } from "./proxy.ts";
import { type Asked, type Software, startSoftware } from "./software.ts";

type Clinic = AsyncDisposable & {
	app: App;
	software: Software;
	proxy: RunningProxy;
	newBrowser: () => Browser;
};

type StartProxy = (behind: Behind) => Promise<RunningProxy>;

const answerOf = (page: Page) => JSON.parse(page.html) as Asked;

/** The addresses of docs/operating.md, with some below them. */
const OURS = [
	"/",
	"/sign-in",
	"/sign-in/verify",
	"/sign-in/another-way",
	"/sign-in/recovery-code",
	"/sign-in/help",
	"/sign-out",
	"/forgot-password",
	"/forgot-password/set/anything",
	"/account",
	"/account/2-step-verification",
	"/account/2-step-verification/authenticator-app/code",
	"/account/password",
	"/account/sessions",
	"/account/activity",
	"/settings/security",
	"/settings/security/2-step-verification",
	"/settings/activity",
	"/staff",
	"/staff/anything",
	"/auth/check",
	"/demo/inbox",
	"/.well-known/change-password",
	"/vestibule/anything",
];

describe.each<[string, StartProxy]>([
	["nginx", startNginx],
	["Caddy", startCaddy],
])("behind %s", (_name, start) => {
	const startClinic = (options?: AppOptions) => startClinicBehind(start, options);

	test("the software is closed to everybody without a session, and opens at the page that was asked for", async () => {
		await using clinic = await startClinic();
		const browser = clinic.newBrowser();
		const asked = "/patients/12?tab=notes&day=2026-12-07&q=a%26b+c%2F%C5%81";
		const page = await browser.open(asked);
		expect(page.heading).toBe("Sign in to Harbour Physio");
		expect(clinic.software.asked).toEqual([]);

		const opened = await page.submit({ Email: casey, Password: "quiet lanterns over water" }, "Sign in");
		expect(opened.path).toBe(asked);
		expect(answerOf(opened)).toMatchObject({ method: "GET", path: asked });
	});

	test("with a method on, the password alone opens nothing, and the code leads to the page asked for", async () => {
		await using clinic = await startClinic();
		const desk = clinic.newBrowser();
		await signIn(desk, avery);
		const { authenticator } = await setUpAuthenticatorApp(desk);
		clinic.app.clock.forward(60_000);
		clinic.software.asked.length = 0;

		const browser = clinic.newBrowser();
		let page = await browser.open("/patients");
		page = await page.submit({ Email: avery, Password: "quiet lanterns over water" }, "Sign in");
		expect(page.heading).toBe("Enter the code from your authenticator app");
		expect((await browser.send(paths.authCheck)).status).toBe(401);
		expect((await browser.send("/patients")).status).toBe(303);
		expect(clinic.software.asked).toEqual([]);
		page = await page.submit({ "Verification code": authenticator.code() }, "Submit");
		expect(answerOf(page)).toMatchObject({
			path: "/patients",
			headers: { "vestibule-signed-in-by": "authenticator-app", "vestibule-access": "full" },
		});
	});

	test("the software is told who it is, also where the name is not English", async () => {
		await using clinic = await startClinic();
		await clinic.app.database.backdoor
			.updateTable("profiles")
			.set({
				name: "Łukasz Żak-O'Neill",
				email: "lukasz+desk@harbour.example",
				email_key: "lukasz+desk@harbour.example",
			})
			.where("email", "=", casey)
			.execute();
		const browser = clinic.newBrowser();
		await signIn(browser, "lukasz+desk@harbour.example");
		const { headers } = answerOf(await browser.open("/patients"));
		expect(decodeURIComponent(String(headers["vestibule-name"]))).toBe("Łukasz Żak-O'Neill");
		expect(headers["vestibule-name"]).toMatch(/^%C5%81ukasz%20%C5%BBak-O/);
		expect(decodeURIComponent(String(headers["vestibule-email"]))).toBe("lukasz+desk@harbour.example");
		expect(headers["vestibule-access"]).toBe("limited");
		expect(headers["vestibule-signed-in-by"]).toBe("password");
		expect(headers["vestibule-profile"]).toMatch(/^[0-9a-f-]{36}$/);
	});

	test("nobody can tell the software from outside who they are", async () => {
		await using clinic = await startClinic();
		const forged = {
			"vestibule-name": "Mallory",
			"Vestibule-Email": "owner@harbour.example",
			"VESTIBULE-ACCESS": "full",
			"vestibule-profile": "1",
			"vestibule-signed-in-by": "authenticator-app",
			vestibule_access: "full",
			"vestibule.access": "full",
		};
		const browser = clinic.newBrowser();
		expect((await browser.send("/patients", { headers: forged })).status).toBe(303);
		expect(clinic.software.asked).toEqual([]);

		await signIn(browser, casey);
		await browser.send("/patients", { headers: forged });
		const { headers } = clinic.software.asked.at(-1) ?? { headers: {} };
		const told = Object.entries(headers).filter(([name]) => name.startsWith("vestibule"));
		expect(Object.fromEntries(told)).toEqual({
			"vestibule-name": "Casey%20Singh",
			"vestibule-email": "casey%40harbour.example",
			"vestibule-access": "limited",
			"vestibule-profile": expect.stringMatching(/^[0-9a-f-]{36}$/),
			"vestibule-signed-in-by": "password",
		});
	});

	test("nobody can keep the software from being told who they are", async () => {
		await using clinic = await startClinic();
		const browser = clinic.newBrowser();
		await signIn(browser, casey);
		// What Connection names is for the next hop alone, which leaves it out (RFC 9110, 7.6.1).
		const names = ["access", "profile", "name", "email", "signed-in-by"].map((name) => `Vestibule-${name}`);
		for (const headers of [
			{ connection: ["keep-alive", ...names].join(", ") },
			{ connection: ["Upgrade", ...names].join(", "), upgrade: "websocket" },
		]) {
			await browser.send("/patients", { headers });
			expect(clinic.software.asked.at(-1)?.headers).toMatchObject({
				"vestibule-name": "Casey%20Singh",
				"vestibule-email": "casey%40harbour.example",
				"vestibule-access": "limited",
				"vestibule-profile": expect.stringMatching(/^[0-9a-f-]{36}$/),
				"vestibule-signed-in-by": "password",
			});
		}
		expect(clinic.software.asked).toHaveLength(3);
	});

	test("the software gets its own cookies, and none of Vestibule's", async () => {
		await using clinic = await startClinic();
		const browser = clinic.newBrowser();
		await signIn(browser, casey);
		const secrets = browser.cookies.header("from this site", clinic.app.clock.now());
		expect(secrets).toMatch(/vestibule-session=.+vestibule-browser=/);
		for (const [cookie, kept] of [
			[secrets, undefined],
			[`theme=dark; ${secrets}; my-vestibule-session=5`, "theme=dark; my-vestibule-session=5"],
			[`${secrets}; __Host-vestibule-sign-in=x;theme=dark; week=2`, "theme=dark; week=2"],
		] as const) {
			const asked = await browser.send("/patients", { headers: { cookie } });
			expect(asked.status, cookie).toBe(200);
			expect(clinic.software.asked.at(-1)?.headers.cookie || undefined, cookie).toBe(kept);
		}
	});

	test("without a session a form or a script is refused and not led round", async () => {
		await using clinic = await startClinic();
		const browser = clinic.newBrowser();
		const posted = await browser.send("/patients", { method: "POST", form: { name: "Mallory" } });
		expect(posted.status).toBe(401);
		for (const method of ["PUT", "DELETE", "OPTIONS"]) {
			expect((await browser.send("/patients", { method })).status).toBe(401);
		}
		const fetched = await browser.send("/patients", { headers: { "sec-fetch-mode": "cors" } });
		expect(fetched.status).toBe(401);
		expect(clinic.software.asked).toEqual([]);

		await signIn(browser, casey);
		await browser.send("/patients", { method: "POST", form: { name: "Robin" } });
		expect(clinic.software.asked.at(-1)).toMatchObject({ method: "POST", path: "/patients" });
	});

	test("signing out, or being deactivated, closes the software", async () => {
		await using clinic = await startClinic();
		const browser = clinic.newBrowser();
		expect(answerOf(await signIn(browser, casey)).path).toBe("/today");
		await signOut(browser);
		expect((await browser.open("/patients")).heading).toBe("Sign in to Harbour Physio");

		await signIn(browser, casey);
		await clinic.app.database.backdoor.updateTable("profiles").set({ active: 0 }).execute();
		expect((await browser.open("/patients")).heading).toBe("Sign in to Harbour Physio");
	});

	test("what the software is asked counts as use of the session", async () => {
		await using clinic = await startClinic();
		const browser = clinic.newBrowser();
		await signIn(browser, casey);
		for (let hour = 0; hour < 5; hour++) {
			clinic.app.clock.forward(3_600_000);
			expect((await browser.send("/patients")).status).toBe(200);
		}
		clinic.app.clock.forward(2 * 3_600_000 + 60_000);
		expect((await browser.send("/patients")).status).toBe(303);
	});

	test("upper case in the host changes nothing", async () => {
		await using clinic = await startClinic();
		const headers = { host: `LOCALHOST:${clinic.proxy.port}` };
		const browser = clinic.newBrowser();
		const led = await browser.send("/patients", { headers });
		expect([led.status, led.headers.location]).toEqual([303, "/sign-in?return=/patients"]);
		await signIn(browser, casey);
		expect((await browser.send("/patients", { headers })).status).toBe(200);
		expect((await browser.copy().send(paths.account, { headers })).status).toBe(200);
	});

	test("when Vestibule does not answer, the software stays closed", async () => {
		await using software = await startSoftware();
		await using app = await startApp();
		const own = await freePort();
		await using proxy = await startNginx({ own, vestibule: await freePort(), software: software.port });
		const browser = newBrowser({ ...app, port: proxy.port }, { origin: `http://localhost:${own}` });
		expect((await browser.send("/patients")).status).toBe(500);
		expect(software.asked).toEqual([]);
	});

	test("before there is a clinic the way leads to the page that says how to make one, and the software stays closed", async () => {
		await using clinic = await startClinic({ clinic: "none" });
		const browser = clinic.newBrowser();
		for (const path of ["/", "/patients", "/sign-in"]) {
			expect((await browser.open(path)).heading).toBe("There is no clinic here yet");
		}
		expect((await browser.send("/patients", { method: "POST", form: { name: "Robin" } })).status).toBe(401);
		expect(clinic.software.asked).toEqual([]);
	});

	test("with many clinics the software stays closed at an address that is no clinic's", async () => {
		await using clinic = await startClinic({ environment: { VESTIBULE_CLINICS: "many" } });
		const { port } = clinic.proxy;
		const browser = clinic.newBrowser();
		const asking = async (host: string) => {
			const headers = { host: `${host}:${port}` };
			const { status } = await browser.send(paths.authCheck, { headers });
			const { location } = (await browser.send("/patients", { headers })).headers;
			return { status, location };
		};
		const nobody = { status: 401, location: "/sign-in?return=/patients" };
		expect(await asking("localhost")).toEqual(nobody);
		expect(await asking("elsewhere.localhost")).toEqual(nobody);
		expect(await asking("harbour.localhost")).toEqual(nobody);
		expect((await browser.open("/sign-in")).heading).toBe("Which clinic are you with?");
		expect(clinic.software.asked).toEqual([]);
	});

	test("Vestibule's own addresses are answered by Vestibule, whoever asks", async () => {
		await using clinic = await startClinic();
		const browser = clinic.newBrowser();
		for (const whoAsks of ["nobody known", "somebody signed in"]) {
			if (whoAsks === "somebody signed in") await signIn(browser, casey);
			clinic.software.asked.length = 0;
			for (const address of OURS) {
				const { headers } = await browser.send(address);
				expect(headers["content-security-policy"], `${address}, asked by ${whoAsks}`).toContain(
					"default-src 'none'",
				);
			}
			expect(clinic.software.asked).toEqual([]);
		}
	});

	test("all other addresses are the software's, for a session only, however they are written", async () => {
		await using clinic = await startClinic();
		const stranger = clinic.newBrowser();
		const tricks = [
			"/sign-in/../patients",
			"/sign-in/..;/patients",
			"/sign-in/%2e%2e/patients",
			"/vestibule/..%2fpatients",
			"/vestibule/%2e%2e/patients",
			"/vestibule//../patients",
			"/auth/check/../../patients",
			"//patients",
			"/%70atients",
			"/patients?/sign-in",
			"/patients/auth/check",
			"/SIGN-IN",
		];
		for (const address of tricks) await rawPath(stranger, address);
		expect(clinic.software.asked).toEqual([]);

		const browser = clinic.newBrowser();
		await signIn(browser, casey);
		for (const address of [
			"/today",
			"/accounting",
			"/sign-in-sheet",
			"/settings",
			"/staffing",
			"/auth/checks",
		]) {
			expect((await stranger.send(address)).status, address).toBe(303);
			expect(answerOf(await browser.open(address)).path).toBe(address);
		}
	});

	test("a sign-in page's stylesheet comes through", async () => {
		await using clinic = await startClinic();
		const browser = clinic.newBrowser();
		const page = await browser.open("/patients");
		const stylesheet = /href="(\/vestibule\/[^"]+\.css)"/.exec(page.html)?.[1] ?? "";
		const answer = await browser.send(stylesheet);
		expect([answer.status, answer.headers["content-type"]]).toEqual([200, "text/css; charset=utf-8"]);
	});

	test("the address that counts is the one that reached the proxy, whatever a browser says it is", async () => {
		await using clinic = await startClinic();
		await postFrom("127.0.0.9", clinic, "x-forwarded-for", "203.0.113.77");
		await postFrom("127.0.0.9", clinic, "forwarded", "for=203.0.113.77");
		await postFrom("127.0.0.9", clinic, "connection", "keep-alive, X-Forwarded-For");
		const events = await clinic.app.database.backdoor
			.selectFrom("activity_events")
			.select("address")
			.where("kind", "=", "password-refused")
			.execute();
		expect(events).toEqual(Array.from({ length: 3 }, () => ({ address: "127.0.0.9" })));
	});
});

/** Vestibule and the clinic's software, both behind a proxy on one address. */
async function startClinicBehind(start: StartProxy, options: AppOptions = {}): Promise<Clinic> {
	const own = await freePort();
	const address = { VESTIBULE_URL: `http://localhost:${own}`, VESTIBULE_HOME: "/today" };
	const app = await startApp({ ...options, environment: { ...address, ...options.environment } });
	const software = await startSoftware();
	const proxy = await start({ own, vestibule: app.port, software: software.port });
	return {
		app,
		software,
		proxy,
		newBrowser: () => newBrowser({ ...app, port: own }),
		async [Symbol.asyncDispose]() {
			await proxy[Symbol.asyncDispose]();
			await software[Symbol.asyncDispose]();
			await app[Symbol.asyncDispose]();
		},
	};
}

/** Asks for a path as it is written: a URL would be tidied up. */
function rawPath({ app: { port }, cookies }: Browser, path: string): Promise<void> {
	const headers = { host: `localhost:${port}`, cookie: cookies.header("from this site", 0) };
	return new Promise((resolve, reject) => {
		request({ host: "127.0.0.1", port, path, headers }, (answer) =>
			answer.resume().on("end", () => resolve()),
		)
			.on("error", reject)
			.end();
	});
}

/** A wrong password from another address of this machine, with a header that lies. */
function postFrom(localAddress: string, { proxy }: Clinic, header: string, lie: string): Promise<void> {
	const body = new URLSearchParams({ Email: casey, email: casey, password: "wrong" }).toString();
	const headers = {
		host: `localhost:${proxy.port}`,
		origin: `http://localhost:${proxy.port}`,
		"content-type": "application/x-www-form-urlencoded",
		"content-length": String(body.length),
		[header]: lie,
	};
	return new Promise((resolve, reject) => {
		const options = {
			host: "127.0.0.1",
			port: proxy.port,
			localAddress,
			method: "POST",
			path: paths.signIn,
			headers,
		};
		const sending = request(options, (answer) => answer.resume().on("end", () => resolve()));
		sending.on("error", reject);
		sending.end(body);
	});
}
