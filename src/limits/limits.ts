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
	/** Its key is a profile: whoever takes, gives back or clears one has locked that, and locks no row of its own. */
	readonly underProfile?: true;
	/** Not tries are counted but how many different things were tried. */
	readonly countsDifferent?: true;
	/** `tries` is another one at another time. */
	readonly varies?: true;
};

/** What a limit's number may depend on. */
export type ClinicFacts = {
	/** Staff who signed in within 30 days. */
	readonly activeStaff: number;
	/** The operator's, in messages a day. */
	readonly ceiling: number;
};

type ListedLimit = Omit<Limit, "tries" | "varies"> & {
	readonly tries: number | ((clinic: ClinicFacts) => number);
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

/**
 * Every limit there is (product.md, Numbers). "Wrong" and "unused" are what is left when right ones are given back.
 * Who takes several locks them in the order of this list.
 */
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
	/** Sign-ins begun with the right password and left unfinished, in browsers that are not known. Key: the profile. */
	signInsUnknownBrowser: { tries: 60, withinMs: hours(1), thenWait: untilOneLeaves, underProfile: true },
	/** Wrong authenticator and text-message codes together, from browsers that are not known. Key: the profile. */
	codesUnknownBrowser: { tries: 5, withinMs: minutes(15), thenWait: fifteenMinutes, underProfile: true },
	/** The same from the profile's known browsers. Key: the profile. */
	codesKnownBrowser: { tries: 5, withinMs: minutes(15), thenWait: fifteenMinutes, underProfile: true },
	/**
	 * The same in a day from browsers that are not known. Key: the profile. The try that uses them up
	 * (`left` is 0), if wrong, means that somebody has the password.
	 */
	codesUnknownBrowserADay: { tries: 20, withinMs: days(1), thenWait: untilOneLeaves, underProfile: true },
	/** Wrong Recovery Codes, from browsers that are not known. Key: the profile. */
	recoveryCodesUnknownBrowser: { tries: 30, withinMs: hours(1), thenWait: untilOneLeaves },
	/** The same from the profile's known browsers. Key: the profile. */
	recoveryCodesKnownBrowser: { tries: 30, withinMs: hours(1), thenWait: untilOneLeaves },
	/** Wrong emailed codes, from browsers that are not known. Key: the profile. */
	emailedCodesUnknownBrowser: { tries: 5, withinMs: hours(1), thenWait: untilOneLeaves },
	/** The same from the profile's known browsers. Key: the profile. */
	emailedCodesKnownBrowser: { tries: 5, withinMs: hours(1), thenWait: untilOneLeaves },
	/** Emailed codes sent to one person. Key: the profile. */
	emailedCodesAnHour: { tries: 3, withinMs: hours(1), thenWait: untilOneLeaves },
	/** Wrong temporary codes, from browsers that are not known. Key: the profile. */
	temporaryCodesUnknownBrowser: { tries: 5, withinMs: hours(1), thenWait: untilOneLeaves },
	/** The same from the profile's known browsers. Key: the profile. */
	temporaryCodesKnownBrowser: { tries: 5, withinMs: hours(1), thenWait: untilOneLeaves },
	/** Confirmations to one address in an hour. Key: the keyed hash of the email. */
	emailConfirmationsAnHour: { tries: 3, withinMs: hours(1), thenWait: untilOneLeaves },
	/** Confirmations to one address in a day. Key: the keyed hash of the email. */
	emailConfirmationsADay: { tries: 10, withinMs: days(1), thenWait: untilOneLeaves },
	/** Confirmations that one person asks for in a day, to whatever addresses. Key: the profile. */
	emailConfirmationsOfAskerADay: { tries: 10, withinMs: days(1), thenWait: untilOneLeaves },
	/** Invitations of one clinic. One key. */
	invitationsADay: {
		tries: ({ activeStaff }: ClinicFacts) => 20 + activeStaff,
		withinMs: days(1),
		thenWait: untilOneLeaves,
	},
	/** Reminders to one address in an hour. Key: the keyed hash of the email. */
	remindersAnHour: { tries: 3, withinMs: hours(1), thenWait: untilOneLeaves },
	/** Reminders to one address in a day. Key: the keyed hash of the email. */
	remindersADay: { tries: 10, withinMs: days(1), thenWait: untilOneLeaves },
	/** Reset links asked for from one network, for whomever; known browsers are exempt. Key: `Network.key`. */
	resetLinksNetwork: {
		tries: 100,
		withinMs: minutes(15),
		thenWait: untilOneLeaves,
		acrossClinics: true,
	},
	/** The same from the IPv6 /48 around it. Key: `Network.widerKey`. */
	resetLinksWiderNetwork: {
		tries: 1000,
		withinMs: minutes(15),
		thenWait: untilOneLeaves,
		acrossClinics: true,
	},
	/** Reset links to one address in an hour. Key: the keyed hash of the email. */
	resetLinksAnHour: { tries: 3, withinMs: hours(1), thenWait: untilOneLeaves },
	/** Reset links to one address in a day. Key: the keyed hash of the email. */
	resetLinksADay: { tries: 10, withinMs: days(1), thenWait: untilOneLeaves },
	/** "Somebody has your password" emails. Key: the profile. */
	passwordThiefEmailADay: { tries: 1, withinMs: days(1), thenWait: untilOneLeaves },
	/** Unused sign-in texts to one number, from browsers that are not known. Key: the keyed hash of the number. */
	textsToNumber: { tries: 4, withinMs: minutes(10), thenWait: untilOneLeaves, acrossClinics: true },
	/** The same in a day. */
	textsToNumberADay: { tries: 10, withinMs: days(1), thenWait: untilOneLeaves, acrossClinics: true },
	/** The same from known browsers of a profile that confirmed this number. Key: the profile and the number. */
	textsToKnownNumber: { tries: 4, withinMs: minutes(10), thenWait: untilOneLeaves },
	/** The same in a day. */
	textsToKnownNumberADay: { tries: 10, withinMs: days(1), thenWait: untilOneLeaves },
	/** Unused set-up texts to one number. Key: the keyed hash of the number. */
	setUpTextsToNumberADay: { tries: 3, withinMs: days(1), thenWait: untilOneLeaves, acrossClinics: true },
	/** Unused texts, known browsers apart, to numbers alike but for their last four digits. Key: their keyed hash. */
	textsToNumbersAlike: { tries: 30, withinMs: hours(1), thenWait: untilOneLeaves, acrossClinics: true },
	/** Unused texts, known browsers apart, of one profile. Key: the profile. */
	textsOfProfileADay: { tries: 15, withinMs: days(1), thenWait: untilOneLeaves },
	/** How many different numbers they went to. Key: the profile. */
	numbersOfProfileADay: { tries: 3, withinMs: days(1), thenWait: untilOneLeaves, countsDifferent: true },
	/** Unused texts, known browsers apart, of one clinic. One key. */
	unusedTextsOfClinicADay: {
		tries: ({ activeStaff }: ClinicFacts) => 20 + 5 * activeStaff,
		withinMs: days(1),
		thenWait: untilOneLeaves,
	},
	/** All texts of one clinic, used ones too. One key. */
	textsOfClinicADay: {
		tries: ({ ceiling }: ClinicFacts) => ceiling,
		withinMs: days(1),
		thenWait: untilOneLeaves,
	},
	/** Unused texts, known browsers apart, from one network. Key: `Network.key`. */
	textsOfNetworkADay: { tries: 60, withinMs: days(1), thenWait: untilOneLeaves, acrossClinics: true },
	/** "No more text messages" emails to the Full Access users. Key: which of the clinic's limits was reached. */
	textsStoppedEmailADay: { tries: 1, withinMs: days(1), thenWait: untilOneLeaves },
} as const satisfies Record<string, ListedLimit>;

export type LimitName = keyof typeof LIMITS;

/** Those whose number depends on the clinic. */
export type ClinicLimitName = {
	[N in LimitName]: (typeof LIMITS)[N]["tries"] extends number ? never : N;
}[LimitName];

export const limits: { readonly [N in LimitName]: N extends ClinicLimitName ? ListedLimit : Limit } = LIMITS;

/** A limit with its number. @param clinic what the number depends on, where it depends on the clinic */
export function limitFor(name: LimitName, clinic?: ClinicFacts): Limit {
	const { tries, ...listed }: ListedLimit = limits[name];
	if (typeof tries === "number") return { ...listed, tries };
	if (clinic === undefined) throw new Error(`The number of ${name} depends on the clinic`);
	return { ...listed, tries: tries(clinic), varies: true };
}

/** The order in which whoever takes several of them locks them, so that two never wait for each other. */
export function lockOrder(a: LimitName, b: LimitName): number {
	return limitNames.indexOf(a) - limitNames.indexOf(b);
}

export const limitNames = Object.keys(LIMITS) as readonly LimitName[];
