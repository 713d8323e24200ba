import { findClinic } from "../../src/clinics/store.ts";
import { hours, minutes } from "../../src/clock.ts";
import { PlainToken } from "../../src/crypto/tokens.ts";
import { inTransaction } from "../../src/db/transaction.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { insertEmailChange } from "../../src/email-change/store.ts";
import { paths } from "../../src/paths.ts";
import { seenOf } from "../../src/staff/edit.rule.ts";
import { type App, type AppOptions, startApp } from "../harness/app.ts";
import type { Authenticator } from "../harness/authenticator.ts";
import { type Browser, newBrowser, type Reply, type Sending } from "../harness/browser.ts";
import { deactivate, idOf } from "../harness/by-operator.ts";
import {
	avery,
	blake,
	casey,
	devon,
	requireFrom,
	setUpAuthenticatorApp,
	signIn,
	signInTrusting,
	signOut,
} from "../harness/people.ts";
import { formToken } from "./cookies-of.ts";

export const emery = "emery@harbour.example";
export const finley = "finley@harbour.example";
/** Nobody's yet. */
const newcomer = "gale@harbour.example";

/** Of Devon's email. */
const WAITING_CHANGE = "01a25172-0000-7000-8000-000000000001";

/** Something that a Full Access user does by a form: to the clinic's settings, or to somebody's profile. */
export type AdminAction = {
	/** Also what tells apart several that are posted to one address. */
	name: string;
	/** Where it is posted, as the route has it. */
	pattern: string;
	/** To whom it is done; nobody where it concerns the clinic alone. */
	to?: string;
	/** What is right in its form, but for the form token and the password. */
	form: (ids: (email: string) => string) => Record<string, string>;
	/** As *Asking again* of product.md has it. */
	asks: "password and code" | "nothing";
	/** Whoever helps a colleague, or requires it of them, has a method of their own. */
	needsOwnMethod: boolean;
	/** What is recorded. */
	event: string;
	/** Whose mailbox it comes to. */
	emails: readonly string[];
	/** Whether the same form sent a second time does it a second time: at once, or only when the first has been seen to. */
	isRepeated?: true | "once seen to";
	/** Where it is kept until the worker sees to it, which records it and writes the emails. */
	keptIn?: "mailings";
};

const fullAccess = [avery, blake];
const help = { asks: "password and code", needsOwnMethod: true } as const;
const rule = { requires: "yes", "allows-trust": "yes", "allows-texts": "yes", version: "1" };

export const adminActions: readonly AdminAction[] = [
	{
		name: "save enforcement",
		pattern: paths.enforcement,
		form: () => ({ ...rule, "effective-date": "2026-12-21" }),
		...help,
		event: "enforcement-changed",
		// Whoever has not set it up is told apart.
		emails: [...fullAccess, blake, emery],
	},
	{
		name: "stop requiring it",
		pattern: paths.enforcement,
		form: () => ({ ...rule, requires: "", "effective-date": "", confirmed: "yes" }),
		...help,
		event: "enforcement-changed",
		emails: fullAccess,
	},
	{
		name: "save Automatic Sign Out",
		pattern: paths.automaticSignOut,
		form: () => ({ "sign-out-after": String(minutes(10)) }),
		asks: "password and code",
		needsOwnMethod: false,
		event: "automatic-sign-out-changed",
		emails: fullAccess,
	},
	{
		name: "send a reminder",
		pattern: paths.sendReminder,
		form: (ids) => ({ profile: ids(emery) }),
		asks: "nothing",
		needsOwnMethod: false,
		event: "staff-reminded",
		emails: [emery],
		isRepeated: true,
	},
	{
		name: "send a reminder to all",
		pattern: paths.sendReminder,
		form: () => ({}),
		asks: "nothing",
		needsOwnMethod: false,
		event: "mailing-finished",
		emails: [blake, emery],
		isRepeated: "once seen to",
		keptIn: "mailings",
	},
	{
		name: "make the report",
		pattern: paths.report,
		form: () => ({}),
		asks: "nothing",
		needsOwnMethod: false,
		event: "security-report-made",
		emails: [],
		isRepeated: true,
	},
	{
		name: "take the list of who has it on with them",
		pattern: paths.whoHasItOnCsv,
		form: () => ({}),
		asks: "nothing",
		needsOwnMethod: false,
		event: "security-report-made",
		emails: [],
		isRepeated: true,
	},
	{
		name: "take the activity with them",
		pattern: paths.activityDownload,
		form: () => ({ format: "csv" }),
		asks: "nothing",
		needsOwnMethod: false,
		event: "activity-exported",
		emails: [],
		isRepeated: true,
	},
	{
		name: "give a temporary code",
		pattern: paths.giveTemporaryCode.pattern,
		to: casey,
		form: () => ({ how: "in-person", lives: String(hours(1)) }),
		...help,
		event: "temporary-code-given",
		emails: [casey, ...fullAccess],
		isRepeated: true,
	},
	{
		name: "disable 2-Step Verification",
		pattern: paths.resetColleague.pattern,
		to: casey,
		form: () => ({ reason: "The phone is lost" }),
		...help,
		event: "second-step-reset",
		emails: [casey, ...fullAccess],
	},
	{
		name: "sign out everywhere",
		pattern: paths.signColleagueOut.pattern,
		to: casey,
		form: () => ({}),
		asks: "nothing",
		needsOwnMethod: true,
		event: "sessions-ended",
		emails: [casey, ...fullAccess],
	},
	{
		name: "send a password link",
		pattern: paths.sendPasswordLink.pattern,
		to: casey,
		form: () => ({}),
		asks: "nothing",
		needsOwnMethod: true,
		event: "password-link-sent",
		emails: [casey, ...fullAccess],
	},
	{
		name: "edit a name and a number",
		pattern: paths.editColleague.pattern,
		to: casey,
		form: () => edited({ name: "Casey Roy", mobile: "+1 604 555 0150" }),
		...help,
		event: "staff-edited",
		emails: [casey, ...fullAccess],
	},
	{
		name: "edit an email",
		pattern: paths.editColleague.pattern,
		to: casey,
		form: () => edited({ email: newcomer }),
		...help,
		event: "staff-edited",
		emails: [casey, newcomer, ...fullAccess],
	},
	{
		name: "cancel a new email",
		pattern: paths.cancelColleaguesEmailChange.pattern,
		to: devon,
		form: () => ({ change: WAITING_CHANGE }),
		...help,
		event: "email-change-ended",
		emails: [devon, ...fullAccess],
	},
	{
		name: "give Full Access",
		pattern: paths.editColleague.pattern,
		to: casey,
		form: () => edited({ access: "full" }),
		...help,
		event: "staff-edited",
		emails: [casey, ...fullAccess],
	},
	{
		name: "invite as Limited",
		pattern: paths.inviteStaff,
		form: () => ({ name: "Gale Roy", email: newcomer, mobile: "", access: "limited" }),
		asks: "nothing",
		needsOwnMethod: true,
		event: "staff-invited",
		emails: [newcomer, ...fullAccess],
	},
	{
		name: "invite with Full Access",
		pattern: paths.inviteStaff,
		form: () => ({ name: "Gale Roy", email: newcomer, mobile: "", access: "full" }),
		...help,
		event: "staff-invited",
		emails: [newcomer, ...fullAccess],
	},
	{
		name: "deactivate",
		pattern: paths.deactivateColleague.pattern,
		to: casey,
		form: () => ({}),
		...help,
		event: "staff-deactivated",
		emails: [casey, ...fullAccess],
	},
	{
		name: "reactivate",
		pattern: paths.reactivateColleague.pattern,
		to: finley,
		form: () => ({}),
		...help,
		event: "staff-reactivated",
		emails: [finley, ...fullAccess],
	},
];

/** The form that edits Casey's profile, drawn from it as it is. */
function edited(changes: Record<string, string>): Record<string, string> {
	const profile = { name: "Casey Singh", email: casey, mobile: "+16045550103", access: "limited" } as const;
	return { ...profile, ...changes, seen: seenOf(profile, undefined) };
}

/** Everybody whom these actions concern, in a clinic that will require 2-Step Verification soon. */
export type AdminStage = AsyncDisposable & {
	app: App;
	/** Avery, who has Full Access, where her app was set up. */
	desk: Browser;
	authenticator: Authenticator;
	recoveryCode: string;
	/** Avery, asked for the password alone. */
	byTrust: Browser;
	/** Blake, who has Full Access, without a method. */
	withoutMethod: Browser;
	/** Devon, who has Limited access, with a method. */
	limited: Browser;
	/** Casey, to whom most of it is done: with a method, and in a session. */
	colleague: Browser;
	clinicId: string;
	ids: (email: string) => string;
};

/** Finley is deactivated; Emery has set up nothing; Devon's new email waits. */
export async function setAdminStage(options: AppOptions = {}): Promise<AdminStage> {
	const app = await startApp(options);
	const signedIn = async (email: string) => {
		const browser = newBrowser(app);
		await signIn(browser, email);
		return browser;
	};
	const desk = await signedIn(avery);
	const { authenticator, recoveryCode } = await setUpAuthenticatorApp(desk);
	const byTrust = newBrowser(app);
	await signInTrusting(byTrust, avery, authenticator);
	await signOut(byTrust);
	await signIn(byTrust, avery);
	const withoutMethod = await signedIn(blake);
	const limited = await signedIn(devon);
	await setUpAuthenticatorApp(limited);
	const colleague = await signedIn(casey);
	await setUpAuthenticatorApp(colleague);
	await deactivate(app, finley);
	await letNewEmailWait(app, devon);
	await requireFrom(app, "2026-12-28");
	// Nobody's last code may be the next one's replay.
	app.clock.forward(minutes(1));
	await desk.open(paths.account);
	await app.drain();
	const ids = await idsOf(app, [avery, blake, casey, devon, emery, finley]);
	return {
		app,
		desk,
		authenticator,
		recoveryCode,
		byTrust,
		withoutMethod,
		limited,
		colleague,
		clinicId: (await findClinic(app.db, "the-only-one"))?.clinicId ?? "",
		ids,
		[Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
	};
}

/** A change of somebody's email, asked for by themselves, waits to be confirmed. */
export async function letNewEmailWait(app: App, email: string): Promise<void> {
	const { clinicId = "" } = (await findClinic(app.db, "the-only-one")) ?? {};
	const profileId = await idOf(app, email);
	const now = app.clock.now();
	const row = {
		clinic_id: clinicId,
		change_id: WAITING_CHANGE,
		token_hash: PlainToken.fresh().hash(),
		profile_id: profileId,
		new_email: `new.${email}`,
		asked_by: profileId,
		made_at: now,
		expires_at: now + hours(24),
		used_at: null,
		ended_at: null,
	};
	await inTransaction(app.db, (tx) => insertEmailChange(tx, row));
}

async function idsOf(app: App, emails: readonly string[]): Promise<(email: string) => string> {
	const ids = new Map<string, string>();
	for (const email of emails) ids.set(email, await idOf(app, email));
	return (email) => ids.get(email) ?? "nobody";
}

/** Where an action is posted. @param to the profile it is done to */
export function placeOf({ pattern }: AdminAction, to: string): string {
	return pattern.replace(":profileId", to);
}

/**
 * Does it: everything in the form is right, but for what is put over it.
 *
 * @param changes.to the profile it is done to, where it is another one
 */
export function act(
	{ ids }: Pick<AdminStage, "ids">,
	action: AdminAction,
	browser: Browser,
	changes: { to?: string; form?: Record<string, string>; headers?: Sending["headers"] } = {},
): Promise<Reply> {
	const form = {
		"form-token": formToken(browser, "session"),
		password: DEMO_PASSWORD,
		...action.form(ids),
		...changes.form,
	};
	const to = changes.to ?? ids(action.to ?? "");
	return browser.copy().send(placeOf(action, to), { method: "POST", form, headers: changes.headers });
}
