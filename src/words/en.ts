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
		password: "Password",
		skip: "Skip to the content",
		step: (at: number, of: number) => `Step ${at} of ${of}`,
		demo: "Demo: every email and text message is in",
		demoInbox: "the inbox",
		endsAt: (time: string) => `This sign-in ends at ${time}.`,
		endsSoon: "This sign-in ends in less than a minute. Finish now, or",
		hasEnded: "This sign-in has ended.",
		startAgain: "start again",
	},

	controls: {
		toMend: (n: number) => (n === 1 ? "There is one thing to correct" : `There are ${n} things to correct`),
		passwordRule:
			"At least 15 characters. A few words that only you would put together are easy to remember and hard to guess.",
		recoveryCode: "Recovery Code",
		email: "Email",
		show: "Show",
		hide: "Hide",
		copy: "Copy",
		copied: "Copied",
		print: "Print",
		headsUp: "Before you do this",
	},

	errors: {
		start: "Go to the start page",
		unreadable: {
			title: "We couldn't read that",
			next: "Something in the address or the form did not arrive whole. Open the page again and try once more.",
		},
		elsewhere: {
			title: "This form can't be used any more",
			next: "This form was opened from another site or is too old. Open the page again. Nothing was changed.",
		},
		notFound: {
			title: "There is no page here",
			next: "The address may be mistyped, or the page may be gone. Check the address, or go to the start page.",
		},
		tooLarge: {
			title: "That was too much to send",
			next: "Nothing was saved. Go back, make what you typed or pasted shorter, and send it again.",
		},
		notAForm: {
			title: "We couldn't read that",
			next: "It was not sent by a form of this site. Open the page again and send the form there.",
		},
		tooMany: {
			title: "That was too many tries",
			next: "Wait a few minutes, then try again.",
		},
		ourFault: {
			title: "Something went wrong on our side",
			next: "Nothing was changed. Go back and try again. If it keeps happening, choose Help.",
		},
		busy: {
			title: "We're very busy right now",
			next: "Nothing was changed. Wait 10 seconds, then go back and try again.",
		},
		noClinic: {
			title: "There is no clinic here yet",
			next: "If you run this server, make the clinic with this command. It shows what it needs.",
		},
		chooseClinic: {
			title: "Which clinic are you with?",
			lead: "Each clinic has its own address. Enter its short name and we will show you the way.",
			shortName: "Clinic's short name",
			find: "Find my clinic",
		},
	},
} as const;
