import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { minutes } from "../../src/clock.ts";
import { isPostgres } from "../../src/db/connect.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { avery, setUpAuthenticatorApp, signIn } from "../harness/people.ts";

test("while the database takes no change nobody gets in, and what was entered is not lost", async () => {
	await using app = await startApp({ environment: { VESTIBULE_LOG_LEVEL: "silent" } });
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const { authenticator } = await setUpAuthenticatorApp(desk);
	app.clock.forward(minutes(1));
	const browser = newBrowser(app);
	const page = await signIn(browser, avery);
	const code = authenticator.code();

	const letGo = await takeAllOf(app);
	const refused = await page.submit({ "Verification code": code }, "Submit");
	expect(refused.status).toBe(503);
	expect(refused.headers["retry-after"]).toBe("10");
	expect(refused.headers["set-cookie"]).toBeUndefined();
	expect(refused.heading).toBe("We're very busy right now");
	await letGo();

	expect((await browser.send(paths.account)).status).toBe(303);
	const opened = await (await browser.open(paths.verify)).submit({ "Verification code": code }, "Submit");
	expect(opened.heading).toBe("My Account");
});

/** Holds the one lock of SQLite, or every connection that the app has to PostgreSQL. @returns what lets go */
async function takeAllOf({ db, database }: App): Promise<() => Promise<void>> {
	if (!isPostgres(db)) {
		const other = new DatabaseSync(database.url.slice("sqlite:".length));
		other.exec("begin immediate");
		return async () => other.close();
	}
	const { promise: until, resolve: end } = Promise.withResolvers<void>();
	const begun: Promise<void>[] = [];
	const ended = Array.from({ length: 10 }, () => {
		const { promise, resolve } = Promise.withResolvers<void>();
		begun.push(promise);
		return db.transaction().execute(async () => {
			resolve();
			await until;
		});
	});
	await Promise.all(begun);
	return async () => {
		end();
		await Promise.all(ended);
	};
}
