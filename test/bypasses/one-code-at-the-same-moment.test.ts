import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { minutes, seconds } from "../../src/clock.ts";
import { Keyring } from "../../src/crypto/keyring.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths } from "../../src/paths.ts";
import { recoveryCodeStep } from "../../src/recovery-code/pages.tsx";
import { type Form, filledIn } from "../every-page/forms.ts";
import { snapshot } from "../every-page/snapshot.ts";
import { type Stage, setStage } from "../every-page/stage.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser, type Reply } from "../harness/browser.ts";
import { invite } from "../harness/by-operator.ts";
import { avery, blake, casey, devon, scanKey, signIn } from "../harness/people.ts";
import { type Build, build, type Process, startProcess, throughProcess } from "./another-process.ts";
import { cookies, formToken, isIn } from "./cookies-of.ts";
import {
	enterCode,
	linkFor,
	NEW_PASSWORD,
	type Owner,
	ownerWithApp,
	ownerWithTexts,
	waitingAtTheCode,
} from "./owners.ts";
import { countEvents, countSessions, everythingKept } from "./what-is-kept.ts";

// Two real processes, `vestibule serve` twice, on one database: PostgreSQL, or SQLite's one file.

const emery = "emery@harbour.example";
const finley = "finley@harbour.example";
const AT_ONCE = 200;
const SLOW = { timeout: 600_000 };

let app: App;
let processes: Process[];
let built: Build;

const keys = { VESTIBULE_KEYS: Keyring.newKey("shared") };

function twoProcesses(of: App): Promise<Process[]> {
	const environment = { ...keys, ...of.texts.environment };
	return Promise.all([startProcess(built, of, environment), startProcess(built, of, environment)]);
}

beforeAll(async () => {
	app = await startApp({ environment: keys });
	built = build();
	processes = await twoProcesses(app);
}, SLOW.timeout);

afterAll(async () => {
	for (const process of processes) await process[Symbol.asyncDispose]();
	built[Symbol.dispose]();
	await app[Symbol.asyncDispose]();
});

/** The same form sent so many times at once, to both processes in turn, from these browsers in turn. */
async function sendAtOnce(
	browsers: readonly Browser[],
	times: number,
	address: string,
	form: (browser: Browser, turn: number) => Record<string, string> | URLSearchParams,
	answering: readonly Process[] = processes,
): Promise<Reply[]> {
	const turns = Array.from({ length: times }, (_, turn) => ({
		turn,
		browser: browsers[turn % browsers.length],
	}));
	return Promise.all(
		turns.map(({ turn, browser }) => {
			const process = answering[Math.floor(turn / browsers.length) % 2];
			if (!browser || !process) throw new Error("There is nobody to send it");
			return browser
				.through(throughProcess(browser.app, process))
				.send(address, { method: "POST", form: form(browser, turn) });
		}),
	);
}

/** The sessions that these answers gave. */
function sessionsIn(replies: readonly Reply[]): string[] {
	const lines = replies.flatMap(({ headers }) => headers["set-cookie"] ?? []);
	return lines.filter((line) => line.startsWith(`${cookies.session}=`) && !line.includes("Max-Age=0"));
}

/** Set up a few minutes ago, so that all codes of now are unused. The processes have the clock of the world. */
async function owner(email: string): Promise<Owner> {
	app.clock.at(Date.now() - minutes(5));
	const set = await ownerWithApp(app, email);
	app.clock.at(Date.now());
	return set;
}

/** So many sign-ins of one person that wait for their code, one begun after the other. */
async function waiting(email: string, howMany: number): Promise<Browser[]> {
	const browsers: Browser[] = [];
	while (browsers.length < howMany) browsers.push(await waitingAtTheCode(app, email));
	return browsers;
}

function nextCode({ authenticator }: Owner): string {
	return authenticator.codeAt(Date.now() + seconds(30));
}

const token = (browser: Browser) => ({ "form-token": formToken(browser, "signIn") });

test(
	"200 right codes at the same moment in one sign-in give exactly one session, and none counts as wrong",
	SLOW,
	async () => {
		const person = await owner(avery);
		const browser = await waitingAtTheCode(app, avery);
		const sessions = await countSessions(app, avery);
		const code = nextCode(person);

		const replies = await sendAtOnce([browser], AT_ONCE, paths.verify, (each) => ({ ...token(each), code }));
		expect(sessionsIn(replies)).toHaveLength(1);
		expect(await countSessions(app, avery)).toBe(sessions + 1);
		expect(await countEvents(app, "second-step-refused", avery)).toBe(0);
		expect(replies.filter(({ status }) => status === 422 || status === 500)).toEqual([]);
	},
);

test("200 right codes at the same moment in 20 sign-ins give exactly one session", SLOW, async () => {
	const person = await owner(blake);
	const browsers = await waiting(blake, 20);
	const sessions = await countSessions(app, blake);
	const code = nextCode(person);

	const replies = await sendAtOnce(browsers, AT_ONCE, paths.verify, (each) => ({ ...token(each), code }));
	expect(sessionsIn(replies)).toHaveLength(1);
	expect(await countSessions(app, blake)).toBe(sessions + 1);
	expect(replies.filter(({ status }) => status === 500)).toEqual([]);
	const spent = (await everythingKept(app)).authenticator_steps?.filter(
		({ spent_at }) => Number(spent_at) > Date.now() - minutes(4),
	);
	expect(spent).toHaveLength(2);
});

test(
	"200 right texted codes at the same moment in one sign-in give exactly one session, and none counts as wrong",
	SLOW,
	async () => {
		app.clock.at(Date.now());
		const { number } = await ownerWithTexts(app, emery);
		const browser = await waitingAtTheCode(app, emery);
		const sessions = await countSessions(app, emery);
		const { code } = await app.texts.latest(number);

		const replies = await sendAtOnce([browser], AT_ONCE, paths.verify, (each) => ({ ...token(each), code }));
		expect(sessionsIn(replies)).toHaveLength(1);
		expect(await countSessions(app, emery)).toBe(sessions + 1);
		expect(await countEvents(app, "second-step-refused", emery)).toBe(0);
		expect(replies.filter(({ status }) => status === 422 || status === 500)).toEqual([]);
	},
);

test("eight Resend codes at the same moment send one message", SLOW, async () => {
	app.clock.at(Date.now());
	await app.texts.all("+16045550105");
	app.clock.at(Date.now() - minutes(1));
	const browser = await waitingAtTheCode(app, emery);
	// The text of this sign-in is out before the clock goes on.
	const before = (await app.texts.all("+16045550105")).length;
	app.clock.at(Date.now());
	const replies = await sendAtOnce([browser], 8, paths.verify, (each) => ({ ...token(each), resend: "yes" }));
	// What sends the message is the app of the harness, whose clock stands: past when the process queued it.
	app.clock.at(Date.now() + seconds(1));
	expect(await app.texts.all("+16045550105")).toHaveLength(before + 1);
	expect(replies.map(({ status }) => status).toSorted()).toEqual([303, ...Array(7).fill(429)]);
});

test(
	"of 200 wrong codes at the same moment five are looked at, and then not even the right one",
	SLOW,
	async () => {
		const person = await owner(casey);
		const browsers = await waiting(casey, 4);
		const wrong = person.authenticator.wrongCode();
		const replies = await sendAtOnce(browsers, AT_ONCE, paths.verify, (each) => ({
			...token(each),
			code: wrong,
		}));
		expect(await countEvents(app, "second-step-refused", casey)).toBe(5);
		expect(await countEvents(app, "second-step-waits", casey)).toBe(1);
		expect(replies.filter(({ status }) => status === 422)).toHaveLength(5);
		const [browser] = browsers;
		if (!browser) throw new Error("There is no browser");
		expect((await enterCode(browser, nextCode(person))).status).toBe(429);
		expect(await isIn(browser)).toBe(false);
	},
);

test(
	"of 200 wrong passwords at the same moment ten are looked at, and then not even the right one",
	SLOW,
	async () => {
		const browsers = Array.from({ length: 20 }, () => newBrowser(app));
		const form = (_: Browser, turn: number) => ({ email: devon, password: `wrong password number ${turn}` });
		await sendAtOnce(browsers, AT_ONCE, paths.signIn, form);
		expect(await countEvents(app, "password-refused", devon)).toBe(10);
		const late = await signIn(newBrowser(app), devon);
		expect(late.status).toBe(429);
	},
);

test("one link used at the same moment eight times sets one password", SLOW, async () => {
	app.clock.at(Date.now());
	const link = await linkFor(app, emery);
	const browsers = Array.from({ length: 8 }, () => newBrowser(app));
	const form = (_: Browser, turn: number) => ({ "new-password": `${NEW_PASSWORD} ${turn}` });
	const replies = await sendAtOnce(browsers, 8, link, form);
	const done = replies.filter(({ headers }) => headers.location?.includes("password-set"));
	expect(done).toHaveLength(1);
	expect(replies.filter(({ status }) => status === 410)).toHaveLength(7);
	expect(await countEvents(app, "password-set", emery)).toBe(1);
	const chosen = `${NEW_PASSWORD} ${replies.findIndex((reply) => done.includes(reply))}`;
	expect((await signIn(newBrowser(app), emery, chosen)).path).toBe(paths.verify);
});

test("one Recovery Code at the same moment in eight sign-ins gives exactly one session", SLOW, async () => {
	const { recoveryCode } = await owner(finley);
	const browsers = await waiting(finley, 8);
	const sessions = await countSessions(app, finley);
	const form = (each: Browser) => ({ ...token(each), "recovery-code": recoveryCode });
	const replies = await sendAtOnce(browsers, 16, paths.signInRecoveryCode, form);
	expect(sessionsIn(replies)).toHaveLength(1);
	expect(await countSessions(app, finley)).toBe(sessions + 1);
	expect(await countEvents(app, "recovery-code-used", finley)).toBe(1);
});

test(
	"the code that ends a set-up, sent eight times at the same moment, turns on one method",
	SLOW,
	async () => {
		app.clock.at(Date.now());
		const desk = newBrowser(app);
		await signIn(desk, devon, DEMO_PASSWORD).catch(() => undefined);
		await app.database.backdoor.deleteFrom("tries").execute();
		await signIn(desk, devon);
		const set = setUpPaths(paths.authenticatorApp);
		let page = await desk.open(set.start);
		page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
		const code = scanKey(page, desk).codeAt(Date.now());
		page = await page.click("Next");
		const setUp = /name="set-up" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
		const form = (each: Browser) => ({ "form-token": formToken(each, "session"), "set-up": setUp, code });
		const replies = await sendAtOnce([desk], 8, set.code, form);
		expect(replies.map(({ headers }) => headers.location)).toEqual(Array(8).fill(recoveryCodeStep(4)));
		expect(await countEvents(app, "method-set-up", devon)).toBe(1);
		expect(await countEvents(app, "recovery-code-made", devon)).toBe(1);
	},
);

describe("whatever works once, at whatever form it is entered", () => {
	let stage: Stage;
	let two: Process[];
	let forms: Form[];
	let putBack: () => Promise<void>;

	beforeAll(async () => {
		// Set a few minutes ago, so that what it takes to set it is over by now.
		stage = await setStage({ environment: keys, startsAt: Date.now() - minutes(3) });
		two = await twoProcesses(stage.app);
		forms = [...stage.forms.filter(worksOnce), await invitation()];
		putBack = await snapshot(stage.app);
	}, SLOW.timeout);
	afterAll(async () => {
		for (const process of two) await process[Symbol.asyncDispose]();
		await stage[Symbol.asyncDispose]();
	});

	/** A code that is entered, or the token of an emailed link, which its form is posted to. */
	function worksOnce({ action, fields }: Form): boolean {
		return (
			/\/[\w-]{43}$/.test(action) ||
			fields.some(({ autocomplete, name }) => autocomplete === "one-time-code" || name === "recovery-code")
		);
	}

	/** An invitation is taken by the form of a reset. */
	async function invitation(): Promise<Form> {
		const reset = stage.forms.find(({ action }) => action === stage.people.passwordLink);
		const person = { name: "Robin Park", email: "robin@harbour.example", mobile: null };
		const invited = await invite(stage.app, { ...person, access: "limited" });
		if (!reset || invited.kind !== "invited") throw new Error("Nobody was invited");
		return { ...reset, action: new URL(invited.link.url).pathname };
	}

	/** The person's browser as it is, and new sign-ins of theirs, but where a code belongs to one sign-in: there it is wrong. */
	async function senders({ state, action }: Form): Promise<Browser[]> {
		const browsers = [state.browser];
		const isOfSignIn = action.startsWith(`${paths.signIn}/`) && !action.includes(paths.signInSetUp);
		const isTexted = action === paths.verify && state.textedCode !== undefined;
		while (isOfSignIn && !isTexted && browsers.length < 4) {
			const anew = state.browser.copy();
			anew.cookies.clear();
			await signIn(anew, state.email, state.password);
			browsers.push(anew);
		}
		return browsers;
	}

	/** Sends a form once, or four times at once from each browser. @returns what came of it: sessions, and events but of what was refused */
	async function whatComesOf(form: Form, sent: "once" | "often") {
		await putBack();
		stage.app.clock.at(Date.now());
		const { backdoor } = stage.app.database;
		await backdoor
			.updateTable("text_codes")
			.set({ expires_at: Date.now() + minutes(5) })
			.execute();
		const browsers = await senders(form);
		const kept = async () => {
			const { sessions = [], activity_events: events = [] } = await everythingKept(stage.app);
			return { sessions: sessions.map((row) => row.session_id), events };
		};
		const before = await kept();
		const replies = await sendAtOnce(
			sent === "once" ? browsers.slice(0, 1) : browsers,
			sent === "once" ? 1 : browsers.length * 4,
			form.action,
			(browser) => {
				const own = form.action.startsWith(`${paths.signIn}/`) && token(browser)["form-token"];
				return new URLSearchParams(
					filledIn(form).map(([name, value]) => [name, name === "form-token" && own ? own : value]),
				);
			},
			two,
		);
		expect(replies.filter(({ status }) => status >= 500)).toEqual([]);
		const after = await kept();
		const numbers = new Set(before.events.map((event) => event.number));
		const done = after.events
			.filter((event) => !numbers.has(event.number))
			.map(({ kind }) => String(kind))
			.filter((kind) => !/-refused$|-waits$|^message-/.test(kind));
		return {
			sessions: after.sessions.filter((id) => !before.sessions.includes(id)).length,
			done: done.toSorted(),
		};
	}

	test("does what it does once when it is sent many times at the same moment", SLOW, async () => {
		expect(forms.length).toBeGreaterThan(15);
		for (const form of forms) {
			const about = `${form.state.name}: ${form.action}`;
			const once = await whatComesOf(form, "once");
			expect(once.done, about).not.toEqual([]);
			expect(await whatComesOf(form, "often"), about).toEqual(once);
		}
	});
});
