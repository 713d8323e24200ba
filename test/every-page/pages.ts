import { days, hours, minutes } from "../../src/clock.ts";
import type { ProfileRow } from "../../src/db/tables.ts";
import { paths, setUpPaths, textSetUpPaths } from "../../src/paths.ts";
import { newBrowser, userAgents } from "../harness/browser.ts";
import { giveCode, makeResetPending } from "../harness/by-operator.ts";
import type { Filled } from "../harness/form.ts";
import { addStaff } from "../harness/more-staff.ts";
import type { Page } from "../harness/page.ts";
import { requireFrom, signIn, TRUST } from "../harness/people.ts";
import type { Stage } from "./stage.ts";
import type { Everybody } from "./states.ts";

/** How somebody comes to see a page, from the moment when everybody is in place. */
type Way = (stage: Stage) => Promise<Page>;
const REQUIRE = "Require 2-Step Verification at Harbour Physio";
type Who = Exclude<keyof Everybody, `${string}Link` | `${string}Id`>;

const texts = textSetUpPaths(paths.textMessage);

/**
 * Every page in each of its states. Whoever draws a page, or a new state of one, adds it here: that it can be
 * read and used by everybody is tried for all of them alike.
 */
export const pages: Readonly<Record<string, Way>> = {
	"Sign in": see("signedOut", paths.signIn),
	"Sign in, and then to a page": see("signedOut", `${paths.signIn}?return=/app`),
	"Sign in, with a mistake": filled(
		see("signedOut", paths.signIn),
		{ Email: "avery@harbour.example" },
		"Sign in",
	),
	"Sign in, with what does not match": filled(
		see("signedOut", paths.signIn),
		{ Email: "avery@harbour.example", Password: "not this one" },
		"Sign in",
	),
	"Sign in, after too many": async (stage) => {
		const wrong = filled(see("signedOut", paths.signIn), { Email: "a@b.example", Password: "no" }, "Sign in");
		for (let tries = 0; tries < 10; tries++) await wrong(stage);
		return wrong(stage);
	},
	"Sign in, when one has run out": see("signedOut", `${paths.signIn}?notice=over`),
	"Sign in, when the password is closed": see("signedOut", `${paths.signIn}?notice=closed`),
	"Sign in, with a new password": see("signedOut", `${paths.signIn}?notice=password-set`),
	"Sign in, when signed out": see("signedOut", `${paths.signIn}?notice=signed-out`),
	"Sign in, when something was sent too late": see("signedOut", `${paths.signIn}?notice=not-sent`),
	"Sign in, when five were wrong": see("signedOut", `${paths.signIn}?notice=too-many-wrong`),
	"Help before the password": see("signedOut", paths.signInHelp),
	"Forgot your password?": see("signedOut", paths.forgotPassword),
	"Forgot your password?, with a mistake": filled(
		see("signedOut", paths.forgotPassword),
		{ Email: "avery" },
		"Email me a link",
	),
	"Check your email": filled(
		see("signedOut", paths.forgotPassword),
		{ Email: "a@b.example" },
		"Email me a link",
	),
	"A new password by link": byLink(),
	"A new password by link, with a mistake": filled(byLink(), { "New password": "short" }, "Save password"),
	"A link that does not work": see("signedOut", paths.setPassword.to("A".repeat(43))),
	"Confirm a new email, of somebody who is signed in elsewhere": ({ app, people }) =>
		newBrowser(app).openFromEmail(app.url.origin + people.confirmEmailLink),
	"This wasn't me": byNotMeLink(),
	"This wasn't me, done": filled(byNotMeLink(), {}, "This wasn't me"),
	"This wasn't me, by a link that does not work": see("signedOut", paths.notMe.to("A".repeat(43))),
	"No page here": see("signedOut", "/no-such-page"),
	"No page here, in a session": see("withMethod", "/no-such-page"),
	"An address that cannot be read": see("signedOut", "/%zz"),
	"A form that cannot be used": ({ people }) => {
		const { inSignIn } = people;
		return inSignIn.browser.copy().post(paths.verify, { code: "123456" });
	},
	"A form too large": ({ people }) =>
		people.signedOut.browser.copy().post(paths.signIn, { a: "a".repeat(100_000) }),

	"The code": see("inSignIn", paths.verify),
	"The code, wrong": filled(see("inSignIn", paths.verify), { "Verification code": "no" }, "Submit"),
	"The code of another time": async (stage) => {
		const { authenticator } = stage.people.inSignIn;
		const code = authenticator?.codeAt(stage.app.clock.now() - minutes(3)) ?? "";
		return filled(see("inSignIn", paths.verify), { "Verification code": code }, "Submit")(stage);
	},
	"The code, after too many": async (stage) => {
		const code = stage.people.inSignIn.authenticator?.wrongCode() ?? "";
		const wrong = filled(see("inSignIn", paths.verify), { "Verification code": code }, "Submit");
		for (let tries = 0; tries < 5; tries++) await wrong(stage);
		return wrong(stage);
	},
	"The code, while one has to wait": afterFiveWrong("inSignIn", paths.verify),
	"The texted code, while one has to wait": afterFiveWrong("inSignInByText", paths.verify),
	"Another way, while codes have to wait": afterFiveWrong("inSignIn", paths.anotherWay),
	"Another way, where none works": async (stage) => {
		const { backdoor } = stage.app.database;
		await backdoor.deleteFrom("recovery_codes").execute();
		await backdoor.deleteFrom("temporary_codes").execute();
		return afterFiveWrong("inSignIn", paths.anotherWay)(stage);
	},
	"Help, while codes have to wait": afterFiveWrong("inSignIn", paths.signInHelp),
	"A text to be chosen, while codes have to wait": async (stage) => {
		const way = afterFiveWrong("inSignInByText", paths.verify);
		await way(stage);
		await stage.app.database.backdoor.deleteFrom("text_sends").execute();
		return see("inSignInByText", paths.verify)(stage);
	},
	"The texted code": see("inSignInByText", paths.verify),
	"The texted code, wrong": textedCode("no"),
	"The texted code, too old": async (stage) => {
		stage.app.clock.forward(minutes(6));
		return textedCode(stage.people.inSignInByText.textedCode ?? "")(stage);
	},
	"The texted code, sent again": resent(),
	"The texted code, asked for again too soon": async (stage) => {
		const page = await see("inSignInByText", paths.verify)(stage);
		await page.click("Resend code");
		return page.click("Resend code");
	},
	"The texted code, with no message left": async (stage) => {
		const again = async () => (await see("inSignInByText", paths.verify)(stage)).click("Resend code");
		await again();
		stage.app.clock.forward(minutes(2));
		await again();
		stage.app.clock.forward(minutes(5));
		return again();
	},
	"The texted code, delivered": resent("delivered"),
	"The texted code, not delivered": resent("failed"),
	"The texted code, to a number that cannot get it": resent("failed", { why: "number-cannot-receive" }),
	"The texted code, never sent": async (stage) => {
		await stage.app.database.backdoor.deleteFrom("text_sends").execute();
		return see("inSignInByText", paths.verify)(stage);
	},
	"The texted code, which a limit refuses": async (stage) => {
		const again = async () => {
			await stage.app.database.backdoor.deleteFrom("text_sends").execute();
			return (await see("inSignInByText", paths.verify)(stage)).click("Text me a code");
		};
		for (let texts = 0; texts < 4; texts++) await again();
		return again();
	},
	"The code, wrong, with the box ticked": filled(
		see("inSignIn", paths.verify),
		{ "Verification code": "no", [TRUST]: true },
		"Submit",
	),
	"The code, where no browser may be trusted": async (stage) => {
		await requireFrom(stage.app, null, { allowsTrust: false });
		return see("inSignIn", paths.verify)(stage);
	},
	"A code to go on": see("byTrust", paths.confirm),
	"A code to go on, wrong": filled(see("byTrust", paths.confirm), { "Verification code": "no" }, "Submit"),
	"A code to go on, after too many": async (stage) => {
		const { backdoor } = stage.app.database;
		const code = stage.people.byTrust.authenticator?.wrongCode() ?? "";
		const wrong = filled(see("byTrust", paths.confirm), { "Verification code": code }, "Submit");
		for (let tries = 0; tries < 5; tries++) {
			await wrong(stage);
			await backdoor.updateTable("sessions").set({ wrong_proofs: 0 }).execute();
		}
		return wrong(stage);
	},
	"A code to go on, by text": see("byTrust", paths.confirmByText),
	"A code to go on, by text, wrong": filled(
		see("byTrust", paths.confirmByText),
		{ "Verification code": "no" },
		"Submit",
	),
	"A code to go on, asked for again too soon": async (stage) => {
		const page = await see("byTrust", paths.confirmByText)(stage);
		await page.click("Resend code");
		return page.click("Resend code");
	},
	"A code to go on, by text first": async (stage) => {
		const { backdoor } = stage.app.database;
		await backdoor.deleteFrom("text_sends").execute();
		await backdoor.updateTable("methods").set({ blocked_at: 0 }).where("is_default", "=", 1).execute();
		return see("byTrust", paths.confirm)(stage);
	},
	"A code to go on, by Recovery Code": see("byTrust", paths.confirmByRecoveryCode),
	"A code to go on, by a wrong Recovery Code": filled(
		see("byTrust", paths.confirmByRecoveryCode),
		{ "Recovery Code": "0000 0000 0000 0000 0000" },
		"Submit",
	),
	"A code to go on, with every method blocked": async (stage) => {
		await stage.app.database.backdoor.updateTable("methods").set({ blocked_at: 0 }).execute();
		return see("byTrust", paths.confirm)(stage);
	},
	"A code to go on, with nothing that works": async (stage) => {
		const { backdoor } = stage.app.database;
		await backdoor.updateTable("methods").set({ blocked_at: 0 }).execute();
		await backdoor.deleteFrom("recovery_codes").execute();
		return see("byTrust", paths.confirm)(stage);
	},
	"Help for who is texted": see("inSignInByText", paths.signInHelp),
	"Another way": see("inSignIn", paths.anotherWay),
	"Another way, where no temporary code waits": async (stage) => {
		await stage.app.database.backdoor.deleteFrom("temporary_codes").execute();
		return see("inSignIn", paths.anotherWay)(stage);
	},
	"A temporary code": see("inSignIn", paths.signInTemporaryCode),
	"A temporary code, wrong": temporaryCodeEntered("no"),
	"A temporary code, after too many": async (stage) => {
		const page = await see("inSignIn", paths.signInTemporaryCode)(stage);
		return submitOften(page, { "Temporary code": "0000 0000" }, 6);
	},
	"A temporary code, the last one for now": async (stage) => {
		const page = await see("inSignIn", paths.signInTemporaryCode)(stage);
		return submitOften(page, { "Temporary code": "0000 0000" }, 5);
	},
	"A temporary code, while one has to wait": async (stage) => {
		const page = await see("inSignIn", paths.signInTemporaryCode)(stage);
		await submitOften(page, { "Temporary code": "0000 0000" }, 5);
		return see("inSignIn", paths.signInTemporaryCode)(stage);
	},
	"A temporary code instead of an emailed one": see("proving", paths.signInTemporaryCode),
	"Another way, with a blocked method": async (stage) => {
		const { backdoor } = stage.app.database;
		await backdoor.updateTable("methods").set({ blocked_at: stage.app.clock.now() }).execute();
		return see("inSignIn", paths.anotherWay)(stage);
	},
	"Recovery Code": see("inSignIn", paths.signInRecoveryCode),
	"Recovery Code, wrong": filled(
		see("inSignIn", paths.signInRecoveryCode),
		{ "Recovery Code": "0000 0000 0000 0000 0000" },
		"Submit",
	),
	"Help after the password": see("inSignIn", paths.signInHelp),

	"Before the emailed code": async (stage) => {
		await stage.app.database.backdoor.deleteFrom("emailed_codes").execute();
		return see("proving", paths.emailedCode)(stage);
	},
	"The emailed code": see("proving", paths.emailedCode),
	"The emailed code, wrong": emailedCodeEntered("no"),
	"The emailed code, too old": async (stage) => {
		const page = await see("proving", paths.emailedCode)(stage);
		await stage.app.database.backdoor.updateTable("emailed_codes").set({ expires_at: 0 }).execute();
		return page.submit({ "Verification code": stage.people.proving.textedCode ?? "" }, "Submit");
	},
	"The emailed code, after too many": async (stage) => {
		const page = await see("proving", paths.emailedCode)(stage);
		return submitOften(page, { "Verification code": "0000 0000" }, 6);
	},
	"The emailed code, while one has to wait": async (stage) => {
		const page = await see("proving", paths.emailedCode)(stage);
		await submitOften(page, { "Verification code": "0000 0000" }, 5);
		return see("proving", paths.emailedCode)(stage);
	},
	"The emailed code, with none left to send": async (stage) => {
		const page = await see("proving", paths.emailedCode)(stage);
		return (await page.click("Resend code")).click("Resend code");
	},
	"Before the emailed code, with none left to send": async (stage) => {
		const page = await see("proving", paths.emailedCode)(stage);
		await (await page.click("Resend code")).click("Resend code");
		await stage.app.database.backdoor.deleteFrom("emailed_codes").execute();
		return see("proving", paths.emailedCode)(stage);
	},
	"The emailed code, that could not be sent": async (stage) => {
		const { server } = stage.app.inbox;
		server.answerRecipient({ code: 550, text: "No such user" });
		await (await see("proving", paths.emailedCode)(stage)).click("Resend code");
		await stage.app.drain();
		server.answerRecipient(undefined);
		return see("proving", paths.emailedCode)(stage);
	},
	"Help for who is emailed a code": see("proving", paths.signInHelp),
	"The emailed code, after a reset": afterReset(),
	"Only a temporary code, since the password came by email": async (stage) => {
		const { clock, database } = stage.app;
		const byLink = { set_by: "link" as const, set_at: clock.now() };
		await database.backdoor.updateTable("passwords").set(byLink).execute();
		return afterReset()(stage);
	},
	"Only a temporary code, since the email is another one": async (stage) => {
		const { clock, database } = stage.app;
		await database.backdoor.updateTable("profiles").set({ email_changed_at: clock.now() }).execute();
		return afterReset()(stage);
	},
	"Set up, after a reset, where nothing requires it": async (stage) => {
		await afterReset()(stage);
		return entersTemporaryCode(stage);
	},
	"Set up by a date": see("offered", paths.signInSetUp),
	"Set up by a date, the app alone": async (stage) => {
		await requireFrom(stage.app, null, { allowsTexts: false });
		return see("offered", paths.signInSetUp)(stage);
	},
	"Set up to sign in": see("forcedTexts", paths.signInSetUp),
	"Help for who has to set up": see("forcedTexts", paths.signInHelp),
	"The key, in a sign-in": see("offered", setUpPaths(paths.signInAuthenticatorApp).key),
	"The first code, in a sign-in": see("offered", setUpPaths(paths.signInAuthenticatorApp).code),
	"The number, in a sign-in": see("forcedTexts", textSetUpPaths(paths.signInTextMessage).number),
	"The first texted code, in a sign-in": see("forcedTexts", textSetUpPaths(paths.signInTextMessage).code),
	"A set-up in a sign-in that has ended": async (stage) => {
		const page = await see("offered", setUpPaths(paths.signInAuthenticatorApp).code)(stage);
		await stage.app.database.backdoor.deleteFrom("authenticator_app_set_ups").execute();
		return page.submit({ "Verification code": "123456" }, "Submit");
	},

	"My Account, with it off": see("withoutMethod", paths.account),
	"My Account, with it on": see("withMethod", paths.account),
	"2-Step Verification, off": see("withoutMethod", paths.twoStep),
	"2-Step Verification, on": see("withMethod", paths.twoStep),
	"2-Step Verification, just set up": see("withMethod", `${paths.twoStep}?notice=saved`),
	"2-Step Verification, just turned off": see("withoutMethod", `${paths.twoStep}?notice=off`),
	"2-Step Verification, with an unsaved code": see("savingCode", paths.twoStep),
	"2-Step Verification, with an unsaved code that is hidden": async (stage) => {
		stage.app.clock.forward(minutes(15));
		return see("savingCode", paths.twoStep)(stage);
	},
	"My Account, with an unsaved code": see("savingCode", paths.account),
	"My Account, with an unsaved code that is hidden": async (stage) => {
		stage.app.clock.forward(minutes(15));
		return see("savingCode", paths.account)(stage);
	},
	"2-Step Verification, with a blocked method": async (stage) => {
		const { backdoor } = stage.app.database;
		await backdoor.updateTable("methods").set({ blocked_at: stage.app.clock.now() }).execute();
		return see("withMethod", paths.twoStep)(stage);
	},
	"2-Step Verification, without a Recovery Code": see("lostPhone", paths.twoStep),
	"2-Step Verification, with another default": see("withMethod", `${paths.twoStep}?notice=default`),
	"2-Step Verification, with trusted browsers": see("byTrust", paths.twoStep),
	"2-Step Verification, with one removed": async (stage) =>
		(await see("byTrust", paths.twoStep)(stage)).click("Remove"),
	"2-Step Verification, required soon, without texts or trust": async (stage) => {
		await requireFrom(stage.app, "2099-01-01", { allowsTrust: false, allowsTexts: false });
		return see("withMethod", paths.twoStep)(stage);
	},
	"2-Step Verification, required": async (stage) => {
		await requireFrom(stage.app, "2026-01-01");
		return see("lostPhone", paths.twoStep)(stage);
	},
	"My Account, where it is required soon": ruled("2026-12-21", see("withoutMethod", paths.account)),
	"My Account, where it is required": ruled("2026-12-01", see("withoutMethod", paths.account)),
	"My Account, with texts that are stopped": withStoppedTexts(paths.account),
	Profile: see("withoutMethod", paths.profile),
	"Profile, with texts": see("withMethod", paths.profile),
	"Profile, with a new email that waits": async (stage) => {
		await askForNewEmail(stage);
		return see("withoutMethod", paths.profile)(stage);
	},
	"Profile, with email and number changed lately": async (stage) => {
		const { clock, database } = stage.app;
		const earlier = {
			email_changed_at: clock.now(),
			earlier_email: "a.much.longer.address.than.most@harbour.example",
			mobile_changed_at: clock.now(),
			earlier_mobile: "+16045550199",
		};
		await database.backdoor.updateTable("profiles").set(earlier).execute();
		return see("withoutMethod", `${paths.profile}?notice=mobile`)(stage);
	},
	"A new email of one's own": see("withoutMethod", paths.changeEmail),
	"A new email of one's own, with mistakes": filled(
		see("withoutMethod", paths.changeEmail),
		{ "New email": "avery" },
		"Send the confirmation",
	),
	"A new email of one's own, after too many": async (stage) => {
		for (let times = 0; times < 3; times++) await askForNewEmail(stage);
		return askForNewEmail(stage);
	},
	"A new mobile number of one's own": see("withoutMethod", paths.changeMobile),
	"A new mobile number of one's own, with mistakes": filled(
		see("withoutMethod", paths.changeMobile),
		{ "Mobile number": "12" },
		"Save",
	),
	"A new mobile number of one's own, with texts that are stopped": withStoppedTexts(paths.changeMobile),
	"Confirm a new email": confirmNewEmail(),
	"Confirm a new email, done": filled(confirmNewEmail(), {}, "Confirm this email"),
	"Confirm a new email, of somebody with no password yet": async (stage) => {
		const page = await confirmNewEmail()(stage);
		const { backdoor } = stage.app.database;
		await backdoor.deleteFrom("passwords").execute();
		await backdoor.updateTable("profiles").set({ last_sign_in_at: null }).execute();
		return page.submit({}, "Confirm this email");
	},
	"Confirm a new email, over": see("signedOut", paths.confirmEmail.to("A".repeat(43))),
	"Confirm a new email, taken": async (stage) => {
		const page = await confirmNewEmail()(stage);
		const email = stage.people.signedOut.email;
		await stage.app.database.backdoor.updateTable("email_changes").set({ new_email: email }).execute();
		return page.submit({}, "Confirm this email");
	},
	"2-Step Verification, with texts that are stopped": withStoppedTexts(paths.twoStep),
	"The app instead of texts": withStoppedTexts(paths.appInstead),
	"Set up the app instead of texts": withStoppedTexts(paths.authenticatorApp),
	"Which to ask for first": see("withMethod", paths.makeDefault),
	Password: see("withMethod", paths.password),
	"Password, with mistakes": filled(see("withMethod", paths.password), {}, "Change password"),
	"Password, changed": see("withMethod", `${paths.password}?notice=changed`),
	"Sessions, only this one": see("withoutMethod", paths.sessions),
	"Sessions, with others": see("settingUp", paths.sessions),
	"Sessions, one just signed out": see("settingUp", `${paths.sessions}?notice=ended`),
	"Sign out": see("withMethod", paths.signOut),
	"Help in a session": see("withMethod", paths.signInHelp),
	"Not there, in a session": see("withMethod", paths.turnOff.to("nothing")),

	"Set up": see("withoutMethod", paths.authenticatorApp),
	"Set up, with a mistake": filled(see("withoutMethod", paths.authenticatorApp), {}, "Next"),
	Replace: see("withMethod", paths.authenticatorApp),
	"The key": see("settingUp", setUpPaths(paths.authenticatorApp).key),
	"The key, on a phone": ({ people }) =>
		people.settingUp.browser
			.copy({ userAgent: userAgents.safariOnIphone })
			.open(setUpPaths(paths.authenticatorApp).key),
	"The first code": see("settingUp", setUpPaths(paths.authenticatorApp).code),
	"The first code, wrong": firstCode("no"),
	"A set-up that has ended": async (stage) => {
		const page = await see("settingUp", setUpPaths(paths.authenticatorApp).code)(stage);
		// Longer than a set-up, and shorter than a session that is used meanwhile.
		stage.app.clock.forward(minutes(50));
		await page.click("Help");
		stage.app.clock.forward(minutes(11));
		return page.submit({ "Verification code": "123456" }, "Submit");
	},
	"Set up texts": see("withoutMethod", paths.textMessage),
	"Set up texts, with a mistake": filled(see("withoutMethod", paths.textMessage), {}, "Next"),
	"Replace the number": see("withMethod", paths.textMessage),
	"The number": see("settingUpTexts", texts.number),
	"The number, with a mistake": filled(see("settingUpTexts", texts.number), { "Mobile number": "6" }, "Next"),
	"The number, after too many": async (stage) => {
		const { browser } = stage.people.settingUpTexts;
		let page = await browser.copy().open(texts.number);
		for (const number of ["+16045550171", "+16045550172", "+16045550173"]) {
			stage.app.clock.forward(minutes(6));
			page = await (await browser.copy().open(texts.number)).submit({ "Mobile number": number }, "Next");
		}
		return page;
	},
	"The first texted code": see("settingUpTexts", texts.code),
	"The first texted code, wrong": filled(
		see("settingUpTexts", texts.code),
		{ "Verification code": "000" },
		"Submit",
	),
	"A set-up of texts that has ended": async (stage) => {
		const page = await see("settingUpTexts", texts.code)(stage);
		await stage.app.database.backdoor.deleteFrom("text_message_set_ups").execute();
		return page.submit({ "Verification code": "123456" }, "Submit");
	},
	"A Recovery Code to save": see("savingCode", paths.recoveryCode),
	"A Recovery Code to save, not ticked": filled(see("savingCode", paths.recoveryCode), {}, "Done"),
	"A Recovery Code that is hidden": see("withMethod", paths.recoveryCode),
	"A Recovery Code hidden unsaved": async (stage) => {
		stage.app.clock.forward(minutes(16));
		return see("savingCode", paths.recoveryCode)(stage);
	},
	"No Recovery Code": see("lostPhone", paths.recoveryCode),
	"A new Recovery Code": see("withMethod", paths.newRecoveryCode),
	"A new Recovery Code, with a mistake": filled(see("withMethod", paths.newRecoveryCode), {}, "Next"),
	"Turn off": see("withMethod", paths.turnOff.to("authenticator-app")),
	"Turn off texts": see("withMethod", paths.turnOff.to("text-message")),
	"Turn off, with a mistake": filled(
		see("withMethod", paths.turnOff.to("authenticator-app")),
		{},
		"Turn off",
	),
	"Turn off, in a trusted browser": async (stage) => {
		const asked = await see("byTrust", paths.turnOff.to("text-message"))(stage);
		const { authenticator } = stage.people.byTrust;
		return asked.submit(
			{ "Verification code": authenticator?.codeAt(stage.app.clock.now()) ?? "" },
			"Submit",
		);
	},
	"Turn off, where no browser may be trusted": async (stage) => {
		await requireFrom(stage.app, null, { allowsTrust: false });
		return see("withMethod", paths.turnOff.to("authenticator-app"))(stage);
	},
	"Turn off, where the last one is required": async (stage) => {
		await requireFrom(stage.app, "2026-01-01");
		return see("lostPhone", paths.turnOff.to("authenticator-app"))(stage);
	},
	"Security, where nothing is required": see("withMethod", paths.security),
	"Security, where it is required soon": ruled(
		"2026-12-21",
		see("withMethod", `${paths.security}?notice=saved-told`),
	),
	"Security, where it is required": async (stage) => {
		const { backdoor } = stage.app.database;
		await backdoor
			.updateTable("clinics")
			.set({ sign_out_after_ms: days(7) })
			.execute();
		return ruled("2026-12-01", see("withMethod", `${paths.security}?notice=sign-out`))(stage);
	},
	"Security, of the only Full Access user, where everybody has it": async (stage) => {
		const { backdoor } = stage.app.database;
		const others = backdoor.updateTable("profiles").set({ active: 0 });
		await others.where("email", "!=", stage.people.withMethod.email).execute();
		return see("withMethod", paths.security)(stage);
	},
	"The rule, for who has no method": async (stage) => {
		await stage.app.database.backdoor.deleteFrom("methods").execute();
		return see("withMethod", paths.enforcement)(stage);
	},
	"The rule, where nothing is required": see("withMethod", `${paths.enforcement}?notice=set-up`),
	"The rule, where it is required": ruled("2026-12-01", see("withMethod", paths.enforcement)),
	"The rule, where everybody has it": async (stage) => {
		const { backdoor } = stage.app.database;
		const others = backdoor.updateTable("profiles").set({ active: 0 });
		await others.where("email", "!=", stage.people.withMethod.email).execute();
		return see("withMethod", paths.enforcement)(stage);
	},
	"The rule, with a date that is over": filled(
		see("withMethod", paths.enforcement),
		{ [REQUIRE]: true, "Effective date": "2020-01-01" },
		"Save",
	),
	"The rule, with a date and no tick": filled(
		see("withMethod", paths.enforcement),
		{ "Effective date": "2026-12-21" },
		"Save",
	),
	"The rule, without the password": filled(see("withMethod", paths.enforcement), {}, "Save"),
	"The rule, saved by another": async (stage) => {
		const page = await see("withMethod", paths.enforcement)(stage);
		await requireFrom(stage.app, "2026-12-21");
		return page.submit({ "Allow text messages": false }, "Save");
	},
	"Stop requiring it": ruled("2026-12-01", looseningTo({ [REQUIRE]: false })),
	"Stop requiring it, without the password": filled(
		ruled("2026-12-01", looseningTo({ [REQUIRE]: false })),
		{},
		"Stop requiring it",
	),
	"Require it later": ruled(
		"2026-12-01",
		looseningTo({ "Effective date": "2026-12-21", "Allow text messages": false }),
	),
	"Automatic Sign Out": see("withMethod", paths.automaticSignOut),
	"Automatic Sign Out, without the password": filled(see("withMethod", paths.automaticSignOut), {}, "Save"),
	"A reminder, sent": ruled("2026-12-21", reminded(1)),
	"A reminder, after too many": ruled("2026-12-21", reminded(4)),
	"Reminders to all, on their way": ruled("2026-12-21", async (stage) =>
		(await see("withMethod", paths.enforcement)(stage)).click("Send reminder to all"),
	),
	"Lost your phone?": see("lostPhone", paths.lostPhone),
	"Lost your phone?, with nothing ticked": filled(
		see("lostPhone", paths.lostPhone),
		{ "Authenticator App": false },
		"I've lost it: replace it now",
	),
	"Who has it on, searched": see("withMethod", `${paths.whoHasItOn}?search=harbour&show=not-set-up`),
	"Who has it on, searched for nobody": see(
		"withMethod",
		`${paths.whoHasItOn}?search=nobody.with.such.a.name`,
	),
	"Who has it on": see("withMethod", paths.whoHasItOn),
	"Who has it on, those who have not": see("withMethod", `${paths.whoHasItOn}?show=not-set-up`),
	"Who has it on, in force, with a blocked method": async (stage) => {
		await requireFrom(stage.app, "2026-01-01");
		const { backdoor } = stage.app.database;
		await backdoor.updateTable("methods").set({ blocked_at: stage.app.clock.now() }).execute();
		return see("withMethod", paths.whoHasItOn)(stage);
	},
	"Who has it on, page after page": async (stage) => {
		await requireFrom(stage.app, "2026-01-01");
		const names = Array.from({ length: 101 }, (_, n) => `Maximiliana Wolfeschlegelsteinhausen ${n}`);
		await addStaff(
			stage.app,
			names.map((name, n) => ({ name, email: `maximiliana.wolfeschlegelsteinhausen.${n}@harbour.example` })),
		);
		return (await see("withMethod", paths.whoHasItOn)(stage)).click("Next");
	},
	"Who has it on, when everybody has": async (stage) => {
		const { backdoor } = stage.app.database;
		const { email } = stage.people.withMethod;
		await backdoor.updateTable("profiles").set({ active: 0 }).where("email", "!=", email).execute();
		return see("withMethod", `${paths.whoHasItOn}?show=not-set-up`)(stage);
	},
	"Who has it on, behind the last": async (stage) => {
		const people = stage.app.database.backdoor.selectFrom("profiles").select("profile_id");
		const last = await people.orderBy("name_order", "desc").limit(1).executeTakeFirstOrThrow();
		return see("withMethod", `${paths.whoHasItOn}?after=${last.profile_id}`)(stage);
	},
	"Report for an auditor or insurer": see("withMethod", paths.report),
	Activity: see("withMethod", paths.activity),
	"Activity, of one person, where nothing fits": see(
		"withMethod",
		`${paths.activity}?kind=settings&from=2020-01-01&to=2020-01-02`,
	),
	"Activity, with mistakes": see(
		"withMethod",
		`${paths.activity}?person=nobody@harbour.example&from=2026-02-30&to=tomorrow`,
	),
	"Activity, older": async (stage) =>
		(await see("withMethod", `${paths.activity}?kind=everything`)(stage)).click("Older"),
	"Activity, of a clinic with many": async (stage) => {
		const names = Array.from({ length: 200 }, (_, n) => `Maximiliana ${n}`);
		await addStaff(
			stage.app,
			names.map((name, n) => ({ name, email: `maximiliana.${n}@harbour.example` })),
		);
		return see("withMethod", `${paths.activity}?kind=sign-ins`)(stage);
	},
	"One's own activity": see("withMethod", paths.ownActivity),
	"One's own activity, with a mistake": see(
		"withMethod",
		`${paths.ownActivity}?from=2026-12-09&to=2026-12-08`,
	),
	Staff: see("withMethod", paths.staff),
	"Staff, page after page": async (stage) => {
		const names = Array.from({ length: 101 }, (_, n) => `Maximiliana Wolfeschlegelsteinhausen ${n}`);
		await addStaff(
			stage.app,
			names.map((name, n) => ({ name, email: `maximiliana.wolfeschlegelsteinhausen.${n}@harbour.example` })),
		);
		return (await see("withMethod", paths.staff)(stage)).click("Next page");
	},
	"Staff, searched": see("withMethod", `${paths.staff}?search=harbour`),
	"Staff, searched for nobody": see("withMethod", `${paths.staff}?search=nobody.with.such.a.long.name`),
	"Staff, deactivated": see("withMethod", `${paths.staff}?show=deactivated`),
	"Staff, with nobody deactivated": async (stage) => {
		await stage.app.database.backdoor.updateTable("profiles").set({ active: 1 }).execute();
		return see("withMethod", `${paths.staff}?show=deactivated`)(stage);
	},
	"A colleague, just deactivated": async (stage) => {
		const { password } = stage.people.withMethod;
		return filled(toColleague(paths.deactivateColleague), { "Your password": password }, "Deactivate")(stage);
	},
	"A colleague, just sent a password link": filled(toColleague(paths.colleague), {}, "Send a password link"),
	"A colleague with another number and an email that waits": async (stage) => {
		const { clock, database } = stage.app;
		const earlier = { mobile_changed_at: clock.now(), earlier_mobile: "+16045550199" };
		await database.backdoor.updateTable("profiles").set(earlier).execute();
		return editColleague({ Email: "a.much.longer.address.than.most@elsewhere.example" })(stage);
	},
	Invite: see("withMethod", `${paths.inviteStaff}?notice=set-up`),
	"Invite, where a code comes first": async (stage) => {
		const { backdoor } = stage.app.database;
		await backdoor.updateTable("sessions").set({ method_passed_at: null }).execute();
		return see("withMethod", paths.inviteStaff)(stage);
	},
	"Invite, with mistakes": filled(
		see("withMethod", paths.inviteStaff),
		{ Email: "gale", "Mobile number": "12", "Access level": "Full Access" },
		"Send invitation",
	),
	"Invite, with Full Access and no password": filled(
		see("withMethod", paths.inviteStaff),
		{ Name: "Gale Roy", Email: "gale@elsewhere.example", "Access level": "Full Access" },
		"Send invitation",
	),
	"Edit a colleague": toColleague(paths.editColleague),
	"Edit a colleague, with mistakes": editColleague({ Name: "", Email: "casey", "Mobile number": "12" }),
	"Edit a colleague, whose new email waits": async (stage) => {
		await editColleague({ Email: "casey@elsewhere.example" })(stage);
		return toColleague(paths.editColleague)(stage);
	},
	"Cancel a colleague's new email": ({ people }) =>
		people.withMethod.browser.copy().open(paths.cancelColleaguesEmailChange.to(people.newEmailWaitsId)),
	"Edit a colleague, after too many confirmations": async (stage) => {
		const again = editColleague({ Email: "casey@elsewhere.example" });
		for (let times = 0; times < 3; times++) await again(stage);
		return again(stage);
	},
	"Edit a colleague, changed meanwhile": async (stage) => {
		const page = await toColleague(paths.editColleague)(stage);
		await stage.app.database.backdoor.updateTable("profiles").set({ name: "Casey Roy" }).execute();
		const typed = { "Mobile number": "604 555 0150", "Your password": stage.people.withMethod.password };
		return page.submit(typed, "Save");
	},
	Deactivate: toColleague(paths.deactivateColleague),
	"Deactivate, with a mistake": filled(toColleague(paths.deactivateColleague), {}, "Deactivate"),
	"Reactivate, somebody who never set a password": ({ people }) =>
		people.withMethod.browser.copy().open(paths.reactivateColleague.to(people.deactivatedId)),
	Reactivate: async (stage) => {
		await asColleague({ active: 0 })(stage);
		return toColleague(paths.reactivateColleague)(stage);
	},
	"A colleague": toColleague(paths.colleague),
	"A colleague without a method": async (stage) =>
		(await see("withMethod", paths.staff)(stage)).click("Devon Okafor"),
	"A colleague who is oneself": async (stage) =>
		(await see("withMethod", paths.staff)(stage)).click("Avery Chen"),
	"A colleague who is deactivated": asColleague({ active: 0 }),
	"A colleague with a reset pending": asColleague({ reset_pending_at: 0 }),
	"A colleague with a reset pending and another email": async (stage) =>
		asColleague({ reset_pending_at: 0, email_changed_at: stage.app.clock.now() })(stage),
	"A colleague, just signed out": filled(toColleague(paths.colleague), {}, "Sign out everywhere"),
	"Helping a colleague, without a method of one's own": async (stage) => {
		const { backdoor } = stage.app.database;
		const { colleagueId } = stage.people;
		await backdoor.deleteFrom("methods").where("profile_id", "!=", colleagueId).execute();
		return toColleague(paths.giveTemporaryCode)(stage);
	},
	"Give a temporary code": toColleague(paths.giveTemporaryCode),
	"Give a temporary code, where the number is another one": async (stage) => {
		const { clock, database } = stage.app;
		const earlier = { mobile_changed_at: clock.now(), earlier_mobile: "+16045550199" };
		await database.backdoor.updateTable("profiles").set(earlier).execute();
		return toColleague(paths.giveTemporaryCode)(stage);
	},
	"Give a temporary code, where one waits": async (stage) => {
		const { password } = stage.people.withMethod;
		const typed = { "In person": true, "Your password": password };
		const give = toColleague(paths.giveTemporaryCode);
		const given = await filled(give, typed, "Give a temporary code")(stage);
		await given.click("I've told them");
		return give(stage);
	},
	"A colleague for whom a temporary code waits": async (stage) => {
		const { password } = stage.people.withMethod;
		const typed = { "In person": true, "Your password": password };
		const give = filled(toColleague(paths.giveTemporaryCode), typed, "Give a temporary code");
		return (await give(stage)).click("I've told them");
	},
	"Give a temporary code, where there is no number": async (stage) => {
		await stage.app.database.backdoor.updateTable("profiles").set({ mobile: null }).execute();
		return toColleague(paths.giveTemporaryCode)(stage);
	},
	"Give a temporary code, with a mistake": filled(
		toColleague(paths.giveTemporaryCode),
		{},
		"Give a temporary code",
	),
	"A temporary code, given": async (stage) => {
		const { password } = stage.people.withMethod;
		const typed = { "In person": true, "Your password": password };
		return filled(toColleague(paths.giveTemporaryCode), typed, "Give a temporary code")(stage);
	},
	"Disable 2-Step Verification": toColleague(paths.resetColleague),
	"Disable 2-Step Verification, with a mistake": filled(
		toColleague(paths.resetColleague),
		{ Reason: "The phone is lost" },
		"Disable 2-Step Verification",
	),
	"Disable 2-Step Verification, with another number and a password from the mailbox": async (stage) => {
		const { clock, database } = stage.app;
		const earlier = { mobile_changed_at: clock.now(), earlier_mobile: "+16045550199" };
		await database.backdoor.updateTable("profiles").set(earlier).execute();
		const byLink = { set_by: "link" as const, set_at: clock.now() };
		await database.backdoor.updateTable("passwords").set(byLink).execute();
		return toColleague(paths.resetColleague)(stage);
	},
	"Disable 2-Step Verification, where there is no number": async (stage) => {
		await stage.app.database.backdoor.updateTable("profiles").set({ mobile: null }).execute();
		return toColleague(paths.resetColleague)(stage);
	},
	"Help where only a temporary code gets in": async (stage) => {
		const { clock, database } = stage.app;
		const byLink = { set_by: "link" as const, set_at: clock.now() };
		await database.backdoor.updateTable("passwords").set(byLink).execute();
		return (await afterReset()(stage)).click("I'm locked out");
	},
	"Disable 2-Step Verification, done": async (stage) => {
		const { password } = stage.people.withMethod;
		const typed = { Reason: "The phone is lost", "Your password": password };
		return filled(toColleague(paths.resetColleague), typed, "Disable 2-Step Verification")(stage);
	},
	"Signed out after hours": async (stage) => {
		stage.app.clock.forward(hours(3));
		return see("withMethod", paths.account)(stage);
	},
};

function see(who: Who, path: string): Way {
	return ({ people }) => people[who].browser.copy().open(path);
}

/** A page about the colleague to whom something may be done. */
function toColleague(path: { to: (profileId: string) => string }): Way {
	return (stage) => see("withMethod", path.to(stage.people.colleagueId))(stage);
}

/** The colleague's staff profile, edited. */
function editColleague(fields: Filled): Way {
	return (stage) => {
		const typed = { ...fields, "Your password": stage.people.withMethod.password };
		return filled(toColleague(paths.editColleague), typed, "Save")(stage);
	};
}

/** The colleague's own page, after something about them was changed. */
function asColleague(changes: Partial<ProfileRow>): Way {
	return async (stage) => {
		const { colleagueId } = stage.people;
		const profiles = stage.app.database.backdoor.updateTable("profiles");
		await profiles.set(changes).where("profile_id", "=", colleagueId).execute();
		return toColleague(paths.colleague)(stage);
	};
}

/** Where the password leads somebody whose reset is pending. */
function afterReset(): Way {
	return async (stage) => {
		const { email } = stage.people.withoutMethod;
		await makeResetPending(stage.app, email);
		return signIn(newBrowser(stage.app), email);
	};
}

/** Somebody whose reset is pending, past the code that they were given. */
async function entersTemporaryCode({ app, people }: Stage): Promise<Page> {
	const { email } = people.withoutMethod;
	const code = await giveCode(app, email);
	const page = await signIn(newBrowser(app), email);
	const enter = await page.click("Use a temporary code");
	return enter.submit({ "Temporary code": code }, "Submit");
}

/** Sends the same form so often, as a page left open does. @returns the last answer */
async function submitOften(page: Page, filled: Filled, times: number): Promise<Page> {
	for (let time = 1; time < times; time++) await page.submit(filled, "Submit");
	return page.submit(filled, "Submit");
}

function temporaryCodeEntered(code: string): Way {
	return filled(see("inSignIn", paths.signInTemporaryCode), { "Temporary code": code }, "Submit");
}

function filled(way: Way, fields: Filled, button: string): Way {
	return async (stage) => (await way(stage)).submit(fields, button);
}

/** Where texts are all that somebody has, and the clinic stopped them. */
function withStoppedTexts(path: string): Way {
	return async (stage) => {
		const { backdoor } = stage.app.database;
		await backdoor.deleteFrom("methods").where("kind", "=", "authenticator-app").execute();
		await requireFrom(stage.app, null, { allowsTexts: false });
		return see("withMethod", path)(stage);
	};
}

/** Where the clinic requires it from a day, ISO. */
function ruled(day: string, way: Way): Way {
	return async (stage) => {
		await requireFrom(stage.app, day);
		return way(stage);
	};
}

/** The page that confirms it before the rule is loosened. */
function looseningTo(fields: Filled): Way {
	return filled(see("withMethod", paths.enforcement), fields, "Save");
}

/** The list after somebody on it was reminded so often. */
function reminded(times: number): Way {
	return async (stage) => {
		let page = await see("withMethod", `${paths.whoHasItOn}?show=not-set-up`)(stage);
		for (let time = 0; time < times; time++) {
			page = await page.click("Send reminder", { near: stage.people.withoutMethod.email });
		}
		return page;
	};
}

function byLink(): Way {
	return ({ app, people }) => newBrowser(app).openFromEmail(app.url.origin + people.passwordLink);
}

function byNotMeLink(): Way {
	return ({ app, people }) => newBrowser(app).openFromEmail(app.url.origin + people.notMeLink);
}

function firstCode(code: string): Way {
	return filled(
		see("settingUp", setUpPaths(paths.authenticatorApp).code),
		{ "Verification code": code },
		"Submit",
	);
}

function emailedCodeEntered(code: string): Way {
	return filled(see("proving", paths.emailedCode), { "Verification code": code }, "Submit");
}

function textedCode(code: string): Way {
	return filled(see("inSignInByText", paths.verify), { "Verification code": code }, "Submit");
}

/** A page of a sign-in in which five codes were wrong. */
function afterFiveWrong(who: "inSignIn" | "inSignInByText", path: string): Way {
	return async (stage) => {
		const code = stage.people.inSignIn.authenticator?.wrongCode() ?? "";
		for (let tries = 0; tries < 5; tries++)
			await filled(see(who, paths.verify), { "Verification code": code }, "Submit")(stage);
		return see(who, path)(stage);
	};
}

/** The page after a message was sent again. @param report what the carrier says of it */
function resent(report?: string, more: object = {}): Way {
	return async (stage) => {
		const page = await (await see("inSignInByText", paths.verify)(stage)).click("Resend code");
		const text = await stage.app.texts.latest("+16045550103");
		if (report === undefined) return page;
		await stage.app.texts.gateway.report(text, report, more);
		return see("inSignInByText", paths.verify)(stage);
	};
}

const NEW_EMAIL = "new.address@mail.example";

/** Somebody asks for a new email of their own. @returns the page that it leads to */
async function askForNewEmail(stage: Stage): Promise<Page> {
	const { password } = stage.people.withoutMethod;
	const page = await see("withoutMethod", paths.changeEmail)(stage);
	return page.submit({ "New email": NEW_EMAIL, Password: password }, "Send the confirmation");
}

/** The page that the link to a new address opens. */
function confirmNewEmail(): Way {
	return async (stage) => {
		// The clock was put back: what came before may be of a later time.
		await stage.app.inbox.clear();
		await askForNewEmail(stage);
		const { links } = await stage.app.inbox.latest(NEW_EMAIL);
		return newBrowser(stage.app).openFromEmail(links[0] ?? "");
	};
}
