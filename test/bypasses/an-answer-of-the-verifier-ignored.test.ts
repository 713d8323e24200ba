import { expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, setUpPaths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser, type Reply } from "../harness/browser.ts";
import { avery, casey, scanKey, signIn } from "../harness/people.ts";
import { cookies, formToken, isIn } from "./cookies-of.ts";
import { enterRecoveryCode, ownerWithApp, waitingAtTheCode } from "./owners.ts";
import { countSessions, doorsKept } from "./what-is-kept.ts";

/** What programs take for something, or for nothing, by mistake. */
const values = [
	"",
	" ",
	"0",
	"000000",
	"-1",
	"null",
	"undefined",
	"true",
	"false",
	"NaN",
	"[]",
	"{}",
	"[object Object]",
	"0x1F4A9F",
	"1e5",
	"%",
	"*",
	"' or '1'='1",
	"99999999999999999999",
	"\u0000",
	"１２３４５６",
	"a".repeat(5000),
	"12345",
	"1234567",
];

/** The same field sent in other ways. */
const shapes = (name: string, value: string): URLSearchParams[] =>
	[
		[[name, value]],
		[
			[name, ""],
			[name, value],
		],
		[
			[name, value],
			[name, ""],
		],
		[[`${name}[]`, value]],
		[[`${name}[length]`, "6"]],
		[["__proto__", value]],
		[],
	].map((entries) => new URLSearchParams(entries as [string, string][]));

function expectNoSession(reply: Reply, what: string): void {
	const set = reply.headers["set-cookie"]?.join() ?? "";
	expect(set, what).not.toMatch(new RegExp(`${cookies.session}=[^;]`));
	expect(reply.status, what).toBeLessThan(500);
}

test("nothing that is not the code is taken for it", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const thief = await waitingAtTheCode(app, avery);
	const sessions = await countSessions(app);
	for (const value of values) {
		for (const form of shapes("code", value)) {
			form.set("form-token", formToken(thief, "signIn"));
			expectNoSession(await thief.copy().send(paths.verify, { method: "POST", form }), `${form}`);
		}
	}
	expect(await countSessions(app)).toBe(sessions);
	expect(await isIn(thief)).toBe(false);
});

test("what cannot be a code is no try", async () => {
	await using app = await startApp();
	const { authenticator } = await ownerWithApp(app, avery);
	const owner = await waitingAtTheCode(app, avery);
	for (const code of ["", "12345", "abc", "1234567", "12 34"]) {
		const page = await (await owner.open(paths.verify)).submit({ "Verification code": code }, "Submit");
		expect(page.errors).toEqual(["Enter the six digits that your app shows now."]);
	}
	const page = await owner.open(paths.verify);
	const wrong = await page.submit({ "Verification code": authenticator.wrongCode() }, "Submit");
	expect(wrong.errors[0]).toContain("You have 4 more tries.");
});

test("nothing that is not the Recovery Code is taken for it", async () => {
	await using app = await startApp();
	const { recoveryCode } = await ownerWithApp(app, avery);
	const [row] = await app.database.backdoor.selectFrom("recovery_codes").selectAll().execute();
	const thief = await waitingAtTheCode(app, avery);
	const plain = recoveryCode.replaceAll(" ", "");
	const near = [
		plain.slice(0, -1),
		`${plain}0`,
		plain.slice(4),
		[...plain].reverse().join(""),
		plain.repeat(2),
	];
	// Only 30 an hour are looked at: the likely mistakes first.
	const tried = [...near, row?.hash ?? "", row?.code_id ?? "", "0".repeat(20), ...values.slice(0, 10)];
	for (const value of tried) {
		const form = { "form-token": formToken(thief, "signIn"), "recovery-code": value };
		expectNoSession(await thief.copy().send(paths.signInRecoveryCode, { method: "POST", form }), value);
	}
	expect(await countSessions(app)).toBe(1);
	expect((await enterRecoveryCode(thief, recoveryCode)).heading).toBe("Lost your phone?");
});

test("nothing that is not the password is taken for it", async () => {
	await using app = await startApp();
	const [row] = await app.database.backdoor.selectFrom("passwords").selectAll().execute();
	const near = [
		DEMO_PASSWORD.toUpperCase(),
		` ${DEMO_PASSWORD}`,
		`${DEMO_PASSWORD} `,
		DEMO_PASSWORD.slice(0, -1),
		`${DEMO_PASSWORD}\u200b`,
		DEMO_PASSWORD.replaceAll(" ", ""),
		row?.hash ?? "",
		row?.password_id ?? "",
		"nobody has this password",
	];
	// Each from another person's counter, so that none is refused for being too many.
	for (const [index, password] of [...near, ...values].entries()) {
		const email = [casey, "emery@harbour.example", "finley@harbour.example", "devon@harbour.example"][
			index % 4
		];
		const browser = newBrowser(app);
		const reply = await browser.send(paths.signIn, {
			method: "POST",
			form: { email: email ?? "", password },
		});
		expectNoSession(reply, password);
		expect([422, 429], password).toContain(reply.status);
	}
	expect(await countSessions(app)).toBe(0);
});

test("who has no password yet cannot sign in with an empty one, nor with that of nobody", async () => {
	await using app = await startApp();
	await app.database.backdoor.deleteFrom("passwords").execute();
	for (const password of ["", "nobody has this password", "undefined", "null", DEMO_PASSWORD]) {
		expectNoSession(
			await newBrowser(app).send(paths.signIn, { method: "POST", form: { email: casey, password } }),
			password,
		);
	}
	expect(await countSessions(app)).toBe(0);
});

test("nothing that is not the first code turns a method on", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, avery);
	let page = await desk.open(paths.authenticatorApp);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	const authenticator = scanKey(page, desk);
	page = await page.click("Next");
	const setUp = /name="set-up" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
	const { code } = setUpPaths(paths.authenticatorApp);
	const token = { "form-token": formToken(desk, "session") };
	for (const value of values.filter((each) => !/^\d{6}$/.test(each.normalize("NFKC")))) {
		const reply = await desk
			.copy()
			.send(code, { method: "POST", form: { ...token, "set-up": setUp, code: value } });
		expect(reply.status, value).toBe(422);
	}
	for (const other of ["", "x", setUp.toUpperCase(), `${setUp} `]) {
		const form = { ...token, "set-up": other, code: authenticator.code() };
		expect((await desk.copy().send(code, { method: "POST", form })).status, other).toBe(422);
	}
	expect((await doorsKept(app)).methods).toEqual([]);
	expect((await page.submit({ "Verification code": authenticator.code() }, "Submit")).heading).toBe(
		"Save your Recovery Code",
	);
});

test("a secret that somebody copied between profiles in the database opens nothing", async () => {
	await using app = await startApp({ environment: { VESTIBULE_LOG_LEVEL: "silent" } });
	await ownerWithApp(app, avery);
	const thief = await ownerWithApp(app, casey);
	const { backdoor } = app.database;
	const people = await backdoor.selectFrom("profiles").selectAll().execute();
	const idOf = (email: string) => people.find((person) => person.email === email)?.profile_id ?? "";
	const own = await backdoor
		.selectFrom("authenticator_apps")
		.selectAll()
		.where("profile_id", "=", idOf(casey))
		.executeTakeFirstOrThrow();
	await backdoor
		.updateTable("authenticator_apps")
		.set({ sealed_secret: own.sealed_secret })
		.where("profile_id", "=", idOf(avery))
		.execute();

	const browser = await waitingAtTheCode(app, avery);
	const form = { "form-token": formToken(browser, "signIn"), code: thief.authenticator.code() };
	const reply = await browser.send(paths.verify, { method: "POST", form });
	expect(reply.headers["set-cookie"]).toBeUndefined();
	expect(await isIn(browser)).toBe(false);
	expect(await countSessions(app, avery)).toBe(1);
});
