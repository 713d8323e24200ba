import { englishDate, englishLength, englishTime } from "./dates.ts";

/**
 * English. One section a capability, in the order of the folders. Sentences say what happened, then what to do;
 * labels in product.md are exact.
 */
export const en = {
	language: "en",
	date: englishDate,
	time: englishTime,
	length: englishLength,
	product: "2-Step Verification",

	layout: {
		myAccount: "My Account",
		signOut: "Sign out",
		staff: "Staff",
		settings: "Settings",
		help: "Help",
	},

	errors: {},
} as const;
