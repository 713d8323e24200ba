import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paths } from "../../src/paths.ts";
import { addressOf } from "../every-page/addresses.ts";
import { type Stage, setStage } from "../every-page/stage.ts";
import { type State, statesOf } from "../every-page/states.ts";
import type { App } from "../harness/app.ts";
import { type Browser, newBrowser, type Reply } from "../harness/browser.ts";
import type { Route } from "../harness/routes.ts";
import { cookies, formToken, withMadeUp } from "./cookies-of.ts";
import { seenIn } from "./every-address.ts";
import { doorsKept } from "./what-is-kept.ts";

/**
 * What is there for somebody without a session or a sign-in. This list is closed: whatever else the app answers to
 * stands behind a session, a sign-in or Full Access, and a new route that does not fails here.
 */
const open: readonly string[] = [
	paths.home,
	paths.signIn,
	paths.signInHelp,
	paths.forgotPassword,
	paths.setPassword.pattern,
	paths.confirmEmail.pattern,
	paths.notMe.pattern,
	paths.authCheck,
	paths.timeLeft,
	paths.demoInbox,
	paths.changePassword,
	`${paths.files}/:version/:name`,
	paths.receipt.pattern,
];

type Guard = "open" | "sign-in" | "session" | "full access";

function guardOf({ pattern }: Route): Guard {
	if (open.includes(pattern)) return "open";
	if (pattern.startsWith(`${paths.signIn}/`)) return "sign-in";
	return /^\/(settings|staff)(\/|$)/.test(pattern) ? "full access" : "session";
}

let stage: Stage;
let app: App;
let routes: readonly Route[];
beforeAll(async () => {
	stage = await setStage();
	app = stage.app;
	routes = app.routes;
}, 120_000);
afterAll(() => stage[Symbol.asyncDispose]());

function ask(
	browser: Browser,
	{ method, pattern }: Route,
	form: Record<string, string> = {},
): Promise<Reply> {
	const address = addressOf(pattern, stage.people);
	const filled = { ...form, code: "000000", kind: "authenticator-app", password: "no", saved: "on" };
	return browser.copy().send(address, { method, ...(method === "POST" ? { form: filled } : {}) });
}

const named = ({ method, pattern }: Route) => `${method} ${pattern}`;

test("nothing is there for everybody but what is known to be, and the rest leads to Sign in", async () => {
	const made = ["session", "signIn", "browser"] as const;
	const nobodies = [newBrowser(app), ...made.map((name) => withMadeUp(newBrowser(app), cookies[name]))];
	const before = await doorsKept(app);
	const answered = new Set<string>();
	for (const nobody of nobodies) {
		for (const route of routes) {
			const { status, headers } = await ask(nobody, route);
			const leads = headers.location?.split("?")[0];
			const leadsToSignIn = status === 303 && leads === paths.signIn;
			// A form of a sign-in that was made up is nobody's.
			const isRefused = status === 403 && guardOf(route) === "sign-in";
			if (!leadsToSignIn && !isRefused) answered.add(route.pattern);
			expect(headers["set-cookie"]?.join() ?? "", named(route)).not.toMatch(/vestibule-session=[^;]/);
		}
	}
	const mounted = new Set(routes.map(({ pattern }) => pattern));
	const known = open.filter((pattern) => mounted.has(pattern));
	// The start page, too, leads there.
	expect([...answered].sort()).toEqual(known.filter((pattern) => pattern !== paths.home).sort());
	expect(await doorsKept(app)).toEqual(before);
});

describe("whoever is in a sign-in", () => {
	test("is nobody outside of it, wherever in it they are", async () => {
		const outside = routes.filter((route) => guardOf(route) !== "sign-in" && !isOfEverybody(route));
		const nobody = newBrowser(app);
		const toNobody = new Map<Route, ReturnType<typeof seenIn>>();
		for (const route of outside) toNobody.set(route, seenIn(await ask(nobody, route)));
		const holders = statesOf(stage.people).filter(isInSignIn);
		expect(holders.length).toBeGreaterThan(3);
		for (const { browser, name } of holders) {
			const token = { "form-token": formToken(browser, "signIn") };
			for (const route of outside) {
				const seen = seenIn(await ask(browser, route, token));
				expect(seen, `${name}: ${named(route)}`).toEqual(toNobody.get(route));
			}
		}
	});

	test("changes nothing there by a form without its token, or with a session's", async () => {
		const before = await doorsKept(app);
		const other = formToken(stage.people.withMethod.browser, "session");
		for (const { browser, name } of statesOf(stage.people).filter(isInSignIn)) {
			for (const route of routes.filter((each) => guardOf(each) === "sign-in" && each.method === "POST")) {
				for (const token of ["", other]) {
					const { status } = await ask(browser, route, { "form-token": token });
					expect([403, 303], `${name}: ${named(route)}`).toContain(status);
				}
			}
		}
		expect(await doorsKept(app)).toEqual(before);
	});
});

describe("whoever is in a session", () => {
	test("changes nothing by a form without its token, or with that of another session or of a sign-in", async () => {
		const { withMethod, requiring, inSignIn, withoutMethod } = stage.people;
		const foreign = [
			"",
			formToken(requiring.browser, "session"),
			formToken(withoutMethod.browser, "session"),
			formToken(inSignIn.browser, "signIn"),
		];
		const before = await doorsKept(app);
		for (const route of routes.filter((each) => each.method === "POST")) {
			if (!["session", "full access"].includes(guardOf(route))) continue;
			for (const token of foreign) {
				const { status } = await ask(withMethod.browser, route, { "form-token": token });
				expect(status, named(route)).toBe(403);
			}
		}
		expect(await doorsKept(app)).toEqual(before);
	});

	test("with Limited access finds nothing of Settings and Staff, by whatever method", async () => {
		const before = await doorsKept(app);
		const limited = statesOf(stage.people).filter(
			({ browser, email }) =>
				browser.cookies.get(cookies.session) && !/^(avery|blake)@/.test(email) && !isInSignIn({ browser }),
		);
		expect(limited.length).toBeGreaterThan(3);
		for (const { browser, name } of limited) {
			const token = { "form-token": formToken(browser, "session") };
			const nowhere = mainOf(await browser.copy().send("/no-such-page"));
			for (const route of routes.filter((each) => guardOf(each) === "full access")) {
				const reply = await ask(browser, route, token);
				expect(reply.status, `${name}: ${named(route)}`).toBe(404);
				if (route.method !== "HEAD") expect(mainOf(reply), `${name}: ${named(route)}`).toBe(nowhere);
			}
		}
		expect(await doorsKept(app)).toEqual(before);
	});

	test("finishes no sign-in", async () => {
		const { browser } = stage.people.withMethod;
		const token = { "form-token": formToken(browser, "session") };
		for (const route of routes.filter((each) => guardOf(each) === "sign-in")) {
			const { status, headers } = await ask(browser, route, token);
			expect(status, named(route)).toBe(303);
			expect([paths.home, `${paths.signIn}?notice=over`, paths.signIn], named(route)).toContain(
				headers.location,
			);
			expect(headers["set-cookie"]?.join() ?? "", named(route)).not.toMatch(/vestibule-session=[^;]/);
		}
	});
});

/** Whether signing in anew there ends the sign-in that waits, or tells whoever is in one more than others. */
function isOfEverybody({ pattern }: Route): boolean {
	return [paths.signIn, paths.signInHelp].some((path) => path === pattern);
}

function isInSignIn({ browser }: Pick<State, "browser">): boolean {
	return browser.cookies.get(cookies.signIn) !== undefined;
}

function mainOf({ body }: Reply): string | undefined {
	return /<main[\s\S]*<\/main>/.exec(body.toString())?.[0];
}
