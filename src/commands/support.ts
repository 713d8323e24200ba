import { z } from "zod";
import type { Clinic } from "../clinics/clinic.ts";
import type { MethodKind } from "../db/tables.ts";
import { numberToCall } from "../profiles/number-to-call.rule.ts";
import { isOneLine } from "../profiles/one-line.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import { LONGEST_REASON, readReason, SHORTEST_REASON } from "../reset/reason.rule.ts";
import { resetSecondStep, type SecondStepReset } from "../reset/reset-second-step.ts";
import { clearWaits } from "../support/clear-waits.ts";
import { prettyNumber } from "../text-message/number.rule.ts";
import { englishDate, englishTime } from "../words/dates.ts";
import { en } from "../words/en.ts";
import * as fields from "./fields.ts";
import { open } from "./open.ts";
import { asksForHelp, CommandError, readOptions } from "./options.ts";
import { clinicNamed, idOf, nobody, refuse } from "./who.ts";

const HELP = `The last resort, for a clinic that cannot help itself. Every Full Access user and the person are emailed, and the
clinic's own activity log keeps the reason. Before either: call back, on the number on the staff profile.

vestibule support reset --clinic SHORT --email EMAIL --reason TEXT [--ticket TEXT]
  Turns off somebody's 2-Step Verification, as a Full Access user does with Disable 2-Step Verification, and prints a
  temporary code to tell them on the phone. Run it again for another code.
vestibule support unlock --clinic SHORT --email EMAIL --reason TEXT [--ticket TEXT]
  Ends the waits after too many wrong passwords or codes, or too many messages. Nothing is turned off.`;

const asked = {
	clinic: fields.shortName,
	email: fields.email,
	reason: z.string().transform((typed, context) => {
		const read = readReason(typed);
		if (read.kind === "reason") return read.reason;
		context.addIssue(`${SHORTEST_REASON} to ${LONGEST_REASON} characters in one line`);
		return z.NEVER;
	}),
	ticket: z
		.string()
		.transform((text) => text.normalize("NFC").trim())
		.refine((text) => isOneLine(text) && [...text].length <= 100, "1 to 100 characters in one line")
		.optional(),
};

export async function supportCommand([action, ...args]: string[]): Promise<number> {
	if (action === undefined || asksForHelp([action, ...args])) {
		console.log(HELP);
		return 0;
	}
	switch (action) {
		case "reset":
			return reset(args);
		case "unlock":
			return unlock(args);
		default:
			throw new CommandError(`There is no "vestibule support ${action}".\n\n${HELP}`);
	}
}

async function reset(args: string[]): Promise<number> {
	const { clinic: shortName, email, reason, ticket } = readOptions("support reset", args, asked);
	await using opened = await open();
	const clinic = await clinicNamed(opened.db, shortName);
	const by = { kind: "operator", now: opened.clock() } as const;
	const because = { reason, ...(ticket && { ticket }) };
	const answer = await resetSecondStep(opened, clinic, await idOf(opened.db, clinic, email), by, because);
	switch (answer.kind) {
		case "reset":
			console.log(whatWasReset(clinic, answer, by.now));
			return 0;
		case "deactivated":
			return refuse(deactivated(email, clinic));
		case "not-asked-for":
		case "nothing-on":
			return refuse(
				`${email} has not set up 2-Step Verification, and ${clinic.name} does not require it: only the password is asked. If it is forgotten, they choose Forgot your password? on the sign-in page. Nothing was changed.`,
			);
		default:
			return refuse(nobody(email, clinic));
	}
}

function whatWasReset(
	clinic: Clinic,
	{ profile, methods, sessionsEnded, given }: Extract<SecondStepReset, { kind: "reset" }>,
	now: number,
): string {
	const was = methods.length === 0 ? "Nothing was on" : `Turned off: ${methodNames(methods)}`;
	const until = given && `${moment(given.until, clinic)} (${clinic.timeZone})`;
	return [
		`2-Step Verification is off for ${profile.name} (${profile.email}) at ${clinic.name}. ${was}. Sessions ended: ${sessionsEnded}.`,
		"They and every Full Access user are emailed, and the activity log keeps the reason.",
		"",
		whomToCall(profile, now),
		"",
		`  ${given?.code.reveal()}`,
		"",
		`The code works once, until ${until}, after their email and password. It is shown this once; run the command again for another.`,
		"If they have forgotten their password, they choose Forgot your password? first: a new password ends this code. Then run the command again.",
	].join("\n");
}

function whomToCall(profile: Profile, now: number): string {
	const { number, isEarlier } = numberToCall(profile, now);
	if (number === null) {
		return `There is no number on the staff profile of ${profile.name}. See for yourself that it is them, and tell them this temporary code in person:`;
	}
	const why = isEarlier ? " (changed less than 7 days ago, so this is the one before)" : "";
	return `Call ${prettyNumber(number)}, the number on their staff profile${why}, and no other. Make sure that it is ${profile.name}, and tell them this temporary code:`;
}

async function unlock(args: string[]): Promise<number> {
	const { clinic: shortName, email, reason, ticket } = readOptions("support unlock", args, asked);
	await using opened = await open();
	const clinic = await clinicNamed(opened.db, shortName);
	const by = { kind: "operator", now: opened.clock() } as const;
	const because = { reason, ...(ticket && { ticket }) };
	const answer = await clearWaits(opened, clinic, await idOf(opened.db, clinic, email), by, because);
	switch (answer.kind) {
		case "unknown":
			return refuse(nobody(email, clinic));
		case "deactivated":
			return refuse(deactivated(email, clinic));
		case "cleared": {
			const { profile, remains } = answer;
			const said = [
				`The waits of ${profile.name} (${profile.email}) at ${clinic.name} are over: they can try again now.`,
				"They and every Full Access user are emailed, and the activity log keeps the reason.",
			];
			if (remains.passwordOnlyInKnownBrowsers) {
				said.push(
					"What remains: their password works only in browsers they have used before, since somebody guessed at it or has it. They choose Forgot your password? and set a new one.",
				);
			}
			if (remains.blocked.length > 0) {
				said.push(
					`What remains: ${methodNames(remains.blocked)} takes no codes until it is replaced, after 100 wrong ones in a row. They sign in another way, or use: vestibule support reset`,
				);
			}
			console.log(said.join("\n"));
			return 0;
		}
	}
}

function methodNames(kinds: readonly MethodKind[]): string {
	return kinds.map((kind) => en.methods[kind]).join(", ");
}

function moment(at: number, { timeZone }: Clinic): string {
	return `${englishDate(at, timeZone)}, ${englishTime(at, timeZone)}`;
}

function deactivated(email: string, { shortName }: Clinic): string {
	return `${email} has a staff profile that is deactivated. Nothing was changed. Use first: vestibule staff reactivate --clinic ${shortName} --email ${email}`;
}
