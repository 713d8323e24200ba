/** Which clinic an address means. */
export type HostMeaning =
	| { kind: "the-only-clinic" }
	| { kind: "clinic"; shortName: string }
	/** The bare host of a server with many clinics. */
	| { kind: "choose" }
	| { kind: "unknown" };

export const SHORT_NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/**
 * Reads the Host header. It only selects the clinic, compared in lower case; links are never built from it.
 *
 * @param host the header as it came, port included
 * @param publicHost the host of `VESTIBULE_URL`, without its port
 */
export function clinicOfHost(host: string, publicHost: string, clinics: "one" | "many"): HostMeaning {
	if (clinics === "one") return { kind: "the-only-clinic" };
	const name = host.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
	if (name === publicHost.toLowerCase()) return { kind: "choose" };
	const suffix = `.${publicHost.toLowerCase()}`;
	const shortName = name.endsWith(suffix) ? name.slice(0, -suffix.length) : "";
	return SHORT_NAME.test(shortName) ? { kind: "clinic", shortName } : { kind: "unknown" };
}
