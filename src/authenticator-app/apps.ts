/** An authenticator app that works here, as the set-up and the help page list it. */
type KnownApp = {
	name: string;
	kind: "freeApp" | "paidPasswordManager";
	runsOn: readonly Platform[];
	/** What to know about it, as a key of the catalogue. */
	note?: "onIPhone" | "inLastPass";
};

type Platform = "ios" | "android" | "desktop";

/** The eight that must work; `otpauth-address.rule.test.ts` holds each one's rule. */
export const knownApps: readonly KnownApp[] = [
	{ name: "Apple Passwords", kind: "freeApp", runsOn: ["ios", "desktop"], note: "onIPhone" },
	{ name: "Microsoft Authenticator", kind: "freeApp", runsOn: ["ios", "android"] },
	{ name: "Authy", kind: "freeApp", runsOn: ["ios", "android"] },
	{ name: "Google Authenticator", kind: "freeApp", runsOn: ["ios", "android"] },
	{ name: "Zoho OneAuth", kind: "freeApp", runsOn: ["ios", "android", "desktop"] },
	{ name: "1Password", kind: "paidPasswordManager", runsOn: ["ios", "android", "desktop"] },
	{ name: "Bitwarden", kind: "paidPasswordManager", runsOn: ["ios", "android", "desktop"] },
	{
		name: "LastPass",
		kind: "paidPasswordManager",
		runsOn: ["ios", "android", "desktop"],
		note: "inLastPass",
	},
];
