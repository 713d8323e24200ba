import { expect, test } from "vitest";
import { formToken, isIn } from "../../test/bypasses/cookies-of.ts";
import {
	chooseNewPassword,
	enterCode,
	linkFor,
	NEW_PASSWORD,
	ownerWithApp,
	ownerWithTexts,
} from "../../test/bypasses/owners.ts";
import { countEvents, countSessions, doorsKept, everythingKept } from "../../test/bypasses/what-is-kept.ts";
import type { App } from "../../test/harness/app.ts";
import { type Browser, newBrowser } from "../../test/harness/browser.ts";
import { deactivate, idOf } from "../../test/harness/by-operator.ts";
import type { Ran } from "../../test/harness/command.ts";
import { startOperatedApp } from "../../test/harness/operated-app.ts";
import {
	avery,
	blake,
	casey,
	proveByEmail,
	requireFrom,
	signIn,
	signOut,
} from "../../test/harness/people.ts";
import { days, hours } from "../clock.ts";
import { inTransaction } from "../db/transaction.ts";
import type { LimitName } from "../limits/limits.ts";
import { peekTries, takeTry } from "../limits/take-try.ts";
import { paths } from "../paths.ts";
import { emailHash } from "../profiles/email-hash.ts";
import { lockProfile } from "../profiles/store.ts";

const REASON = "--reason=Phone stolen, called back";
const resetting = (email: string) => ["support", "reset", "--clinic=harbour", `--email=${email}`, REASON];
const unlocking = (email: string) => ["support", "unlock", "--clinic=harbour", `--email=${email}`, REASON];

test("the locked-out Full Access user is called back and gets in by the code that is printed, and everybody is told why", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const owner = await ownerWithApp(app, avery);
	await app.inbox.clear();

	const ran = await vestibule(...resetting(avery), "--ticket=PS-1204");
	expect(ran).toMatchObject({ exitCode: 0, err: "" });
	expect(ran.out).toContain("2-Step Verification is off for Avery Chen (avery@harbour.example)");
	expect(ran.out).toContain("Turned off: Authenticator App. Sessions ended: 1.");
	expect(ran.out).toContain("Call +1 604 555 0101, the number on their staff profile, and no other.");
	expect(await isIn(owner.desk)).toBe(false);

	const browser = newBrowser(app);
	const asked = await signIn(browser, avery);
	expect(asked.path).toBe(paths.emailedCode);
	const enter = await asked.click("Use a temporary code");
	const offered = await enter.submit({ "Temporary code": codeIn(ran) }, "Submit");
	expect(offered.heading).toBe("Set up 2-Step Verification");
	expect((await offered.submit({}, "Not now")).heading).toBe("My Account");

	const subject = "Your 2-Step Verification was turned off – Harbour Physio";
	const toAvery = (await app.inbox.all(avery)).find((email) => email.subject === subject);
	expect(toAvery?.text).toContain("Phone stolen, called back");
	expect(toAvery?.text).toContain("by the people who run this server");
	expect(toAvery?.links.some((link) => link.includes(paths.notMe.to("")))).toBe(true);
	const toBlake = await app.inbox.latest(blake);
	expect(toBlake.subject).toBe("Avery Chen's 2-Step Verification was turned off – Harbour Physio");
	expect(toBlake.text).toContain("Phone stolen, called back");
	expect(await app.inbox.all(casey)).toEqual([]);
	const [reset] = await detailsOf(app, "second-step-reset");
	expect(reset).toEqual({
		actor: "operator",
		reason: "Phone stolen, called back",
		ticket: "PS-1204",
		methods: ["authenticator-app"],
	});
	expect(await countEvents(app, "temporary-code-given", avery)).toBe(1);
	expect(await countEvents(app, "sessions-ended", avery)).toBe(1);
});

test("a new password ends the printed code, as the command says; run again it prints another, and only that one works", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	await ownerWithApp(app, avery);
	const first = await vestibule(...resetting(avery));
	expect(first.out).toContain("a new password ends this code");
	await chooseNewPassword(newBrowser(app), await linkFor(app, avery));
	const browser = newBrowser(app);
	expect((await signIn(browser, avery, NEW_PASSWORD)).heading).toBe("Ask for a temporary code");
	expect((await useCode(browser, codeIn(first))).errors[0]).toContain("has ended");

	const second = await vestibule(...resetting(avery));
	expect(second.out).toContain("Nothing was on.");
	await signIn(browser, avery, NEW_PASSWORD);
	expect((await useCode(browser, codeIn(second))).heading).toBe("Set up 2-Step Verification");
});

test("within a week of a change the number before is the one to call, and the address before is told too", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	await ownerWithApp(app, casey);
	const change = (changes: Record<string, string | number | null>) =>
		app.database.backdoor.updateTable("profiles").set(changes).where("email", "=", casey).execute();
	const now = app.clock.now();
	await change({
		mobile: "+16045550199",
		mobile_changed_at: now,
		earlier_mobile: "+16045550103",
		email_changed_at: now,
		earlier_email: "casey.before@harbour.example",
	});
	const soon = await vestibule(...resetting(casey));
	expect(soon.out).toContain("Call +1 604 555 0103, the number on their staff profile (changed less than");
	expect(soon.out).not.toContain("0199");
	for (const address of [casey, "casey.before@harbour.example"]) {
		const { subject } = await app.inbox.latest(address);
		expect(subject).toBe("Your 2-Step Verification was turned off – Harbour Physio");
	}
	await vestibule(...unlocking(casey));
	expect((await app.inbox.latest("casey.before@harbour.example")).subject).toContain(
		"You can try to sign in again",
	);
	// The mailbox is no door then.
	expect((await signIn(newBrowser(app), casey)).heading).toBe("Ask for a temporary code");

	await change({ mobile_changed_at: now - days(7), email_changed_at: now - days(7) });
	await app.inbox.clear();
	const later = await vestibule(...resetting(casey));
	expect(later.out).toContain("Call +1 604 555 0199, the number on their staff profile, and no other.");
	expect(await app.inbox.all("casey.before@harbour.example")).toEqual([]);

	await change({ mobile: null, mobile_changed_at: null, earlier_mobile: null });
	const without = await vestibule(...resetting(casey));
	expect(without.out).toContain("There is no number on the staff profile of Casey Singh.");
});

test("who is asked for nothing but the password is not reset; where the clinic requires a method they are", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const before = await everythingKept(app);
	const refused = await vestibule(...resetting(casey));
	expect(refused).toMatchObject({ exitCode: 1, out: "" });
	expect(refused.err).toContain("only the password is asked");
	expect(await everythingKept(app)).toEqual(before);

	await requireFrom(app, "2026-01-01");
	const ran = await vestibule(...resetting(casey));
	const browser = newBrowser(app);
	await signIn(browser, casey);
	expect((await useCode(browser, codeIn(ran))).path).toBe(paths.signInSetUp);
});

test.each(["reset", "unlock"])("support %s says what it needs, and who is not there", async (action) => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const before = await everythingKept(app);
	const run = (...more: string[]) => vestibule("support", action, ...more);
	expect(await run()).toMatchObject({
		exitCode: 2,
		err: `vestibule support ${action} needs --clinic, --email and --reason.\n`,
	});
	const who = ["--clinic=harbour", `--email=${casey}`];
	for (const reason of ["", "ab", "x".repeat(501), "line\nbreak", "a \u001b[31m red", "abc\u202edef"]) {
		expect(await run(...who, `--reason=${reason}`)).toMatchObject({
			exitCode: 2,
			err: "--reason must be 3 to 500 characters in one line.\n",
		});
	}
	for (const ticket of ["", "a\tb", "PS-\u2067 7", "\u200b", "7".repeat(101)]) {
		expect(await run(...who, REASON, `--ticket=${ticket}`)).toMatchObject({
			exitCode: 2,
			err: "--ticket must be 1 to 100 characters in one line.\n",
		});
	}
	expect(await run("--clinic=harbour", "--email=nobody@harbour.example", REASON)).toMatchObject({
		exitCode: 1,
		err: "Nobody at Harbour Physio has a staff profile with the email nobody@harbour.example.\n",
	});
	expect(await run("--clinic=uptown", `--email=${casey}`, REASON)).toMatchObject({
		exitCode: 2,
		err: 'There is no clinic with the short name "uptown".\n',
	});
	expect(await everythingKept(app)).toEqual(before);

	await deactivate(app, casey);
	const deactivated = await run(...who, REASON);
	expect(deactivated).toMatchObject({ exitCode: 1, out: "" });
	expect(deactivated.err).toContain(
		"is deactivated. Nothing was changed. Use first: vestibule staff reactivate",
	);
});

test("support --help says what each does, and another word is no command", async () => {
	await using operated = await startOperatedApp();
	const help = await operated.vestibule("support", "--help");
	expect(help).toMatchObject({ exitCode: 0, err: "" });
	expect(help.out).toContain(
		"vestibule support reset --clinic SHORT --email EMAIL --reason TEXT [--ticket TEXT]",
	);
	expect(help.out).toContain(
		"vestibule support unlock --clinic SHORT --email EMAIL --reason TEXT [--ticket TEXT]",
	);
	expect(await operated.vestibule("support", "unblock")).toMatchObject({ exitCode: 2, out: "" });
});

test("unlock ends the waits of passwords and codes at once, changes nothing else, and everybody is told", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const { authenticator } = await ownerWithApp(app, casey);
	const waiting = newBrowser(app);
	await signIn(waiting, casey);
	for (let wrong = 0; wrong < 5; wrong++) await enterCode(waiting, authenticator.wrongCode());
	expect((await enterCode(waiting, authenticator.code())).status).toBe(429);
	const guesser = newBrowser(app);
	for (let wrong = 0; wrong < 10; wrong++) await signIn(guesser, casey, "not the right one");
	expect((await signIn(newBrowser(app), casey)).status).toBe(429);
	await app.inbox.clear();

	const before = await doorsKept(app);
	const ran = await vestibule(...unlocking(casey), "--ticket=PS-7");
	expect(ran).toMatchObject({ exitCode: 0, err: "" });
	expect(ran.out).toContain("The waits of Casey Singh (casey@harbour.example) at Harbour Physio are over");
	expect(ran.out).not.toContain("What remains");
	const { not_me_links, ...after } = await doorsKept(app);
	expect({ ...after, not_me_links: before.not_me_links }).toEqual(before);

	expect((await enterCode(waiting, authenticator.code())).heading).toBe("My Account");
	expect((await signIn(newBrowser(app), casey)).path).toBe(paths.verify);
	expect((await app.inbox.latest(avery)).subject).toBe("Casey Singh's waits were cleared – Harbour Physio");
	const toCasey = (await app.inbox.all(casey)).find(({ subject }) => subject.startsWith("You can try"));
	expect(toCasey?.text).toContain("Phone stolen, called back");
	expect(toCasey?.links.some((link) => link.includes(paths.notMe.to("")))).toBe(true);
	expect(await detailsOf(app, "waits-cleared")).toEqual([
		{ actor: "operator", reason: "Phone stolen, called back", ticket: "PS-7" },
	]);
});

test("unlock ends the waits of emailed and temporary codes, of Recovery Codes and of links", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	await ownerWithApp(app, casey);
	const code = codeIn(await vestibule(...resetting(casey)));
	const browser = newBrowser(app);
	let page = await (await signIn(browser, casey)).click("Email me a code");
	for (let sent = 1; sent < 3; sent++) page = await page.click("Resend code");
	expect(page.buttons).not.toContain("Resend code");
	for (let wrong = 0; wrong < 5; wrong++) await useCode(browser, "0000 0000");
	// The page asks for none now; sent all the same, none is looked at.
	const form = { "form-token": formToken(browser, "signIn"), code };
	expect((await browser.post(paths.signInTemporaryCode, form)).status).toBe(429);
	for (let asked = 0; asked < 3; asked++) await linkFor(app, casey);
	const links = await countEvents(app, "password-link-sent", casey);
	await linkFor(app, casey);
	expect(await countEvents(app, "password-link-sent", casey)).toBe(links);

	await vestibule(...unlocking(casey));
	expect((await browser.open(paths.emailedCode)).buttons).toContain("Resend code");
	await linkFor(app, casey);
	expect(await countEvents(app, "password-link-sent", casey)).toBe(links + 1);
	expect((await useCode(browser, code)).heading).toBe("Set up 2-Step Verification");
});

test("unlock ends the wait of each limit that counts one person's tries, in known browsers and others", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const key = await idOf(app, casey);
	const email = emailHash(app.deps, casey);
	const clinicId = String((await everythingKept(app)).clinics?.[0]?.clinic_id);
	const limits: [LimitName, string][] = [
		["passwordsUnknownBrowser", email],
		["passwordsKnownBrowser", email],
		["resetLinksAnHour", email],
		["resetLinksADay", email],
		["signInsUnknownBrowser", key],
		["codesUnknownBrowser", key],
		["codesKnownBrowser", key],
		["codesUnknownBrowserADay", key],
		["recoveryCodesUnknownBrowser", key],
		["recoveryCodesKnownBrowser", key],
		["emailedCodesUnknownBrowser", key],
		["emailedCodesKnownBrowser", key],
		["emailedCodesAnHour", key],
		["temporaryCodesUnknownBrowser", key],
		["temporaryCodesKnownBrowser", key],
		["textsOfProfileADay", key],
	];
	const now = app.clock.now();
	const standings = () =>
		Promise.all(limits.map(([name, of]) => peekTries(app.db, name, { clinicId, key: of }, now)));
	await inTransaction(app.db, async (tx) => {
		await lockProfile(tx, clinicId, key);
		for (const [name, of] of limits) {
			for (let tries = 0; tries < 60; tries++) await takeTry(tx, name, { clinicId, key: of }, now);
		}
	});
	expect(new Set((await standings()).map(({ kind }) => kind))).toEqual(new Set(["wait"]));
	await vestibule(...unlocking(casey));
	expect(new Set((await standings()).map(({ kind }) => kind))).toEqual(new Set(["go"]));
});

test("unlock lets texts go again to who has had too many", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const { number } = await ownerWithTexts(app, casey);
	app.clock.forward(hours(1));
	const texted = async () => {
		const before = (await app.texts.all(number)).length;
		await signIn(newBrowser(app), casey);
		return (await app.texts.all(number)).length - before;
	};
	for (let sent = 0; sent < 4; sent++) expect(await texted()).toBe(1);
	expect(await texted()).toBe(0);
	await vestibule(...unlocking(casey));
	expect(await texted()).toBe(1);
});

test("unlock opens no password that works only in known browsers, nor a blocked method, and says so", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const { desk } = await ownerWithApp(app, casey);
	const { backdoor } = app.database;
	const profileId = await idOf(app, casey);
	await backdoor.updateTable("methods").set({ wrong_in_a_row: 100, blocked_at: app.clock.now() }).execute();
	await backdoor
		.updateTable("passwords")
		.set({ only_known_browsers: 1 })
		.where("profile_id", "=", profileId)
		.execute();
	const ran = await vestibule(...unlocking(casey));
	expect(ran.out).toContain("What remains: their password works only in browsers they have used before");
	expect(ran.out).toContain("What remains: Authenticator App takes no codes until it is replaced");
	const stranger = await signIn(newBrowser(app), casey);
	expect(stranger.errors[0]).toContain("That email and password don't match.");
	expect((await desk.open(paths.account)).heading).toBe("My Account");
	await signOut(desk);
	expect((await signIn(desk, casey)).heading).toBe("Try another way");
	expect((await desk.open(paths.verify)).buttons).not.toContain("Submit");
});

test("whoever guesses at a password has a hundred tries, however often support is persuaded to unlock", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	await ownerWithApp(app, casey);
	for (let round = 0; round < 10; round++) {
		const guesser = newBrowser(app);
		for (let wrong = 0; wrong < 10; wrong++) await signIn(guesser, casey, `guess ${round} ${wrong}`);
		const ran = await vestibule(...unlocking(casey));
		expect(ran.out.includes("What remains: their password works only in"), `round ${round}`).toBe(
			round === 9,
		);
	}
	expect((await signIn(newBrowser(app), casey)).errors[0]).toContain("That email and password don't match.");
});

test("an emailed code does as well as the printed one, and the session ends the reset", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	await ownerWithApp(app, avery);
	await vestibule(...resetting(avery));
	const browser = newBrowser(app);
	await signIn(browser, avery);
	const offered = await proveByEmail(browser, avery);
	await offered.submit({}, "Not now");
	expect(await countSessions(app, avery)).toBe(1);
	expect((await signIn(newBrowser(app), avery)).heading).toBe("My Account");
});

/** The code that is printed, in two groups of four digits. */
function codeIn({ out, err }: Ran): string {
	const code = /^ {2}(\d{4} \d{4})$/m.exec(out)?.[1];
	if (code === undefined) throw new Error(`No code was printed: ${out}${err}`);
	return code;
}

async function useCode(browser: Browser, code: string) {
	const page = await browser.open(paths.signInTemporaryCode);
	return page.submit({ "Temporary code": code }, "Submit");
}

/** Who did it, and what is kept of it. */
async function detailsOf(app: App, kind: string): Promise<unknown[]> {
	const { activity_events: events = [] } = await everythingKept(app);
	return events
		.filter((event) => event.kind === kind)
		.map(({ actor, detail }) => ({ actor, ...JSON.parse(String(detail)) }));
}
