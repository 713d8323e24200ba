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
};
