import { z } from "zod";
import { clinicOrigin } from "../clinics/origin.ts";
import { createClinic } from "../staff/create-clinic.ts";
import * as fields from "./fields.ts";
import { open } from "./open.ts";
import { asksForHelp, CommandError, readOptions } from "./options.ts";
import { printLink } from "./print-link.ts";

const HELP = `vestibule clinic create --name NAME --short-name SHORT --time-zone ZONE --country COUNTRY
                        --owner-name NAME --owner-email EMAIL [--owner-mobile NUMBER]
  Makes a clinic and its first Full Access user, and prints and emails the link with which they set their password.
  --name          as people read it, as "Harbour Physio"
  --short-name    small letters, digits and dashes: its subdomain where many clinics share a server
  --time-zone     as America/Vancouver
  --country       two letters, as CA: numbers without a country code belong there
  --owner-mobile  however it is written
  With VESTIBULE_CLINICS=one (as without it) there is one clinic; for more set VESTIBULE_CLINICS=many.`;

export async function clinicCommand([action, ...args]: string[]): Promise<number> {
	if (action === undefined || asksForHelp([action, ...args])) {
		console.log(HELP);
		return 0;
	}
	if (action !== "create") throw new CommandError(`There is no "vestibule clinic ${action}".\n\n${HELP}`);
	const given = readOptions("clinic create", args, {
		name: fields.name,
		"short-name": fields.shortName,
		"time-zone": fields.timeZone,
		country: fields.country,
		"owner-name": fields.name,
		"owner-email": fields.email,
		"owner-mobile": z.string().optional(),
	});
	const mobile = fields.mobileOf("owner-mobile", given["owner-mobile"], given.country);
	await using opened = await open();
	const created = await createClinic(
		opened,
		{
			name: given.name,
			shortName: given["short-name"],
			timeZone: given["time-zone"],
			country: given.country,
		},
		{ name: given["owner-name"], email: given["owner-email"], mobile },
	);
	switch (created.kind) {
		case "short-name-taken":
			console.error(
				`There is a clinic with the short name "${given["short-name"]}" already. Choose another.`,
			);
			return 1;
		case "only-one":
			console.error(
				`There is a clinic already, ${created.clinic.name}, and VESTIBULE_CLINICS=one allows no second. For more, set VESTIBULE_CLINICS=many: each is then reached at its own subdomain.`,
			);
			return 1;
		case "created": {
			const { clinic, owner } = created;
			console.log(`${clinic.name} is there: ${clinicOrigin(opened.config, clinic.shortName)}`);
			printLink(opened.config, clinic, owner.profile, owner.link);
			return 0;
		}
	}
}
