import { expect, test } from "vitest";
import { findClinic } from "../../src/clinics/store.ts";
import { days, minutes, seconds } from "../../src/clock.ts";
import { inTransaction } from "../../src/db/transaction.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths, textSetUpPaths } from "../../src/paths.ts";
import { countStaffSignedInSince } from "../../src/profiles/store.ts";
import { takeMessageTries } from "../../src/text-message/message-limits.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import type { Page } from "../harness/page.ts";
import {
	avery,
	beginTextSetUp,
	blake,
	saveRecoveryCode,
	scanKey,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
	signOut,
	TRUST,
} from "../harness/people.ts";

const averysNumber = "+16045550101";
const blakesNumber = "+16045550102";
const otherNumber = "+16045550188";
const set = textSetUpPaths(paths.textMessage);

const asksForText = (number: string) => `Enter the code we texted to •••• •••• ${number.slice(-4)}`;
const cannotText = "We can't text you a code now";
const asksForApp = "Enter the code from your authenticator app";

/** Somebody at the front desk, in a session. */
async function atTheDesk(app: App, email = avery): Promise<Browser> {
	const desk = newBrowser(app);
	await signIn(desk, email);
	return desk;
}

/** Somebody with text messages on, at the browser in which they were set up, signed out. */
async function withTexts(app: App, email = avery): Promise<Browser> {
	const desk = await atTheDesk(app, email);
	await setUpTextMessages(desk);
	await signOut(desk);
	return desk;
}

/** The same with the app on too, asked for first. */
async function withBoth(app: App) {
	const desk = await atTheDesk(app);
	const { authenticator } = await setUpAuthenticatorApp(desk);
	await setUpTextMessages(desk);
	await signOut(desk);
	app.clock.forward(minutes(1));
	return { desk, authenticator };
}

function enter(page: Page, code: string): Promise<Page> {
	return page.submit({ "Verification code": code }, "Submit");
}

/** Another code than this one. */
function notThis(code: string): string {
	return String((Number(code) + 1) % 1_000_000).padStart(6, "0");
}

async function codesTo(app: App, number: string): Promise<string[]> {
	return (await app.texts.all(number)).map(({ code }) => code);
}

test("who sets up text messages signs in with a texted code from then on", async () => {
	await using app = await startApp();
	const desk = await atTheDesk(app);
	let page = await desk.open(paths.twoStep);
	page = await page.click("Set up", { near: "Text Message (SMS)" });
	expect(page.heading).toBe("Set up text messages");
	page = await page.submit({ Password: "not the password at all" }, "Next");
	expect(page.status).toBe(422);
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	expect(page.field("Mobile number").value).toBe("+1 604 555 0101");
	expect(page.text).toContain("Text messages are less safe than an authenticator app");
	expect(page.href("Set up the authenticator app instead")).toBe(paths.authenticatorApp);
	expect(await app.texts.all(averysNumber)).toEqual([]);

	page = await page.click("Next");
	expect(page.heading).toBe(asksForText(averysNumber));
	const { text, code } = await app.texts.latest(averysNumber);
	expect(text).toBe(
		`${code} is your Harbour Physio security code. Never share it.\n\n@${app.url.hostname} #${code}`,
	);
	expect((await signIn(newBrowser(app), avery)).heading).toBe("My Account");
	const saving = await enter(page, `${code.slice(0, 3)} ${code.slice(3)}`);
	expect(saving.heading).toBe("Save your Recovery Code");
	const { page: done } = await saveRecoveryCode(saving);
	expect(done.text).toContain("You're all set. 2-Step Verification is on");
	expect(done.text).toContain("•••• •••• 0101. On since");
	expect(done.text).not.toContain("604");
	expect((await app.inbox.latest(avery)).subject).toContain("Text Message (SMS) was set up");

	await signOut(desk);
	const asked = await signIn(desk, avery);
	expect(asked.heading).toBe(asksForText(averysNumber));
	expect(await codesTo(app, averysNumber)).toHaveLength(2);
	const wrong = await enter(asked, notThis((await app.texts.latest(averysNumber)).code));
	expect(wrong.errors).toEqual([
		"That code isn't right. Check the newest text message. You have 4 more tries.",
	]);
	expect((await enter(wrong, "12345")).errors).toEqual(["Enter the six digits from the text message."]);
	const home = await enter(wrong, (await app.texts.latest(averysNumber)).code);
	expect(home.heading).toBe("My Account");
});

test("a different number becomes the profile's too once its code is entered, and the page says so before", async () => {
	await using app = await startApp();
	const desk = await atTheDesk(app);
	let page = await beginTextSetUp(desk);
	expect(page.field("Mobile number").description).toContain(
		"On your staff profile: +1 604 555 0101. A different number becomes the one on your staff profile too.",
	);
	page = await page.submit({ "Mobile number": "(604) 555-0188" }, "Next");
	expect(page.heading).toBe(asksForText(otherNumber));
	expect((await desk.open(paths.account)).text).toContain("+1 604 555 0101");
	const { code } = await app.texts.latest(otherNumber);
	await saveRecoveryCode(await enter(page, code));
	expect((await desk.open(paths.account)).text).toContain("+1 604 555 0188");
	await signOut(desk);
	expect((await signIn(desk, avery)).heading).toBe(asksForText(otherNumber));
	expect(await app.texts.all(averysNumber)).toEqual([]);
});

test("a number that can get no code comes back as it was typed, with what to do", async () => {
	await using app = await startApp();
	const desk = await atTheDesk(app);
	let page = await beginTextSetUp(desk);
	for (const [typed, sentence] of [
		["", "Enter a mobile number"],
		["604 555", "Enter a mobile number"],
		["+44 20 7946 0958", "That number can't receive text messages."],
		["+44 7400 123456", "We can't send text messages to that country."],
	] as const) {
		page = await page.submit({ "Mobile number": typed }, "Next");
		expect(page.status, typed).toBe(422);
		expect(page.errors, typed).toEqual([expect.stringContaining(sentence)]);
		expect(page.field("Mobile number").value).toBe(typed);
	}
	expect(app.texts.gateway.texts).toEqual([]);
});

test("Change number sends to the other number at once, and the code of the first one turns nothing on", async () => {
	await using app = await startApp();
	const desk = await atTheDesk(app);
	let page = await (await beginTextSetUp(desk)).click("Next");
	const first = await app.texts.latest(averysNumber);
	page = await page.click("Change number");
	page = await page.submit({ "Mobile number": otherNumber }, "Next");
	expect(page.heading).toBe(asksForText(otherNumber));
	const second = await app.texts.latest(otherNumber);
	expect(second.code).not.toBe(first.code);
	page = await enter(page, first.code);
	expect(page.errors).toEqual([expect.stringContaining("That code isn't right.")]);
	expect((await enter(page, second.code)).heading).toBe("Save your Recovery Code");
});

test("after Change number the page tells of the number it names, and who comes back to the first one uses its code", async () => {
	await using app = await startApp();
	const desk = await atTheDesk(app);
	app.texts.gateway.behave({ kind: "refuses", status: 400, error: "number-cannot-receive" });
	let page = await (await beginTextSetUp(desk)).submit({ "Mobile number": otherNumber }, "Next");
	await app.drain();
	page = await desk.open(set.code);
	expect(page.text).toContain("That number can't receive text messages. Check it: choose Change number.");
	app.texts.gateway.behave({ kind: "takes" });
	const change = await page.click("Change number");
	page = await change.submit({ "Mobile number": averysNumber }, "Next");
	const { code } = await app.texts.latest(averysNumber);
	page = await desk.open(set.code);
	expect(page.heading).toBe(asksForText(averysNumber));
	expect(page.text).not.toContain("can't receive");
	expect(page.text).toContain("Sent at");

	// Three numbers a day are all that one person may try: a fourth takes the place of none.
	page = await change.submit({ "Mobile number": "+16045550177" }, "Next");
	page = await (await desk.open(set.number)).submit({ "Mobile number": "+16045550178" }, "Next");
	expect(page.status).toBe(429);
	page = await (await desk.open(set.number)).submit({ "Mobile number": averysNumber }, "Next");
	expect((await enter(page, code)).heading).toBe("Save your Recovery Code");
});

test("Try another way leads from the app to a text, which is sent only then, and back", async () => {
	await using app = await startApp();
	const { desk, authenticator } = await withBoth(app);
	const before = (await codesTo(app, averysNumber)).length;
	let page = await signIn(desk, avery);
	expect(page.heading).toBe(asksForApp);
	page = await page.click("Try another way");
	expect(page.text).toContain("Text Message (SMS)");
	expect(await codesTo(app, averysNumber)).toHaveLength(before);

	page = await page.click("Text me a code");
	expect(page.heading).toBe(asksForText(averysNumber));
	const { code } = await app.texts.latest(averysNumber);
	expect(await codesTo(app, averysNumber)).toHaveLength(before + 1);

	// Leaving and coming back is a resend, and not before its time.
	page = await (await page.click("Try another way")).click("Use the app");
	expect(page.heading).toBe(asksForApp);
	app.clock.forward(seconds(20));
	page = await (await page.click("Try another way")).click("Text me a code");
	expect(page.heading).toBe(asksForText(averysNumber));
	expect(page.text).toContain("You can resend the code in");
	expect(await codesTo(app, averysNumber)).toHaveLength(before + 1);
	app.clock.forward(seconds(11));
	page = await (await page.click("Try another way")).click("Text me a code");
	expect((await codesTo(app, averysNumber)).slice(before)).toEqual([code, code]);

	// Whoever goes back to the app is let in by the app.
	page = await (await page.click("Try another way")).click("Use the app");
	expect((await enter(page, authenticator.code())).heading).toBe("My Account");
});

test("Try another way offers the others before the one that was just left", async () => {
	await using app = await startApp();
	await withBoth(app);
	const browser = newBrowser(app);
	const offered = (page: Page) => {
		const words = ["Use the app", "Text me a code", "Use recovery code instead"];
		return words.toSorted((one, other) => page.html.indexOf(one) - page.html.indexOf(other));
	};
	let page = await (await signIn(browser, avery)).click("Try another way");
	expect(offered(page)).toEqual(["Text me a code", "Use recovery code instead", "Use the app"]);
	page = await (await page.click("Text me a code")).click("Try another way");
	expect(offered(page)).toEqual(["Use the app", "Use recovery code instead", "Text me a code"]);
	page = await (await page.click("Use recovery code instead")).click("Try another way");
	expect(offered(page)).toEqual(["Use the app", "Text me a code", "Use recovery code instead"]);
});

test("with two methods on one says which to ask for first, and can change it later", async () => {
	await using app = await startApp();
	const desk = await atTheDesk(app);
	await setUpAuthenticatorApp(desk);
	let page = await (await beginTextSetUp(desk)).click("Next");
	page = await enter(page, (await app.texts.latest(averysNumber)).code);
	({ page } = await saveRecoveryCode(page));
	expect(page.heading).toBe("Which should we ask for first?");
	expect(page.field("Authenticator App").checked).toBe(true);
	expect(page.text).toContain("Recommended");
	page = await page.submit({ "Ask for first": "Text Message (SMS)" }, "Next");
	expect(page.text).toContain("Saved. We ask for this method first.");

	app.clock.forward(minutes(1));
	await signOut(desk);
	page = await signIn(desk, avery);
	expect(page.heading).toBe(asksForText(averysNumber));
	await enter(page, (await app.texts.latest(averysNumber)).code);

	page = await desk.open(paths.twoStep);
	page = await page.click("Make default", { near: "Authenticator App" });
	expect(page.text).toContain("Saved. We ask for this method first.");
	await signOut(desk);
	const sent = (await codesTo(app, averysNumber)).length;
	expect((await signIn(desk, avery)).heading).toBe(asksForApp);
	expect(await codesTo(app, averysNumber)).toHaveLength(sent);
});

test("Resend code may be used after 30 seconds, 2 minutes and 5 minutes, and four messages are all", async () => {
	await using app = await startApp();
	const desk = await withTexts(app);
	const before = (await codesTo(app, averysNumber)).length;
	let page = await signIn(desk, avery);
	for (const [messages, wait] of [
		[1, seconds(30)],
		[2, minutes(2)],
		[3, minutes(5)],
	] as const) {
		expect(await codesTo(app, averysNumber)).toHaveLength(before + messages);
		app.clock.forward(wait - seconds(5));
		page = await desk.open(paths.verify);
		expect(page.buttons).not.toContain("Resend code");
		expect(page.text).toContain("You can resend the code in");
		// A form kept from elsewhere does not hurry it.
		const token = /name="form-token" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
		const hurried = await desk.post(paths.verify, { "form-token": token, resend: "yes" });
		expect(hurried.status).toBe(429);
		expect(hurried.errors[0]).toContain("You can resend the code in");
		app.clock.forward(seconds(6));
		page = await (await desk.open(paths.verify)).click("Resend code");
	}
	expect(await codesTo(app, averysNumber)).toHaveLength(before + 4);
	app.clock.forward(minutes(6));
	page = await desk.open(paths.verify);
	expect(page.buttons).not.toContain("Resend code");
	expect(page.text).toContain("We have sent as many messages as we can this time.");
	page = await (await page.click("Try another way")).click("Text me a code");
	expect(await codesTo(app, averysNumber)).toHaveLength(before + 4);
});

test("Resend code keeps the tick of Trust this browser, and no link sets it", async () => {
	await using app = await startApp();
	const desk = await withTexts(app);
	let page = await signIn(desk, avery);
	app.clock.forward(seconds(31));
	page = await (await desk.open(paths.verify)).submit({ [TRUST]: true }, "Resend code");
	expect(page.status).toBe(200);
	expect(page.field(TRUST).checked).toBe(true);
	expect((await desk.open(`${paths.verify}?trust=yes`)).field(TRUST).checked).toBe(false);
	// Too soon for another: the tick stays all the same.
	const token = /name="form-token" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
	const hurried = await desk.post(paths.verify, { "form-token": token, resend: "yes", trust: "yes" });
	expect(hurried.status).toBe(429);
	expect(hurried.field(TRUST).checked).toBe(true);
	app.clock.forward(minutes(2));
	page = await (await desk.open(paths.verify)).submit({ [TRUST]: true }, "Resend code");
	await enter(page, (await app.texts.latest(averysNumber)).code);
	await signOut(desk);
	expect((await signIn(desk, avery)).heading).toBe("My Account");
});

test("a resend repeats the code while enough of its life is left, and then sends a new one beside it", async () => {
	await using app = await startApp();
	const desk = await withTexts(app);
	await signIn(desk, avery);
	const first = await app.texts.latest(averysNumber);
	app.clock.forward(minutes(3));
	await (await desk.open(paths.verify)).click("Resend code");
	expect((await app.texts.latest(averysNumber)).code).toBe(first.code);
	expect((await codesTo(app, averysNumber)).filter((code) => code === first.code)).toHaveLength(2);

	// Of five minutes and a quarter less than two are left.
	await signIn(desk, avery);
	const early = await app.texts.latest(averysNumber);
	app.clock.forward(minutes(3) + seconds(16));
	const page = await (await desk.open(paths.verify)).click("Resend code");
	expect((await app.texts.latest(averysNumber)).code).not.toBe(early.code);
	app.clock.forward(minutes(1));
	expect((await enter(page, early.code)).heading).toBe("My Account");
});

test("of two codes of one sign-in the newer one works when the earlier one is too old, which says so", async () => {
	await using app = await startApp();
	const desk = await withTexts(app);
	await signIn(desk, avery);
	const early = await app.texts.latest(averysNumber);
	app.clock.forward(minutes(4));
	await (await desk.open(paths.verify)).click("Resend code");
	const late = await app.texts.latest(averysNumber);
	app.clock.forward(minutes(1) + seconds(16));
	const page = await enter(await desk.open(paths.verify), early.code);
	expect(page.status).toBe(422);
	expect(page.errors).toEqual([
		"That code is too old. Choose Resend code and enter the new one. You have 4 more tries.",
	]);
	expect((await enter(page, late.code)).heading).toBe("My Account");
});

test("a code that has expired says so, and counts as wrong", async () => {
	await using app = await startApp();
	const desk = await withTexts(app);
	const asked = await signIn(desk, avery);
	const { code } = await app.texts.latest(averysNumber);
	app.clock.forward(minutes(5) + seconds(16));
	const late = await enter(asked, code);
	expect(late.errors).toEqual([
		"That code is too old. Choose Resend code and enter the new one. You have 4 more tries.",
	]);
	await late.click("Resend code");
	const fresh = await app.texts.latest(averysNumber);
	expect((await enter(await desk.open(paths.verify), fresh.code)).heading).toBe("My Account");
});

test("five wrong codes, of the app and by text together, make both wait for 15 minutes", async () => {
	await using app = await startApp();
	const { desk, authenticator } = await withBoth(app);
	let page = await signIn(desk, avery);
	for (let tries = 0; tries < 3; tries++) page = await enter(page, authenticator.wrongCode());
	const leftOpen = await page.click("Try another way");
	page = await leftOpen.click("Text me a code");
	const { code } = await app.texts.latest(averysNumber);
	page = await enter(page, notThis(code));
	expect(page.errors[0]).toContain("You have 1 more try.");
	page = await enter(page, notThis(code));
	page = await enter(page, code);
	expect(page.status).toBe(429);
	expect(page.errors[0]).toContain("That was too many wrong codes. You can enter codes again at ");
	expect(page.errors[0]).toContain("Sign in again then.");
	page = await leftOpen.click("Use the app");
	expect((await enter(page, authenticator.code())).status).toBe(429);

	// Meanwhile no page asks for a code as if it were looked at, or offers to text one.
	const wait = /That was too many wrong codes\. You can enter codes again at .+ Sign in again then\./;
	for (const way of ["Use the app", "Text me a code"]) {
		page = await (await leftOpen.click(way)).click("Try another way");
		expect(page.text).toMatch(wait);
		expect(page.buttons).toEqual(["Cancel"]);
		expect(page.links).toContain("Use recovery code instead");
		page = await desk.open(paths.verify);
		expect(page.text).toMatch(wait);
		expect(page.buttons).not.toContain("Resend code");
	}
	const help = await desk.open(paths.signInHelp);
	expect(help.text).not.toContain("Have the code sent again");
	expect(help.text).not.toContain("Your app's code isn't accepted");
	expect(help.text).toContain("You don't have your phone");

	app.clock.forward(minutes(15) + seconds(1));
	page = await signIn(desk, avery);
	page = await (await page.click("Try another way")).click("Text me a code");
	expect((await enter(page, (await app.texts.latest(averysNumber)).code)).heading).toBe("My Account");
});

test("whoever signs in again while codes have to wait is texted none until it is over", async () => {
	await using app = await startApp();
	await withTexts(app);
	const phone = newBrowser(app);
	let page = await signIn(phone, avery);
	app.clock.forward(minutes(3));
	const leftOpen = [await phone.open(paths.verify), await phone.open(paths.anotherWay)] as const;
	const { code } = await app.texts.latest(averysNumber);
	for (let tries = 0; tries < 5; tries++) page = await enter(page, notThis(code));
	const sent = (await codesTo(app, averysNumber)).length;
	for (const button of ["Resend code", "Text me a code"] as const) {
		page = await leftOpen[button === "Resend code" ? 0 : 1].click(button);
		expect(page.text).toContain("That was too many wrong codes. You can enter codes again at ");
		expect(page.buttons).not.toContain("Resend code");
		expect(await codesTo(app, averysNumber)).toHaveLength(sent);
	}

	page = await signIn(phone, avery);
	expect(page.heading).toBe("We can't text you a code now");
	expect(page.text).toContain("That was too many wrong codes. You can enter codes again at ");
	expect(page.buttons).not.toContain("Text me a code");
	expect(await codesTo(app, averysNumber)).toHaveLength(sent);

	app.clock.forward(minutes(15));
	page = await signIn(phone, avery);
	expect(page.heading).toBe(asksForText(averysNumber));
	expect(await codesTo(app, averysNumber)).toHaveLength(sent + 1);
});

test("the count of wrong codes outlives a resend, another method, a new sign-in and a restart", async () => {
	await using app = await startApp();
	const { authenticator } = await withBoth(app);
	const stranger = newBrowser(app);
	let page = await signIn(stranger, avery);
	page = await (await page.click("Try another way")).click("Text me a code");
	const { code } = await app.texts.latest(averysNumber);
	page = await enter(page, notThis(code));
	expect(page.errors[0]).toContain("You have 4 more tries.");
	app.clock.forward(seconds(31));
	page = await (await stranger.open(paths.verify)).click("Resend code");
	page = await enter(page, notThis(code));
	expect(page.errors[0]).toContain("You have 3 more tries.");
	page = await (await page.click("Try another way")).click("Use the app");
	page = await enter(page, authenticator.wrongCode());
	expect(page.errors[0]).toContain("You have 2 more tries.");
	page = await signIn(newBrowser(app), avery);
	page = await enter(page, authenticator.wrongCode());
	expect(page.errors[0]).toContain("You have 1 more try.");
	await app.restart();
	const leftOpen = await stranger.open(paths.anotherWay);
	page = await enter(await stranger.open(paths.verify), authenticator.wrongCode());
	expect(page.errors[0]).toContain("That was the last try for now.");
	page = await leftOpen.click("Text me a code");
	expect((await enter(page, code)).status).toBe(429);
});

test("the page shows what the carrier says of the message, and nothing counts as sent before it was taken", async () => {
	await using app = await startApp();
	const desk = await withTexts(app);
	app.texts.gateway.behave({ kind: "refuses", status: 503, error: "busy" });
	const before = app.texts.gateway.askedAt.length;
	await signIn(desk, avery);
	await app.drain();
	expect(app.texts.gateway.askedAt.length).toBeGreaterThan(before);
	expect((await desk.open(paths.verify)).text).toContain("Your message is on its way.");
	expect((await desk.open(paths.verify)).text).not.toContain("Sent at");

	app.texts.gateway.behave({ kind: "takes" });
	app.clock.forward(minutes(1));
	const text = await app.texts.latest(averysNumber);
	expect((await desk.open(paths.verify)).text).toMatch(/Sent at .+ It can take a minute to arrive\./);
	expect(await app.texts.gateway.report(text, "delivered")).toBe(204);
	expect((await desk.open(paths.verify)).text).toContain("your carrier says it arrived");

	await (await desk.open(paths.verify)).click("Resend code");
	const again = await app.texts.latest(averysNumber);
	expect(await app.texts.gateway.report(again, "failed")).toBe(204);
	const page = await desk.open(paths.verify);
	expect(page.text).toContain("Your carrier could not deliver it.");
	expect((await enter(page, again.code)).heading).toBe("My Account");

	// No carrier has it: nobody took it at all.
	await signOut(desk);
	for (const [error, told] of [
		["stop", "We could not send the message. Resend it, or try another way."],
		["number-cannot-receive", "Your number can't receive text messages now. Try another way."],
	] as const) {
		app.texts.gateway.behave({ kind: "refuses", status: 400, error });
		await signIn(desk, avery);
		await app.drain();
		expect((await desk.open(paths.verify)).text).toContain(told);
	}
});

test("the help page lists only what can work for this person now", async () => {
	await using app = await startApp();
	const byText = ["The text message doesn't arrive", "Have the code sent again"];
	const byApp = "Your app's code isn't accepted";
	const desk = await withTexts(app);
	let page = await (await signIn(desk, avery)).click("Not receiving your code?");
	for (const title of byText) expect(page.text).toContain(title);
	expect(page.text).toContain("You don't have your phone");
	expect(page.text).not.toContain(byApp);
	app.clock.forward(seconds(31));
	const sent = (await codesTo(app, averysNumber)).length;
	page = await page.click("Resend code");
	expect(page.heading).toBe(asksForText(averysNumber));
	expect(await codesTo(app, averysNumber)).toHaveLength(sent + 1);

	const other = await atTheDesk(app, blake);
	await setUpAuthenticatorApp(other);
	await signOut(other);
	await signIn(other, blake);
	page = await other.open(paths.signInHelp);
	expect(page.text).toContain(byApp);
	for (const title of byText) expect(page.text).not.toContain(title);

	// Before the password: everything, and nothing personal.
	page = await newBrowser(app).open(paths.signInHelp);
	for (const title of [byText[0], byApp]) expect(page.text).toContain(title);
	expect(page.text).not.toContain("••••");
});

test("Replace: codes go to the old number until the new one's is entered, and then to the new one only", async () => {
	await using app = await startApp();
	const desk = await atTheDesk(app);
	await setUpTextMessages(desk);
	let page = await desk.open(paths.twoStep);
	page = await page.click("Replace", { near: "Text Message (SMS)" });
	expect(page.heading).toBe("Replace your mobile number");
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	page = await page.submit({ "Mobile number": otherNumber }, "Next");
	const { code } = await app.texts.latest(otherNumber);

	const elsewhere = newBrowser(app);
	const meanwhile = await signIn(elsewhere, avery);
	expect(meanwhile.heading).toBe(asksForText(averysNumber));
	expect((await enter(meanwhile, (await app.texts.latest(averysNumber)).code)).heading).toBe("My Account");
	const waiting = newBrowser(app);
	await signIn(waiting, avery);
	const toTheOldNumber = await app.texts.latest(averysNumber);

	page = await enter(page, code);
	await saveRecoveryCode(page);
	expect((await desk.open(paths.account)).text).toContain("+1 604 555 0188");
	expect(
		(await app.inbox.all(avery))
			.slice(-2)
			.map(({ subject }) => subject)
			.toSorted(),
	).toEqual([
		"Text Message (SMS) was replaced – Harbour Physio",
		"Your mobile number was changed – Harbour Physio",
	]);
	// A sign-in that waited for the old number's code is over.
	expect((await waiting.open(paths.verify)).path).toContain(paths.signIn);
	const late = await signIn(newBrowser(app), avery);
	expect(late.heading).toBe(asksForText(otherNumber));
	expect((await enter(late, toTheOldNumber.code)).status).toBe(422);
	expect((await codesTo(app, averysNumber)).at(-1)).toBe(toTheOldNumber.code);
});

test("who turns text messages off is asked for the password, told by email, and no longer asked for a code", async () => {
	await using app = await startApp();
	const desk = await atTheDesk(app);
	await setUpTextMessages(desk);
	let page = await desk.open(paths.twoStep);
	page = await page.click("Turn off", { near: "Text Message (SMS)" });
	expect(page.heading).toBe("Turn off Text Message (SMS)?");
	expect(page.text).toContain("compliance or regulatory implications");
	page = await page.submit({ Password: DEMO_PASSWORD }, "Turn off");
	expect(page.text).toContain("That method is turned off.");
	expect((await app.inbox.latest(avery)).subject).toContain("Text Message (SMS) was turned off");
	const sent = await codesTo(app, averysNumber);
	expect((await signIn(newBrowser(app), avery)).heading).toBe("My Account");
	expect(await codesTo(app, averysNumber)).toEqual(sent);
});

test("without a provider text messages are not offered, and where they are on they still count as on", async () => {
	await using app = await startApp();
	const desk = await atTheDesk(app);
	const { recoveryCode } = await setUpTextMessages(desk);
	const other = await atTheDesk(app, blake);
	await app.restart({ VESTIBULE_SMS_PROVIDERS: "" });

	expect((await other.open(paths.twoStep)).text).not.toContain("Text Message (SMS)");
	for (const address of [set.start, set.number, set.code]) {
		const page = await other.open(address);
		expect(page.text, address).not.toContain("Mobile number");
	}
	expect((await other.open(set.start)).status).toBe(404);

	const account = await desk.open(paths.twoStep);
	expect(account.text).toContain("Text Message (SMS)");
	expect(account.links).toContain("Turn off");
	expect(account.links).not.toContain("Replace");
	await signOut(desk);
	const asked = await signIn(desk, avery);
	expect(asked.path).toBe(paths.anotherWay);
	expect(asked.buttons).not.toContain("Text me a code");
	expect((await desk.open(paths.account)).path).toContain(paths.signIn);
	expect((await desk.open(paths.signInHelp)).text).not.toContain("The text message doesn't arrive");
	const page = await (await desk.open(paths.anotherWay)).click("Use recovery code instead");
	expect((await page.submit({ "Recovery Code": recoveryCode }, "Submit")).heading).toBe("Lost your phone?");
});

test("a code works in its own sign-in only: in no other one, of no other person, and not after a set-up", async () => {
	await using app = await startApp();
	const desk = await atTheDesk(app);
	await setUpTextMessages(desk);
	await withTexts(app, blake);
	const one = newBrowser(app);
	const another = newBrowser(app);
	const blakes = newBrowser(app);
	await signIn(one, avery);
	const ones = (await app.texts.latest(averysNumber)).code;
	await signIn(another, avery);
	const anothers = (await app.texts.latest(averysNumber)).code;
	await signIn(blakes, blake);
	const blakesCode = (await app.texts.latest(blakesNumber)).code;
	await (await beginTextSetUp(desk)).click("Next");
	const setUps = (await app.texts.latest(averysNumber)).code;
	expect(new Set([ones, anothers, blakesCode, setUps]).size).toBe(4);

	for (const code of [anothers, blakesCode, setUps]) {
		expect((await enter(await one.open(paths.verify), code)).status).toBe(422);
	}
	// Nor does one of a sign-in turn on anything.
	const turnedOn = await enter(await desk.open(set.code), anothers);
	expect(turnedOn.errors[0]).toContain("That code isn't right.");
	expect((await enter(await one.open(paths.verify), ones)).heading).toBe("My Account");
	expect((await enter(await another.open(paths.verify), anothers)).heading).toBe("My Account");
});

test("a stranger who has the password gets four messages sent in ten minutes, and the owner's own browser as many as before", async () => {
	await using app = await startApp();
	const desk = await withTexts(app);
	const before = (await codesTo(app, averysNumber)).length;
	for (let signIns = 1; signIns <= 4; signIns++) {
		await signIn(newBrowser(app), avery);
		expect(await codesTo(app, averysNumber)).toHaveLength(before + signIns);
	}
	const fifth = newBrowser(app);
	let page = await signIn(fifth, avery);
	const told =
		/We have texted as many codes to your number as we can for now\. The next one can go at \d+:\d\d [ap]m\. Until then use another way\./;
	expect(page.heading).toBe(cannotText);
	expect(page.text).toMatch(told);
	expect(page.links).toContain("Use recovery code instead");
	page = await page.click("Text me a code");
	expect(page.status).toBe(429);
	expect(page.text).toMatch(told);
	expect(await codesTo(app, averysNumber)).toHaveLength(before + 4);

	page = await signIn(desk, avery);
	expect(await codesTo(app, averysNumber)).toHaveLength(before + 5);
	expect((await enter(page, (await app.texts.latest(averysNumber)).code)).heading).toBe("My Account");
	app.clock.forward(minutes(10) + seconds(1));
	page = await fifth.open(paths.verify);
	expect(page.heading).toBe("We haven't texted you a code yet");
	expect((await page.click("Text me a code")).heading).toBe(asksForText(averysNumber));
	expect(await codesTo(app, averysNumber)).toHaveLength(before + 6);
});

test("a message whose code was used does not count against the next ones", async () => {
	await using app = await startApp();
	await withTexts(app);
	for (let signIns = 0; signIns < 8; signIns++) {
		const page = await signIn(newBrowser(app), avery);
		expect((await enter(page, (await app.texts.latest(averysNumber)).code)).heading).toBe("My Account");
	}
});

test("set-ups text one number three times a day and one person's three numbers, and say when there can be more", async () => {
	await using app = await startApp();
	const desk = await atTheDesk(app);
	const limited = (why: string) => [
		expect.stringMatching(
			new RegExp(
				`^${why} The next one can go on Tue 8 Dec 2026 at .+ set up an authenticator app instead\\.$`,
			),
		),
	];
	for (let setUps = 0; setUps < 3; setUps++) await (await beginTextSetUp(desk)).click("Next");
	let page = await (await beginTextSetUp(desk)).click("Next");
	expect(page.status).toBe(429);
	expect(page.errors).toEqual(
		limited("We have texted as many codes to this number as we can for now\\. Check that it is right\\."),
	);
	expect(page.heading).toBe("Set up text messages");
	expect(await codesTo(app, averysNumber)).toHaveLength(3);

	for (const number of ["+16045550177", "+16045550178"]) {
		page = await (await beginTextSetUp(desk)).submit({ "Mobile number": number }, "Next");
		expect(page.heading).toBe(asksForText(number));
	}
	page = await (await beginTextSetUp(desk)).submit({ "Mobile number": otherNumber }, "Next");
	expect(page.errors).toEqual(
		limited(
			"We have texted as many codes for you, or to as many different numbers, as we can within a day\\.",
		),
	);
	expect(await codesTo(app, otherNumber)).toEqual([]);

	app.clock.forward(days(1) + seconds(1));
	const tomorrow = await atTheDesk(app);
	page = await (await beginTextSetUp(tomorrow)).submit({ "Mobile number": otherNumber }, "Next");
	expect(page.heading).toBe(asksForText(otherNumber));
});

test("once a clinic has its cap of unused texts, strangers' browsers are told so, and those used before go on", async () => {
	await using app = await startApp();
	const desk = await withTexts(app);
	await strangersUseUp(app);
	const page = await signIn(newBrowser(app), avery);
	expect(page.heading).toBe(cannotText);
	expect(page.text).toMatch(
		/Too many codes texted for Harbour Physio within a day were not used, so we text none to browsers that people have not signed in with before\. In a browser you have used before, you still get one\. The next one can go on Tue 8 Dec 2026 at .+ Until then use another way\./,
	);
	// What the page says to do can be done.
	expect((await page.click("Use recovery code instead")).heading).toBe("Enter your Recovery Code");

	const known = await signIn(desk, avery);
	expect((await enter(known, (await app.texts.latest(averysNumber)).code)).heading).toBe("My Account");
	const setUp = await (await beginTextSetUp(desk)).submit({ "Mobile number": otherNumber }, "Next");
	expect(setUp.errors[0]).toMatch(/, so nobody can set up text messages for now\. The next one can go on /);
	expect(await codesTo(app, otherNumber)).toEqual([]);
});

test("once a clinic has had all of the operator's ceiling, everybody is told so, known browsers too", async () => {
	await using app = await startApp({ environment: { VESTIBULE_SMS_CLINIC_CEILING: "2" } });
	const desk = await withTexts(app);
	const used = await signIn(desk, avery);
	await enter(used, (await app.texts.latest(averysNumber)).code);
	await signOut(desk);
	const told =
		/Harbour Physio has had all the text messages that it can have within a day\. Its Full Access users have been told\. The next one can go on Tue 8 Dec 2026 at /;
	for (const browser of [desk, newBrowser(app)]) {
		expect((await signIn(browser, avery)).text).toMatch(told);
	}
	expect(await codesTo(app, averysNumber)).toHaveLength(2);
	expect((await app.inbox.latest(blake)).subject).toContain("No more text messages for now");
});

test("who chooses a text that a limit refuses is told so at once, and that nothing new was sent", async () => {
	await using app = await startApp();
	const { authenticator } = await withBoth(app);
	const first = newBrowser(app);
	await (await (await signIn(first, avery)).click("Try another way")).click("Text me a code");
	app.clock.forward(seconds(31));
	for (let signIns = 2; signIns <= 4; signIns++) {
		const ways = await (await signIn(newBrowser(app), avery)).click("Try another way");
		await ways.click("Text me a code");
	}
	// Here a code was texted before, and still works.
	const again = await (await first.open(paths.signInHelp)).click("Resend code");
	expect(again.status).toBe(429);
	expect(again.heading).toBe(asksForText(averysNumber));
	expect(again.errors[0]).toMatch(/^We have texted as many codes to your number as we can for now\./);
	const fifth = newBrowser(app);
	const ways = await (await signIn(fifth, avery)).click("Try another way");
	let page = await ways.click("Text me a code");
	expect(page.status).toBe(429);
	expect(page.heading).toBe(cannotText);
	page = await page.click("Use the app");
	expect(page.heading).toBe(asksForApp);
	expect((await enter(page, authenticator.code())).heading).toBe("My Account");
});

test("who has nothing but texts, and gets none, is led to who can help", async () => {
	await using app = await startApp();
	const desk = await withTexts(app);
	const { clinicId } = (await findClinic(app.db, "the-only-one")) ?? { clinicId: "" };
	await inTransaction(app.db, (tx) =>
		tx.deleteFrom("recovery_codes").where("clinic_id", "=", clinicId).execute(),
	);
	await app.restart({ VESTIBULE_SMS_CLINIC_CEILING: "1" });
	const page = await signIn(desk, avery);
	expect(page.heading).toBe(cannotText);
	expect(page.text).toMatch(/ Choose I'm locked out to see who can help until then\./);
	expect((await page.click("I'm locked out")).heading).toBe("Can't sign in?");
});

test("who replaces one of two methods is not asked again which comes first", async () => {
	await using app = await startApp();
	const { desk } = await withBoth(app);
	await enter(
		await (await (await signIn(desk, avery)).click("Try another way")).click("Text me a code"),
		(await app.texts.latest(averysNumber)).code,
	);
	let page = await (await desk.open(paths.twoStep)).click("Make default", { near: "Text Message (SMS)" });
	expect(page.text).toContain("Text Message (SMS) On Default");
	page = await page.click("Replace", { near: "Authenticator App" });
	page = await page.submit({ Password: DEMO_PASSWORD }, "Next");
	const authenticator = scanKey(page, desk);
	page = await enter(await page.click("Next"), authenticator.code());
	for (const replaced of [await saveRecoveryCode(page), await setUpTextMessages(desk)]) {
		expect(replaced.page.heading).toBe("2-Step Verification");
		expect(replaced.page.text).toContain("Text Message (SMS) On Default");
	}
});

test("who lost the phone that was texted is not offered its number again, and told when to keep it", async () => {
	await using app = await startApp();
	const desk = await atTheDesk(app);
	const { recoveryCode } = await setUpTextMessages(desk);
	await signOut(desk);
	const home = newBrowser(app);
	const asked = await (await signIn(home, avery)).click("Use recovery code instead");
	const lost = await asked.submit({ "Recovery Code": recoveryCode }, "Submit");
	expect(lost.heading).toBe("Lost your phone?");
	expect(lost.text).toContain(
		"To •••• •••• 0101. Will you have this number again on another phone? Then keep it: the codes come there.",
	);
	expect(lost.text).toContain("To a number whose messages you can read now.");
	const instead = { "What do you want to set up instead?": "Text Message (SMS)" };
	const number = await lost.submit(instead, "I've lost it: replace it now");
	expect(number.field("Mobile number").value).toBe("");
	const texted = await number.submit({ "Mobile number": otherNumber }, "Next");
	expect(await codesTo(app, averysNumber)).toHaveLength(2);
	await saveRecoveryCode(await enter(texted, (await app.texts.latest(otherNumber)).code));
	expect((await signIn(desk, avery)).heading).toBe(asksForText(otherNumber));
});

/** As many unused texts as the clinic may have: to colleagues, numbers and networks that are not Avery's. */
async function strangersUseUp(app: App): Promise<void> {
	const { clinicId } = (await findClinic(app.db, "the-only-one")) ?? { clinicId: "" };
	const now = app.clock.now();
	const activeStaff = await countStaffSignedInSince(app.db, clinicId, now - days(30));
	for (let n = 0; n < 20 + 5 * activeStaff; n++) {
		const facts = {
			clinicId,
			profileId: `colleague ${n}`,
			number: `+1604${2_000_000 + n * 10_000}`,
			network: `198.51.100.${n}`,
			purpose: "sign-in",
			isKnown: false,
			activeStaff,
		} as const;
		const taken = await inTransaction(app.db, (tx) => takeMessageTries(tx, app.deps, facts, now));
		expect(taken).toEqual({ kind: "go" });
	}
}
