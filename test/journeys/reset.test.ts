import { expect, test } from "vitest";
import { days, minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { formToken, isIn } from "../bypasses/cookies-of.ts";
import {
	chooseNewPassword,
	linkFor,
	NEW_PASSWORD,
	ownerWithApp,
	ownerWithTexts,
} from "../bypasses/owners.ts";
import { manyClinics, sasha, twoClinics } from "../bypasses/two-clinics.ts";
import { countEvents, doorsKept, everythingKept } from "../bypasses/what-is-kept.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { giveCode, idOf, resetSecondStep } from "../harness/by-operator.ts";
import {
	avery,
	beginTextSetUp,
	blake,
	casey,
	devon,
	proveByEmail,
	requireFrom,
	setUpAuthenticatorApp,
	setUpInSignIn,
	signIn,
	signInTrusting,
	signInWithCode,
} from "../harness/people.ts";

const DISABLE = "Disable 2-Step Verification";
const REASON = "Phone and Recovery Code lost; saw her in person";

/** Avery at work with a method of her own, and Casey who has lost hers. */
async function atWork() {
	const app = await startApp();
	const averys = await ownerWithApp(app, avery);
	const caseys = await ownerWithApp(app, casey);
	return { app, desk: averys.desk, averys, caseys, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

async function resetPage(app: App, desk: Browser, email: string) {
	return desk.open(paths.resetColleague.to(await idOf(app, email)));
}

async function disableFor(app: App, desk: Browser, email: string) {
	return (await resetPage(app, desk, email)).submit(
		{ Reason: REASON, "Your password": DEMO_PASSWORD },
		DISABLE,
	);
}

test("Avery disables Casey's after hearing why; Casey proves by an emailed code that it is her and sets up anew", async () => {
	await using work = await atWork();
	const { app, desk, caseys } = work;
	await app.inbox.clear();
	let page = await (await (await desk.open(paths.account)).click("Staff")).click("Casey Singh");
	page = await page.click(DISABLE);
	expect(page.heading).toBe("Disable 2-Step Verification for Casey Singh?");
	expect(page.text).toContain("cybersecurity insurance");
	expect(page.text).toContain("This turns off their Authenticator App.");
	expect(page.text).toContain("+1 604 555 0103");
	expect(page.text).toContain("a code that we email to casey@harbour.example");
	page = await page.submit({ Reason: REASON, "Your password": DEMO_PASSWORD }, DISABLE);
	expect(page.heading).toBe("Casey Singh");
	expect(page.text).toContain(
		"2-Step Verification is off for Casey Singh, who is signed out everywhere. What they do next:",
	);
	expect(page.text).toContain("send the link first, then give the code.");
	expect(page.text).toContain("by a code that we email to casey@harbour.example");
	expect(page.links).toContain("Give a temporary code");
	expect(page.links).not.toContain(DISABLE);
	expect(await isIn(caseys.desk)).toBe(false);

	const browser = newBrowser(app);
	page = await signIn(browser, casey);
	expect(page.text).toContain("Your 2-Step Verification was turned off for you.");
	expect(page.text).toContain("Ask a Full Access user of your clinic for a temporary code, in person");
	expect(page.text).not.toContain("requires 2-Step Verification");
	page = await proveByEmail(browser, casey);
	expect(page.heading).toBe("Set up 2-Step Verification");
	const anew = await setUpInSignIn(browser);
	expect(anew.page.heading).toBe("2-Step Verification");
	app.clock.forward(minutes(1));
	expect((await signInWithCode(newBrowser(app), casey, anew.authenticator)).heading).toBe("My Account");
	page = await desk.open(paths.colleague.to(await idOf(app, casey)));
	expect(page.text).not.toContain("was turned off for them");
});

test("Casey, Avery and Blake are told who did it and why, and the log keeps it where Casey sees it too", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await app.inbox.clear();
	await disableFor(app, desk, casey);
	for (const [to, subject] of [
		[casey, "Your 2-Step Verification was turned off – Harbour Physio"],
		[avery, "Casey Singh's 2-Step Verification was turned off – Harbour Physio"],
		[blake, "Casey Singh's 2-Step Verification was turned off – Harbour Physio"],
	] as const) {
		const emails = await app.inbox.all(to);
		expect(emails.map((email) => email.subject)).toEqual([subject]);
		expect(emails[0]?.text).toContain(`The reason that was given: ${REASON}`);
		expect(emails[0]?.text).toContain(to === avery ? "You did this on" : "by Avery Chen");
		const hasButton = emails[0]?.links.some((link) => link.includes(paths.notMe.to("")));
		expect(hasButton, to).toBe(to !== blake);
	}
	expect(await app.inbox.all(devon)).toEqual([]);

	const sentence = `Avery Chen turned off 2-Step Verification for Casey Singh: Authenticator App (reason: ${REASON})`;
	expect((await desk.open(paths.activity)).text).toContain(sentence);
	const browser = newBrowser(app);
	await signIn(browser, casey);
	await (await proveByEmail(browser, casey)).submit({}, "Not now");
	expect((await browser.open(paths.ownActivity)).text).toContain(`(reason: ${REASON})`);
});

test("everything that was set up, trusted or begun ends with it, and nothing of it is left in the database", async () => {
	await using app = await startApp();
	const { desk } = await ownerWithApp(app, avery);
	const caseys = await ownerWithTexts(app, casey);
	const { authenticator, recoveryCode, page } = await setUpAuthenticatorApp(caseys.desk);
	await page.submit({}, "Next");
	app.clock.forward(minutes(1));
	const trusting = newBrowser(app);
	await signInTrusting(trusting, casey, authenticator);
	const waiting = newBrowser(app);
	await signIn(waiting, casey);
	const settingUp = caseys.desk.copy();
	const half = await beginTextSetUp(settingUp);
	await half.submit({ "Mobile number": "+16045550177" }, "Next");
	await (await settingUp.open(paths.authenticatorApp)).submit({ Password: DEMO_PASSWORD }, "Next");
	const codeFromBefore = await giveCode(app, casey);
	const profileId = await idOf(app, casey);
	await app.database.backdoor
		.insertInto("email_changes")
		.values({
			clinic_id: (await everythingKept(app)).clinics?.[0]?.clinic_id as string,
			change_id: "change",
			token_hash: "hash",
			profile_id: profileId,
			new_email: "thief@elsewhere.example",
			asked_by: profileId,
			made_at: app.clock.now(),
			expires_at: app.clock.now() + days(1),
			used_at: null,
			ended_at: null,
		})
		.execute();

	const ofCasey = async (table: string) =>
		(await everythingKept(app))[table]?.filter((row) => row.profile_id === profileId) ?? [];
	const tables = [
		"methods",
		"authenticator_apps",
		"text_message_numbers",
		"text_codes",
		"recovery_codes",
		"trusted_browsers",
		"sessions",
		"sign_ins",
		"authenticator_app_set_ups",
		"text_message_set_ups",
	];
	for (const table of tables) expect(await ofCasey(table), table).not.toEqual([]);
	const [before] = await ofCasey("profiles");

	await disableFor(app, desk, casey);
	// What was read before it and is written after it finishes nothing either.
	expect((await ofCasey("profiles"))[0]?.doors_version).toBe(Number(before?.doors_version) + 1);
	for (const table of tables) expect(await ofCasey(table), table).toEqual([]);
	expect((await ofCasey("email_changes")).map((row) => row.ended_at)).toEqual([expect.any(Number)]);
	for (const kind of ["sessions-ended", "trust-ended", "temporary-code-ended", "email-change-ended"]) {
		expect(await countEvents(app, kind, casey), kind).toBe(1);
	}
	expect(await isIn(caseys.desk)).toBe(false);
	expect(await isIn(trusting)).toBe(false);

	// The sign-in that waited is over, and a fresh one in the browser that was trusted asks for the proof.
	expect((await waiting.open(paths.verify)).path).toContain(paths.signIn);
	expect((await signIn(trusting, casey)).path).toBe(paths.emailedCode);
	for (const path of [paths.verify, paths.anotherWay, paths.signInRecoveryCode, paths.signInSetUp]) {
		expect((await trusting.open(path)).path, path).toBe(paths.emailedCode);
	}
	const entered = await trusting.post(paths.signInRecoveryCode, { "recovery-code": recoveryCode });
	expect(entered.status).toBe(403);
	const enter = await trusting.open(paths.signInTemporaryCode);
	const refused = await enter.submit({ "Temporary code": codeFromBefore }, "Submit");
	expect(refused.errors[0]).toContain("has ended");
	expect(await isIn(trusting)).toBe(false);
});

test.each([
	["off", null, "Set up 2-Step Verification"],
	["scheduled", "2027-01-04", "Set up 2-Step Verification by Mon 4 Jan 2027"],
	["in force", "2026-01-01", "Set up 2-Step Verification to sign in"],
] as const)(
	"with enforcement %s the proof comes first, and then what the clinic's rule says",
	async (_, day, heading) => {
		await using work = await atWork();
		const { app, desk } = work;
		await disableFor(app, desk, casey);
		await requireFrom(app, day);
		for (const way of ["email", "temporary code"]) {
			const browser = newBrowser(app);
			const asked = await signIn(browser, casey);
			expect(asked.path).toBe(paths.emailedCode);
			if (way === "email") {
				expect((await proveByEmail(browser, casey)).heading).toBe(heading);
				continue;
			}
			const code = await giveCode(app, casey);
			const enter = await browser.open(paths.signInTemporaryCode);
			const page = await enter.submit({ "Temporary code": code }, "Submit");
			expect(page.heading).toBe(heading);
			expect(await isIn(browser)).toBe(false);
			const { page: end } = await setUpInSignIn(browser);
			expect(end.heading).toBe("2-Step Verification");
		}
	},
);

test("who has forgotten the password too needs a temporary code after the new one, and is told so at each step", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await disableFor(app, desk, casey);
	await chooseNewPassword(newBrowser(app), await linkFor(app, casey));
	const person = await desk.open(paths.colleague.to(await idOf(app, casey)));
	expect(person.text).toContain("only a temporary code from you gets them in");

	const browser = newBrowser(app);
	let page = await signIn(browser, casey, NEW_PASSWORD);
	expect(page.heading).toBe("Ask for a temporary code");
	expect(page.text).toContain("Call or see a Full Access user of your clinic");
	expect(page.text).toContain("so with an emailed code too, whoever reads your email could get in");
	expect((await page.click("I'm locked out")).text).not.toContain("The emailed code doesn't arrive");
	page = await (await browser.open(paths.emailedCode)).click("Use a temporary code");
	expect((await page.submit({ "Temporary code": await giveCode(app, casey) }, "Submit")).heading).toBe(
		"Set up 2-Step Verification",
	);
});

test("Casey, who did not ask for it, says that it wasn't her: no password opens it then, and the mailbox alone neither", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await disableFor(app, desk, casey);
	const told = (await app.inbox.all(casey)).find(({ subject }) => subject.includes("was turned off"));
	const [button = ""] = told?.links.filter((link) => link.includes(paths.notMe.to(""))) ?? [];
	const browser = newBrowser(app);
	await (await browser.openFromEmail(button)).submit({}, "This wasn't me");
	expect((await signIn(newBrowser(app), casey)).errors[0]).toContain("don't match");

	const links = (await app.inbox.all(casey)).flatMap((email) => email.links);
	const link = links.findLast((each) => each.includes(paths.forgotPassword)) ?? "";
	await chooseNewPassword(newBrowser(app), link);
	const asked = await signIn(browser, casey, NEW_PASSWORD);
	expect(asked.heading).toBe("Ask for a temporary code");
	const enter = await asked.click("Use a temporary code");
	const page = await enter.submit({ "Temporary code": await giveCode(app, casey) }, "Submit");
	expect(page.heading).toBe("Set up 2-Step Verification");
});

test("after too many wrong emailed codes nobody is sent to the mailbox for a new password, which would close it", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await disableFor(app, desk, casey);
	const browser = newBrowser(app);
	const asks = await signIn(browser, casey);
	// Before one was sent there is none that could fail to come.
	expect(asks.links).toContain("I'm locked out");
	expect(asks.links).not.toContain("Not receiving your code?");
	const form = await asks.click("Email me a code");
	expect(form.links).toContain("Not receiving your code?");
	let page = form;
	for (let wrong = 0; wrong <= 5; wrong++) {
		page = await form.submit({ "Verification code": "0000 0000" }, "Submit");
		expect(page.buttons.includes("Submit")).toBe(wrong < 4);
	}
	expect(page.status).toBe(429);
	expect(page.errors[0]).toContain("Ask a Full Access user of your clinic for a temporary code, in person");
	expect(page.text).not.toContain("Forgot your password?");
	const code = await giveCode(app, casey);
	const waiting = await browser.open(paths.emailedCode);
	expect(waiting.buttons).not.toContain("Submit");
	expect(waiting.text).toContain("You can enter codes again at ");
	page = await waiting.click("Use a temporary code");
	expect((await page.submit({ "Temporary code": code }, "Submit")).heading).toBe(
		"Set up 2-Step Verification",
	);
});

test("the page says beforehand that an emailed code won't do, where the password came from the mailbox", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	await chooseNewPassword(newBrowser(app), await linkFor(app, casey));
	expect((await resetPage(app, desk, casey)).text).toContain("An emailed code won't do");
});

test("within a week of a change of email nobody at the clinic can do it, and the person's page says so", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const changedAt = app.clock.now();
	await app.database.backdoor
		.updateTable("profiles")
		.set({ email_changed_at: changedAt, earlier_email: "casey.before@harbour.example" })
		.where("email", "=", casey)
		.execute();
	const open = await resetPage(app, desk, devon);
	expect(open.path).toBe(paths.colleague.to(await idOf(app, devon)));
	const page = await resetPage(app, desk, casey);
	expect(page.path).toBe(paths.colleague.to(await idOf(app, casey)));
	expect(page.text).toContain("their 2-Step Verification can't be disabled here");
	expect(page.links).not.toContain(DISABLE);

	app.clock.forward(days(7) - minutes(1));
	await signInWithCode(desk, avery, work.averys.authenticator);
	expect((await resetPage(app, desk, casey)).heading).toBe("Casey Singh");
	app.clock.forward(minutes(1));
	expect((await resetPage(app, desk, casey)).heading).toBe("Disable 2-Step Verification for Casey Singh?");

	// The operator can at any time; then the new mailbox is no door, and both addresses are told.
	await app.database.backdoor.updateTable("profiles").set({ email_changed_at: app.clock.now() }).execute();
	await app.inbox.clear();
	await resetSecondStep(app, casey);
	const asked = await signIn(newBrowser(app), casey);
	expect(asked.heading).toBe("Ask for a temporary code");
	expect(asked.text).toContain("Write to the Privacy and Security team");
	const pending = await desk.open(paths.colleague.to(await idOf(app, casey)));
	expect(pending.text).toContain("only the Privacy and Security team can give one: privacy@");
	for (const to of [casey, "casey.before@harbour.example"]) {
		expect((await app.inbox.latest(to)).subject).toContain("Your 2-Step Verification was turned off");
	}
});

test("without a reason that can be read, or the password, nothing happens", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const before = await doorsKept(app);
	const submit = async (filled: Record<string, string>) =>
		(await resetPage(app, desk, casey)).submit(filled, DISABLE);
	const right = { Reason: REASON, "Your password": DEMO_PASSWORD };
	for (const [reason, error] of [
		["", "Enter a reason"],
		["ab", "Enter a reason"],
		["x".repeat(501), "Shorten the reason"],
		["red \u001b[31m", "in one line"],
	] as const) {
		const page = await submit({ ...right, Reason: reason });
		expect(page.status).toBe(422);
		expect(page.errors[0]).toContain(error);
	}
	const page = await submit({ ...right, "Your password": "not this one" });
	expect(page.status).toBe(422);
	expect(page.field("Reason").value).toBe(REASON);
	expect(page.field("Your password").value).toBe("");
	expect(await doorsKept(app)).toEqual(before);
	expect(await countEvents(app, "second-step-reset")).toBe(0);
});

test("nobody does it to themselves, to somebody with nothing on, or without a method of their own", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const before = await doorsKept(app);
	const own = await resetPage(app, desk, avery);
	expect(own.path).toBe(paths.colleague.to(await idOf(app, avery)));
	expect((await resetPage(app, desk, devon)).heading).toBe("Devon Okafor");
	const blakes = newBrowser(app);
	await signIn(blakes, blake);
	expect((await resetPage(app, blakes, casey)).heading).toContain("for yourself first");
	expect(await doorsKept(app)).toMatchObject({
		methods: before.methods,
		recovery_codes: before.recovery_codes,
	});
});

test("a page left open does nothing any more once it is done, or once the one who opened it may not", async () => {
	await using work = await atWork();
	const { app, desk } = work;
	const left = await resetPage(app, desk, casey);
	await disableFor(app, desk, casey);
	const right = { Reason: REASON, "Your password": DEMO_PASSWORD };
	const again = await left.submit(right, DISABLE);
	expect(again.heading).toBe("Casey Singh");
	expect(again.text).not.toContain("What they do next:");
	expect(await countEvents(app, "second-step-reset")).toBe(1);

	const devons = await ownerWithApp(app, devon);
	const open = await resetPage(app, desk, devon);
	await app.database.backdoor
		.updateTable("profiles")
		.set({ access: "limited" })
		.where("email", "=", avery)
		.execute();
	expect((await open.submit(right, DISABLE)).status).toBe(404);
	expect(await isIn(devons.desk)).toBe(true);
});

test("two Full Access users who disable each other's at the same moment: one of them is done", async () => {
	await using app = await startApp();
	const averys = await ownerWithApp(app, avery);
	const blakes = await ownerWithApp(app, blake);
	const pages = [await resetPage(app, averys.desk, blake), await resetPage(app, blakes.desk, avery)];
	await Promise.all(
		pages.map((page) => page.submit({ Reason: REASON, "Your password": DEMO_PASSWORD }, DISABLE)),
	);
	expect(await countEvents(app, "second-step-reset")).toBe(1);
	expect([await isIn(averys.desk), await isIn(blakes.desk)].toSorted()).toEqual([false, true]);
});

test("Limited staff and another clinic's Full Access user find no such page, and change nothing by its form", async () => {
	await using work = await atWork();
	const { app, caseys } = work;
	const path = paths.resetColleague.to(await idOf(app, avery));
	const form = (browser: Browser) => ({
		reason: REASON,
		password: DEMO_PASSWORD,
		"form-token": formToken(browser, "session"),
	});
	expect((await caseys.desk.open(path)).status).toBe(404);
	expect((await caseys.desk.post(path, form(caseys.desk))).status).toBe(404);
	expect(await countEvents(app, "second-step-reset")).toBe(0);

	await using many = await startApp(manyClinics);
	const { harbour, maple } = await twoClinics(many);
	const ids = await many.database.backdoor
		.selectFrom("profiles")
		.innerJoin("clinics", "clinics.clinic_id", "profiles.clinic_id")
		.select("profile_id")
		.where("short_name", "=", harbour.shortName)
		.execute();
	const theirs = maple.browser();
	await chooseNewPassword(theirs, maple.invitation);
	await signIn(theirs, sasha, NEW_PASSWORD);
	await setUpAuthenticatorApp(theirs, NEW_PASSWORD);
	for (const { profile_id: ours } of ids) {
		expect((await theirs.open(paths.resetColleague.to(ours))).status).toBe(404);
		const posted = { ...form(theirs), password: NEW_PASSWORD };
		expect((await theirs.post(paths.resetColleague.to(ours), posted)).status).toBe(404);
	}
	expect(ids).toHaveLength(1);
});

test("a session that a trusted browser let in is asked for a code first", async () => {
	await using work = await atWork();
	const { app, averys } = work;
	app.clock.forward(minutes(1));
	const trusting = newBrowser(app);
	await signInTrusting(trusting, avery, averys.authenticator);
	await trusting.open(paths.signOut).then((page) => page.submit({}, "Sign out"));
	await signIn(trusting, avery);
	const asked = await resetPage(app, trusting, casey);
	expect(asked.path).toContain(paths.confirm);
	app.clock.forward(minutes(1));
	const page = await asked.submit({ "Verification code": averys.authenticator.code() }, "Submit");
	expect(page.heading).toBe("Disable 2-Step Verification for Casey Singh?");
});
