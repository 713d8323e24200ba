import { expect, test } from "vitest";
import { type App, startApp } from "../../test/harness/app.ts";
import { newBrowser } from "../../test/harness/browser.ts";
import { avery, blake, casey, scanKey, setUpAuthenticatorApp, signIn } from "../../test/harness/people.ts";
import { days, hours, minutes } from "../clock.ts";
import { paths } from "../paths.ts";
import { forgetShownCodes, forgetWhatIsOver } from "./forget.ts";
import { logLatestActivity } from "./log-latest-activity.ts";

test("a Recovery Code that was never saved is only a hash after 15 minutes", async () => {
	await using app = await startApp();
	const browser = newBrowser(app);
	await signIn(browser, avery);
	let page = await (await browser.open(paths.twoStep)).click("Set up", { near: "Authenticator App" });
	page = await page.submit({ Password: "quiet lanterns over water" }, "Next");
	const authenticator = scanKey(page, browser);
	page = await page.click("Next");
	page = await page.submit({ "Verification code": authenticator.code() }, "Submit");
	expect(page.heading).toBe("Save your Recovery Code");
	const sealed = () =>
		app.database.backdoor.selectFrom("recovery_codes").select(["hash", "sealed_code"]).execute();

	app.clock.forward(minutes(14));
	await forgetShownCodes(app.deps);
	expect(await sealed()).toEqual([{ hash: expect.any(String), sealed_code: expect.any(String) }]);
	app.clock.forward(minutes(2));
	await forgetShownCodes(app.deps);
	expect(await sealed()).toEqual([{ hash: expect.stringContaining("$argon2id$"), sealed_code: null }]);
});

test("what is over is deleted, and what still opens something stays", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	await setUpAuthenticatorApp(desk);
	await signIn(newBrowser(app), avery);
	await (await newBrowser(app).open(paths.forgotPassword)).submit({ Email: casey }, "Email me a link");
	await signIn(newBrowser(app), casey, "a wrong password, typed once");
	const blakes = newBrowser(app);
	await signIn(blakes, blake);
	const page = await (await blakes.open(paths.twoStep)).click("Set up", { near: "Authenticator App" });
	await page.submit({ Password: "quiet lanterns over water" }, "Next");
	const rows = async () => ({
		sessions: await count(app, "sessions"),
		signIns: await count(app, "sign_ins"),
		setUps: await count(app, "authenticator_app_set_ups"),
		links: await count(app, "password_links"),
		tries: (await count(app, "tries")) > 0,
		triesAcrossClinics: (await count(app, "tries_across_clinics")) > 0,
	});
	const all = { sessions: 2, signIns: 1, setUps: 1, links: 1, tries: true, triesAcrossClinics: true };

	await forgetWhatIsOver(app.deps);
	expect(await rows()).toEqual(all);
	// Blake goes on; Avery's session was last used at the start.
	app.clock.forward(minutes(90));
	await blakes.open(paths.account);
	app.clock.forward(minutes(45));
	await forgetWhatIsOver(app.deps);
	expect(await rows()).toMatchObject({ sessions: 1, signIns: 0, setUps: 0, links: 1 });
	expect((await blakes.open(paths.account)).heading).toBe("My Account");
	app.clock.forward(days(29));
	await forgetWhatIsOver(app.deps);
	expect(await rows()).toMatchObject({ sessions: 0, links: 1 });
	app.clock.forward(days(100) + hours(1));
	await forgetWhatIsOver(app.deps);
	expect(await rows()).toEqual({
		sessions: 0,
		signIns: 0,
		setUps: 0,
		links: 0,
		tries: false,
		triesAcrossClinics: false,
	});
});

test("the log tells each clinic's latest number and code, as audit verify --expect takes it", async () => {
	await using app = await startApp();
	await signIn(newBrowser(app), avery);
	const logged: object[] = [];
	const log = Object.create(app.deps.log, { info: { value: (line: object) => logged.push(line) } });
	await logLatestActivity({ db: app.deps.db, log });
	const head = await app.database.backdoor.selectFrom("activity_heads").selectAll().executeTakeFirstOrThrow();
	expect(logged).toEqual([{ clinic: "harbour", latest: `${head.number}:${head.code}` }]);
});

type Table =
	| "sessions"
	| "sign_ins"
	| "authenticator_app_set_ups"
	| "password_links"
	| "tries"
	| "tries_across_clinics";

async function count(app: App, table: Table): Promise<number> {
	const rows = await app.database.backdoor.selectFrom(table).selectAll().execute();
	return rows.length;
}
