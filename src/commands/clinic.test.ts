import { expect, test } from "vitest";
import { type App, startApp } from "../../test/harness/app.ts";
import { newBrowser } from "../../test/harness/browser.ts";
import { createHarbour, linkIn, startOperatedApp } from "../../test/harness/operated-app.ts";
import { avery, signIn } from "../../test/harness/people.ts";
import { paths } from "../paths.ts";
import { createClinic } from "../staff/create-clinic.ts";

const PASSWORD = "seven herons at low tide";

test("a new clinic's owner sets a password by the link that is printed and emailed, and signs in with it", async () => {
	await using operated = await startOperatedApp();
	const { app, vestibule } = operated;
	expect((await newBrowser(app).open("/")).text).toContain("vestibule clinic create --help");

	const ran = await vestibule(...createHarbour, "--owner-mobile=604 555 0101");
	expect(ran).toMatchObject({ exitCode: 0, err: "" });
	expect(ran.out).toContain(`Harbour Physio is there: ${app.url.origin}`);
	expect(ran.out).toContain("works once, until ");
	const link = linkIn(ran);
	const email = await app.inbox.latest(avery);
	expect(email.subject).toBe("Set your password – Harbour Physio");
	expect(email.links).toEqual([link]);
	expect(email.text).toContain("You can sign in at Harbour Physio");
	expect(email.text).not.toContain("invited you");

	const browser = newBrowser(app);
	const page = await browser.openFromEmail(link);
	await page.submit({ "New password": PASSWORD }, "Save password");
	const account = await signIn(browser, avery, PASSWORD);
	expect(account.heading).toBe("My Account");
	expect(account.text).toContain("Avery Chen");
	expect((await newBrowser(app).openFromEmail(link)).status).toBe(410);
	expect(await profilesOf(app)).toEqual([
		{ name: "Avery Chen", access: "full", active: 1, mobile: "+16045550101" },
	]);
});

test("the link of a new clinic ends after 7 days", async () => {
	await using operated = await startOperatedApp();
	const link = linkIn(await operated.vestibule(...createHarbour));
	operated.app.clock.forward(7 * 86_400_000 - 60_000);
	expect((await newBrowser(operated.app).openFromEmail(link)).status).toBe(200);
	operated.app.clock.forward(120_000);
	expect((await newBrowser(operated.app).openFromEmail(link)).status).toBe(410);
});

test("where there is one clinic, a second is refused and changes nothing", async () => {
	await using operated = await startOperatedApp();
	await operated.vestibule(...createHarbour);
	const second = await operated.vestibule(...createHarbour, "--short-name=uptown", "--name=Uptown");
	expect(second.exitCode).toBe(1);
	expect(second.err).toContain("There is a clinic already, Harbour Physio");
	expect(second.err).toContain("VESTIBULE_CLINICS=many");
	expect(await profilesOf(operated.app)).toHaveLength(1);
});

test("where there are many, each is reached at its own subdomain and has its own short name", async () => {
	await using operated = await startOperatedApp({ environment: { VESTIBULE_CLINICS: "many" } });
	const { port } = operated.app.url;
	const first = await operated.vestibule(...createHarbour);
	expect(linkIn(first)).toContain(`http://harbour.localhost:${port}/`);
	const second = await operated.vestibule(...createHarbour, "--short-name=uptown", "--name=Uptown");
	expect(linkIn(second)).toContain(`http://uptown.localhost:${port}/`);
	const again = await operated.vestibule(...createHarbour);
	expect(again).toMatchObject({ exitCode: 1, err: expect.stringContaining('short name "harbour" already') });
});

test("of two commands at the same moment one makes the clinic", async () => {
	await using app = await startApp({ clinic: "none" });
	const make = (shortName: string) =>
		createClinic(
			app.deps,
			{ shortName, name: shortName, timeZone: "America/Vancouver", country: "CA" },
			{ name: "Avery Chen", email: avery, mobile: null },
		);
	const made = await Promise.all([make("harbour"), make("uptown"), make("harbour")]);
	expect(made.filter(({ kind }) => kind === "created")).toHaveLength(1);
	expect(await profilesOf(app)).toHaveLength(1);
});

test("what is missing is said in one sentence, and nothing is made", async () => {
	await using operated = await startOperatedApp();
	const ran = await operated.vestibule("clinic", "create", "--name=Harbour Physio", "--country=CA");
	expect(ran.exitCode).toBe(2);
	expect(ran.err).toBe(
		"vestibule clinic create needs --short-name, --time-zone, --owner-name and --owner-email.\n",
	);
	expect((await newBrowser(operated.app).open(paths.signIn)).heading).toBe("There is no clinic here yet");
});

test.each([
	["--short-name=Harbour Physio", "--short-name must be 1 to 40 small letters, digits and dashes"],
	["--time-zone=Vancouver", "--time-zone must be a time zone with its city, as America/Vancouver"],
	["--time-zone=+02:00", "--time-zone must be a time zone with its city, as America/Vancouver"],
	["--country=Canada", "--country must be a country as two letters (ISO 3166-1), as CA"],
	["--country=XX", "--country must be a country as two letters (ISO 3166-1), as CA"],
	["--owner-email=avery", "--owner-email must be an email address"],
	["--owner-email=avery@harbour.example,thief@evil.example", "--owner-email must be an email address"],
	["--owner-name= ", "--owner-name must be a name of at most 100 characters"],
	["--owner-name=Avery\nChen", "--owner-name must be a name of at most 100 characters"],
	["--owner-name=\u200b", "--owner-name must be a name of at most 100 characters"],
	["--name=Harbour \u202eoihP", "--name must be a name of at most 100 characters"],
	["--owner-mobile=12345", "--owner-mobile must be a telephone number"],
])("%j is refused with a sentence that says what it must be", async (option, sentence) => {
	await using operated = await startOperatedApp();
	const { exitCode, err } = await operated.vestibule(...createHarbour, option);
	expect(exitCode).toBe(2);
	expect(err).toContain(sentence);
	expect(await operated.app.database.backdoor.selectFrom("clinics").selectAll().execute()).toEqual([]);
});

function profilesOf(app: App) {
	return app.database.backdoor
		.selectFrom("profiles")
		.select(["name", "access", "active", "mobile"])
		.execute();
}
