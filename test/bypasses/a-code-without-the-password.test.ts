import { expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { avery, casey, signIn } from "../harness/people.ts";
import { cookies, formToken, isIn } from "./cookies-of.ts";
import { everyPlace, tryAt } from "./every-address.ts";
import { enterCode, ownerWithApp, waitingAtTheCode } from "./owners.ts";
import { countEvents, countSessions, doorsKept } from "./what-is-kept.ts";

test("right codes without the password open nothing, to whatever address they are sent", async () => {
	await using app = await startApp();
	const { authenticator, recoveryCode } = await ownerWithApp(app, avery);
	const before = await doorsKept(app);
	const thief = newBrowser(app);
	const form = {
		email: avery,
		username: avery,
		password: "",
		code: authenticator.code(),
		"verification-code": authenticator.code(),
		"recovery-code": recoveryCode,
		way: "authenticator-app",
		saved: "on",
	};
	// Anybody may have a link emailed to its owner; that is all an email alone does.
	const places = everyPlace(app).filter(({ address }) => address !== paths.forgotPassword);
	for (const place of places) {
		const reply = await tryAt(thief, place, form);
		expect(reply.headers["set-cookie"]?.join() ?? "", `${place.method} ${place.address}`).not.toMatch(
			new RegExp(`${cookies.session}=[^;]`),
		);
	}
	expect(await doorsKept(app)).toEqual(before);
});

test("a code or Recovery Code in the password's place is a wrong password", async () => {
	await using app = await startApp();
	const { authenticator, recoveryCode } = await ownerWithApp(app, avery);
	const code = authenticator.code();
	for (const password of [code, recoveryCode, `${DEMO_PASSWORD}${code}`, `${code}${DEMO_PASSWORD}`]) {
		const page = await signIn(newBrowser(app), avery, password);
		expect(page.errors).toEqual(["That email and password don't match."]);
	}
	expect(await countSessions(app)).toBe(1);
});

test("one's own password and a colleague's code open neither", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	const colleague = await ownerWithApp(app, casey);
	const sessions = await countSessions(app);
	const thief = await waitingAtTheCode(app, casey);

	const form = { "form-token": formToken(thief, "signIn"), code: owner.authenticator.code(), email: avery };
	expect((await thief.post(paths.verify, form)).errors[0]).toContain("That code isn't right.");
	const recovery = { ...form, "recovery-code": owner.recoveryCode };
	expect((await thief.post(paths.signInRecoveryCode, recovery)).errors[0]).toContain(
		"That isn't your Recovery Code.",
	);
	expect(await countSessions(app)).toBe(sessions);

	// The colleague's code was not spent by that, and neither was anything of the owner's.
	const page = await enterCode(await waitingAtTheCode(app, avery), form.code);
	expect(page.heading).toBe("My Account");
	expect((await enterCode(thief, colleague.authenticator.code())).text).toContain("Casey Singh");
});

test("a sign-in is its person's: naming another one in the form changes nothing", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const { authenticator } = await ownerWithApp(app, casey);
	const casual = await waitingAtTheCode(app, casey);
	const [someone] = await app.database.backdoor
		.selectFrom("profiles")
		.selectAll()
		.where("email", "=", avery)
		.execute();
	const form = {
		"form-token": formToken(casual, "signIn"),
		code: authenticator.code(),
		email: avery,
		profile: someone?.profile_id ?? "",
		profile_id: someone?.profile_id ?? "",
		profileId: someone?.profile_id ?? "",
	};
	const home = await casual.post(`${paths.verify}?email=${avery}&profileId=${someone?.profile_id}`, form);
	expect(home.text).toContain("Casey Singh");
	expect(home.text).not.toContain("Avery");
});

test("no other way of sending a password or token signs anybody in", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	const token = desk.cookies.get(cookies.session) ?? "";
	const thief = newBrowser(app);
	const sent: Record<string, string>[] = [
		{ authorization: `Basic ${Buffer.from(`${avery}:${DEMO_PASSWORD}`).toString("base64")}` },
		{ authorization: `Basic ${Buffer.from(`${casey}:${DEMO_PASSWORD}`).toString("base64")}` },
		{ authorization: `Bearer ${token}` },
		{ "x-session": token },
		{ "vestibule-email": avery, "vestibule-profile": "1", "vestibule-signed-in-by": "authenticator-app" },
		{ "x-remote-user": avery },
	];
	for (const headers of sent) {
		for (const path of [paths.authCheck, paths.account, paths.verify]) {
			const { status } = await thief.send(path, { headers });
			expect([303, 401], `${path} ${Object.keys(headers)}`).toContain(status);
		}
	}
	const query = new URLSearchParams({ email: casey, password: DEMO_PASSWORD, session: token });
	expect((await thief.send(`${paths.signIn}?${query}`)).headers["set-cookie"]).toBeUndefined();
	expect((await thief.send(`${paths.account}?${query}`)).status).toBe(303);
	expect(await isIn(thief)).toBe(false);
	expect(await countEvents(app, "signed-in")).toBe(1);
});
