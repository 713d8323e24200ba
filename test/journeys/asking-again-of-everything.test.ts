import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import type { SignedInBy } from "../../src/db/tables.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths, textSetUpPaths } from "../../src/paths.ts";
import { type AdminAction, adminActions, emery, finley, letNewEmailWait } from "../bypasses/admin-actions.ts";
import { formToken } from "../bypasses/cookies-of.ts";
import { NEW_PASSWORD } from "../bypasses/owners.ts";
import { snapshot } from "../every-page/snapshot.ts";
import { type App, startApp } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { type Browser, newBrowser, type Reply } from "../harness/browser.ts";
import { deactivate, giveCode, idOf, makeResetPending } from "../harness/by-operator.ts";
import { Page } from "../harness/page.ts";
import {
	avery,
	blake,
	casey,
	devon,
	proveByEmail,
	requireFrom,
	saveRecoveryCode,
	setUpAuthenticatorApp,
	setUpInSignIn,
	signIn,
	signInTrusting,
	signInWithCode,
	signOut,
} from "../harness/people.ts";

/** A row of *Asking again* of product.md: what is done, and what is asked for it. */
type Row = {
	what: string;
	asked: "password" | "password and code" | "nothing";
	/** Where its form is posted. */
	post: (here: Pick<Here, "ids">) => string;
	/** What is right in its form, but for the password. */
	form: (here: Here) => Record<string, string>;
	/** Without a method of one's own there is nothing to do it with, or a set-up comes first. */
	needsMethod: boolean;
};

/** Avery, who has Full Access, in a session. */
type Here = {
	app: App;
	browser: Browser;
	/** Undefined where no method is on. */
	authenticator?: Authenticator;
	ids: (email: string) => string;
};

const own = (
	what: string,
	asked: Row["asked"],
	post: string,
	form: Record<string, string> = {},
	needsMethod = true,
): Row => ({ what, asked, post: () => post, form: () => form, needsMethod });

const newEmail = "avery.chen@mail.example";

const rows: readonly Row[] = [
	own("change password", "password", paths.password, { "new-password": NEW_PASSWORD }, false),
	own("set up another", "password and code", paths.textMessage, {}, false),
	own("replace", "password and code", paths.authenticatorApp),
	own("turn off", "password and code", paths.turnOff.to("authenticator-app")),
	own("new Recovery Code", "password and code", paths.newRecoveryCode),
	own("change one's own email", "password and code", paths.changeEmail, { email: newEmail }, false),
	own("change one's own number", "password and code", paths.changeMobile, { mobile: "+16045550177" }, false),
	own("keep the email that one has", "nothing", paths.cancelEmailChange, {}, false),
	own("make default", "nothing", paths.makeDefault, { kind: "authenticator-app" }, false),
	own("remove a browser", "nothing", paths.removeTrusted, { which: "all" }, false),
	own("remove a session", "nothing", paths.endSession, { session: "nobody's" }, false),
	own("remove every other session", "nothing", paths.endOtherSessions, {}, false),
	...adminActions.map(rowOf),
];

function rowOf(action: AdminAction): Row {
	return {
		what: action.name,
		asked: action.asks,
		post: ({ ids }) => action.pattern.replace(":profileId", ids(action.to ?? "")),
		form: ({ ids }) => action.form(ids),
		needsMethod: action.needsOwnMethod,
	};
}

/** What a row leads to, or what asks: for these nothing is asked again. */
const steps: readonly string[] = [
	...Object.values(setUpPaths(paths.authenticatorApp)),
	...Object.values(textSetUpPaths(paths.textMessage)),
	paths.recoveryCode,
	paths.lostPhone,
	paths.appInstead,
	paths.confirm,
	paths.confirmByText,
	paths.textConfirmCode,
	paths.confirmByRecoveryCode,
	paths.confirmEmail.pattern,
	paths.notMe.pattern,
	paths.ownActivityDownload,
];

test("every form of My Account that the running app takes is a row of the table, or a step of one", async () => {
	await using app = await startApp();
	const posted = app.routes.filter(({ method }) => method === "POST").map(({ pattern }) => pattern);
	const known = rows.map(({ post }) => post({ ids: () => "somebody" }));
	const unknown = posted
		.filter((pattern) => pattern.startsWith(`${paths.account}/`) && !steps.includes(pattern))
		.filter((pattern) => !known.includes(pattern.replace(":kind", "authenticator-app")));
	expect(unknown).toEqual([]);
});

/** How a session came to be, and whether the code half has been answered by it. */
type SessionBy = {
	name: string;
	hasPassedCode: boolean;
	/** @returns their app, where a method is on */
	begin: (browser: Browser) => Promise<Authenticator | undefined>;
};

const sessionsBy: readonly SessionBy[] = [
	{
		name: "the password, where no method is on",
		hasPassedCode: false,
		async begin(browser) {
			await signIn(browser, avery);
			return undefined;
		},
	},
	{
		name: "an emailed code after a reset, where no method is on",
		hasPassedCode: false,
		async begin(browser) {
			await makeResetPending(browser.app, avery);
			await signIn(browser, avery);
			await (await proveByEmail(browser, avery)).click("Not now");
			return undefined;
		},
	},
	{
		name: "a trusted browser",
		hasPassedCode: false,
		begin: beginByTrust,
	},
	{
		name: "a temporary code",
		hasPassedCode: false,
		async begin(browser) {
			const authenticator = await setUpElsewhere(browser);
			const code = await giveCode(browser.app, avery);
			await signIn(browser, avery);
			const enter = await browser.open(paths.signInTemporaryCode);
			const lost = await enter.submit({ "Temporary code": code }, "Submit");
			await lost.click("I just don't have it with me: keep it");
			return authenticator;
		},
	},
	{
		name: "a method's code",
		hasPassedCode: true,
		async begin(browser) {
			const authenticator = await setUpElsewhere(browser);
			await signInWithCode(browser, avery, authenticator);
			return authenticator;
		},
	},
	{
		name: "a set-up in the session",
		hasPassedCode: true,
		async begin(browser) {
			await signIn(browser, avery);
			return (await setUpAuthenticatorApp(browser)).authenticator;
		},
	},
	{
		name: "an emailed code and a forced set-up",
		hasPassedCode: true,
		async begin(browser) {
			await requireFrom(browser.app, "2026-12-01");
			await signIn(browser, avery);
			await proveByEmail(browser, avery);
			return (await setUpInSignIn(browser)).authenticator;
		},
	},
	{
		name: "a temporary code and a forced set-up",
		hasPassedCode: true,
		async begin(browser) {
			await requireFrom(browser.app, "2026-12-01");
			const code = await giveCode(browser.app, avery);
			await signIn(browser, avery);
			const enter = await browser.open(paths.signInTemporaryCode);
			await enter.submit({ "Temporary code": code }, "Submit");
			return (await setUpInSignIn(browser)).authenticator;
		},
	},
	{
		name: "a Recovery Code",
		hasPassedCode: true,
		async begin(browser) {
			const desk = newBrowser(browser.app);
			await signIn(desk, avery);
			const { authenticator, recoveryCode } = await setUpAuthenticatorApp(desk);
			const enter = await (await signIn(browser, avery)).click("Use recovery code instead");
			const lost = await enter.submit({ "Recovery Code": recoveryCode }, "Submit");
			await saveRecoveryCode(await lost.click("I just don't have it with me: keep it"));
			return authenticator;
		},
	},
	{
		name: "a trusted browser, and a code entered in it since",
		hasPassedCode: true,
		async begin(browser) {
			const authenticator = await beginByTrust(browser);
			await entersCode(browser, authenticator.code());
			return authenticator;
		},
	},
];

/** In which of these each way of signing in is tried: a new way is none until it is said here. */
const triedAs: Record<SignedInBy, string> = {
	password: "the password, where no method is on",
	"trusted-browser": "a trusted browser",
	"authenticator-app": "a method's code",
	"text-message": "a method's code",
	"recovery-code": "a Recovery Code",
	"temporary-code": "a temporary code",
	"emailed-code": "an emailed code after a reset, where no method is on",
};

test("every way of signing in is among those that are tried", () => {
	const names = sessionsBy.map(({ name }) => name);
	expect(names).toEqual(expect.arrayContaining(Object.values(triedAs)));
});

async function setUpElsewhere({ app }: Browser): Promise<Authenticator> {
	const desk = newBrowser(app);
	await signIn(desk, avery);
	return (await setUpAuthenticatorApp(desk)).authenticator;
}

async function beginByTrust(browser: Browser): Promise<Authenticator> {
	const authenticator = await setUpElsewhere(browser);
	await signInTrusting(browser, avery, authenticator);
	await signOut(browser);
	await signIn(browser, avery);
	return authenticator;
}

async function entersCode(browser: Browser, code: string): Promise<void> {
	await (await browser.open(paths.confirm)).submit({ "Verification code": code }, "Submit");
}

describe.each(sessionsBy)("in a session by $name", (by) => {
	let here: Here;
	let restore: () => Promise<void>;
	beforeAll(async () => {
		const app = await startApp();
		const browser = newBrowser(app);
		const authenticator = await by.begin(browser);
		await requireFrom(app, "2026-12-28");
		const colleague = newBrowser(app);
		await signIn(colleague, casey);
		await (await colleague.page.click("Not now")).click("2-Step Verification");
		await setUpAuthenticatorApp(colleague);
		await deactivate(app, finley);
		await letNewEmailWait(app, devon);
		const known = new Map<string, string>();
		for (const email of [avery, blake, casey, devon, emery, finley]) known.set(email, await idOf(app, email));
		// Nobody's last code may be the next one's replay.
		app.clock.forward(minutes(1));
		await app.drain();
		here = { app, browser, authenticator, ids: (email) => known.get(email) ?? "nobody" };
		restore = await snapshot(app);
	}, 60_000);
	beforeEach(() => restore());
	afterAll(() => here.app[Symbol.asyncDispose]());

	test.each(rows)("to $what, $asked is asked", async (row) => {
		const hasMethod = here.authenticator !== undefined;
		// Its page or a set-up comes first: nothing is asked, and nothing done.
		if (row.needsMethod && !hasMethod) return;
		const asksCode = row.asked === "password and code" && hasMethod && !by.hasPassedCode;
		const asksPassword = row.asked !== "nothing";

		let reply = await send(row, {});
		if (asksCode) {
			expect(reply.headers.location).toMatch(/^\/account\/confirm\?/);
			// The password instead of the code is not enough, on the page or by the form.
			reply = await send(row, { password: DEMO_PASSWORD });
			expect(reply.headers.location).toMatch(/^\/account\/confirm\?/);
			await entersCode(here.browser, here.authenticator?.codeAt(here.app.clock.now()) ?? "");
			reply = await send(row, {});
		}
		if (asksPassword) {
			expect(reply.status).toBe(422);
			expect(new Page(here.browser, reply).errors).toEqual(["Enter your password."]);
			expect((await send(row, { password: "not that one, sorry" })).status).toBe(422);
			reply = await send(row, { password: DEMO_PASSWORD });
		}
		const { errors } = new Page(here.browser, reply);
		expect([200, 303], errors.join()).toContain(reply.status);
		expect(reply.headers.location ?? "").not.toMatch(/^\/(account\/confirm|sign-in)/);
	});

	async function send(row: Row, typed: Record<string, string>): Promise<Reply> {
		const { browser, app } = here;
		const clinic = app.database.backdoor.selectFrom("clinics").select("rule_version");
		const form = {
			"form-token": formToken(browser, "session"),
			...row.form(here),
			version: String((await clinic.executeTakeFirstOrThrow()).rule_version),
			...typed,
		};
		return browser.copy().send(row.post(here), { method: "POST", form });
	}
});
