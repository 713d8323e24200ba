import { afterAll, beforeAll, expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { Browser, type Reply, type Sending, userAgents } from "../harness/browser.ts";
import { CookieJar } from "../harness/cookie-jar.ts";
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
	setUpTextMessages,
	signIn,
	signInTrusting,
	signInWithCode,
	signOut,
} from "../harness/people.ts";
import { formToken } from "./cookies-of.ts";
import { chooseNewPassword, enterCode, enterRecoveryCode, linkFor, NEW_PASSWORD } from "./owners.ts";
import { databaseAsText, foundIn, fromBase32, listenToLog, type Met } from "./written-secrets.ts";

/** A browser that writes down every secret that goes through it: typed, shown, or kept as a cookie. */
class NotingBrowser extends Browser {
	readonly #met: Met;

	constructor(app: App, met: Met, address: string, cookies = new CookieJar()) {
		super(app, { address, userAgent: userAgents.chromeOnWindows, origin: app.url.origin }, cookies);
		this.#met = met;
	}

	override async send(address: string, sending: Sending = {}): Promise<Reply> {
		for (const [name, value] of new URLSearchParams(sending.form ?? {})) {
			if (TYPED[name] && value.length > 5 && !this.#met.has(value)) this.#met.set(value, TYPED[name]);
		}
		const reply = await super.send(address, sending);
		for (const line of reply.headers["set-cookie"] ?? []) {
			const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			if (value !== "") this.#met.set(value, `the cookie ${name}`);
		}
		const html = reply.body.toString();
		for (const [what, pattern] of SHOWN) {
			for (const [, secret = ""] of html.matchAll(pattern)) this.#met.set(secret, what);
		}
		return reply;
	}
}

const TYPED: Record<string, string> = {
	password: "a password",
	"new-password": "a password",
	code: "a code",
	"recovery-code": "a Recovery Code",
	"form-token": "a form token",
};

const SHOWN: [what: string, pattern: RegExp][] = [
	["a setup key", /\b((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})\b/g],
	["a setup key", /[?&]secret=([A-Z2-7]{32})/g],
	["a Recovery Code", /\b((?:[0-9A-Z]{4} ){4}[0-9A-Z]{4})\b/g],
	["a temporary code", /<p class="code-to-tell notranslate">(\d{4} \d{4})<\/p>/g],
	["a form token", /name="form-token" value="([^"]+)"/g],
];

/** The secrets that an email or a text message is there to carry. */
async function noteMessages({ inbox, texts }: App, met: Met): Promise<void> {
	for (const { text, links } of await inbox.all()) {
		for (const [code] of text.matchAll(/^\d{4} \d{4}$/gm)) met.set(code, "an emailed code");
		for (const link of links) {
			const token = /\/([A-Za-z0-9_-]{43})$/.exec(link)?.[1];
			if (token) met.set(token, `the token of ${new URL(link).pathname.split("/").slice(0, -1).join("/")}`);
		}
	}
	for (const { text } of texts.gateway.texts) {
		const code = /#(\d{6})$/.exec(text)?.[1];
		if (code) met.set(code, "a texted code");
	}
}

let app: App;
let log: () => string;
const met: Met = new Map();
let browsers = 0;
const anew = () => new NotingBrowser(app, met, `203.0.113.${++browsers}`);

beforeAll(async () => {
	app = await startApp({ environment: { VESTIBULE_LOG_LEVEL: "debug" } });
	log = listenToLog(app);
	await everythingThatPeopleDo();
	await noteMessages(app, met);
}, 120_000);
afterAll(() => app[Symbol.asyncDispose]());

test("no password, code, key, Recovery Code or token that people met stands in the database or the log", async () => {
	const kinds = new Set(met.values());
	for (const what of ["a password", "a code", "a setup key", "a Recovery Code", "a temporary code"]) {
		expect([...kinds]).toContain(what);
	}
	for (const what of [
		"an emailed code",
		"a texted code",
		"the token of /account/not-me",
		"the token of /account/confirm-email",
	]) {
		expect([...kinds]).toContain(what);
	}
	expect(met.size).toBeGreaterThan(60);
	expect(foundIn(await databaseAsText(app), met)).toEqual([]);
	expect(log()).toContain(paths.signInTemporaryCode);
	expect(foundIn(log(), met)).toEqual([]);
});

test("no email holds a password, a setup key, a Recovery Code, a temporary code or a cookie, and no text one of theirs", async () => {
	const mayBeSent = ([, what]: [string, string]) =>
		!/^an emailed code$|^a code$|^the token of|^a texted code$/.test(what);
	const neverSent = new Map([...met].filter(mayBeSent));
	const emails = (await app.inbox.all()).map(({ subject, text, html }) => [subject, text, html].join("\n"));
	expect(emails.length).toBeGreaterThan(15);
	expect(foundIn(emails.join("\n"), neverSent)).toEqual([]);
	expect(foundIn(app.texts.gateway.texts.map(({ text }) => text).join("\n"), neverSent)).toEqual([]);
});

test("what is looked for would be found, however it is written", () => {
	const key = "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP";
	const sought: Met = new Map([
		[key, "a setup key"],
		["4829 1306", "a code"],
	]);
	const bytes = fromBase32(key.replaceAll(" ", ""));
	for (const text of [key, key.replaceAll(" ", ""), bytes.toString("hex"), bytes.toString("base64")]) {
		expect(foundIn(`x${text}y`, sought)).toEqual([`a setup key: ${key}`]);
	}
	expect(foundIn('{"code":"48291306"}', sought)).toEqual(["a code: 4829 1306"]);
	expect(foundIn('{"at":1748291306000}', sought)).toEqual([]);
});

/** Every journey of product.md that a secret takes part in, with what goes wrong on the way. */
async function everythingThatPeopleDo(): Promise<void> {
	// Set-up of both methods, sign-in by each, wrong ones too, and a trusted browser.
	const averys = anew();
	await signIn(averys, avery, "mistyped lanterns over water");
	await signIn(averys, avery);
	const own = await setUpAuthenticatorApp(averys);
	const caseys = anew();
	await signIn(caseys, casey);
	const { authenticator } = await setUpAuthenticatorApp(caseys);
	const { number, recoveryCode } = await setUpTextMessages(caseys);
	const texted = anew();
	const ways = await (await signIn(texted, casey)).click("Try another way");
	await ways.click("Text me a code");
	await enterCode(texted, authenticator.wrongCode());
	await enterCode(texted, (await app.texts.latest(number)).code);
	const trusted = anew();
	await signInTrusting(trusted, casey, authenticator);
	await signOut(trusted);
	await signIn(trusted, casey);
	const again = await trusted.open(paths.newRecoveryCode);
	await again.submit({ "Verification code": authenticator.code() }, "Submit");

	// The Recovery Code, wrong and right, the new one, and its sheet.
	const lost = anew();
	await signIn(lost, casey);
	await enterRecoveryCode(lost, "7777 7777 7777 7777 7777");
	const asked = await enterRecoveryCode(lost, recoveryCode);
	const shown = await asked.click("I just don't have it with me: keep it");
	await lost.send(paths.recoveryCodePdf);
	await saveRecoveryCode(shown);

	// A colleague helps: a temporary code, wrong and right, and a reset with what follows.
	const staff = await averys.open(paths.staff);
	const person = await staff.click("Casey Singh");
	const give = await person.click("Give a temporary code");
	const typed = { "In person": true, "Your password": DEMO_PASSWORD };
	const given = await give.submit(typed, "Give a temporary code");
	const code = /\b\d{4} \d{4}\b/.exec(given.text)?.[0] ?? "";
	const byCode = anew();
	await signIn(byCode, casey);
	for (const each of ["8888 8888", code]) {
		await (await byCode.open(paths.signInTemporaryCode)).submit({ "Temporary code": each }, "Submit");
	}
	const reset = await (await averys.open(person.path)).click("Disable 2-Step Verification");
	await reset.submit(
		{ Reason: "The phone is lost", "Your password": DEMO_PASSWORD },
		"Disable 2-Step Verification",
	);
	const back = anew();
	await signIn(back, casey);
	await proveByEmail(back, casey);
	await setUpInSignIn(back);

	// A forgotten password, and one that is changed.
	const forgot = anew();
	await chooseNewPassword(forgot, await linkFor(app, blake, forgot));
	await signIn(forgot, blake, NEW_PASSWORD);
	const change = await forgot.open(paths.password);
	const passwords = { "Current password": NEW_PASSWORD, "New password": "seven otters fold maps" };
	await change.submit(passwords, "Change password");

	// Somebody new is invited, an email is changed, and one is told that it wasn't them.
	const invite = await averys.open(paths.inviteStaff);
	await invite.submit({ Name: "Gale Roy", Email: "gale@harbour.example" }, "Send invitation");
	const { links: invitation } = await app.inbox.latest("gale@harbour.example");
	await chooseNewPassword(anew(), invitation[0] ?? "", "four herons fold a map");
	const email = await averys.open(paths.changeEmail);
	await email.submit(
		{ "New email": "avery.chen@mail.example", Password: DEMO_PASSWORD },
		"Send the confirmation",
	);
	const { links: confirmation } = await app.inbox.latest("avery.chen@mail.example");
	await (await anew().openFromEmail(confirmation[0] ?? "")).click("Confirm this email");
	const told = (await app.inbox.all(blake)).flatMap(({ links }) => links);
	const notMe = await anew().openFromEmail(told.findLast((link) => link.includes("/not-me/")) ?? "");
	await notMe.click("This wasn't me");

	// A forced set-up.
	await requireFrom(app, "2026-12-07");
	const forced = anew();
	await signIn(forced, devon);
	await forced.page.click("Email me a code");
	await forced.page.submit({ "Verification code": "9999 9999" }, "Submit");
	await forced.open(paths.emailedCode);
	await setUpAfterEmailedCode(forced);

	// Something that breaks while a right code is entered.
	app.clock.forward(minutes(2));
	const broken = anew();
	await signIn(broken, "avery.chen@mail.example");
	const { schema } = app.database.backdoor;
	await schema.alterTable("activity_events").renameTo("away").execute();
	const form = { "form-token": formToken(broken, "signIn"), code: own.authenticator.code() };
	await broken.send(paths.verify, { method: "POST", form });
	await schema.alterTable("away").renameTo("activity_events").execute();
	await broken.send(`${paths.signIn}?password=${encodeURIComponent(DEMO_PASSWORD)}&code=${form.code}`);
	app.clock.forward(minutes(2));
	await signInWithCode(anew(), "avery.chen@mail.example", own.authenticator);
	await app.drain();
}

/** The emailed code that is on its way, and the set-up that it leads to. */
async function setUpAfterEmailedCode(browser: Browser): Promise<void> {
	const emails = await app.inbox.all(devon);
	const code = emails.map(({ text }) => /^\d{4} \d{4}$/m.exec(text)?.[0]).findLast(Boolean) ?? "";
	await browser.page.submit({ "Verification code": code }, "Submit");
	await setUpInSignIn(browser);
}
