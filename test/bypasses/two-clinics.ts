import { createClinic } from "../../src/staff/create-clinic.ts";
import type { App, AppOptions } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";

/** One person's email at both clinics of a server: two profiles. */
export const sasha = "sasha@physio.example";

export type ClinicHere = {
	shortName: string;
	origin: string;
	/** The link with which Sasha sets a password there. */
	invitation: string;
	/** Somebody's browser on this clinic's site. */
	browser: () => Browser;
};

/** How the app is started for them. */
export const manyClinics: AppOptions = { clinic: "none", environment: { VESTIBULE_CLINICS: "many" } };

/** Two clinics of a server that has many. Sasha is invited to both. */
export async function twoClinics(app: App): Promise<{ harbour: ClinicHere; maple: ClinicHere }> {
	const make = async (shortName: string, name: string): Promise<ClinicHere> => {
		const clinic = { shortName, name, timeZone: "America/Vancouver", country: "CA" };
		const owner = { name: "Sasha Roy", email: sasha, mobile: null };
		const created = await createClinic(app.deps, clinic, owner);
		if (created.kind !== "created") throw new Error(`${name} was not made: ${created.kind}`);
		const { origin } = new URL(`http://${shortName}.${app.url.host}`);
		const invitation = created.owner.link.url;
		return { shortName, origin, invitation, browser: () => newBrowser(app, { origin }) };
	};
	return { harbour: await make("harbour", "Harbour Physio"), maple: await make("maple", "Maple Dental") };
}
