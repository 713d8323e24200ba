import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hours, minutes } from "../../src/clock.ts";
import { paths } from "../../src/paths.ts";
import type { Step } from "../../src/sign-in/journey.rule.ts";
import { addressOf } from "../every-page/addresses.ts";
import { type Form, type FormField, filledIn, rightValue } from "../every-page/forms.ts";
import { type Stage, setStage } from "../every-page/stage.ts";
import { type Everybody, type State, statesOf } from "../every-page/states.ts";
import type { App } from "../harness/app.ts";
import { type Browser, newBrowser, type Reply } from "../harness/browser.ts";
import { signIn } from "../harness/people.ts";
import type { Route } from "../harness/routes.ts";
import { cookies, formToken, isIn, withMadeUp, withOnly } from "./cookies-of.ts";
import { seenIn } from "./every-address.ts";
import { FORGED_ADDRESS, forgedHeaders } from "./forged-headers.ts";
import { isSecret, otherThan } from "./secret-fields.ts";
import { doorsKept, everythingKept, watchChanges, withoutChance } from "./what-is-kept.ts";
import { databaseAsText, foundIn, listenToLog, type Met } from "./written-secrets.ts";

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

const MADE_UP = `/${"A".repeat(43)}`;

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
	// A link that works would do what it is there for, whoever holds it.
	const made = { passwordLink: MADE_UP, confirmEmailLink: MADE_UP, notMeLink: MADE_UP };
	const address = addressOf(pattern, { ...stage.people, ...made });
	const filled = { code: "000000", kind: "authenticator-app", password: "no", saved: "on", ...form };
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

describe("a code opens only what it was made for", () => {
	test("and nothing without the password, or in another sign-in, at whatever address it is entered", async () => {
		const everybody = statesOf(stage.people);
		const codes = [...new Set(everybody.flatMap(codesOf))];
		expect(codes.length).toBeGreaterThan(12);
		for (const { name, browser, email, ...state } of everybody) {
			await stage.restore();
			const before = await opened();
			const waits = isInSignIn({ browser });
			// Whoever waits has everybody else's; whoever has signed out has all of their own, and the browser they trust.
			const own = everybody.filter((each) => each.email === email).flatMap(codesOf);
			const right = waits ? codesOf({ name, browser, email, ...state }) : [];
			const tried = waits ? codes : own;
			const token: Record<string, string> = waits ? { "form-token": formToken(browser, "signIn") } : {};
			const holder = waits
				? browser
				: withOnly(browser, cookies.browser, browser.cookies.get(cookies.browser) ?? "");
			for (const route of routes.filter((each) => takesCode(each, waits))) {
				for (const code of tried.filter((each) => !right.includes(each))) {
					// Each is looked at, and not refused for the wrong ones before it.
					await app.database.backdoor.deleteFrom("tries").execute();
					const form = { ...token, email, code, "recovery-code": code };
					const { status, headers } = await ask(holder, route, form);
					const where = `${code}, by whoever is ${name}: ${named(route)}`;
					expect(status, where).not.toBe(429);
					expect(headers["set-cookie"]?.join() ?? "", where).not.toMatch(/vestibule-session=[^;]/);
				}
			}
			expect(await opened(), name).toEqual(before);
		}
	});

	/** Whether a code could be entered there: in a sign-in, or anywhere by nobody, to whom the rest is closed as is tried above. */
	function takesCode(route: Route, inSignIn: boolean): boolean {
		const { method, pattern } = route;
		if (method !== "POST" || pattern === paths.forgotPassword) return false;
		const begins: readonly string[] = [
			paths.cancelSignIn,
			paths.declineSetUp,
			paths.signInSetUp,
			paths.sendEmailedCode,
		];
		const isOfSignIn =
			guardOf(route) === "sign-in" && !begins.includes(pattern) && !pattern.endsWith("/resend");
		return inSignIn ? isOfSignIn : true;
	}

	/** What some code could have opened. */
	async function opened() {
		const { sessions, sign_ins, ...doors } = await doorsKept(app);
		const facts = (sign_ins ?? []).map(({ emailed_code_passed_at, temporary_code_passed_at, sign_in_id }) => [
			sign_in_id,
			emailed_code_passed_at,
			temporary_code_passed_at,
		]);
		const numbers = doors.text_message_numbers;
		const methods = (doors.methods ?? []).map(({ wrong_in_a_row, ...row }) => row);
		return { sessions: sessions?.length, facts, methods, numbers, recovery: doors.recovery_codes };
	}
});

test("a code that one form took is taken by no other, nor by that one again", async () => {
	const taking = stage.forms.flatMap((form) => {
		const field = form.fields.find((each) => isSecret(each) && each.autocomplete !== "current-password");
		return field ? [{ form, code: rightValue(field, form) }] : [];
	});
	const passed = async () => {
		const { sessions = [], methods = [], sign_ins = [] } = await doorsKept(app);
		const proved = sessions.map(({ session_id, method_passed_at }) => [session_id, method_passed_at]);
		const waiting = sign_ins.map((row) => [
			row.sign_in_id,
			row.emailed_code_passed_at,
			row.temporary_code_passed_at,
		]);
		return { proved, waiting, on: methods.map(({ method_id }) => method_id) };
	};
	const send = ({ state, action, ...form }: Form) =>
		state.browser
			.copy()
			.send(action, { method: "POST", form: new URLSearchParams(filledIn({ state, action, ...form })) });
	let pairs = 0;
	for (const first of taking) {
		for (const second of taking.filter(({ code }) => code === first.code)) {
			const about = `${first.code} at ${first.form.action}, then at ${second.form.action}`;
			await stage.restore();
			const before = await passed();
			await send(first.form);
			const after = await passed();
			expect(after, about).not.toEqual(before);
			await send(second.form);
			expect(await passed(), about).toEqual(after);
			pairs++;
		}
	}
	// At sign-in and where a session asks for it, by the app and by Recovery Code.
	expect(pairs).toBeGreaterThan(taking.length);
});

describe("whatever a verifier answers but yes, nothing is done", () => {
	/** Something that some verifier looks at, in a field or at the end of the address. */
	type Verified = { form: Form; what: string; field?: string; right: string };
	const verified = (): Verified[] =>
		stage.forms.flatMap((form) => {
			const [token] = /[\w-]{43}$/.exec(form.action) ?? [];
			const byLink = token === undefined ? [] : [{ form, what: "a link's token", right: token }];
			const byField = form.fields.flatMap((field) => {
				const [what, right] = [verifierOf(field), rightValue(field, form)];
				const { textedCode, temporaryCode } = form.state;
				const from = right === temporaryCode ? " given" : right === textedCode ? " sent" : "";
				return what === undefined ? [] : [{ form, what: what + from, field: field.name, right }];
			});
			return [...byLink, ...byField];
		});

	function verifierOf({ name, autocomplete, type }: FormField): string | undefined {
		if (name === "form-token") return "a form token";
		if (name === "recovery-code") return "a Recovery Code";
		if (autocomplete === "one-time-code") return "a code";
		return type === "password" && autocomplete !== "new-password" ? "a password" : undefined;
	}

	/** What a form takes as it is, and nothing has to be right about. A new field fails here until it is said what it is. */
	const NOT_VERIFIED =
		/^(access|allows-texts|allows-trust|answer|change|code-id|confirmed|effective-date|email|format|from|how|kind|lives|lost|mobile|name|new-password|person|profile|reason|requires|resend|saved|seen|session|set-up|show|sign-out|sign-out-after|to|trust|version|way|which)$/;

	test("each field of each form is known to be looked at, or not to be", () => {
		const fields = stage.forms.flatMap((form) => form.fields);
		const unknown = fields.filter((field) => !verifierOf(field) && !NOT_VERIFIED.test(field.name));
		expect(unknown.map(({ name }) => name)).toEqual([]);
		const met = [...once(verified())].map(({ what }) => what);
		const links = met.filter((what) => what === "a link's token");
		expect(links).toHaveLength(3);
		// By the app at sign-in, in a session, and as the first of a set-up in either; by text as well, and by email.
		expect(met.filter((what) => what === "a code")).toHaveLength(4);
		expect(met.filter((what) => what === "a code sent")).toHaveLength(5);
		expect(met).toEqual(expect.arrayContaining(["a code given", "a Recovery Code", "a password"]));
	});

	test("at every form: for one that is wrong, somebody else's, cut short, too long, or not there", async () => {
		await stage.restore();
		const all = verified();
		const changesBy = await watchChanges(app, app.clock.now());
		for (const { form, what, field, right } of once(all)) {
			await stage.restore();
			const about = `${what} at ${form.action}`;
			const others = all.filter((each) => each.what === what && each.right !== right);
			const somebodyElses = others.slice(0, 1).map((each) => each.right);
			const wrong = [otherThan(right), ...somebodyElses, "", right.slice(1), `${right}0`];
			const refused = await changesBy(async () => {
				for (const value of wrong) {
					const { status, headers } = await send(form, field, right, value);
					expect(status, `${value} as ${about}`).toBeGreaterThanOrEqual(400);
					expect(headers["set-cookie"]?.join() ?? "", about).not.toMatch(/vestibule-session=[^;]/);
				}
				await app.drain();
			});
			expect(butForTries(refused), about).toEqual([]);
			// Nothing else was wrong with what was sent.
			await changesBy(async () => {
				expect((await send(form, field, right, right)).status, about).toBeLessThan(400);
				await app.drain();
			});
		}
	});

	test("at every form that takes a code, and at every link: for one whose time is over", async () => {
		await stage.restore();
		const { backdoor } = app.database;
		const lives = [
			"temporary_codes",
			"emailed_codes",
			"password_links",
			"email_changes",
			"not_me_links",
		] as const;
		const over = { expires_at: app.clock.now() };
		for (const table of lives)
			await backdoor
				.updateTable(table as "not_me_links")
				.set(over)
				.execute();
		const all = [...once(verified().filter(({ what }) => /^a code|link/.test(what)))];
		// Longer than a texted code or one of the app lives; a sign-in, a session and a set-up do.
		app.clock.forward(minutes(6));
		const changesBy = await watchChanges(app, app.clock.now());
		for (const { form, what, field, right } of all) {
			const about = `${what} at ${form.action}`;
			const refused = await changesBy(async () => {
				expect((await send(form, field, right, right)).status, about).toBeGreaterThanOrEqual(400);
				await app.drain();
			});
			expect(butForTries(refused), about).toEqual([]);
		}
		expect(all).toHaveLength(13);
	});

	/** Each verifier at each address, once. */
	const once = (items: Verified[]) =>
		new Map(
			items.map((item) => [`${item.what} ${item.form.action.split("?")[0]?.replace(item.right, "")}`, item]),
		).values();

	function send(form: Form, field: string | undefined, right: string, value: string): Promise<Reply> {
		const entries = filledIn(form).map(([name, filled]): [string, string] => [
			name,
			name === field ? value : filled,
		]);
		const action = field === undefined ? form.action.replace(right, value) : form.action;
		return form.state.browser.copy().send(action, { method: "POST", form: new URLSearchParams(entries) });
	}

	/** What counts tries and records them; a code that is right for another time spends its step. */
	function butForTries(changes: string[]): string[] {
		const counters = /"(last_seen_at|wrong_proofs|wrong_in_a_row|wrong_tries)":[^,}]+/g;
		const rows = changes
			.filter(
				(change) => !/^. (tries|tries_across_clinics|activity_events|authenticator_steps) /.test(change),
			)
			.map((change) => change.slice(2).replaceAll(counters, ""));
		// A row of which only a counter changed went, and came again.
		return rows.filter((row) => rows.indexOf(row) === rows.lastIndexOf(row));
	}
});

describe("whoever is in a sign-in, or waits for a code in a session, is not let past it", () => {
	/** Who stands before each step; a new one fails to compile here until somebody does. */
	const before: Record<Exclude<Step["kind"], "session">, (people: Everybody) => State[]> = {
		"second-step": ({ inSignIn, inSignInByText }) => [inSignIn, inSignInByText],
		prove: ({ proving }) => [proving],
		"forced-set-up": ({ forcedTexts }) => [forcedTexts],
		"offer-set-up": ({ offered }) => [offered],
	};
	/** Where the password alone leads, once more. */
	const first: Record<keyof typeof before, string> = {
		"second-step": paths.verify,
		prove: paths.emailedCode,
		// What was proved is proved for one sign-in.
		"forced-set-up": paths.emailedCode,
		"offer-set-up": paths.signInSetUp,
	};
	const steps = Object.keys(before) as (keyof typeof before)[];

	test.each(steps)("at %s: by reloading, going back, a restart, a new start or waiting", async (step) => {
		for (const { name, browser, email, password } of before[step](stage.people)) {
			await stage.restore();
			const theirs = browser.copy();
			const pages = await openPages(theirs);
			expect(pages.length, name).toBeGreaterThan(0);
			const stays = async (what: string) => {
				expect(await openPages(theirs), `${name}, ${what}`).toEqual(pages);
				expect(await isIn(theirs), `${name}, ${what}`).toBe(false);
			};
			for (const route of routes.filter(({ method }) => method !== "POST")) await ask(theirs, route);
			await stays("after every page was opened");
			await app.restart();
			await stays("after a restart of the server");
			const closed = theirs.copy();
			closed.restart();
			expect(await openPages(closed), `${name}, after the browser was closed`).toEqual([]);
			// A browser drops its cookie by then; a thief's program does not.
			const kept = theirs.cookies.get(cookies.signIn) ?? "";
			app.clock.forward(hours(1) + minutes(1));
			const late = withOnly(theirs, cookies.signIn, kept);
			expect(await openPages(late), `${name}, after an hour`).toEqual([]);
			expect(await isIn(late), `${name}, after an hour`).toBe(false);

			const again = await signIn(theirs.copy(), email, password);
			expect(again.path, `${name}, once more with the password`).toBe(first[step]);
		}
	});

	test("in a session by a trusted browser neither: reload, restart and back ask for the code", async () => {
		await stage.restore();
		const { browser } = stage.people.byTrust;
		const asks = async () => (await browser.copy().open(paths.newRecoveryCode)).heading;
		expect(await asks()).toBe("Enter a code to go on");
		for (const route of routes.filter(({ method }) => method !== "POST")) await ask(browser, route);
		await app.restart();
		expect(await asks()).toBe("Enter a code to go on");
	});

	/** The pages of a sign-in that are there for this browser. */
	async function openPages(browser: Browser): Promise<string[]> {
		const open: string[] = [];
		for (const route of routes.filter((each) => guardOf(each) === "sign-in" && each.method === "GET")) {
			if (!isOfEverybody(route) && (await ask(browser, route)).status === 200) open.push(route.pattern);
		}
		return open;
	}
});

/** What would be right for this person to type somewhere. */
function codesOf({ authenticator, recoveryCode, textedCode, temporaryCode }: State): string[] {
	const ofTheApp = authenticator?.codeAt(app.clock.now());
	return [ofTheApp, recoveryCode, textedCode, temporaryCode].filter((code) => code !== undefined);
}

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

describe("what proxies tell each other is not believed: every answer and every change is as without it", () => {
	const OF_THE_HARNESS = "127.0.0.1";
	type Headers = Record<string, string | undefined>;
	/** Who is named as a proxy, and what stands in `X-Forwarded-For`: the truth, and what somebody put in front of it. */
	const peers = [
		{
			peer: "from an address that is no proxy's",
			proxies: "10.0.0.5",
			truth: () => undefined,
			lie: () => `${FORGED_ADDRESS}, 10.0.0.5`,
		},
		{
			peer: "through the proxy that is named, by whoever stands in front of it",
			proxies: OF_THE_HARNESS,
			truth: ({ address }: Browser) => address,
			lie: ({ address }: Browser) => `${FORGED_ADDRESS}, ${address}`,
		},
	];

	test.each(peers)("$peer", async ({ proxies, truth, lie }) => {
		await stage.restore();
		const start = app.clock.now();
		const { signedOut, inSignIn, byTrust, withMethod } = stage.people;
		const lies = await forgedHeaders(withMethod);
		expect(lies.handedOn).toHaveLength(5);
		await app.restart({ VESTIBULE_TRUSTED_PROXIES: proxies });
		const truly = (browser: Browser) => ({ "x-forwarded-for": truth(browser) });
		const falsely = (browser: Browser, method: string) => ({
			...lies.to(method),
			"x-forwarded-for": lie(browser),
		});
		/** All that an answer says, but for the moment it was given. */
		const told = ({ status, headers: { date, ...headers }, body }: Reply) => {
			// A file of what happened tells of each try before.
			const isFile = headers["content-disposition"]?.startsWith("attachment");
			const said = [JSON.stringify(headers), isFile ? "" : body.toString()];
			return { status, said: said.map((text) => withoutChance(text, start)) };
		};

		const before = await doorsKept(app);
		for (const { browser, name } of [signedOut, inSignIn, byTrust, withMethod]) {
			for (const { pattern } of routes.filter(({ method }) => method === "GET")) {
				const get = async (headers: Headers) => {
					app.clock.at(start);
					return told(await browser.copy().send(addressOf(pattern, stage.people), { headers }));
				};
				const asIs = await get(truly(browser));
				expect(await get(falsely(browser, "GET")), `${name}: ${pattern}`).toEqual(asIs);
			}
		}
		expect(await doorsKept(app)).toEqual(before);

		await stage.restore();
		const changesBy = await watchChanges(app, start);
		for (const { browser, action, form } of everyPost()) {
			const post = async (headers: Headers) => {
				await stage.restore();
				let answer: ReturnType<typeof told> | undefined;
				const changes = await changesBy(async () => {
					answer = told(await browser.copy().send(action, { method: "POST", form, headers }));
					await app.drain();
				});
				return { answer, changes };
			};
			const asIs = await post(truly(browser));
			expect(await post(falsely(browser, "POST")), action).toEqual(asIs);
		}
		const emails = (await app.inbox.all()).map(({ html, text }) => html + text);
		expect(emails.length).toBeGreaterThan(20);
		expect(emails.filter((email) => /evil\.example|198\.18\.0\.1/.test(email))).toEqual([]);
		await app.restart({ VESTIBULE_TRUSTED_PROXIES: OF_THE_HARNESS });
	});

	/** Every form there is, once and filled in right, and nothing at the addresses that take one from no page. */
	function everyPost() {
		const posts = new Map(
			stage.forms.map(({ action, fields, state }) => {
				const form = new URLSearchParams(filledIn({ action, fields, state, page: "" }));
				return [[action.split("?")[0], ...form.keys()].join(), { browser: state.browser, action, form }];
			}),
		);
		const shown = new Set([...posts.values()].map(({ action }) => action.split("?")[0]));
		for (const { pattern } of routes.filter(({ method }) => method === "POST")) {
			const action = addressOf(pattern, stage.people);
			const { browser } = stage.people.withMethod;
			if (!shown.has(action)) posts.set(action, { browser, action, form: new URLSearchParams() });
		}
		return posts.values();
	}
});

test("what somebody typed as a password or a code is in no row, cookie, answer or log line after it", async () => {
	await app.restart({ VESTIBULE_LOG_LEVEL: "debug" });
	const log = listenToLog(app);
	const typed: Met = new Map();
	const isTyped = ({ type, ...field }: FormField) => type === "password" || isSecret({ type, ...field });
	const taking = new Map(
		stage.forms
			.filter(({ fields }) => fields.some(isTyped))
			.map((form) => {
				const names = form.fields.filter(isTyped).map(({ name }) => name);
				return [[form.state.textedCode, form.action.split("?")[0], ...names].join(), form] as const;
			}),
	);
	for (const { state, action, page, fields } of taking.values()) {
		await stage.restore();
		const browser = state.browser.copy();
		const right = filledIn({ state, action, page, fields });
		const secret = fields.filter(isTyped).map(({ name }) => name);
		const mistyped = right.map(([name, value]) => {
			if (name === "new-password") return [name, "too short!"];
			return [name, secret.includes(name) ? otherThan(value) : value];
		});
		const met: Reply[] = [];
		for (const entries of [mistyped, right]) {
			for (const [name = "", value = ""] of entries) if (secret.includes(name)) typed.set(value, name);
			met.push(await browser.send(action, { method: "POST", form: new URLSearchParams(entries) }));
		}
		const { status, headers } = met.at(-1) ?? { status: 500, headers: {} };
		expect(status, action).toBeLessThan(400);
		if (headers.location) met.push(await browser.send(headers.location));
		// While another step may wait, every page there is.
		const next = action.startsWith(paths.signIn) ? routes.filter(({ method }) => method === "GET") : [];
		for (const { pattern } of next) met.push(await browser.copy().send(addressOf(pattern, stage.people)));
		const answers = met.flatMap((reply) => [JSON.stringify(reply.headers), reply.body.toString()]);
		const cookie = browser.cookies.header("from this site", app.clock.now()) ?? "";
		expect(foundIn([cookie, ...answers].join("\n"), typed), `an answer to ${action}`).toEqual([]);
		expect(foundIn(JSON.stringify(await everythingKept(app)), typed), `a row after ${action}`).toEqual([]);
	}
	expect(taking.size).toBeGreaterThan(30);
	expect(foundIn(await databaseAsText(app), typed)).toEqual([]);
	expect(log()).toContain(paths.signInTemporaryCode);
	expect(foundIn(log(), typed)).toEqual([]);
	await app.restart({ VESTIBULE_LOG_LEVEL: "error" });
});
