import { expect, test } from "vitest";
import { formToken } from "../../test/bypasses/cookies-of.ts";
import { ownerWithApp } from "../../test/bypasses/owners.ts";
import { doorsKept, everythingKept } from "../../test/bypasses/what-is-kept.ts";
import { type App, startApp } from "../../test/harness/app.ts";
import { type Browser, newBrowser } from "../../test/harness/browser.ts";
import { deactivate, idOf } from "../../test/harness/by-operator.ts";
import { avery, casey, devon, signInWithCode } from "../../test/harness/people.ts";
import { askForOwnEmailChange, cancelEmailChange } from "../account/change-email.ts";
import { changeOwnMobile } from "../account/change-mobile.ts";
import { turnOffMethod } from "../account/turn-off-method.ts";
import { findClinic } from "../clinics/store.ts";
import { hours, minutes } from "../clock.ts";
import { recordTaken } from "../colleagues/record-taken.ts";
import { PlainToken } from "../crypto/tokens.ts";
import { changePassword } from "../passwords/set-password.ts";
import { paths } from "../paths.ts";
import { findProfile } from "../profiles/store.ts";
import { resetSecondStep } from "../reset/reset-second-step.ts";
import { renewRecoveryCode } from "../set-up/renew-recovery-code.ts";
import { saveAutomaticSignOut } from "../settings/save-automatic-sign-out.ts";
import { saveEnforcement } from "../settings/save-enforcement.ts";
import { deactivateStaff } from "../staff/deactivate-staff.ts";
import { seenOf } from "../staff/edit.rule.ts";
import { editStaff } from "../staff/edit-staff.ts";
import { giveCodeToColleague } from "../staff/give-code-to-colleague.ts";
import { inviteStaff } from "../staff/invite-staff.ts";
import { reactivateStaff } from "../staff/reactivate-staff.ts";
import { sendPasswordLink } from "../staff/send-password-link.ts";
import { signColleagueOut } from "../staff/sign-colleague-out.ts";
import { Fields } from "../web/fields.ts";
import { networkOf } from "../web/network.ts";
import { en } from "../words/en.ts";
import { enterSession, type SessionVisit } from "./gate.tsx";

/** What somebody in a session does once its page has let them through. */
const stories: Record<string, (app: App, visit: SessionVisit) => Promise<unknown>> = {
	"change the email": ({ deps }, visit) => askForOwnEmailChange(deps, visit, "avery.chen@harbour.example"),
	"cancel that change": ({ deps }, visit) => cancelEmailChange(deps, visit),
	"change the mobile number": ({ deps }, visit) => changeOwnMobile(deps, visit, "+16045550188"),
	"get a new Recovery Code": ({ deps }, visit) => renewRecoveryCode(deps, visit),
	"change the password": async ({ deps }, visit) =>
		changePassword(deps, visit, await deps.hasher.hash("marble heron counts slowly", "welcome")),
	"save enforcement": ({ deps }, visit) =>
		saveEnforcement(deps, visit, { ...visit.clinic.rule, requiredFromOn: "2026-12-21" }),
	"save Automatic Sign Out": ({ deps }, visit) => saveAutomaticSignOut(deps, visit, minutes(30)),
	"take the activity": ({ deps }, visit) =>
		recordTaken(deps, visit, { kind: "security-report-made", detail: { as: "pdf" } }),
	invite: ({ deps }, visit) =>
		inviteStaff(
			deps,
			visit.clinic,
			{ name: "Gale", email: "gale@harbour.example", access: "full", mobile: null },
			{ kind: "full-access", visit },
		),
	edit: async (app, visit) => {
		const caseys = await findProfile(app.db, visit.clinic.clinicId, await idOf(app, casey));
		if (!caseys) throw new Error("There is no Casey");
		return editStaff(
			app.deps,
			visit,
			caseys.profileId,
			{ ...caseys, access: "full" },
			seenOf(caseys, undefined),
		);
	},
	"send a link": async (app, visit) =>
		sendPasswordLink(app.deps, visit.clinic, await idOf(app, casey), { kind: "full-access", visit }),
	"give a code": async (app, visit) =>
		giveCodeToColleague(app.deps, visit, await idOf(app, casey), { livesMs: hours(1), how: "in-person" }),
	"sign a colleague out": async (app, visit) => signColleagueOut(app.deps, visit, await idOf(app, casey)),
	"turn a colleague's off": async (app, visit) => {
		const by = { kind: "full-access", visit } as const;
		return resetSecondStep(app.deps, visit.clinic, await idOf(app, casey), by, { reason: "Lost" });
	},
	deactivate: async (app, visit) =>
		deactivateStaff(app.deps, visit.clinic, await idOf(app, casey), { kind: "full-access", visit }),
	reactivate: async (app, visit) =>
		reactivateStaff(app.deps, visit.clinic, await idOf(app, devon), { kind: "full-access", visit }),
	"turn the method off": ({ deps }, visit) => turnOffMethod(deps, visit, "authenticator-app", false),
};

test("a session that was signed out elsewhere once its page had let it through changes nothing", async () => {
	await using app = await startApp();
	const { desk, authenticator } = await ownerWithApp(app, avery);
	await ownerWithApp(app, casey);
	await deactivate(app, devon);
	const laptop = newBrowser(app);
	await signInWithCode(laptop, avery, authenticator);
	const ended = await letThrough(laptop);
	await desk.post(paths.endOtherSessions, { "form-token": formToken(desk, "session") });

	for (const [name, story] of Object.entries(stories)) {
		const live = await letThrough(desk);
		const { clinic, session } = live;
		const before = await kept(app);
		await story(app, { ...ended, clinic, session: { ...ended.session, profile: session.profile } });
		expect(await kept(app), name).toEqual(before);
		await story(app, live);
		expect(await kept(app), name).not.toEqual(before);
		if (name === "change the password") await giveTokenBack(app, desk, session.sessionId);
		app.clock.forward(minutes(2));
	}
});

async function kept(app: App) {
	await app.drain();
	const { activity_events } = await everythingKept(app);
	return { ...(await doorsKept(app)), activity_events };
}

/** Puts the token that a browser holds back in the place of a fresh one that it was not told of. */
async function giveTokenBack({ database }: App, { cookies }: Browser, sessionId: string): Promise<void> {
	const token_hash = PlainToken.read(cookies.get("vestibule-session"))?.hash();
	if (!token_hash) throw new Error("This browser holds no session");
	await database.backdoor
		.updateTable("sessions")
		.set({ token_hash })
		.where("session_id", "=", sessionId)
		.execute();
}

async function letThrough({ app, cookies, address }: Browser): Promise<SessionVisit> {
	const clinic = await findClinic(app.db, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	const nothing = new Fields({});
	const visit = {
		clinic,
		now: app.clock.now(),
		words: en,
		network: networkOf(address),
		browser: { token: undefined, hash: undefined, name: "Firefox", system: "other" } as const,
		cookies: { session: PlainToken.read(cookies.get("vestibule-session")), signIn: undefined },
		path: "/",
		params: {},
		query: nothing,
		form: nothing,
		origin: app.url.origin,
		demo: false,
		supportEmail: "",
	};
	const inside = await enterSession(app.deps, visit, "GET");
	if ("status" in inside) throw new Error("Nobody was let through");
	return inside;
}
