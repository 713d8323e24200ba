import type { Clinic } from "../clinics/clinic.ts";
import type { Config } from "../config.ts";
import type { Invitation } from "../passwords/send-invitation.ts";
import type { Profile } from "../profiles/profile.ts";
import { englishDate, englishTime } from "../words/dates.ts";

/** Says where a person sets their password, until when, and that the link also goes to them by email. */
export function printLink(config: Config, clinic: Clinic, profile: Profile, link: Invitation): void {
	const until = `${englishDate(link.expiresAt, clinic.timeZone)}, ${englishTime(link.expiresAt, clinic.timeZone)}`;
	const email =
		config.smtpUrl === undefined
			? "No SMTP_URL is set, so the email with it waits: hand over this one yourself."
			: `\`vestibule serve\` or \`vestibule work\` also emails it to ${link.sentTo}.`;
	console.log(
		[
			"",
			`${profile.name} sets a password here:`,
			"",
			`  ${link.url}`,
			"",
			`The link works once, until ${until} (${clinic.timeZone}). ${email}`,
			"Whoever has it can set the password: give it to nobody else.",
		].join("\n"),
	);
}
