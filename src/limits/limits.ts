import { days, hours, minutes } from "../clock.ts";

/** How many tries within which time, and what follows once they are used up. */
export type Limit = {
	readonly tries: number;
	readonly withinMs: number;
	readonly thenWait: Wait;
	/** So many tries with no success between them close it until it is cleared. */
	readonly closed?: {
		readonly afterInARow: number;
		/** The count is forgotten when so long nothing was tried: else every email ever mistyped would stay. */
		readonly forgottenAfterMs: number;
	};
	/** Counted over all clinics of this server; no profile is in such a key. */
	readonly acrossClinics?: true;
};

export type Wait =
	/** Until the oldest try lies further back than `withinMs`. */
	| { readonly kind: "until-one-leaves" }
	/** From the try that used them up. */
	| { readonly kind: "fixed"; readonly ms: number }
	/** After each wait one more try may go, and the next wait is twice as long. */
	| {
			readonly kind: "doubling";
			readonly fromMs: number;
			readonly toMs: number;
			readonly forgottenAfterMs: number;
	  };

const untilOneLeaves = { kind: "until-one-leaves" } as const;
const fifteenMinutes = { kind: "fixed", ms: minutes(15) } as const;

/** Every limit there is (product.md, Numbers). "Wrong" is what is left when right ones are given back. */
const LIMITS = {
	/** Wrong passwords for one email, from browsers that are not known. Key: the keyed hash of the email. */
	passwordsUnknownBrowser: {
		tries: 10,
		withinMs: minutes(15),
		thenWait: { kind: "doubling", fromMs: minutes(1), toMs: hours(1), forgottenAfterMs: days(1) },
		closed: { afterInARow: 100, forgottenAfterMs: days(90) },
	},
	/** Wrong passwords for one email, from its known browsers. Key: the keyed hash of the email. */
	passwordsKnownBrowser: { tries: 10, withinMs: minutes(15), thenWait: untilOneLeaves },
	/** Wrong passwords from one network, for whomever; known browsers are exempt. Key: `Network.key`. */
	passwordsNetwork: { tries: 100, withinMs: minutes(15), thenWait: untilOneLeaves, acrossClinics: true },
	/** The same from the IPv6 /48 around it. Key: `Network.widerKey`. */
	passwordsWiderNetwork: {
		tries: 1000,
		withinMs: minutes(15),
		thenWait: untilOneLeaves,
		acrossClinics: true,
	},
	/** Wrong authenticator and text-message codes together, from browsers that are not known. Key: the profile. */
	codesUnknownBrowser: { tries: 5, withinMs: minutes(15), thenWait: fifteenMinutes },
	/** The same from the profile's known browsers. Key: the profile. */
	codesKnownBrowser: { tries: 5, withinMs: minutes(15), thenWait: fifteenMinutes },
	/**
	 * The same in a day from browsers that are not known. Key: the profile. The try that uses them up
	 * (`left` is 0), if wrong, means that somebody has the password.
	 */
	codesUnknownBrowserADay: { tries: 20, withinMs: days(1), thenWait: untilOneLeaves },
	/** Wrong Recovery Codes, from browsers that are not known. Key: the profile. */
	recoveryCodesUnknownBrowser: { tries: 30, withinMs: hours(1), thenWait: untilOneLeaves },
	/** The same from the profile's known browsers. Key: the profile. */
	recoveryCodesKnownBrowser: { tries: 30, withinMs: hours(1), thenWait: untilOneLeaves },
	/** Reset links to one address in an hour. Key: the keyed hash of the email. */
	resetLinksAnHour: { tries: 3, withinMs: hours(1), thenWait: untilOneLeaves },
	/** Reset links to one address in a day. Key: the keyed hash of the email. */
	resetLinksADay: { tries: 10, withinMs: days(1), thenWait: untilOneLeaves },
	/** "Somebody has your password" emails. Key: the profile. */
	passwordThiefEmailADay: { tries: 1, withinMs: days(1), thenWait: untilOneLeaves },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;

export const limits: Readonly<Record<LimitName, Limit>> = LIMITS;
