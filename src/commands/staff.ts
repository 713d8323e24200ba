import { z } from "zod";
import { findProfileByEmail } from "../profiles/store.ts";
import { deactivateStaff } from "../staff/deactivate-staff.ts";
import { inviteStaff } from "../staff/invite-staff.ts";
import { reactivateStaff } from "../staff/reactivate-staff.ts";
import { englishDate, englishTime } from "../words/dates.ts";
import * as fields from "./fields.ts";
import { open } from "./open.ts";
import { asksForHelp, CommandError, readOptions } from "./options.ts";
import { printLink } from "./print-link.ts";
import { clinicNamed, idOf, nobody, refuse } from "./who.ts";

const HELP = `vestibule staff invite --clinic SHORT --email EMAIL --name NAME --access full|limited [--mobile NUMBER]
  Makes a staff profile, and prints and emails the link with which they set their password.
vestibule staff invite --clinic SHORT --email EMAIL
  For somebody who has a staff profile: another link, and nothing else is changed.
vestibule staff deactivate --clinic SHORT --email EMAIL
  They can no longer sign in, and are signed out everywhere. The last Full Access user stays.
vestibule staff reactivate --clinic SHORT --email EMAIL
  They can sign in again, with the password they had or with a link to set one.`;

const who = { clinic: fields.shortName, email: fields.email };

export async function staffCommand([action, ...args]: string[]): Promise<number> {
	if (action === undefined || asksForHelp([action, ...args])) {
		console.log(HELP);
		return 0;
	}
	switch (action) {
		case "invite":
			return invite(args);
		case "deactivate":
			return deactivate(args);
		case "reactivate":
			return reactivate(args);
		default:
			throw new CommandError(`There is no "vestibule staff ${action}".\n\n${HELP}`);
	}
}

async function invite(args: string[]): Promise<number> {
	const asked = readOptions("staff invite", args, {
		...who,
		name: fields.name.optional(),
		access: fields.access.optional(),
		mobile: z.string().optional(),
	});
	await using opened = await open();
	const clinic = await clinicNamed(opened.db, asked.clinic);
	const { name, access } = asked;
	const isNew = (await findProfileByEmail(opened.db, clinic.clinicId, asked.email)) === undefined;
	if (isNew && (name === undefined || access === undefined)) {
		throw new CommandError(
			`${nobody(asked.email, clinic)} For somebody new vestibule staff invite needs --name and --access.`,
		);
	}
	const mobile = fields.mobileOf("mobile", asked.mobile, clinic.country);
	const invited = await inviteStaff(
		opened,
		clinic,
		{ name: name ?? "", email: asked.email, access: access ?? "limited", mobile },
		{ kind: "operator", now: opened.clock() },
	);

	if (invited.kind === "deactivated") {
		console.error(
			`${asked.email} has a staff profile that is deactivated. Use: vestibule staff reactivate --clinic ${clinic.shortName} --email ${asked.email}`,
		);
		return 1;
	}
	if (invited.kind === "email-was-anothers") {
		const { name: holder, until } = invited.holder;
		console.error(
			`${asked.email} was the email of ${holder} until within the last 7 days. It can be used from ${englishDate(until, clinic.timeZone)}, ${englishTime(until, clinic.timeZone)} (${clinic.timeZone}), on.`,
		);
		return 1;
	}
	if (!("link" in invited)) throw new Error(`The operator has no limit: ${invited.kind}`);
	console.log(
		invited.kind === "invited"
			? `${invited.profile.name} has a staff profile at ${clinic.name}.`
			: `${invited.profile.name} had a staff profile at ${clinic.name} already; nothing of it was changed.`,
	);
	printLink(opened.config, clinic, invited.profile, invited.link);
	return 0;
}

async function deactivate(args: string[]): Promise<number> {
	const { clinic: shortName, email } = readOptions("staff deactivate", args, who);
	await using opened = await open();
	const clinic = await clinicNamed(opened.db, shortName);
	const by = { kind: "operator", now: opened.clock() } as const;
	const answer = await deactivateStaff(opened, clinic, await idOf(opened.db, clinic, email), by);
	switch (answer.kind) {
		case "not-allowed":
		case "unknown":
			return refuse(nobody(email, clinic));
		case "deactivated-before":
			return refuse(`${email} is deactivated already. Nothing was changed.`);
		case "last-full-access":
			return refuse(
				`${email} is the last Full Access user of ${clinic.name}, and stays: no other is active and has finished a sign-in. Invite another with --access full first, and let them sign in.`,
			);
		case "deactivated":
			console.log(
				`${answer.profile.name} can no longer sign in at ${clinic.name}. Sessions ended: ${answer.sessionsEnded}.`,
			);
			return 0;
	}
}

async function reactivate(args: string[]): Promise<number> {
	const { clinic: shortName, email } = readOptions("staff reactivate", args, who);
	await using opened = await open();
	const clinic = await clinicNamed(opened.db, shortName);
	const by = { kind: "operator", now: opened.clock() } as const;
	const answer = await reactivateStaff(opened, clinic, await idOf(opened.db, clinic, email), by);
	switch (answer.kind) {
		case "not-allowed":
		case "unknown":
			return refuse(nobody(email, clinic));
		case "active-already":
			return refuse(`${email} is active already. Nothing was changed.`);
		case "reactivated":
			console.log(`${answer.profile.name} can sign in at ${clinic.name} again.`);
			if (answer.link) printLink(opened.config, clinic, answer.profile, answer.link);
			else console.log("The password they had works; if it is forgotten: Forgot your password?");
			return 0;
	}
}
