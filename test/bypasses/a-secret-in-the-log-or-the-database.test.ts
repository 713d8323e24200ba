import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { minutes, seconds } from "../../src/clock.ts";
import { Keyring } from "../../src/crypto/keyring.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { avery, casey, recoveryCodeOn, scanKey, signIn, signOut } from "../harness/people.ts";
import { type Build, build, startProcess, throughProcess } from "./another-process.ts";
import { cookies, formToken } from "./cookies-of.ts";
import { enterCode, enterRecoveryCode, linkFor, NEW_PASSWORD } from "./owners.ts";
import { everythingKept } from "./what-is-kept.ts";

let built: Build;
beforeAll(() => {
	built = build();
}, 60_000);
afterAll(() => built[Symbol.dispose]());

/** All that is in the database, by whatever means one looks at it. */
async function databaseAsText(app: App): Promise<string> {
	const rows = JSON.stringify(await everythingKept(app));
	if (app.database.engine === "postgres") return rows;
	const file = app.database.url.slice("sqlite:".length);
	return [rows, readFileSync(file, "latin1"), readFileSync(`${file}-wal`, "latin1")].join("\n");
}

/** Secrets met on the way, each with the way it is written where people and programs meet it. */
class Secrets {
	readonly #known = new Map<string, string>();

	add(what: string, text: string): string {
		this.#known.set(text, what);
		for (const plain of [text.replaceAll(" ", ""), text.replaceAll(" ", "-"), encodeURIComponent(text)]) {
			this.#known.set(plain, what);
		}
		return text;
	}

	addCookiesOf(browser: Browser): void {
		for (const [what, name] of Object.entries(cookies)) {
			const token = browser.cookies.get(name);
			if (token) this.add(`the cookie of the ${what}`, token);
		}
		if (browser.cookies.get(cookies.session)) this.add("a form token", formToken(browser, "session"));
		if (browser.cookies.get(cookies.signIn)) this.add("a form token", formToken(browser, "signIn"));
	}

	/** Six digits count by themselves only: any could stand inside a time. */
	foundIn(text: string): string[] {
		const stands = (secret: string) =>
			/^\d{6}$/.test(secret)
				? new RegExp(`(?<![\\w.-])${secret}(?![\\w-])`).test(text)
				: text.includes(secret);
		return [...this.#known].flatMap(([secret, what]) => (stands(secret) ? [what] : []));
	}

	get size(): number {
		return this.#known.size;
	}
}

test("through a whole journey no password, code, key, Recovery Code or token is in the log or the database", async () => {
	const keys = { VESTIBULE_KEYS: Keyring.newKey("secret") };
	await using app = await startApp({ environment: keys });
	// What sends the emails is the app of the harness, whose clock stands: past all that the process will queue.
	app.clock.at(Date.now() + minutes(2));
	await using process = await startProcess(built, app, { ...keys, VESTIBULE_LOG_LEVEL: "debug" });
	const served = throughProcess(app, process);
	const secrets = new Secrets();
	secrets.add("the key ring", keys.VESTIBULE_KEYS.split(":")[1] ?? "");
	secrets.add("a password", DEMO_PASSWORD);
	secrets.add("a password", NEW_PASSWORD);
	const wrong = secrets.add("a wrong password", "mistyped lanterns over water");

	let looked = 0;
	const look = async (after: string, ...browsers: Browser[]) => {
		for (const browser of browsers) secrets.addCookiesOf(browser);
		expect(secrets.foundIn(await databaseAsText(app)), `in the database, ${after}`).toEqual([]);
		expect(secrets.foundIn(process.log()), `in the log, ${after}`).toEqual([]);
		looked++;
	};

	// Forgotten password: the link, before and after its email left, and used.
	const desk = newBrowser(served);
	await signIn(desk, avery, wrong);
	await look("a wrong password", desk);
	const link = await linkFor(served, avery, desk);
	secrets.add("the token of a link", link.split("/").at(-1) ?? "");
	await look("asking for a link", desk);
	const form = await desk.openFromEmail(link);
	await form.submit({ "New password": NEW_PASSWORD }, "Save password");
	await look("choosing a new password", desk);

	// Set-up, from the key to Done.
	await signIn(desk, avery, NEW_PASSWORD);
	let page = await desk.open(paths.authenticatorApp);
	page = await page.submit({ Password: NEW_PASSWORD }, "Next");
	const authenticator = scanKey(page, desk);
	secrets.add("the setup key", authenticator.secret);
	secrets.add("the setup key", authenticator.secret.match(/.{4}/g)?.join(" ") ?? "");
	await look("the setup key was shown", desk);
	const codeAt = (steps: number) =>
		secrets.add("a code", authenticator.codeAt(Date.now() + steps * seconds(30)));
	page = await page.click("Next");
	page = await page.submit({ "Verification code": codeAt(-8) }, "Submit");
	page = await page.submit({ "Verification code": codeAt(-1) }, "Submit");
	const recoveryCode = secrets.add("the Recovery Code", recoveryCodeOn(page));
	await look("the Recovery Code was shown", desk);
	await desk.send(paths.recoveryCodePdf);
	await page.submit({ "I've saved my Recovery Code": true }, "Done");
	await look("Done", desk);

	// Both steps, with a wrong code, an old one and a right one.
	await signOut(desk);
	await signIn(desk, avery, NEW_PASSWORD);
	await look("while the second step waits", desk);
	await enterCode(desk, secrets.add("a wrong code", authenticator.wrongCode()));
	await enterCode(desk, codeAt(-9));
	await enterCode(desk, codeAt(1));
	await look("both steps", desk);

	// The Recovery Code, wrong and right, and the one that follows.
	const home = newBrowser(served);
	await signIn(home, avery, NEW_PASSWORD);
	await enterRecoveryCode(home, secrets.add("a wrong Recovery Code", "7777 7777 7777 7777 7777"));
	const lost = await enterRecoveryCode(home, recoveryCode);
	const kept = await lost.click("I just don't have it with me: keep it");
	secrets.add("the next Recovery Code", recoveryCodeOn(kept));
	await look("the Recovery Code was used", home);

	// Asked again, and something that breaks: an error is logged, and nothing of what was sent.
	const change = await home.open(paths.password);
	const typed = {
		"Current password": wrong,
		"New password": secrets.add("a password", "seven otters fold maps"),
	};
	await change.submit(typed, "Change password");
	await app.database.backdoor
		.updateTable("authenticator_apps")
		.set({ sealed_secret: "test.broken" })
		.execute();
	const thief = newBrowser(served);
	await signIn(thief, avery, NEW_PASSWORD);
	const broken = { "form-token": formToken(thief, "signIn"), code: codeAt(0) };
	expect((await thief.send(paths.verify, { method: "POST", form: broken })).status).toBe(500);
	await thief.send(`${paths.signIn}?password=${encodeURIComponent(NEW_PASSWORD)}&code=${codeAt(0)}`);
	await thief.send(`/no/such/page/${link.split("/").at(-1)}`);
	await thief.send(paths.signIn, { method: "POST", form: { email: NEW_PASSWORD, password: casey } });
	await look("something broke", thief, home, desk);

	// There was something to find, and a log to find it in.
	expect(looked).toBe(10);
	expect(secrets.size).toBeGreaterThan(40);
	expect(process.log()).toContain("could not answer");
	expect(process.log()).toContain(paths.setPassword.pattern);
});

test("what the search above looks for would be found", async () => {
	await using app = await startApp();
	const secrets = new Secrets();
	secrets.add("an email", avery);
	secrets.add("a code", "482913");
	const { backdoor } = app.database;
	expect(secrets.foundIn(await databaseAsText(app))).toEqual(["an email"]);
	await backdoor.updateTable("profiles").set({ name: "482913" }).where("email", "=", avery).execute();
	expect(secrets.foundIn(await databaseAsText(app)).sort()).toEqual(["a code", "an email"]);
	expect(secrets.foundIn('{"at":1748291300000}')).toEqual([]);
});
