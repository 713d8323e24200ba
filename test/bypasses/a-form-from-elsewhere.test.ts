import { afterAll, beforeAll, expect, test } from "vitest";
import { hours, minutes, seconds } from "../../src/clock.ts";
import { PlainToken } from "../../src/crypto/tokens.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths, textSetUpPaths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser, type Sending } from "../harness/browser.ts";
import { idOf } from "../harness/by-operator.ts";
import { avery, beginTextSetUp, blake, casey, devon, scanKey, signIn } from "../harness/people.ts";
import { adminActions, emery, finley } from "./admin-actions.ts";
import { formToken } from "./cookies-of.ts";
import { everyForm, isPageOfASignIn } from "./every-address.ts";
import { notMeLink } from "./not-me.ts";
import { linkFor, NEW_PASSWORD, type Owner, ownerWithApp, waitingAtTheCode } from "./owners.ts";
import { everythingKept } from "./what-is-kept.ts";

/** A form that would do something if it came from a page of this site. */
type Ready = {
	address: string;
	form: Record<string, string>;
	browser: Browser;
	of: "session" | "signIn" | "nobody";
};

const texts = textSetUpPaths(paths.textMessage);
const signInTexts = textSetUpPaths(paths.signInTextMessage);
/** Stricter than before, so that nothing has to be confirmed. */
const rule = { version: "0", requires: "yes", "effective-date": "2030-01-01", "allows-texts": "yes" };

let app: App;
let owner: Owner;
let waiting: Browser;
let ready: Ready[];

/** Somebody signed in, somebody at the second step, somebody with a link: each form there is, filled in rightly. */
beforeAll(async () => {
	app = await startApp();
	const link = new URL(await linkFor(app, casey)).pathname;
	owner = await ownerWithApp(app, avery);
	app.clock.forward(minutes(1));
	const { desk, authenticator, recoveryCode } = owner;
	let page = await desk.open(paths.authenticatorApp);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	const nextApp = scanKey(page, desk);
	const setUp = /name="set-up" value="([^"]+)"/.exec((await page.click("Next")).html)?.[1] ?? "";
	const texted = await (await beginTextSetUp(desk)).click("Next");
	const textSetUp = /name="set-up" value="([^"]+)"/.exec(texted.html)?.[1] ?? "";
	const { code } = await app.texts.latest("+16045550101");
	await (await desk.open(paths.changeEmail)).submit(
		{ "New email": "avery@mail.example", Password: DEMO_PASSWORD },
		"Send the confirmation",
	);
	const [confirmEmailLink = ""] = (await app.inbox.latest("avery@mail.example")).links;
	const links: Record<string, string> = {
		[paths.setPassword.to("")]: link,
		[paths.notMe.to("")]: new URL(await notMeLink(app, avery)).pathname,
		[paths.confirmEmail.to("")]: new URL(confirmEmailLink).pathname,
	};
	const staff = [avery, blake, casey, devon, emery, finley];
	const ids = new Map(
		await Promise.all(staff.map(async (email) => [email, await idOf(app, email)] as const)),
	);
	waiting = await waitingAtTheCode(app, avery);
	// No email is under way that would change a row by itself.
	await app.drain();
	const nobody = newBrowser(app);

	const forms: Record<string, Record<string, string>> = {
		[paths.signIn]: { email: casey, password: DEMO_PASSWORD },
		[paths.forgotPassword]: { email: casey },
		[paths.setPassword.to("")]: { "new-password": NEW_PASSWORD },
		[paths.notMe.to("")]: {},
		[paths.confirmEmail.to("")]: {},
		[paths.verify]: { code: authenticator.code() },
		[paths.anotherWay]: { way: "authenticator-app" },
		[paths.signInRecoveryCode]: { "recovery-code": recoveryCode },
		[paths.cancelSignIn]: {},
		[paths.signOut]: {},
		[paths.password]: { password: DEMO_PASSWORD, "new-password": NEW_PASSWORD },
		[paths.authenticatorApp]: { password: DEMO_PASSWORD, "sign-out": "on" },
		[setUpPaths(paths.authenticatorApp).code]: { "set-up": setUp, code: nextApp.code() },
		[texts.start]: { password: DEMO_PASSWORD, "sign-out": "on" },
		[texts.number]: { mobile: "+16045550188" },
		[texts.code]: { "set-up": textSetUp, code },
		[texts.resend]: {},
		[paths.makeDefault]: { kind: "authenticator-app" },
		[paths.recoveryCode]: { saved: "on" },
		[paths.newRecoveryCode]: { password: DEMO_PASSWORD },
		[paths.lostPhone]: { answer: "keep" },
		[paths.turnOff.to("authenticator-app")]: { password: DEMO_PASSWORD, "sign-out": "on" },
		[paths.turnOff.to("text-message")]: { password: DEMO_PASSWORD, "sign-out": "on" },
		[paths.appInstead]: {},
		[paths.removeTrusted]: { which: "all" },
		[paths.confirm]: { code: authenticator.codeAt(app.clock.now() + seconds(30)) },
		[paths.confirmByText]: { code },
		[paths.textConfirmCode]: {},
		[paths.confirmByRecoveryCode]: { "recovery-code": recoveryCode },
		[paths.endSession]: { session: "none" },
		[paths.endOtherSessions]: {},
		[paths.timeLeft]: {},
		[paths.enforcement]: { ...rule, password: DEMO_PASSWORD },
		[paths.automaticSignOut]: { "sign-out-after": String(hours(8)), password: DEMO_PASSWORD },
		[paths.sendReminder]: { from: paths.enforcement },
		[paths.whoHasItOnCsv]: { show: "everybody" },
		[paths.report]: {},
		[paths.emailedCode]: { code: "00000000" },
		[paths.sendEmailedCode]: {},
		[paths.signInTemporaryCode]: { code: "00000000" },
		[paths.changeEmail]: { email: "avery@other.example", password: DEMO_PASSWORD },
		[paths.cancelEmailChange]: {},
		[paths.changeMobile]: { mobile: "+16045550177", password: DEMO_PASSWORD },
		[paths.activityDownload]: { format: "csv" },
		[paths.ownActivityDownload]: { format: "csv" },
		[paths.signInSetUp]: { kind: "authenticator-app" },
		[paths.declineSetUp]: {},
		[setUpPaths(paths.signInAuthenticatorApp).code]: { "set-up": setUp, code: "000000" },
		[signInTexts.number]: { mobile: "+16045550188" },
		[signInTexts.code]: { "set-up": textSetUp, code },
		[signInTexts.resend]: {},
	};
	for (const { pattern, form } of adminActions) {
		const right = { ...form((email) => ids.get(email) ?? ""), password: DEMO_PASSWORD };
		forms[pattern.replace(":profileId", "nobody")] ??= right;
	}
	ready = everyForm(app).map((each): Ready => {
		const linked = Object.keys(links).find((start) => each.startsWith(start));
		const form = forms[linked ?? each];
		if (!form) throw new Error(`Say here what the form at ${each} is filled in with`);
		const address = (linked && links[linked]) ?? each.replace("/nobody", `/${ids.get(casey)}`);
		if (isPageOfASignIn(address)) return { address, form, browser: waiting, of: "signIn" };
		const isOpen = linked !== undefined || address === paths.signIn || address === paths.forgotPassword;
		return isOpen
			? { address, form, browser: nobody, of: "nobody" }
			: { address, form, browser: desk, of: "session" };
	});
}, 60_000);
afterAll(() => app[Symbol.asyncDispose]());

const tokenOf = ({ browser, of }: Ready): Record<string, string> =>
	of === "nobody" ? {} : { "form-token": formToken(browser, of) };

/** Sends each form so, expects to be refused with 403, and that nothing whatever is different afterwards. */
async function expectRefused(
	forms: readonly Ready[],
	sending: (form: Ready) => Pick<Sending, "headers" | "coming"> & { form?: Record<string, string> },
): Promise<void> {
	const before = await everythingKept(app);
	expect(forms.length).toBeGreaterThan(3);
	for (const each of forms) {
		const { form = {}, ...how } = sending(each);
		const sent = { ...each.form, ...form };
		const reply = await each.browser.copy().send(each.address, { method: "POST", form: sent, ...how });
		expect(reply.status, each.address).toBe(403);
		expect(reply.body.toString(), each.address).toContain("Nothing was changed.");
		expect(reply.headers["set-cookie"], each.address).toBeUndefined();
	}
	expect(await everythingKept(app)).toEqual(before);
}

const elsewhere: [what: string, headers: Record<string, string | undefined>][] = [
	["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
	["another site that names ours", { "sec-fetch-site": "cross-site" }],
	[
		"a neighbouring site, as another clinic's",
		{ "sec-fetch-site": "same-site", origin: "http://maple.localhost" },
	],
	["a neighbouring site that names ours", { "sec-fetch-site": "same-site" }],
	["nowhere, as from a sandboxed page", { "sec-fetch-site": "cross-site", origin: "null" }],
	["an older browser on another site", { "sec-fetch-site": undefined, origin: "https://evil.example" }],
	["an older browser nowhere", { "sec-fetch-site": undefined, origin: "null" }],
	["something that does not say", { "sec-fetch-site": undefined, origin: undefined }],
	["something that says nonsense", { "sec-fetch-site": "same-origin, cross-site" }],
	["something that says nothing", { "sec-fetch-site": "" }],
	["this host at another port", { "sec-fetch-site": undefined, origin: "http://localhost:1" }],
	["this host in another scheme", { "sec-fetch-site": undefined, origin: "https://localhost" }],
	["a site that begins like ours", { "sec-fetch-site": undefined, origin: "http://localhost.evil.example" }],
];

test.each(elsewhere)("a form from %s changes nothing, the form token notwithstanding", async (_, headers) => {
	await expectRefused(ready, (form) => ({ form: tokenOf(form), headers }));
});

test("a form from elsewhere is refused also with the cookies that a browser then sends", async () => {
	await expectRefused(ready, (form) => ({ form: tokenOf(form), coming: "by a form elsewhere" }));
	await expectRefused(ready, (form) => ({ form: tokenOf(form), coming: "by a link elsewhere" }));
});

test("an older browser that names this very site is let through to the form token", async () => {
	const headers = { "sec-fetch-site": undefined, origin: app.url.origin };
	const [signOut] = ready.filter(({ address }) => address === paths.recoveryCode);
	if (!signOut) throw new Error("There is no such form");
	const { browser, address, form } = signOut;
	const sent = { ...form, ...tokenOf(signOut) };
	const reply = await browser.copy().send(address, { method: "POST", form: sent, headers });
	expect(reply.status).not.toBe(403);
});

const inside = () => ready.filter(({ of }) => of !== "nobody");

test("inside a session or sign-in a form without its token changes nothing", async () => {
	await expectRefused(inside(), () => ({}));
	await expectRefused(inside(), () => ({ form: { "form-token": "" } }));
});

test("a form with the token of another session or sign-in, of the same person or another, changes nothing", async () => {
	const colleague = newBrowser(app);
	await signIn(colleague, blake);
	const again = await waitingAtTheCode(app, avery);
	const others = [
		formToken(colleague, "session"),
		formToken(again, "signIn"),
		PlainToken.fresh().formToken(),
		PlainToken.fresh().reveal(),
	];
	for (const token of others) await expectRefused(inside(), () => ({ form: { "form-token": token } }));
	// Those of the two that are there, crossed.
	await expectRefused(inside(), ({ of }) => ({
		form: {
			"form-token": of === "session" ? formToken(waiting, "signIn") : formToken(owner.desk, "session"),
		},
	}));
});

test("a form token in the address or a cookie is none", async () => {
	const before = await everythingKept(app);
	for (const each of inside()) {
		const { "form-token": token = "" } = tokenOf(each);
		const browser = each.browser.copy();
		browser.cookies.set("form-token", token);
		browser.cookies.set("vestibule-form-token", token);
		const address = `${each.address}?form-token=${token}`;
		const headers = { "x-csrf-token": token, "x-form-token": token };
		const reply = await browser.send(address, { method: "POST", form: each.form, headers });
		expect(reply.status, address).toBe(403);
	}
	expect(await everythingKept(app)).toEqual(before);
});

test("asking for a form's address, with GET and all of its fields, changes nothing", async () => {
	const before = await everythingKept(app);
	for (const each of ready) {
		const query = new URLSearchParams({ ...each.form, ...tokenOf(each) });
		for (const method of ["GET", "HEAD", "OPTIONS"]) {
			await each.browser.copy().send(`${each.address}?${query}`, { method });
			await each.browser.copy().send(`${each.address}?${query}`, { method, coming: "by a link elsewhere" });
		}
	}
	expect(await everythingKept(app)).toEqual(before);
});

test("a form in another shape than a browser's changes nothing", async () => {
	const before = await everythingKept(app);
	for (const each of ready) {
		const sent = { ...each.form, ...tokenOf(each) };
		for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x"]) {
			const headers = { "content-type": type };
			const reply = await each.browser.copy().send(each.address, { method: "POST", form: sent, headers });
			expect([400, 403, 415], `${type} at ${each.address}`).toContain(reply.status);
		}
		for (const method of ["PUT", "PATCH", "DELETE"]) {
			const reply = await each.browser.copy().send(each.address, { method, form: sent });
			expect([404, 405], `${method} ${each.address}`).toContain(reply.status);
		}
	}
	expect(await everythingKept(app)).toEqual(before);
});

test("each of these forms does something when it comes from its own page: so the refusals above mean something", async () => {
	// The last test, since it uses everything up. First what leaves the rest as it is.
	const order = [
		paths.anotherWay,
		paths.signInRecoveryCode,
		paths.turnOff.to("authenticator-app"),
		paths.password,
		paths.signOut,
	];
	const opened = ready.filter(({ of }) => of === "nobody");
	const rest = ready.filter(
		(each) => !order.includes(each.address) && each.address !== paths.lostPhone && !opened.includes(each),
	);
	const last = [...order.flatMap((each) => ready.filter(({ address }) => address === each)), ...opened];
	const sorted = [...rest, ...last];
	let changed = 0;
	for (const each of sorted) {
		const before = JSON.stringify(await everythingKept(app));
		const form = { ...each.form, ...tokenOf(each) };
		const reply = await each.browser.copy().send(each.address, { method: "POST", form });
		expect(reply.status, each.address).not.toBe(403);
		if (JSON.stringify(await everythingKept(app)) !== before) changed++;
	}
	expect(changed).toBeGreaterThan(10);
});
