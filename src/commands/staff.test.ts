import { expect, test } from "vitest";
import type { App } from "../../test/harness/app.ts";
import { newBrowser } from "../../test/harness/browser.ts";
import { deactivate } from "../../test/harness/by-operator.ts";
import { linkIn, startOperatedApp } from "../../test/harness/operated-app.ts";
import {
	avery,
	blake,
	casey,
	scanKey,
	setUpAuthenticatorApp,
	signIn,
	signInWithCode,
	signOut,
} from "../../test/harness/people.ts";
import { paths } from "../paths.ts";

const PASSWORD = "seven herons at low tide";
const gina = "gina@harbour.example";
const inviteGina = ["staff", "invite", "--clinic=harbour", `--email=${gina}`];
const WRONG = "That email and password don't match.";

test("who is invited sets a password and signs in, and the Full Access users are told", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const ran = await vestibule(...inviteGina, "--name=Gina Łuczak", "--access=limited");
	expect(ran).toMatchObject({ exitCode: 0, err: "" });
	const link = linkIn(ran);
	expect((await app.inbox.latest(gina)).links).toEqual([link]);
	const told = await app.inbox.latest(avery);
	expect(told.subject).toBe("Gina Łuczak was invited (access level: Limited) – Harbour Physio");
	expect(told.text).toContain("by the people who run this server");
	expect((await app.inbox.latest(blake)).subject).toBe(told.subject);
	expect(await app.inbox.all(casey)).toEqual([]);

	const browser = newBrowser(app);
	const page = await browser.openFromEmail(link);
	await page.submit({ "New password": PASSWORD }, "Save password");
	expect((await signIn(browser, gina, PASSWORD)).text).toContain("Gina Łuczak");
	expect(await kindsOf(app)).toContain("staff-invited");
});

test("inviting again sends another link and changes nothing else; both work until one is used", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const first = linkIn(await vestibule(...inviteGina, "--name=Gina Hall", "--access=limited"));
	const again = await vestibule(...inviteGina, "--name=Somebody Else", "--access=full");
	expect(again.out).toContain(
		"Gina Hall had a staff profile at Harbour Physio already; nothing of it was changed.",
	);
	const second = linkIn(again);
	expect(second).not.toBe(first);
	expect(linkIn(await vestibule(...inviteGina))).not.toBe(second);
	expect(await accessOf(app, gina)).toEqual({ name: "Gina Hall", access: "limited" });

	const page = await newBrowser(app).openFromEmail(first);
	await page.submit({ "New password": PASSWORD }, "Save password");
	expect((await newBrowser(app).openFromEmail(second)).status).toBe(410);
});

test("a first invitation says what it needs", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	expect(await operated.vestibule(...inviteGina)).toMatchObject({
		exitCode: 2,
		err: "Nobody at Harbour Physio has a staff profile with the email gina@harbour.example. For somebody new vestibule staff invite needs --name and --access.\n",
	});
	expect(await operated.vestibule("staff", "invite")).toMatchObject({
		exitCode: 2,
		err: "vestibule staff invite needs --clinic and --email.\n",
	});
	expect(await operated.vestibule(...inviteGina, "--clinic=uptown")).toMatchObject({
		exitCode: 2,
		err: 'There is no clinic with the short name "uptown".\n',
	});
	const owner = await operated.vestibule(...inviteGina, "--name=Gina Hall", "--access=owner");
	expect(owner).toMatchObject({ exitCode: 2, err: "--access must be full or limited.\n" });
});

test("who is deactivated is out at once: sessions, sign-ins, set-ups, links and the password", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const desk = newBrowser(app);
	await signIn(desk, casey);
	const { authenticator } = await setUpAuthenticatorApp(desk);
	// A replacement under way, a sign-in that waits for its code, and a link in the mailbox.
	let setUp = await desk.open(paths.twoStep);
	setUp = await setUp.click("Replace", { near: "Authenticator App" });
	setUp = await setUp.submit({ Password: "quiet lanterns over water" }, "Next");
	const newer = scanKey(setUp, desk);
	setUp = await setUp.click("Next");
	const phone = newBrowser(app);
	const waiting = await signIn(phone, casey);
	const forgot = await phone.open(paths.forgotPassword);
	await forgot.submit({ Email: casey }, "Email me a link");
	const link = (await app.inbox.latest(casey)).links[0] ?? "";

	const ran = await vestibule("staff", "deactivate", "--clinic=harbour", "--email=CASEY@harbour.example");
	expect(ran).toMatchObject({ exitCode: 0, err: "" });
	expect(ran.out).toBe("Casey Singh can no longer sign in at Harbour Physio. Sessions ended: 1.\n");

	expect((await desk.open(paths.account)).path).toContain(paths.signIn);
	expect((await setUp.submit({ "Verification code": newer.code() }, "Submit")).path).toContain(paths.signIn);
	expect((await waiting.submit({ "Verification code": authenticator.code() }, "Submit")).path).toContain(
		paths.signIn,
	);
	expect((await newBrowser(app).openFromEmail(link)).status).toBe(410);
	expect((await signIn(newBrowser(app), casey)).errors).toEqual([WRONG]);
	expect((await app.inbox.latest(casey)).subject).toBe("Your staff profile was deactivated – Harbour Physio");
	expect((await app.inbox.latest(avery)).subject).toBe("Casey Singh was deactivated – Harbour Physio");
	const { backdoor } = app.database;
	for (const table of ["sessions", "sign_ins", "authenticator_app_set_ups"] as const) {
		expect(await backdoor.selectFrom(table).selectAll().execute()).toEqual([]);
	}
	expect(await kindsOf(app)).toEqual(expect.arrayContaining(["staff-deactivated", "sessions-ended"]));
});

test("who is reactivated signs in as before, second step included", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const desk = newBrowser(app);
	await signIn(desk, casey);
	const { authenticator } = await setUpAuthenticatorApp(desk);
	await vestibule("staff", "deactivate", "--clinic=harbour", `--email=${casey}`);

	const invited = await vestibule("staff", "invite", "--clinic=harbour", `--email=${casey}`);
	expect(invited).toMatchObject({ exitCode: 1, err: expect.stringContaining("vestibule staff reactivate") });
	const ran = await vestibule("staff", "reactivate", "--clinic=harbour", `--email=${casey}`);
	expect(ran).toMatchObject({ exitCode: 0, err: "" });
	expect(ran.out).not.toContain("http");
	expect((await app.inbox.latest(casey)).subject).toBe("Your staff profile is active again – Harbour Physio");
	expect((await app.inbox.latest(avery)).subject).toBe("Casey Singh was reactivated – Harbour Physio");
	app.clock.forward(60_000);
	expect((await signInWithCode(newBrowser(app), casey, authenticator)).heading).toBe("My Account");
	expect(await vestibule("staff", "reactivate", "--clinic=harbour", `--email=${casey}`)).toMatchObject({
		exitCode: 1,
		err: `${casey} is active already. Nothing was changed.\n`,
	});
});

test("who is reactivated without ever having set a password gets a link", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const old = linkIn(await vestibule(...inviteGina, "--name=Gina Hall", "--access=limited"));
	await vestibule("staff", "deactivate", "--clinic=harbour", `--email=${gina}`);
	const link = linkIn(await vestibule("staff", "reactivate", "--clinic=harbour", `--email=${gina}`));
	expect((await newBrowser(app).openFromEmail(old)).status).toBe(410);
	const page = await newBrowser(app).openFromEmail(link);
	await page.submit({ "New password": PASSWORD }, "Save password");
	expect((await signIn(newBrowser(app), gina, PASSWORD)).heading).toBe("My Account");
});

test("the last Full Access user who has signed in stays, until another has signed in", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const deactivateAvery = ["staff", "deactivate", "--clinic=harbour", `--email=${avery}`];
	const refused = await vestibule(...deactivateAvery);
	expect(refused).toMatchObject({ exitCode: 1, err: expect.stringContaining("the last Full Access user") });
	expect((await desk.open(paths.account)).heading).toBe("My Account");

	const other = newBrowser(app);
	await signIn(other, blake);
	await signOut(other);
	expect(await vestibule(...deactivateAvery)).toMatchObject({ exitCode: 0 });
	expect(await vestibule("staff", "deactivate", "--clinic=harbour", `--email=${blake}`)).toMatchObject({
		exitCode: 1,
	});
	expect(await vestibule(...deactivateAvery)).toMatchObject({
		exitCode: 1,
		err: `${avery} is deactivated already. Nothing was changed.\n`,
	});
	const nobody = await vestibule("staff", "deactivate", "--clinic=harbour", "--email=nobody@harbour.example");
	expect(nobody).toMatchObject({ exitCode: 1, err: expect.stringContaining("Nobody at Harbour Physio") });
});

test("two Full Access users deactivated at the same moment are not both let go", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app } = operated;
	for (const email of [avery, blake]) await signIn(newBrowser(app), email);
	const answers = await Promise.all([avery, blake, avery, blake].map((email) => deactivate(app, email)));
	expect(answers.filter(({ kind }) => kind === "deactivated")).toHaveLength(1);
	const active = await app.database.backdoor
		.selectFrom("profiles")
		.select("email")
		.where("access", "=", "full")
		.where("active", "=", 1)
		.execute();
	expect(active).toHaveLength(1);
});

function accessOf(app: App, email: string) {
	return app.database.backdoor
		.selectFrom("profiles")
		.select(["name", "access"])
		.where("email", "=", email)
		.executeTakeFirst();
}

async function kindsOf(app: App): Promise<string[]> {
	const rows = await app.database.backdoor
		.selectFrom("activity_events")
		.select("kind")
		.orderBy("number")
		.execute();
	return rows.map((row) => row.kind);
}
