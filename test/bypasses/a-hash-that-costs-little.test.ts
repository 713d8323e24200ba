import { expect, test } from "vitest";
import { createDemoClinic, DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { avery, blake, setUpAuthenticatorApp, signIn } from "../harness/people.ts";

/** argon2id, 19 MiB, 2 passes, 1 lane. */
const AT_FULL_COST = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

test("every password and Recovery Code that the app keeps costs whoever steals the database as much as it should", async () => {
	await using app = await startApp({ clinic: "none" });
	await createDemoClinic(app.deps);

	const desk = newBrowser(app);
	const account = await signIn(desk, avery);
	const password = await account.click("Change password");
	const next = "eleven herons on a fence";
	await password.submit({ "Current password": DEMO_PASSWORD, "New password": next }, "Change password");
	await setUpAuthenticatorApp(desk, next);

	const phone = newBrowser(app);
	await (await phone.open(paths.forgotPassword)).submit({ Email: blake }, "Email me a link");
	const [link = ""] = (await app.inbox.latest(blake)).links;
	await (await phone.openFromEmail(link)).submit({ "New password": next }, "Save password");

	const { backdoor } = app.database;
	const passwords = await backdoor.selectFrom("passwords").select(["hash", "set_by"]).execute();
	const codes = await backdoor.selectFrom("recovery_codes").select("hash").execute();
	expect(passwords.map(({ set_by }) => set_by).toSorted()).toEqual([
		"change",
		"change",
		"change",
		"change",
		"change",
		"link",
	]);
	expect(codes).toHaveLength(1);
	for (const { hash } of [...passwords, ...codes]) expect(hash).toMatch(AT_FULL_COST);
});
