import { localDay } from "../../src/clinics/local-time.rule.ts";
import { days, minutes } from "../../src/clock.ts";
import type { Access } from "../../src/db/tables.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import type { App } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import { giveCode, idOf } from "../harness/by-operator.ts";
import { addStaff } from "../harness/more-staff.ts";
import {
	beginTextSetUp,
	emailedCode,
	proveByEmail,
	scanKey,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
	signInTrusting,
	signOut,
} from "../harness/people.ts";
import { RuledBrowser } from "./ruled-browser.ts";

/** Somebody somewhere between the first page and a session in full, and what would be right for them to type. */
export type State = {
	name: string;
	browser: Browser;
	email: string;
	password: string;
	authenticator: Authenticator | undefined;
	recoveryCode: string | undefined;
	/** The code that was texted, or emailed, to where this person is now. */
	textedCode?: string;
	/** The code that a colleague gave this person. */
	temporaryCode?: string;
};

/** The clinic's staff, each in another state. */
export type Everybody = {
	signedOut: State;
	inSignIn: State;
	inSignInByText: State;
	/** Asked for the password alone, and about to be asked for a code: by the app, or by a text that was sent. */
	byTrust: State;
	withoutMethod: State;
	withMethod: State;
	settingUp: State;
	settingUpTexts: State;
	savingCode: State;
	lostPhone: State;
	/** In a sign-in where 2-Step Verification is required: an emailed code is on its way. */
	proving: State;
	/** There too, past that code, with the set-up of text messages begun. */
	forcedTexts: State;
	/** In a sign-in a week before it is required, with the set-up of the app begun at the prompt. */
	offered: State;
	/** In a session with both methods and Full Access, a week before it is required. */
	requiring: State;
	/** In a session with texts alone, where the clinic no longer allows them. */
	stoppedTexts: State;
	/** In a session with Full Access and no method. */
	fullWithoutMethod: State;
	/** The path of an emailed link that sets a password. */
	passwordLink: string;
	/** The profile of a Limited colleague with both methods, to whom something may be done. */
	colleagueId: string;
	/** The profile of somebody who is deactivated. */
	deactivatedId: string;
	/** Somebody whose new email waits to be confirmed. */
	newEmailWaitsId: string;
	/** The path of the link that puts a new email in force, of somebody in a session. */
	confirmEmailLink: string;
	/** The path of **This wasn't me** in an email that tells of a set-up. */
	notMeLink: string;
};

/** Takes six people as far as each state, over the pages themselves. */
export async function everybody(app: App): Promise<Everybody> {
	const signedOut = stateOf("signed out", newBrowser(app), "avery");

	const withMethod = await signedIn(app, "in a session with both methods", "avery");
	await setUpBoth(withMethod);

	const lostPhone = await signedIn(app, "just in by Recovery Code", "blake");
	const lost = await setUpAuthenticatorApp(lostPhone.browser);
	lostPhone.browser = newBrowser(app);
	const code = await (await signIn(lostPhone.browser, lostPhone.email)).click("Use recovery code instead");
	await code.submit({ "Recovery Code": lost.recoveryCode }, "Submit");

	const inSignIn = await signedIn(app, "in a sign-in", "casey");
	const { number } = await setUpBoth(inSignIn);
	inSignIn.browser = newBrowser(app);
	await signIn(inSignIn.browser, inSignIn.email);

	const inSignInByText: State = { ...inSignIn, name: "in a sign-in by text", browser: newBrowser(app) };
	const ways = await (await signIn(inSignInByText.browser, inSignIn.email)).click("Try another way");
	await ways.click("Text me a code");
	inSignInByText.textedCode = (await app.texts.latest(number)).code;

	const byTrust: State = { ...inSignIn, name: "in a session by a trusted browser", browser: newBrowser(app) };
	if (!inSignIn.authenticator) throw new Error("There is no app whose code could be entered");
	await signInTrusting(byTrust.browser, byTrust.email, inSignIn.authenticator);
	await signOut(byTrust.browser);
	await signIn(byTrust.browser, byTrust.email);
	await (await byTrust.browser.open(paths.confirm)).click("Text me a code");
	byTrust.textedCode = (await app.texts.latest(number)).code;

	const withoutMethod = await signedIn(app, "in a session without a method", "devon");

	const settingUp = await signedIn(app, "in a set-up", "emery");
	settingUp.authenticator = await beginSetUp(settingUp);

	const settingUpTexts = await signedIn(app, "in a set-up of text messages", "emery");
	await (await beginTextSetUp(settingUpTexts.browser)).submit({ "Mobile number": "+16045550105" }, "Next");
	settingUpTexts.textedCode = (await app.texts.latest("+16045550105")).code;

	const savingCode = await signedIn(app, "before an unsaved Recovery Code", "finley");
	savingCode.authenticator = await beginSetUp(savingCode);
	const entering = await savingCode.browser.page.click("Next");
	await entering.submit({ "Verification code": savingCode.authenticator.code() }, "Submit");

	const asking = await newBrowser(app).open(paths.forgotPassword);
	await asking.submit({ Email: withoutMethod.email }, "Email me a link");
	const [link = ""] = (await app.inbox.latest(withoutMethod.email)).links;

	const inDays = (howMany: number) => localDay(app.clock.now() + days(howMany), "America/Vancouver");
	const proving = await underRule(app, "before a forced set-up", "devon", inDays(0));
	await proving.browser.page.click("Email me a code");
	proving.textedCode = await emailedCode(app, proving.email);

	const forcedTexts = await underRule(app, "in a forced set-up of text messages", "emery", inDays(0));
	const forced = await proveByEmail(forcedTexts.browser, forcedTexts.email);
	const texts = { "What do you want to set up?": "Text Message (SMS)" };
	const numberPage = await forced.submit(texts, "Set up now");
	await numberPage.submit({ "Mobile number": "+16045550108" }, "Next");
	forcedTexts.textedCode = (await app.texts.latest("+16045550108")).code;

	const offered = await underRule(app, "at the prompt to set up", "devon", inDays(7));
	offered.authenticator = scanKey(await offered.browser.page.submit({}, "Set up now"), offered.browser);

	const requiring = await underRule(app, "in a session where it will be required", "avery", inDays(7));
	requiring.authenticator = withMethod.authenticator;
	requiring.recoveryCode = withMethod.recoveryCode;
	app.clock.forward(minutes(1));
	const own = withMethod.authenticator?.codeAt(app.clock.now()) ?? "";
	await requiring.browser.page.submit({ "Verification code": own }, "Submit");

	const stoppedTexts = await somebodyMore(app, "with texts that are stopped", "gus", "limited");
	await setUpTextMessages(stoppedTexts.browser, "+16045550111");
	const { address, cookies } = stoppedTexts.browser;
	stoppedTexts.browser = new RuledBrowser(app, { allows_texts: 0 }, address, cookies);
	const fullWithoutMethod = await somebodyMore(app, "with Full Access and no method", "hana", "full");

	const newEmail = "emery.new@harbour.example";
	const change = await settingUp.browser.open(paths.changeEmail);
	await change.submit({ "New email": newEmail, Password: settingUp.password }, "Send the confirmation");
	const gone = { name: "Gale Roy", email: "gale.roy@harbour.example", active: 0 } as const;
	await addStaff(app, [gone]);

	const given = await giveCode(app, inSignIn.email);
	inSignIn.temporaryCode = given;
	inSignInByText.temporaryCode = given;
	proving.temporaryCode = await giveCode(app, proving.email);

	// Nobody's last code may be the next one's replay.
	app.clock.forward(minutes(1));
	return {
		signedOut,
		inSignIn,
		inSignInByText,
		byTrust,
		withoutMethod,
		withMethod,
		settingUp,
		settingUpTexts,
		savingCode,
		lostPhone,
		proving,
		forcedTexts,
		offered,
		requiring,
		stoppedTexts,
		fullWithoutMethod,
		passwordLink: new URL(link).pathname,
		colleagueId: await idOf(app, inSignIn.email),
		deactivatedId: await idOf(app, gone.email),
		newEmailWaitsId: await idOf(app, settingUp.email),
		confirmEmailLink: await linkIn(app, newEmail, "/confirm-email/"),
		notMeLink: await linkIn(app, inSignIn.email, "/not-me/"),
	};
}

/** Whose pages are looked at one by one; of `stoppedTexts` and `fullWithoutMethod` only one page is theirs alone. */
export function statesOf({
	stoppedTexts,
	fullWithoutMethod,
	passwordLink,
	colleagueId,
	deactivatedId,
	newEmailWaitsId,
	confirmEmailLink,
	notMeLink,
	...states
}: Everybody): State[] {
	return Object.values(states);
}

/** The path of the newest link of this kind that was emailed there. */
async function linkIn(app: App, email: string, part: string): Promise<string> {
	const links = (await app.inbox.all(email)).flatMap((each) => each.links);
	const link = links.findLast((each) => each.includes(part));
	if (link === undefined) throw new Error(`No email to ${email} holds a link with ${part}`);
	return new URL(link).pathname;
}

async function signedIn(app: App, name: string, who: string): Promise<State> {
	const state = stateOf(name, newBrowser(app), who);
	await signIn(state.browser, state.email);
	return state;
}

/** Signs in where 2-Step Verification is required from a day: for this browser's requests and no others. */
async function underRule(app: App, name: string, who: string, day: string): Promise<State> {
	const browser = new RuledBrowser(app, { required_from_on: day }, newBrowser(app).address);
	const state = stateOf(name, browser, who);
	await signIn(state.browser, state.email);
	return state;
}

/** Somebody who works at the clinic as well, in a session; with the password that all of them have. */
async function somebodyMore(app: App, name: string, who: string, access: Access): Promise<State> {
	const { backdoor } = app.database;
	const email = `${who}@harbour.example`;
	await addStaff(app, [{ name: who, email, access }]);
	const password = await backdoor.selectFrom("passwords").selectAll().limit(1).executeTakeFirstOrThrow();
	const profile_id = await idOf(app, email);
	await backdoor
		.insertInto("passwords")
		.values({ ...password, profile_id, password_id: who })
		.execute();
	return signedIn(app, name, who);
}

function stateOf(name: string, browser: Browser, who: string): State {
	const email = `${who}@harbour.example`;
	return { name, browser, email, password: DEMO_PASSWORD, authenticator: undefined, recoveryCode: undefined };
}

/** Sets up the app, and then text messages, which are asked for second. @returns where the texts go */
async function setUpBoth(state: State): Promise<{ number: string }> {
	state.authenticator = (await setUpAuthenticatorApp(state.browser)).authenticator;
	const { number, recoveryCode } = await setUpTextMessages(state.browser);
	state.recoveryCode = recoveryCode;
	return { number };
}

/** Begins a set-up and takes its key into an app. */
async function beginSetUp({ browser, password }: State): Promise<Authenticator> {
	const page = await browser.open(paths.authenticatorApp);
	return scanKey(await page.submit({ Password: password }, "Next"), browser);
}
