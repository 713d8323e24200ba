import { hours } from "../clock.ts";

/** One tenant, as every part sees it. */
export type Clinic = {
	clinicId: string;
	/** The subdomain where many clinics share a server, and the name of last resort: `[a-z0-9-]{1,40}`. */
	shortName: string;
	name: string;
	/** IANA name, as `America/Vancouver`. */
	timeZone: string;
	/** ISO 3166-1 alpha-2, as `CA`. */
	country: string;
	rule: Rule;
	/** Automatic Sign Out as chosen, milliseconds without use; see `enforcement/` for what holds. */
	signOutAfterMs: number;
};

/** What a Full Access user decided about 2-Step Verification for the whole clinic. */
export type Rule = {
	/** Required from the start of this day, ISO, in the clinic's time zone; null while it is off. */
	requiredFromOn: string | null;
	/** Whether a browser may be trusted to skip the second step for 30 days. */
	allowsTrust: boolean;
	/** Whether text messages may be set up. */
	allowsTexts: boolean;
	/** Trust given under an earlier one is over. */
	trustVersion: number;
	/** Counts how often it was saved. */
	version: number;
};

/** A clinic about to be made. */
export type NewClinic = Omit<Clinic, "rule" | "signOutAfterMs">;

/** What a clinic begins with: nothing is required, everything is allowed, and two hours unused end a session. */
export const NEW_CLINIC: Pick<Clinic, "rule" | "signOutAfterMs"> = {
	rule: { requiredFromOn: null, allowsTrust: true, allowsTexts: true, trustVersion: 0, version: 0 },
	signOutAfterMs: hours(2),
};
