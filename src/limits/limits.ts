import { days, hours, minutes } from "../clock.ts";

/**
 * One limit: how many tries within which time, and what follows when they are used up.
 * Every number is product.md → Numbers.
 */
export type Limit = {
	readonly tries: number;
	readonly withinMs: number;
	/** What a person waits for once the tries are used up. */
	readonly thenWait:
		| { readonly kind: "until-one-leaves" }
		| { readonly kind: "fixed"; readonly ms: number }
		/** One try after each wait, and the next wait is twice as long; a time without a try forgets it. */
		| {
				readonly kind: "doubling";
				readonly fromMs: number;
				readonly toMs: number;
				readonly forgottenAfterMs: number;
		  };
	/** So many tries with no success between them close it until it is cleared. */
	readonly closedAfterInARow?: number;
	/** Counted over all clinics of this server, by network; no profile is in such a key. */
	readonly acrossClinics?: true;
};

const untilOneLeaves = { kind: "until-one-leaves" } as const;

const LIMITS = {
	/** Wrong passwords of one email, from browsers that are not known. Key: `emailKey`. */
	passwordsUnknownBrowser: {
		tries: 10,
		withinMs: minutes(15),
		thenWait: { kind: "doubling", fromMs: minutes(1), toMs: hours(1), forgottenAfterMs: days(1) },
		closedAfterInARow: 100,
	},
	/** Wrong passwords of one profile, from its known browsers. Key: the profile. */
	passwordsKnownBrowser: { tries: 10, withinMs: minutes(15), thenWait: untilOneLeaves },
	/** Wrong passwords from one network, for whomever. Key: `Network.key`. Known browsers are exempt. */
	passwordsNetwork: { tries: 100, withinMs: minutes(15), thenWait: untilOneLeaves, acrossClinics: true },
	/** The same from the IPv6 /48 around it. Key: `Network.widerKey`. */
	passwordsWiderNetwork: {
		tries: 1000,
		withinMs: minutes(15),
		thenWait: untilOneLeaves,
		acrossClinics: true,
	},
	/** Wrong authenticator and text-message codes together, from browsers that are not known. Key: the profile. */
	codesUnknownBrowser: {
		tries: 5,
		withinMs: minutes(15),
		thenWait: { kind: "fixed", ms: minutes(15) },
	},
	/** The same from the profile's known browsers. Key: the profile. */
	codesKnownBrowser: {
		tries: 5,
		withinMs: minutes(15),
		thenWait: { kind: "fixed", ms: minutes(15) },
	},
	/**
	 * Wrong codes in a day from browsers that are not known. Key: the profile. Using them up (`left` is 0) means
	 * that somebody has the password.
	 */
	codesUnknownBrowserADay: { tries: 20, withinMs: days(1), thenWait: untilOneLeaves },
	/** Wrong Recovery Codes, from browsers that are not known. Key: the profile. */
	recoveryCodesUnknownBrowser: { tries: 30, withinMs: hours(1), thenWait: untilOneLeaves },
	/** The same from the profile's known browsers. Key: the profile. */
	recoveryCodesKnownBrowser: { tries: 30, withinMs: hours(1), thenWait: untilOneLeaves },
	/** Reset links to one address in an hour. Key: `emailKey`. */
	resetLinksAnHour: { tries: 3, withinMs: hours(1), thenWait: untilOneLeaves },
	/** Reset links to one address in a day. Key: `emailKey`. */
	resetLinksADay: { tries: 10, withinMs: days(1), thenWait: untilOneLeaves },
	/** "Somebody has your password" emails. Key: the profile. */
	passwordThiefEmailADay: { tries: 1, withinMs: days(1), thenWait: untilOneLeaves },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;

export const limits: Readonly<Record<LimitName, Limit>> = LIMITS;
