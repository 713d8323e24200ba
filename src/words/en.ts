import { days } from "../clock.ts";
import { englishActivity } from "./activity.ts";
import {
	count,
	englishAgo,
	englishDate,
	englishDay,
	englishLength,
	englishTime,
	englishWhen,
	englishZone,
} from "./dates.ts";
import {
	type DoneNews,
	type EmailNews,
	type EmailTo,
	englishDoneBy,
	englishDoneToColleague,
	englishDoneToYou,
	englishEmail,
	englishIfSurprised,
	englishMoment,
	englishNews,
	englishNotMeAction,
	englishSettingsNews,
	englishWhenAndWhere,
	type OperatorNews,
	type SettingsNews,
} from "./email.ts";

/** Nobody types thirty wrong Recovery Codes: the count is told when it matters. */
const FEW_TRIES = 5;

/**
 * English. One section a capability, in the order of the folders. Sentences say what happened, then what to do;
 * labels in product.md are exact.
 */
export const en = {
	language: "en",
	date: englishDate,
	time: englishTime,
	day: englishDay,
	length: englishLength,
	ago: englishAgo,
	zone: englishZone,
	product: "2-Step Verification",

	layout: {
		myAccount: "My Account",
		signOut: "Sign out",
		staff: "Staff",
		settings: "Settings",
		help: "Help",
		profile: "Profile",
		password: "Password",
		sessions: "Sessions",
		security: "Security",
		whoHasItOn: "Who has it on",
		activity: "Activity",
		clinicMenu: "Your clinic",
		setUpNow: "Set up 2-Step Verification",
		banner: (kind: "scheduled" | "in-force", date: string, clinic: string) =>
			kind === "scheduled"
				? `From ${date} you need 2-Step Verification to sign in to ${clinic}. It takes two minutes.`
				: `${clinic} has required 2-Step Verification since ${date}. You need it the next time you sign in.`,
		skip: "Skip to the content",
		step: (at: number, of: number) => `Step ${at} of ${of}`,
		demo: "Demo: every email and text message is in",
		demoInbox: "the inbox",
		demoName: "Demo",
		endsAt: (time: string) => `This sign-in ends at ${time}.`,
		endsSoon: "This sign-in ends in less than a minute.",
		hasEnded: "This sign-in has ended.",
		startAgain: "Start again",
		signsOutUnused: "You'll be signed out in about 2 minutes because nothing was done here.",
		signsOutAnyway:
			"You'll be signed out in about 2 minutes: you have been signed in for as long as one can be. Send or save what you are doing.",
		signedOut:
			"You were signed out: nothing was done here for a while, or you were signed out somewhere else. What you typed here was not sent.",
		signInAgain: "Sign in again",
	},

	controls: {
		toMend: (n: number) => (n === 1 ? "There is one thing to correct" : `There are ${n} things to correct`),
		toWait: "You have to wait",
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
			notAName:
				"A short name has only letters, digits and dashes. Check how yours is written, and enter it again.",
			find: "Find my clinic",
		},
	},

	recoveryCode: {
		title: "Save your Recovery Code",
		lead: "If you can't use your phone, this code gets you in instead of a verification code. It works once, after your password.",
		yours: "Your Recovery Code",
		download: "Download",
		until: (time: string) =>
			`We can show it until ${time}, or until you choose Done. After that nobody can, not even us.`,
		earlier: "If you had a Recovery Code before, it no longer works.",
		keep: "Keep it in a password manager, an authenticator app or secure cloud storage, and not only on your phone: if the phone is gone, the code must not be gone with it.",
		saved: "I've saved my Recovery Code",
		done: "Done",
		notSaved: "Save your Recovery Code first. Then tick “I've saved my Recovery Code” and choose Done.",
		isNewer:
			"You got a newer Recovery Code after you opened that page. The earlier one no longer works: save this one.",
		hidden: {
			title: "Your Recovery Code can't be shown again",
			saved: (date: string) =>
				`You saved it on ${date}. It still works, once: look for it where you keep it.`,
			notSaved: (date: string) =>
				`It was made on ${date} and could be shown for 15 minutes. If you saved it, it still works, once. If you didn't, get a new one now.`,
			newOneEndsIt: "A new one ends the one you have.",
		},
		none: {
			title: "You have no Recovery Code",
			next: "It was used or has ended. Get a new one, so that you can still sign in if you lose your phone.",
		},
		getNew: "Get a new Recovery Code",
		notNow: "Not now",
		haveIt: "I have it saved",
		pdf: {
			title: (clinic: string) => `Recovery Code – ${clinic}`,
			heading: "Recovery Code",
			purpose: "Gets you in once, instead of a verification code, when you can't use your phone.",
			once: "Works once, after your password. It ends when it is used or when you get a new one.",
			clinic: "Clinic",
			person: "For",
			madeOn: "Made on",
			signInAt: "Sign in at",
			howTitle: "How to use it",
			how: [
				"Sign in with your email and password.",
				"Choose “Use recovery code instead”.",
				"Enter the code above and choose Submit. Dashes, spaces and capitals don't matter.",
				"You are in. Set up your new phone, and save the new Recovery Code that you are shown: this one no longer works.",
			],
			whereTitle: "Where to keep it",
			where:
				"In a password manager, an authenticator app or secure cloud storage, and not only on your phone. If you print this page, lock it away, and never write your password on it.",
			helpTitle: "If you need help",
			help: (supportEmail: string) =>
				`Ask a Full Access user of your clinic. If nobody there can help, write to ${supportEmail}.`,
		},
	},

	emailedCode: {
		title: "First we check that it's you",
		lead: (clinic: string) =>
			`${clinic} requires 2-Step Verification. Before you set it up, we check that it is you: nobody gets in with your password alone.`,
		leadAfterReset:
			"Your 2-Step Verification was turned off for you. Before you get in, we check that it is you: nobody gets in with your password alone.",
		notTheMailbox:
			"Can't read your email? Ask a Full Access user of your clinic for a temporary code, in person or on the phone.",
		goesTo: (email: string) => `We email a code to ${email}.`,
		send: "Email me a code",
		enterTitle: "Enter the code we emailed to you",
		enterLead: "Before you set up 2-Step Verification, we check that it is you.",
		enterLeadAfterReset:
			"Your 2-Step Verification was turned off for you. Before you get in, we check that it is you.",
		codeHint: "Eight digits. Spaces don't matter.",
		resend: "Resend code",
		notReceiving: "Not receiving your code?",
		notACode: "Enter the eight digits from the email.",
		wrong: (left: number) => `That code isn't right. Check the newest email. ${englishTriesLeft(left)}`,
		ended: (left: number) =>
			`That code no longer works: it is more than an hour old, or a later sign-in has used one. Have a new one emailed. ${englishTriesLeft(left)}`,
		wait: (until: number, now: number, timeZone: string, isOverByThen: boolean) =>
			`That was too many wrong codes. You can enter codes again at ${englishTime(until, timeZone)}, in ${englishLength(until - now)}.${isOverByThen ? " Sign in again then." : ""} Can't wait? Choose Cancel, then Forgot your password?: with a new password you need no emailed code for an hour.`,
		waitAfterReset: (until: number, now: number, timeZone: string, isOverByThen: boolean) =>
			`That was too many wrong codes. You can enter codes again at ${englishTime(until, timeZone)}, in ${englishLength(until - now)}.${isOverByThen ? " Sign in again then." : ""} Can't wait? Ask a Full Access user of your clinic for a temporary code, in person or on the phone.`,
		waitToResend: (until: number, now: number, timeZone: string) =>
			`You have had three codes within an hour. The next one can be emailed at ${englishTime(until, timeZone)}, in ${englishLength(until - now)}.`,
		onlyTemporaryTitle: "Ask for a temporary code",
		onlyTemporary: (why: "password-by-link" | "email-changed", supportEmail: string) =>
			why === "password-by-link"
				? "Call or see a Full Access user of your clinic: only a temporary code from them gets you in now."
				: `Write to the Privacy and Security team, ${supportEmail}: only a temporary code from them gets you in now.`,
		whyNotByEmail: {
			"password-by-link":
				"Why not by email? Your password was set by an emailed link, so with an emailed code too, whoever reads your email could get in. If nobody there can give you a code, choose I'm locked out.",
			"email-changed":
				"Why not by email? Your email was changed less than 7 days ago. For those 7 days no code is sent there, and nobody at your clinic can give you one.",
		},
		states: {
			waiting: (email: string, until: string) =>
				`The email to ${email} is on its way. The code works until ${until}.`,
			sent: (email: string, at: string, until: string) =>
				`Sent to ${email} at ${at}. It can take a few minutes to arrive. The code works until ${until}.`,
			failed: (email: string) => `We could not send the email to ${email}. Choose Resend code.`,
		},
	},

	authenticatorApp: {
		keyTitle: "Scan this with your authenticator app",
		keyLead:
			"Open the app, choose to add an account, and scan the QR code. Is the app on this device? Use a link below the code instead.",
		addTitle: "Add this to your authenticator app",
		addLead: "Open the app with a button here, let it add the account, then come back to this page.",
		copyKey:
			"Nothing opens? Copy this key, and paste it where the app adds an account by hand. Choose “time-based” if it asks.",
		elsewhereTitle: "Is the app on another device?",
		elsewhere: "Open it there, choose to add an account, and scan this QR code.",
		noApp: "No app yet? See the apps that work",
		qrCode: (clinic: string) => `QR code that adds ${clinic} to an authenticator app`,
		setupKey: "Setup key",
		typeKey:
			"Can't scan it? Type this key into the app by hand, and choose “time-based” if the app asks. Spaces don't matter.",
		openHere: "Open in an app on this device",
		openInApplePasswords: "Open in Apple Passwords on this device",
		next: "Next",
		appsTitle: "Apps that work",
		advice:
			"Choose one that syncs to a computer, as those with “desktop” do. Then you can still sign in when your phone is lost, broken or out of battery.",
		kinds: { freeApp: "Free app", paidPasswordManager: "Paid password manager" },
		platforms: { ios: "iOS", android: "Android", desktop: "desktop" },
		notes: {
			onIPhone:
				"Already on an iPhone. Codes appear above the keyboard, or open Passwords and tap the account.",
			inLastPass: "The codes are in LastPass Authenticator.",
		},
		codeLead: (clinic: string) =>
			`The app now shows six digits for ${clinic}. They change every 30 seconds. Your authenticator app is on once you have entered them here.`,
		backToQrCode: "Back to the QR code",
		overTitle: "This set-up has ended",
		noTriesLeft: "None of the 5 codes was right, so nothing was changed. Start again to get a new QR code.",
		ended:
			"It was left for too long, or something changed since it began, so nothing was turned on by it. Start again to get a new QR code.",
		startAgain: "Start again",
	},

	emails: {
		methodSetUp: (news: EmailNews & { methodName: string }) =>
			englishNews(
				news,
				`${news.methodName} was set up`,
				`${news.methodName} was set up for your 2-Step Verification. You are asked for its code when you sign in. The Recovery Code from this set-up replaces any earlier one.`,
			),
		methodReplaced: (news: EmailNews & { methodName: string }) =>
			englishNews(
				news,
				`${news.methodName} was replaced`,
				`${news.methodName} was set up again for your 2-Step Verification. Codes from the earlier one no longer work, and neither does your earlier Recovery Code.`,
			),
		methodTurnedOff: (news: EmailNews & { methodName: string }) =>
			englishNews(
				news,
				`${news.methodName} was turned off`,
				`${news.methodName} was turned off. It is no longer part of your 2-Step Verification.`,
			),
		methodBlocked: (news: EmailNews & { methodName: string }) =>
			englishNews(
				news,
				`${news.methodName} takes no more codes`,
				`Too many wrong codes in a row were entered for ${news.methodName}, so it is blocked until you replace it. It is still on.`,
				"Sign in another way, for example with your Recovery Code. Then open My Account, 2-Step Verification, and choose Replace.",
			),
		emailedCode: (news: EmailNews & { code: string }) =>
			englishEmail(news, {
				subject: "Your code to sign in",
				code: news.code,
				paragraphs: [
					`Enter this code where you are signing in to ${news.clinicName}. It works once, for 1 hour. Never share it: nobody at ${news.clinicName} needs it.`,
					`It was asked for on ${englishWhenAndWhere(news)}`,
					`If that wasn't you, somebody has your password. Go to the sign-in page now, choose Forgot your password? and set a new one. Then tell a Full Access user at ${news.clinicName}.`,
				],
			}),
		recoveryCodeUsed: (news: EmailNews) =>
			englishNews(
				news,
				"Your Recovery Code was used",
				"Your Recovery Code was used in place of a verification code. It works only once, so make sure that you have saved the new one: My Account, 2-Step Verification.",
			),
		recoveryCodeRenewed: (news: EmailNews) =>
			englishNews(
				news,
				"You have a new Recovery Code",
				"A new Recovery Code was made for you. Earlier ones no longer work.",
			),
		/** Of the first one, after an invitation. */
		passwordSet: (news: EmailNews) =>
			englishNews(
				news,
				"Your password is set",
				`A password was set for you, by a link that was emailed to you. You sign in at ${news.clinicName} with it from now on.`,
			),
		passwordChanged: (news: EmailNews) =>
			englishNews(
				news,
				"Your password was changed",
				"You have a new password. Everywhere else you were signed in, you are asked to sign in again.",
			),
		somebodyHasYourPassword: (news: EmailNews) =>
			englishEmail(news, {
				subject: "Somebody else may know your password",
				paragraphs: [
					"Somebody entered your password and then many wrong codes. They did not get in.",
					`The last time was ${englishWhenAndWhere(news)}`,
					"Your password now works only in browsers you have used before, until you choose a new one: go to the sign-in page and choose Forgot your password?",
					`If it wasn't you, choose “This wasn't me”: it asks before it does anything, and works for 7 days. Then tell a Full Access user at ${news.clinicName}.`,
				],
				...englishNotMeAction(news),
			}),
		newBrowser: (news: EmailNews) =>
			englishNews(
				news,
				"You signed in from a new browser",
				"Somebody signed in as you, in a browser and on a network that you have not used here lately. If that was you, there is nothing to do.",
			),
		/** To the person. `link` stands in the email to the one address that may set the new password. */
		notMe: (news: EmailNews & { undone: readonly EnglishUndone[]; link: string | undefined }) =>
			englishEmail(news, {
				subject: news.link === undefined ? "This wasn't me was chosen" : "Choose a new password",
				paragraphs: [
					`“This wasn't me” was chosen in an email to you. You are signed out everywhere, no browser skips 2-Step Verification for you any more, and your password doesn't work until you choose a new one.`,
					...englishUndone(news.undone, "your"),
					news.link === undefined
						? "The link to choose a new password went to your other address."
						: "Choose a new password now. The link works once, for 1 hour. After that, choose Forgot your password? on the sign-in page.",
					`It was chosen on ${englishWhenAndWhere(news)}`,
					`If it wasn't you who chose it, somebody else reads your email. Change the password of your mailbox, and tell a Full Access user at ${news.clinicName}.`,
				],
				...(news.link === undefined ? {} : { action: { label: "Choose a new password", url: news.link } }),
			}),
		/** To the Full Access users, of somebody else. */
		colleagueNotMe: (
			news: EmailNews & {
				colleague: { name: string; email: string };
				/** As people write it; null where there is none to be trusted. */
				toCall: string | null;
				/** What the email told of, epoch milliseconds. */
				since: number;
				undone: readonly EnglishUndone[];
				/** To whom something was done in their name since. */
				others: { names: readonly string[]; areMore: boolean };
				supportEmail: string;
			},
		) => {
			const { name, email } = news.colleague;
			const { names, areMore } = news.others;
			const whom = englishList(areMore ? [...names, "others"] : names);
			return englishEmail(news, {
				subject: `${name} says: this wasn't me`,
				paragraphs: [
					`In an email about what happened on ${englishMoment(news.since, news.timeZone)}, ${name} (${email}) chose “This wasn't me”: somebody else may have been signed in as them. They are signed out everywhere, and their password doesn't work until they choose a new one by a link that we emailed.`,
					...englishUndone(news.undone, "their"),
					...(names.length === 0
						? []
						: [
								`In their name something was also done to ${whom}. Temporary codes given to colleagues and changes of their email that nobody has used yet have ended. All else stays as it is: look in Settings, Activity, and put right what they did not do themselves.`,
							]),
					`It was chosen on ${englishWhenAndWhere(news)}`,
					`${news.toCall === null ? `See ${name} in person` : `Call ${name} on ${news.toCall}`}, and look at their activity in Settings, Activity. If they don't know of it, somebody else reads their email: deactivate their staff profile and write to ${news.supportEmail}.`,
					"Does it happen again? Then somebody else may still read one of their mailboxes, perhaps the one they had before: for 7 days after a change of email the button works there too. Deactivate this staff profile, and invite them anew with an email that only they can read.",
				],
			});
		},
		/** `newEmail` where it goes to the earlier address. */
		passwordLink: (news: EmailNews & { url: string; newEmail?: string | undefined }) =>
			englishEmail(news, {
				subject: "Choose a new password",
				paragraphs: [
					`We were asked for a link to choose a new password for you on ${englishWhenAndWhere(news)}`,
					...(news.newEmail === undefined
						? []
						: [
								`Your email for signing in was changed to ${news.newEmail} within the last 7 days. For so long these links come to the address before it, which is this one.`,
							]),
					"The link works once, for 1 hour.",
					`If you didn't ask for it, leave the link alone: your password stays as it is. If this keeps happening, tell a Full Access user at ${news.clinicName}.`,
				],
				action: { label: "Choose a new password", url: news.url },
			}),
		passwordLinkFromColleague: (news: DoneNews & { url: string }) =>
			englishEmail(news, {
				subject: "Choose a new password",
				paragraphs: [
					"You were sent this link so that you can choose a new password. It works once, for 1 hour.",
					englishDoneBy(news),
					`If you don't need it, leave the link alone: your password stays as it is. If it surprises you, ask ${news.by?.name ?? `a Full Access user at ${news.clinicName}`}, in person or by phone.`,
				],
				action: { label: "Choose a new password", url: news.url },
			}),
		/** To the address that is not trusted with the link: the email was changed within 7 days. */
		passwordLinkSentElsewhere: (news: DoneNews) =>
			englishDoneToYou(
				news,
				"A link to choose a new password was sent to your earlier address",
				"A link to choose a new password was sent to you. Your email was changed less than 7 days ago, so the link went to the address you had before.",
			),
		/** `invitedBy` is a Full Access user's name; undefined where none did it. */
		invitation: (to: EmailTo & { url: string; invitedBy: string | undefined }) =>
			englishEmail(to, {
				subject: "Set your password",
				paragraphs: [
					`${to.invitedBy === undefined ? "You" : `${to.invitedBy} invited you. You`} can sign in at ${to.clinicName} as soon as you have set a password. The link works once, for 7 days.`,
					`When it has run out, choose Forgot your password? on the sign-in page. If you don't work at ${to.clinicName}, leave the link alone.`,
				],
				action: { label: "Set your password", url: to.url },
			}),
		/** `askedBy` is a Full Access user's name; undefined where the person asked. */
		confirmEmail: (to: EmailTo & { url: string; askedBy: string | undefined }) =>
			englishEmail(to, {
				subject: "Confirm your new email",
				paragraphs: [
					`${to.askedBy ?? "You"} asked to make this your email for signing in at ${to.clinicName}.`,
					"It is yours as soon as you confirm it. The link works once, for 24 hours. Until then nothing changes.",
					`If you don't expect this or don't work at ${to.clinicName}, leave the link alone.`,
				],
				action: { label: "Confirm this email", url: to.url },
			}),
		emailAlreadyYours: (to: EmailTo) =>
			englishEmail(to, {
				subject: "Somebody tried to use your email",
				paragraphs: [
					`Somebody asked to make this address the email of another staff profile at ${to.clinicName}. It stays yours, and nothing was changed.`,
					`You need do nothing. If it surprises you, tell a Full Access user at ${to.clinicName}.`,
				],
			}),
		/** `isOwn` where the person asked themselves; no button to who never signed in. */
		emailChangeAsked: (
			news: DoneNews & {
				by: { name: string; where: EmailNews["where"] };
				newEmail: string;
				isOwn: boolean;
			},
		) => {
			const { by, isOwn, newEmail } = news;
			const subject = "A change of your email address was asked for";
			const whatHappened = [
				`${isOwn ? "You" : by.name} asked to change your email for signing in to ${newEmail}.`,
				"Nothing changes until that address confirms it. If it doesn't within 24 hours, your email stays as it is.",
			];
			if (isOwn) return englishNews({ ...news, where: by.where }, subject, ...whatHappened);
			if (news.notMeUrl !== undefined) return englishDoneToYou(news, subject, ...whatHappened);
			const next = `If you didn't ask for it, tell a Full Access user at ${news.clinicName}.`;
			return englishEmail(news, { subject, paragraphs: [...whatHappened, englishDoneBy(news), next] });
		},
		/** To the person: what a colleague had asked for was cancelled in a session of theirs. */
		emailChangeCancelled: (news: EmailNews & { newEmail: string; askedBy: string }) =>
			englishNews(
				news,
				"A change of your email address was cancelled",
				`${news.askedBy} had asked to change your email for signing in to ${news.newEmail}. That was cancelled where you are signed in, so your email stays as it is.`,
			),
		/** To the colleague who had asked for it. */
		colleagueCancelledEmailChange: (
			news: EmailNews & { colleague: { name: string; email: string }; newEmail: string },
		) =>
			englishEmail(news, {
				subject: `The new email of ${news.colleague.name} was cancelled`,
				paragraphs: [
					`You had asked to change the email of ${news.colleague.name} (${news.colleague.email}) to ${news.newEmail}. It was cancelled where they are signed in, so their email stays as it is.`,
					`It happened on ${englishWhenAndWhere(news)}`,
					`Ask ${news.colleague.name}, in person or by phone. If they didn't do it, somebody else is signed in as them: open their staff profile in Staff, choose Sign out everywhere, and ask for the change again.`,
				],
			}),
		/** To the person, where a Full Access user cancelled it; no button to who never signed in. */
		emailChangeCancelledForYou: (news: DoneNews & { newEmail: string }) => {
			const subject = "A change of your email address was cancelled";
			const whatHappened = `Your email for signing in was to change to ${news.newEmail}. That was cancelled, so your email stays as it is.`;
			if (news.notMeUrl !== undefined) return englishDoneToYou(news, subject, whatHappened);
			const next = `If this surprises you, tell a Full Access user at ${news.clinicName}.`;
			return englishEmail(news, { subject, paragraphs: [whatHappened, englishDoneBy(news), next] });
		},
		/** To the Full Access users, of somebody else. */
		colleaguesEmailChangeCancelled: (
			news: DoneNews & { colleague: { name: string; email: string }; newEmail: string; supportEmail: string },
		) =>
			englishDoneToColleague(
				news,
				`The new email of ${news.colleague.name} was cancelled`,
				`The email of ${news.colleague.name} (${news.colleague.email}) was to change to ${news.newEmail}. That was cancelled, so their email stays as it is.`,
			),
		/** To the addresses before it. `askedBy` is a Full Access user's name; undefined where the person asked. */
		emailChanged: (news: EmailNews & { newEmail: string; askedBy: string | undefined }) =>
			englishNews(
				news,
				"Your email was changed",
				`Your email for signing in is now ${news.newEmail}: that address confirmed it. ${news.askedBy ?? "You"} had asked for it. This address no longer signs you in.`,
				"For 7 days, links to choose a new password still come to this address, and no colleague can turn off your 2-Step Verification or give you a temporary code.",
			),
		/** The same to the address before it of somebody who never signed in: it has no say any more. */
		emailNoLongerYours: (news: EmailNews & { askedBy: string | undefined }) =>
			englishEmail(news, {
				subject: "Your email was changed",
				paragraphs: [
					`This address no longer belongs to a staff profile at ${news.clinicName}: another one took its place and confirmed it. ${news.askedBy ?? "You"} had asked for it.`,
					`It happened on ${englishWhenAndWhere(news)}`,
					`If it surprises you, tell a Full Access user at ${news.clinicName}.`,
				],
			}),
		/** To the address that is new. No button: for 7 days it is the one before that decides. */
		emailIsYours: (news: EmailNews & { earlierEmail: string; isKnown: boolean }) =>
			englishEmail(news, {
				subject: "Your email was changed",
				paragraphs: [
					`You confirmed this address: from now on it is your email for signing in at ${news.clinicName}.`,
					...(news.isKnown
						? [
								"Your password and 2-Step Verification stay as they are.",
								`For 7 days, links to choose a new password still go to ${news.earlierEmail}, and no colleague can turn off your 2-Step Verification or give you a temporary code.`,
							]
						: [
								"You choose your password next: the link for it comes in an email of its own, to this address.",
							]),
					`It happened on ${englishWhenAndWhere(news)}`,
					`If this wasn't you, tell a Full Access user at ${news.clinicName}.`,
				],
			}),
		/** `askedBy` undefined to the one who asked. */
		colleagueEmailChanged: (
			news: EmailNews & {
				colleague: { name: string };
				earlierEmail: string;
				newEmail: string;
				askedBy: string | undefined;
				supportEmail: string;
			},
		) =>
			englishEmail(news, {
				subject: `${news.colleague.name}'s email was changed`,
				paragraphs: [
					`${news.colleague.name} signs in with ${news.newEmail} from now on, and no longer with ${news.earlierEmail}. ${news.askedBy ?? "You"} had asked for it, and the new address confirmed it.`,
					`It happened on ${englishWhenAndWhere(news)}`,
					`If this surprises you, ask ${news.colleague.name} in person, and write to ${news.supportEmail}.`,
				],
			}),
		/** Numbers in groups, with their country code; undefined where there is none. */
		mobileChanged: (news: EmailNews & { mobile: string | undefined; toCall: string | undefined }) =>
			englishNews(
				news,
				"Your mobile number was changed",
				news.mobile === undefined
					? "The mobile number on your staff profile was taken off."
					: `The mobile number on your staff profile is now ${news.mobile}.`,
				news.toCall === undefined
					? "For 7 days no colleague who helps you is told to call it."
					: `For 7 days a colleague who helps you is told to call the number before it, ${news.toCall}.`,
			),
		deactivated: (news: DoneNews) =>
			englishEmail(news, {
				subject: "Your staff profile was deactivated",
				paragraphs: [
					"You can no longer sign in, and everywhere you were signed in you are signed out.",
					englishDoneBy(news),
					`If you still work at ${news.clinicName}, tell a Full Access user there.`,
				],
			}),
		reactivated: (news: DoneNews & { email: string }) =>
			englishEmail(news, {
				subject: "Your staff profile is active again",
				paragraphs: [
					`You can sign in again with ${news.email} and the password you had. If you don't remember it, choose Forgot your password? on the sign-in page.`,
					englishDoneBy(news),
					`If you don't work at ${news.clinicName} any more, tell a Full Access user there.`,
				],
			}),
		/** To the Full Access users, of somebody else. */
		staffChanged: (
			news: DoneNews & {
				change: "invited" | "deactivated" | "reactivated" | "sent-link";
				colleague: { name: string; email: string; access: "full" | "limited" };
				supportEmail: string;
			},
		) => {
			const { name, email, access } = news.colleague;
			const is = {
				invited: `was invited (access level: ${access === "full" ? "Full Access" : "Limited"})`,
				deactivated: "was deactivated",
				reactivated: "was reactivated",
				"sent-link": "was sent a link to set a password",
			}[news.change];
			return englishDoneToColleague(news, `${name} ${is}`, `${name} (${email}) ${is}.`);
		},
		/** Without a button for a name or access level: nobody asks for these, and it would undo neither. */
		profileEdited: (news: DoneNews & { changes: EnglishProfileChanges }) => {
			const subject = "Your staff profile was changed";
			const whatHappened = englishProfileChanges(news.changes, "your");
			if (news.notMeUrl !== undefined) return englishDoneToYou(news, subject, ...whatHappened);
			const whom = news.by ? `${news.by.name} or another Full Access user` : "a Full Access user";
			const next = `If this surprises you, ask ${whom} at ${news.clinicName}.`;
			return englishEmail(news, { subject, paragraphs: [...whatHappened, englishDoneBy(news), next] });
		},
		/** To the Full Access users, of somebody else. */
		colleagueEdited: (
			news: DoneNews & {
				colleague: { name: string; email: string };
				changes: EnglishProfileChanges & { newEmail?: string };
				supportEmail: string;
			},
		) =>
			englishDoneToColleague(
				news,
				`${news.colleague.name}'s staff profile was changed`,
				`The staff profile of ${news.colleague.name} (${news.colleague.email}) was changed.`,
				...englishProfileChanges(news.changes, "their"),
				...(news.changes.newEmail === undefined
					? []
					: [
							`Their email address will change to ${news.changes.newEmail} once it is confirmed there. Until then the one above stays.`,
						]),
			),
		signedOutByColleague: (news: DoneNews & { emailChangeEnded: boolean }) =>
			englishDoneToYou(
				news,
				"You were signed out everywhere",
				"Everywhere you were signed in you have to sign in again.",
				...(news.emailChangeEnded ? ["The change of your email that was waiting has ended."] : []),
			),
		temporaryCodeGiven: (news: DoneNews & { until: number }) =>
			englishDoneToYou(
				news,
				"You were given a temporary code",
				`You were given a temporary code. It gets you in once, after your password, until ${englishMoment(news.until, news.timeZone)}.`,
			),
		/** To the Full Access users, of somebody else. */
		colleagueSignedOut: (
			news: DoneNews & { colleague: { name: string; email: string }; supportEmail: string },
		) =>
			englishDoneToColleague(
				news,
				`${news.colleague.name} was signed out everywhere`,
				`${news.colleague.name} (${news.colleague.email}) was signed out everywhere.`,
			),
		colleagueGivenCode: (
			news: DoneNews & { colleague: { name: string; email: string }; until: number; supportEmail: string },
		) =>
			englishDoneToColleague(
				news,
				`${news.colleague.name} was given a temporary code`,
				`${news.colleague.name} (${news.colleague.email}) was given a temporary code. It gets them in once, after their password, until ${englishMoment(news.until, news.timeZone)}.`,
			),
		secondStepReset: (news: DoneNews & { reason: string }) =>
			englishDoneToYou(
				news,
				"Your 2-Step Verification was turned off",
				"Your 2-Step Verification was turned off for you, so that you can set it up anew. Your methods, your Recovery Code and your trusted browsers have ended, and you are signed out everywhere.",
				`The next time you sign in, we check after your password that it is you: with a code that we email to you, or with a temporary code that ${news.by === undefined ? "the people who run this server tell you" : "a Full Access user tells you"}. Forgotten your password too? Choose a new one first, then ask for a temporary code.`,
				`The reason that was given: ${news.reason}`,
			),
		/** To the Full Access users, of somebody else. */
		colleagueReset: (
			news: DoneNews & { colleague: { name: string; email: string }; reason: string; supportEmail: string },
		) =>
			englishEmail(news, {
				subject: `${news.colleague.name}'s 2-Step Verification was turned off`,
				paragraphs: [
					`2-Step Verification was turned off for ${news.colleague.name} (${news.colleague.email}). At their next sign-in they prove that it is them, and can set it up anew.`,
					`The reason that was given: ${news.reason}`,
					englishDoneBy(news),
					news.by === undefined
						? `If this surprises you, ask ${news.colleague.name}, in person or by phone. If they don't know of it, deactivate their staff profile and write to ${news.supportEmail}.`
						: englishIfSurprised(news),
				],
				...englishNotMeAction(news),
			}),
		waitsCleared: (news: DoneNews & { reason: string }) =>
			englishDoneToYou(
				news,
				"You can try to sign in again",
				"There had been too many tries to sign in as you, so you would have had to wait. Those waits are over: you can try again now. Nothing else was changed.",
				`The reason that was given: ${news.reason}`,
			),
		/** To the Full Access users, of somebody else. */
		colleagueWaitsCleared: (
			news: DoneNews & { colleague: { name: string; email: string }; reason: string; supportEmail: string },
		) =>
			englishEmail(news, {
				subject: `${news.colleague.name}'s waits were cleared`,
				paragraphs: [
					`There had been too many tries to sign in as ${news.colleague.name} (${news.colleague.email}). Those waits are over, and they can try again now. Nothing else was changed.`,
					`The reason that was given: ${news.reason}`,
					englishDoneBy(news),
					`If this surprises you, ask ${news.colleague.name}, in person or by phone. If they don't know of it, write to ${news.supportEmail}.`,
				],
			}),
		/** To the Full Access users, of the whole clinic. */
		textMessagesStopped: (
			news: OperatorNews & { by: "clinic" | "ceiling"; until: number; supportEmail: string },
		) =>
			englishEmail(news, {
				subject: "No more text messages for now",
				paragraphs: [
					news.by === "clinic"
						? `Too many codes were texted for ${news.clinicName} within a day and not used. Since ${englishMoment(news.when, news.timeZone)} we text no more of them to browsers that people have not signed in with before. In a browser they have used before, people still get their codes.`
						: `${news.clinicName} has used all the text messages that this server sends for one clinic within a day. Since ${englishMoment(news.when, news.timeZone)} nobody gets a code by text message.`,
					`The next one can go on ${englishMoment(news.until, news.timeZone)}. Until then an authenticator app works, and so does a Recovery Code.`,
					"If nobody at your clinic asked for so many codes, somebody may know a colleague's password. Ask your colleagues whether they got codes that they did not ask for; whoever did chooses Forgot your password? on the sign-in page and sets a new one.",
					`If this surprises you, write to ${news.supportEmail}.`,
				],
			}),
		/** To the Full Access users, the one who saved it included. */
		enforcementChanged: (news: SettingsNews & { from: EnglishRule; to: EnglishRule }) =>
			englishSettingsNews(news, "2-Step Verification Enforcement", ...englishRuleChanges(news)),
		/** To the Full Access users, the one who saved it included. */
		automaticSignOutChanged: (news: SettingsNews & { fromMs: number; toMs: number }) =>
			englishSettingsNews(
				news,
				"Automatic Sign Out",
				`People are now signed out after ${englishSignOutAfter(news.toMs)} of inactivity. It was ${englishSignOutAfter(news.fromMs)}.`,
			),
		/** @param to.earlierOn the day that the one emailed before said, ISO, where it was another one */
		setUpRequired: (to: SetUpTo & { earlierOn: string | undefined }) => {
			const day = englishDay(to.on);
			const by = to.isInForce ? "" : ` by ${day}`;
			const moved =
				to.earlierOn === undefined
					? []
					: [`The date for 2-Step Verification has changed from ${englishDay(to.earlierOn)} to ${day}.`];
			return englishEmail(to, {
				subject: `${to.earlierOn === undefined ? "S" : "New date: s"}et up 2-Step Verification${by}`,
				paragraphs: [
					...moved,
					to.isInForce
						? `${to.clinicName} now requires 2-Step Verification from everybody: after your password you enter a code that only you can see. You are asked to set it up the next time you sign in.`
						: `From ${day} ${to.clinicName} requires 2-Step Verification from everybody: after your password you enter a code that only you can see. If you haven't set it up by then, you have to before you can get in.`,
					englishSetUpTakes(to),
					englishAskAtClinic(to),
				],
				action: { label: "Set up 2-Step Verification", url: to.url },
			});
		},
		/** @param to.daysLeft where the email counts them; it is not delivered on another day */
		setUpReminder: (to: SetUpTo & { daysLeft?: number }) => {
			const day = englishDay(to.on);
			const [subject, required] =
				to.daysLeft !== undefined
					? englishInDays(to.daysLeft, day)
					: to.isInForce
						? ["Reminder: set up 2-Step Verification", `Since ${day}`]
						: [`Reminder: set up 2-Step Verification by ${day}`, `From ${day}`];
			return englishEmail(to, {
				subject,
				paragraphs: [
					`${required} you need 2-Step Verification to sign in at ${to.clinicName}. You haven't set it up yet.`,
					to.isInForce
						? "You are asked to set it up the next time you sign in."
						: "Set it up now, so that it doesn't hold you up when you sign in that day.",
					englishSetUpTakes(to),
					englishAskAtClinic(to),
				],
				action: { label: "Set up 2-Step Verification", url: to.url },
			});
		},
		/** What `vestibule doctor` sends; it is about no clinic. */
		test: (origin: string) => ({
			subject: "Test email from Vestibule",
			paragraphs: [
				"Hello,",
				"This email was sent to see whether emails arrive. They do.",
				`It comes from the server of ${origin}. There is nothing to do.`,
			],
			language: "en",
		}),
	},

	demoInbox: {
		title: "Inbox of the demo",
		lead: "Nothing leaves this computer: every message that the demo sends is here, the newest first.",
		whose: "Whose messages",
		everybody: "Everybody",
		email: "Email",
		text: "Text message",
		to: (recipient: string) => `to ${recipient}`,
		at: (date: string, time: string) => `${date}, ${time}`,
		empty: "There is no message yet. Sign in, or ask for a new password, and look here again.",
		emptyFor: (recipient: string) => `There is no message to ${recipient} yet.`,
		refresh: "Look again",
		signIn: "Go to Sign in",
	},

	passwords: {
		email: "Email",
		password: "Password",
		currentPassword: "Current password",
		newPassword: "New password",
		forgot: "Forgot your password?",
		forgotTitle: "Forgot your password?",
		forgotLead: "We will email you a link to choose a new one. It works once, for 1 hour.",
		sendLink: "Email me a link",
		sendAnother: "Send another link",
		backToSignIn: "Back to Sign in",
		sentTitle: "Check your email",
		sent: (email: string) =>
			`If ${email} belongs to a staff profile here, a link to choose a new password is on its way. It works once, for 1 hour.`,
		sentNext:
			"It can take a few minutes. If nothing arrives, look in the spam folder, check the spelling of the address, or ask a Full Access user of your clinic.",
		welcome: (clinic: string) => `Welcome to ${clinic}`,
		setTitle: "Choose a new password",
		setLead: (name: string, email: string) => `For ${name}, ${email}. After this you sign in with it.`,
		save: "Save password",
		deadTitle: "This link doesn't work any more",
		deadReset:
			"It was used, or it is too old, or a newer change ended it. Send yourself another one: it works for 1 hour.",
		deadInvitation:
			"It was used, or it is too old. If you have never set a password, ask a Full Access user of your clinic for a new invitation. You can also send yourself a link.",
		changeTitle: "Password",
		changeLead: "Changing it signs you out everywhere else.",
		change: "Change password",
		changed: "Your password is changed. You are signed out everywhere else.",
		needsEmail: "Enter your email, as name@clinic.com.",
		needsPassword: "Enter your password.",
		wrong: "That password isn't right. Check for Caps Lock and try again.",
		wait: (until: number, now: number) =>
			`That was too many wrong passwords. Wait ${englishLength(until - now)}, then try again, or choose Forgot your password?`,
		same: "That is the password you have had so far. Choose another one.",
		waitForLink: (until: number, now: number) =>
			`There were too many requests for links from your network. Wait ${englishLength(until - now)}, then try again, or ask a Full Access user of your clinic to send you one.`,
		refused: {
			"too-short":
				"Use at least 15 characters. Three or four words that only you would put together are enough.",
			"too-long": "Use at most 256 characters.",
			common:
				"That is among the passwords that are guessed first. Choose words that only you would put together.",
			repeated: "That repeats itself or follows the keyboard. Choose words that only you would put together.",
			personal: "That is made of your name, your email or the clinic's name. Choose something else.",
		},
	},

	signIn: {
		title: (clinic: string) => `Sign in to ${clinic}`,
		email: "Email",
		submit: "Sign in",
		needsEmail: "Enter your email.",
		wrong: (onlyKnownBrowsers: boolean) =>
			onlyKnownBrowsers
				? "That email and password don't match. If you're sure they do, choose Forgot your password?"
				: "That email and password don't match.",
		notices: {
			over: {
				kind: "info",
				sentence:
					"That sign-in has ended: it was finished, left for too long, or your profile changed. Sign in again.",
			},
			closed: {
				kind: "warning",
				sentence:
					"That was too many wrong codes. Your password now works only in browsers you have used before. To sign in here, choose Forgot your password? and set a new one.",
			},
			"session-over": {
				kind: "info",
				sentence:
					"You were signed out: you were away for a while, or signed out somewhere else. Sign in again.",
			},
			"not-sent": {
				kind: "warning",
				sentence:
					"You were signed out before that was sent: you were away for a while, or signed out somewhere else. Nothing was changed. Sign in and do it again.",
			},
			"password-set": { kind: "success", sentence: "Your password is saved. Sign in with it now." },
			"signed-out": { kind: "success", sentence: "You are signed out." },
			"too-many-wrong": {
				kind: "warning",
				sentence: "That was wrong five times, so we signed you out. Sign in again.",
			},
		},
	},

	notMe: {
		title: "Wasn't this you?",
		lead: (date: string, time: string, zone: string, clinic: string) =>
			`You had an email from ${clinic} about what happened on ${date}, ${time} ${zone}. If it wasn't you, choose “This wasn't me”. Nothing is changed until then.`,
		happened: "What the email is about",
		does: "What “This wasn't me” does",
		list: (hasMethodOn: boolean) => [
			hasMethodOn
				? "You are signed out everywhere. No browser skips 2-Step Verification for you any more, and no temporary code works."
				: "You are signed out everywhere, and no temporary code works.",
			"Your password stops working. We email you a link to choose a new one.",
			...(hasMethodOn
				? [
						"Anything set up since then takes no codes, and a Recovery Code made since then ends. 2-Step Verification stays on.",
					]
				: []),
			"An email or mobile number that was changed since then is put back. A change of email that waits ends.",
			"Every Full Access user of your clinic is told.",
		],
		submit: "This wasn't me",
		wasMe: "It was me: leave everything as it is",
		doneTitle: "Check your email",
		done: (email: string) =>
			`You are signed out everywhere, and your password no longer works. A link to choose a new one is on its way to ${email}. It works once, for 1 hour.`,
		doneNext:
			"Nothing arrives, or too late? Look in the spam folder, then choose Forgot your password? to have another link.",
		afterwards: "What was undone",
		undone: (undone: readonly EnglishUndone[]) => englishUndone(undone, "your"),
		helpAfterwards:
			"Is a code asked for that you can't enter? Use your Recovery Code from before or your other method, or ask a Full Access user of your clinic.",
		helpByOperator: (supportEmail: string) =>
			`Is a code asked for that you can't enter? Use your Recovery Code from before or your other method, or write to ${supportEmail}. Your email was changed or put back less than 7 days ago, so no colleague can give you a temporary code.`,
		deadTitle: "This link doesn't work any more",
		dead: "It was used, or it is more than 7 days old. Nothing was changed just now.",
		deadNext: "If you used it already: choose Forgot your password? if you still need a new password.",
		deadInNeed:
			"If you didn't, and something happened that wasn't you: choose Forgot your password? and set a new one. That signs you out everywhere. Then tell a Full Access user of your clinic.",
		forgot: "Forgot your password?",
		signIn: "Go to Sign in",
	},

	sessions: {
		signOutTitle: (clinic: string) => `Sign out of ${clinic}?`,
		signOut: "Sign out",
		stay: "Stay signed in",
		title: "Sessions",
		lead: (unusedMs: number, longestMs: number, zone: string) => {
			const unused = `after ${englishSignOutAfter(unusedMs)} of inactivity`;
			const longest = `${englishSignOutAfter(longestMs)} after signing in`;
			const ends = unusedMs < longestMs ? `${unused}, and ${longest} at the latest` : longest;
			return `Where you are signed in. Each session ends by itself ${ends}. Times are ${zone}.`;
		},
		unknownBrowser: "A browser that did not say its name",
		isThis: "This session",
		lastSeen: (date: string, time: string, ago: string) => `Last seen ${date}, ${time}, ${ago}.`,
		signedIn: (date: string, time: string, where: string, how: string) =>
			`Signed in ${date}, ${time}, from ${where}, with ${how}.`,
		thisNetwork: "this network",
		anotherNetwork: "another network",
		how: {
			password: "your password",
			"trusted-browser": "your password, in a browser you trust",
			"authenticator-app": "your password and a code from the app",
			"text-message": "your password and a texted code",
			"recovery-code": "your password and your Recovery Code",
			"temporary-code": "your password and a temporary code",
			"emailed-code": "your password and an emailed code",
		},
		details: "Details",
		address: "Signed in from the address",
		ends: "Ends",
		endsUnused: (date: string, time: string) => `${date}, ${time}, if it is not used before`,
		endsAnyway: (date: string, time: string) => `${date}, ${time}, used or not`,
		elsewhere: "Everywhere else",
		nowhereElse: "You are signed in nowhere else.",
		signOutElsewhere: "Sign out everywhere else",
		more: "There are more sessions than fit here. “Sign out everywhere else” ends those too.",
		notices: {
			ended: "That session is signed out.",
			"ended-before": "That session had ended already.",
			"ended-others": "You are signed out everywhere else.",
		},
	},

	demo: {
		whoTitle: "Try it as",
		password: "Everybody's password is",
	},

	methods: {
		"authenticator-app": "Authenticator App",
		"text-message": "Text Message (SMS)",
	},

	secondStep: {
		enterAppCode: "Enter the code from your authenticator app",
		whereAppCodeIs:
			"Open the app on your phone or computer. The code has six digits and changes every 30 seconds.",
		notReceiving: "Not receiving your code?",
		verificationCode: "Verification code",
		submit: "Submit",
		tryAnotherWay: "Try another way",
		useRecoveryCode: "Use recovery code instead",
		lockedOut: "I'm locked out",
		cancel: "Cancel",
		trust: "Trust this browser to skip 2-Step Verification for 30 days",
		notACode: "Enter the six digits that your app shows now.",
		wrong: (left: number) =>
			left === 0
				? `That code isn't right. ${englishCodesLeft(left)}`
				: `That code isn't right. Wait for the next one in your app and enter it. ${englishCodesLeft(left)}`,
		clock: (minutes: number, direction: "slow" | "fast", left: number) =>
			direction === "slow"
				? `That code is about ${count(minutes, "minute")} old. Your phone's clock may be slow: turn on automatic date and time. ${englishCodesLeft(left)}`
				: `That code is about ${count(minutes, "minute")} ahead. Your phone's clock may be fast: turn on automatic date and time. ${englishCodesLeft(left)}`,
		codesWait: englishCodesWait,
		wait: (...said: Parameters<typeof englishCodesWait>) =>
			`${englishCodesWait(...said)} Meanwhile a Recovery Code works, if you have one: choose Try another way.`,
		recoveryCodeTitle: "Enter your Recovery Code",
		recoveryCodeLead:
			"The 20 letters and digits that you saved when you set up 2-Step Verification. It works once; you get a new one right after.",
		needsRecoveryCode: "Enter your Recovery Code: five groups of four letters and digits.",
		wrongRecoveryCode: (left: number) =>
			`That isn't your Recovery Code. Only the newest one works, and only once. ${left > FEW_TRIES ? "" : englishTriesLeft(left)}`.trimEnd(),
		waitForRecoveryCode: (until: number, now: number, timeZone: string) =>
			`That was too many tries. You can try again at ${englishTime(until, timeZone)}, in ${englishLength(until - now)}.`,
		anotherWayTitle: "Try another way",
		anotherWayLead: "These are the ways that can work for you now.",
		noWayLead: "No other way can work for you now. Choose I'm locked out to see who can help.",
		blocked: "A method that is blocked takes no codes until you replace it. It still counts as on.",
		ways: {
			"authenticator-app": {
				name: "Authenticator App",
				what: "A code from the app on your phone or computer.",
				choose: "Use the app",
			},
			"text-message": {
				name: "Text Message (SMS)",
				what: "A code by text message.",
				choose: "Text me a code",
			},
			"recovery-code": {
				name: "Recovery Code",
				what: "The 20 letters and digits that you saved. It works once.",
			},
			"temporary-code": {
				name: "Temporary code",
				what: "The eight digits that a Full Access user of your clinic told you. It works once.",
				choose: "Use a temporary code",
			},
		},
	},

	staff: {
		title: "Staff",
		lead: (clinic: string) => `Everybody who can sign in at ${clinic}. Choose a person to help them.`,
		deactivatedTitle: "Deactivated staff",
		deactivatedLead: (clinic: string) =>
			`They can't sign in at ${clinic}. Choose a person to let them in again.`,
		toDeactivated: "Deactivated staff",
		nobodyDeactivated: "Nobody is deactivated.",
		deactivatedBadge: "Deactivated",
		search: "Search",
		searchFor: "Name or email",
		showAll: "Show all staff",
		nobodyFound: (typed: string) =>
			`Nobody has “${typed}” in their name or email. Check the spelling, or type less of it.`,
		invitedBadge: "Invited",
		notSetUp: "Not set up",
		next: "Next page",
		toTheFirst: "To the first page",
		pages: "More people",
		never: "Never yet",
		lastSignIn: "Last sign-in",
		trusted: "Trusted browsers",
		isDeactivated: "This person is deactivated and can't sign in.",
		resetPending: "Their 2-Step Verification was turned off for them.",
		onWith: (methods: readonly string[]) => `On: ${methods.join(" and ")}`,
		isYou: "This is you. Your own settings are in",
		activityOf: "Activity of this person",
		helpTitle: "If they can't sign in",
		codeWhat:
			"A temporary code gets them in once, after their own password, in place of a verification code. Tell it in person or on the phone.",
		codeNot: {
			deactivated: "Nothing can be given to somebody who is deactivated.",
			"email-changed": (until: string) =>
				`Their email was changed. Until ${until} no temporary code can be given, and their 2-Step Verification can't be disabled here. If it is urgent, write to the Privacy and Security team:`,
			"not-asked-for": "They have not set up 2-Step Verification, so nothing but their password is asked.",
		},
		giveCode: "Give a temporary code",
		signOut: "Sign out everywhere",
		isSignedOut: (name: string) => `${name} is signed out everywhere.`,
		back: "Back to Staff",
		profileTitle: "Staff profile",
		waitingEmail: "New email",
		waitsUntilConfirmed: (email: string, until: string) =>
			`${email} – not confirmed yet. The link ends ${until}.`,
		waitingCode: (giver: string | undefined, until: number, now: number, timeZone: string) =>
			`Given by ${giver ?? "the Privacy and Security team"}, works until ${englishUntil(until, now, timeZone)}`,
		callInstead: "Number to call",
		callEarlier: (number: string) =>
			`${number}, the one before: their number was changed less than 7 days ago.`,
		callNobody: "None. Their number was added less than 7 days ago, so see them in person.",
		noEmailsTitle: "This server sends no emails",
		noEmails:
			"Invitations and links to set a password reach nobody. Ask the people who run this server to connect a mail server.",
		sendLink: "Send a password link",
		sendLinkWhat: (address: string, after: "nothing" | "their-code" | "temporary-code" | "operators-code") =>
			`Have they forgotten their password? They choose Forgot your password? on the sign-in page, or you send a link to choose a new one: it goes to ${address}, and works once, for 1 hour. ${englishAfterLink[after]}`,
		invitationWaits: (address: string) =>
			`They have not used their invitation yet. Send them another link to set a password; it goes to ${address} and works once, for 7 days.`,
		invitedOnceConfirmed: (newEmail: string, address: string) =>
			`They have not used their invitation yet. Once ${newEmail} is confirmed, a link to set a password goes there by itself. A link that you send now still goes to ${address}.`,
		linkGoesToEarlier:
			"Their email was changed less than 7 days ago, so the link goes to the address they had before.",
		linkSent: (address: string) => `A link to set a password is on its way to ${address}.`,
		linkJustSent: (address: string) =>
			`A link to set a password went to ${address} less than a minute ago. It can take a few minutes; the spam folder is worth a look.`,
		giveCodeTo: (name: string) => `Give ${name} a temporary code`,
		giveCodeLead: (hasNumber: boolean) =>
			hasNumber
				? "Make sure that it is really them. Never give a code to somebody who called you: call them back."
				: "Make sure that it is really them. Never give a code to somebody who called you.",
		call: "Call the number on their staff profile, and no other:",
		callBefore: "Call the number they had before, and no other:",
		noNumber:
			"There is no number on their staff profile, so see them and tell the code in person. Never call a number that somebody gives you now.",
		newNumber:
			"Their number was added less than 7 days ago, so see them and tell the code in person. Don't call that number.",
		stillWorks: (until: number, now: number, timeZone: string) =>
			`A code given earlier still works until ${englishUntil(until, now, timeZone)}. A new one ends it.`,
		numberChanged: "The one on their staff profile was changed less than 7 days ago.",
		howTold: "How will you tell them?",
		tellHow: { "in-person": "In person", "by-phone": "I call the number above" },
		howLong: "How long should it work?",
		passwordFirst:
			"If they have forgotten their password, let them set a new one first: a new password ends this code.",
		tickHow: "Choose how you will tell them.",
		chooseLife: "Choose how long the code should work.",
		codeFor: (name: string) => `Temporary code for ${name}`,
		codeOnce: {
			"in-person": "It is shown this once. Tell them now, in person.",
			"by-phone": "It is shown this once. Call and tell them now.",
		},
		codeUntil: (date: string, time: string) => `It works once, until ${date}, ${time}.`,
		howUsed: (hasMethodOn: boolean) =>
			hasMethodOn
				? "After their email and password they choose Try another way, then Use a temporary code."
				: "After their email and password they choose Use a temporary code.",
		told: "I've told them",
		isTold: (name: string, until: number, now: number, timeZone: string) =>
			`${name} can sign in with their password and the temporary code. It works once, until ${englishUntil(until, now, timeZone)}.`,
		setUpFirstTitle: "Set up 2-Step Verification for yourself first",
		setUpFirst:
			"To invite, edit or help colleagues you need 2-Step Verification yourself. It takes two minutes.",
		isSetUp: "2-Step Verification is on for you. Now you can go on here.",
	},

	/** Who joins, what is changed on a staff profile, and who leaves. */
	staffProfiles: {
		name: "Name",
		email: "Email",
		mobile: "Mobile number",
		yourPassword: "Your password",
		whyPassword: "We ask again so that nobody can do this on a computer you left open.",
		mobileHint: "Not required. It is the number you call when they need help.",
		access: "Access level",
		accessHints: {
			limited: "Their own sign-in, password and 2-Step Verification.",
			full: "Also Staff and Settings: they can help colleagues, and change the rules for the whole clinic.",
		},
		needsName: "Enter their name.",
		nameIs: "Enter a name of 100 characters at most, in one line.",
		emailIs: "Enter an email, as name@clinic.com.",
		mobileIs:
			"Enter the number with its area code or, where it is abroad, with + and the country code, as +44 7400 123456.",
		chooseAccess: "Choose an access level.",

		invite: "Invite",
		inviteTitle: "Invite a colleague",
		inviteLead: (clinic: string) =>
			`They get an email with a link to set a password, which works once, for 7 days. Then they can sign in at ${clinic}.`,
		sendInvitation: "Send invitation",
		codeFirst: "To invite with Full Access, enter a code first",
		passwordForFull: "Asked for because somebody with Full Access can change the rules for everybody.",
		invited: (name: string, email: string) =>
			`${name} has a staff profile now, and an invitation is on its way to ${email}.`,
		invitedAgain: (name: string, address: string) =>
			`${name} already has a staff profile, and nothing of it was changed. We sent a link to set a password to ${address}.`,
		isDeactivated: (name: string) =>
			`${name} already has a staff profile. It is deactivated, so no invitation was sent. Reactivate it, and they can sign in again.`,
		isYourself: "That is your own email. You have a staff profile already.",
		invitationsWait: (until: number, timeZone: string) =>
			`Your clinic has sent as many invitations as can go in a day, so none was sent. You can invite again from ${englishMoment(until, timeZone)}.`,

		edit: "Edit",
		editTitle: (name: string) => `Edit ${name}`,
		editLead: "They are emailed what you change, and so is everybody with Full Access.",
		save: "Save",
		newEmailWaits:
			"A new email waits until somebody there confirms it. Until then they sign in with the one they have.",
		emailWaits: (email: string) =>
			`${email} waits until it is confirmed. Saving another email ends that; saving the same one sends the confirmation again.`,
		emailTaken: (email: string) => `Somebody else at your clinic has ${email}. Enter another email.`,
		emailWasAnothers: (holder: { name: string; since: number; until: number }, timeZone: string) =>
			`That email was ${holder.name}'s until ${englishMoment(holder.since, timeZone)}, and for 7 days links to choose a new password still go there for them. It can be used from ${englishMoment(holder.until, timeZone)} on. Enter another email, or try again then.`,
		mobileIsContact: (texted: string | undefined) =>
			texted === undefined
				? "The number you call when they need help. For 7 days after a change, call the number before it."
				: `The number you call when they need help. For 7 days after a change, call the number before it. Codes go on being texted to ${texted}, until they replace it themselves.`,
		lastFullAccess: (clinic: string) =>
			`They are the last Full Access user of ${clinic} who has finished a sign-in, and keep it. Invite another with Full Access and let them sign in, then try again.`,
		changedMeanwhile:
			"Somebody changed this staff profile while you had it open. Here it is as it is now: look at it, and make your change again.",
		confirmationsWait: {
			address: (until: number, timeZone: string) =>
				`Too many confirmations went to that email, so nothing was saved. Try again from ${englishMoment(until, timeZone)}.`,
			asker: (until: number, timeZone: string) =>
				`You changed as many emails as can be changed in a day, so nothing was saved. Try again from ${englishMoment(until, timeZone)}.`,
		},
		cancelEmail: "Cancel the new email",
		cancelEmailTitle: (name: string) => `Cancel the new email of ${name}?`,
		cancelEmailLead: (newEmail: string, email: string) =>
			`${newEmail} has not been confirmed. The link that went there stops working, and their email stays ${email}. They are told by email, and so is everybody with Full Access.`,
		letEmailWait: "Let it wait",
		emailCancelled: (name: string, email: string) =>
			`The new email of ${name} is cancelled. Their email stays ${email}.`,
		saved: (name: string) => `The staff profile of ${name} is changed.`,
		unchanged: "Nothing was changed.",
		savedEmailWaits: (name: string, email: string) =>
			`The staff profile of ${name} is changed. The new email waits until ${email} is confirmed: an email with a link is on its way there.`,

		deactivate: "Deactivate",
		deactivateTitle: (name: string) => `Deactivate ${name}?`,
		deactivateLead: (clinic: string) => `For somebody who no longer works at ${clinic}, or is away for long.`,
		deactivateDoes: [
			"They can't sign in any more, and are signed out everywhere at once.",
			"Links to set a password, temporary codes and any change of email under way end, and no browser is trusted any more.",
			"Their activity stays, and so does what they set up for 2-Step Verification. Reactivate them, and they sign in as before.",
		],
		deactivateEndsCodes: "Temporary codes that they gave to colleagues end too.",
		keepActive: "Keep them active",
		deactivated: (name: string) =>
			`${name} is deactivated, signed out everywhere, and can't sign in any more.`,

		reactivate: "Reactivate",
		reactivateTitle: (name: string) => `Reactivate ${name}?`,
		reactivateLead: (access: string, hasPassword: boolean) =>
			hasPassword
				? `They can sign in again with their password and whatever they set up. If a new email waited to be confirmed, it has ended: enter it again. Their access level is ${access}.`
				: `They have never set a password, so they get an email with a link to set one. Their access level is ${access}.`,
		reactivated: (name: string) => `${name} is active again.`,
		reactivatedByLink: (name: string, address: string) =>
			`${name} is active again, and a link to set a password is on its way to ${address}.`,
	},

	/** Turning a colleague's 2-Step Verification off. */
	reset: {
		title: (name: string) => `Disable 2-Step Verification for ${name}?`,
		lead: "For a colleague who has lost every way in: the phone, and the Recovery Code too.",
		insteadTitle: "Is the phone just not with them?",
		instead: "Then give a temporary code instead. It gets them in once, and everything they set up stays on.",
		isItThemTitle: "Is it really them?",
		callThem: "See them, or call the number on their staff profile, and no other:",
		callThemBefore: "See them, or call the number they had before, and no other:",
		seeThem: "See them in person: there is no number on their staff profile.",
		seeThemLately: "See them in person: their number was added less than 7 days ago.",
		neverFor: "Never do this for somebody who called or wrote to you.",
		ends: (methods: readonly string[]) =>
			`This turns off their ${methods.join(" and ")}. Their Recovery Code, trusted browsers and any change of email under way end, and they are signed out everywhere.`,
		nextTitle: "What they need next",
		nextByEmail: (email: string) =>
			`Their password, and then a code that we email to ${email}. If they have forgotten the password too, they choose a new one first, and then only a temporary code from you gets them in. After that they set 2-Step Verification up anew.`,
		nextByCode:
			"Their password, and then a temporary code from you. An emailed code won't do: their password was set by an emailed link, so whoever reads their email could get in. After that they set 2-Step Verification up anew.",
		reason: "Reason",
		reasonHint: (name: string) =>
			`Kept in the activity log, and emailed to ${name} and to every Full Access user.`,
		reasonIs: {
			"too-short": "Enter a reason, for example “Lost phone, seen in person”.",
			"too-long": "Shorten the reason to 500 characters at most.",
			"not-one-line": "Write the reason in one line, with letters that can be read.",
		},
		submit: "Disable 2-Step Verification",
		isDone: (name: string) =>
			`2-Step Verification is off for ${name}, who is signed out everywhere. What they do next:`,
		what: "Have they lost the phone and the Recovery Code too, so that nothing they set up is left? Then turn their 2-Step Verification off, and they set it up anew.",
		pendingByEmail: (email: string) =>
			`At the next sign-in we check after the password that it is them: by a code that we email to ${email}, or by a temporary code from you. If they have forgotten the password, they choose a new one first, and then only a temporary code gets them in.`,
		pendingByCode:
			"At the next sign-in only a temporary code from you gets them in after the password: an emailed one won't do.",
		pendingByOperator: (until: string) =>
			`At the next sign-in only a temporary code gets them in after the password. Their email was changed, so until ${until} only the Privacy and Security team can give one:`,
	},

	temporaryCode: {
		enterTitle: "Enter your temporary code",
		enterLead:
			"The eight digits that a Full Access user of your clinic, or the Privacy and Security team, told you. It works once.",
		label: "Temporary code",
		notACode: "Enter the eight digits that you were told.",
		wrong: (left: number) =>
			`That code isn't right, or it has ended. Only the newest one works, and only once. ${englishTriesLeft(left)}`,
		wait: (until: number, timeZone: string, isOverByThen: boolean, hasOtherWay: boolean) =>
			`That was too many wrong codes. You can enter one again at ${englishTime(until, timeZone)}${isOverByThen ? ": sign in again then" : ""}. Can't wait? Choose ${hasOtherWay ? "Try another way" : "I'm locked out"}.`,
	},

	/** A code asked for inside a session. */
	confirm: {
		title: "Enter a code to go on",
		lead: "You signed in without a code this time. We ask for one now, so that nobody can change this on a computer you left open.",
		whereAppCodeIs: "Six digits, from your authenticator app.",
		willText: (number: string) => `We text a code to ${number}.`,
		texted: (number: string) => `We texted a code to ${number}.`,
		noneLeft:
			"That code isn't right, and it was the last try for now. Wait 15 minutes, or try another way below.",
		onlyRecoveryCode:
			"Your method takes no codes now. It still counts as on. Use your Recovery Code, then replace the method.",
		nothingWorks:
			"Your method takes no codes now, and you have no Recovery Code. Your method still counts as on: get help to go on.",
		cancel: "Cancel",
	},

	/** A set-up between password and session. */
	signInSetUp: {
		offerTitle: (date: string | undefined) =>
			date === undefined ? "Set up 2-Step Verification" : `Set up 2-Step Verification by ${date}`,
		offerLead: (clinic: string, isRequired: boolean) =>
			isRequired
				? `From that day ${clinic} requires it: after your password we ask for a code, so that nobody gets in with your password alone. It takes two minutes.`
				: "After your password we ask for a code, so that nobody gets in with your password alone. It takes two minutes.",
		forcedTitle: "Set up 2-Step Verification to sign in",
		forcedLead: (clinic: string) =>
			`${clinic} requires it: after your password we ask for a code. You are in as soon as it is on. It takes two minutes.`,
		needsApp:
			"You need an authenticator app on your phone or computer. No app yet? The next page lists those that work.",
		whichKind: "What do you want to set up?",
		kinds: {
			"authenticator-app": "Recommended: safer, and works on a computer, without signal and abroad.",
			"text-message": "A code by text message each time.",
		},
		setUpNow: "Set up now",
		notNow: "Not now",
	},

	profile: {
		lead: "Who you are at your clinic, and how you are reached.",
		change: "Change",
		byFullAccess: (isOne: boolean) =>
			`${isOne ? "Another" : "A"} Full Access user of your clinic can change it.`,
		emailWhat: "You sign in with it. Links to choose a new password go there.",
		mobileWhat: "Where colleagues who help you can call.",
		mobileCodes:
			"Your codes are texted there. A new number replaces it once you have entered a code from it.",
		codesElsewhere: (number: string) => `Your codes are texted to ${number}.`,
		emailLately: (earlier: string, until: string) =>
			`It was changed. Until ${until}, links to choose a new password go to ${earlier}, and no colleague can turn off your 2-Step Verification or give you a temporary code.`,
		mobileLately: (earlier: string | undefined, until: string) =>
			earlier === undefined
				? `It is new. Until ${until}, no colleague who helps you is told to call it.`
				: `It was changed. Until ${until}, colleagues who help you are told to call ${earlier}.`,
		waitsTitle: (email: string) => `Confirm ${email}`,
		waits: (until: string, current: string, askedBy: string | undefined) =>
			`${askedBy === undefined ? "" : `${askedBy} asked for this change. `}Open the email we sent there. The link works until ${until}. Until you use it, you sign in with ${current}.`,
		cancelChange: "Cancel the change",
		notices: {
			cancelled: "The change is cancelled. Your email stays as it is.",
			mobile: "Your mobile number is changed.",
		},
		changeEmailTitle: "Change your email",
		changeEmailLead: (current: string) =>
			`You sign in with ${current}. It changes when the new address confirms it, and we tell ${current}.`,
		sevenDays: (hasMethodOn: boolean) =>
			`For 7 days after that, links to choose a new password still go to the address you have now, and no colleague can turn off your 2-Step Verification or give you a temporary code.${hasMethodOn ? " Have your Recovery Code at hand." : ""}`,
		sendConfirmation: "Send the confirmation",
		newEmail: "New email",
		needsEmail: "Enter the new email, as name@clinic.com.",
		sameEmail: "That is your email already. Enter another one, or leave it as it is.",
		waitToAsk: {
			address: (until: number, now: number) =>
				`We have sent as many emails to that address as we can for now. Try again in ${englishLength(until - now)}, or enter another one.`,
			asker: (until: number, now: number) =>
				`You have asked for as many changes of email as you can in a day. Try again in ${englishLength(until - now)}.`,
		},
		meanwhile:
			"How you sign in has just been changed somewhere else, so nothing was changed here. Have a look, and try again.",
		changeMobileTitle: "Change your mobile number",
		changeMobileLead: "Colleagues who help you can call you there. We tell you by email.",
		mobileSevenDays: (hasOne: boolean) =>
			hasOne
				? "For 7 days colleagues who help you are told to call an earlier number, not the new one."
				: "For 7 days no colleague who helps you is told to call the new number.",
		mobileHint: "Leave empty if you don't want a number here.",
		needsMobile:
			"Enter the number with its area code or, where it is abroad, with + and the country code, as +44 7400 123456.",
		sameMobile: "That is your mobile number already. Enter another one, or leave it as it is.",
		save: "Save",
		confirmTitle: "Confirm your new email",
		confirmLead: (email: string, person: string, clinic: string) =>
			`Make ${email} the email with which ${person} signs in at ${clinic}?`,
		confirm: "Confirm this email",
		confirmNot: "If you don't know what this is about, close this page. Nothing changes.",
		confirmedTitle: "Your email is changed",
		confirmed: (email: string, clinic: string) => `You sign in at ${clinic} with ${email} from now on.`,
		confirmedNext: (earlier: string) =>
			`We told ${earlier}. For 7 days, links to choose a new password still go there, and no colleague can give you a temporary code.`,
		invited:
			"You choose your password next. Open the invitation we have just sent to this address: it has the link for it. A password chosen before at another address no longer works.",
		goOn: "Continue",
		overTitle: "This link doesn't work any more",
		over: "It was used, it is more than 24 hours old, or the change was cancelled. If you have confirmed your new email already, sign in with it: there is nothing more to do.",
		overNext:
			"If not, sign in with the email you had, open My Account, Profile, and change it again. If you were invited, ask a Full Access user of your clinic.",
		takenTitle: "This email is taken",
		taken: (email: string) =>
			`${email} belongs to another staff profile of your clinic, or did until a few days ago. Your email stays as it was.`,
		takenNext:
			"To use another one, open My Account, Profile. If it should be yours, ask a Full Access user of your clinic.",
		signIn: "Sign in",
	},

	account: {
		name: "Name",
		email: "Email",
		mobile: "Mobile number",
		noMobile: "None yet",
		access: "Access level",
		accessLevels: { full: "Full Access", limited: "Limited" },
		changePassword: "Change password",
		changeProfile: "Change email or mobile number",
		on: "On",
		off: "Off",
		blocked: "Blocked",
		offTitle: "2-Step Verification is off",
		offWhy:
			"With it, nobody gets in with your password alone: a code from an app on your phone or computer is asked for too. It takes two minutes.",
		setUpNow: "Set up 2-Step Verification",
		isOnLead: "After your password we ask for a code. Nobody gets in with your password alone.",
		isOnLeadTrusting:
			"After your password we ask for a code, except in a browser you trust. Anywhere else nobody gets in with your password alone.",
		isOffLead:
			"Whoever has your password can sign in as you. Set up an authenticator app to ask for a code too. It takes two minutes.",
		methods: "Methods",
		what: {
			"authenticator-app":
				"A free app on your phone or computer shows a code that changes every 30 seconds. Works without signal and abroad.",
			"text-message": "A code by text message.",
		},
		since: (date: string) => `On since ${date}.`,
		lastUsed: (date: string) => `Last used ${date}.`,
		neverUsed: "Not used to sign in yet.",
		blockedNext:
			"It takes no codes until you replace it: it had too many wrong ones in a row, or “This wasn't me” was chosen. It still counts as on.",
		setUp: "Set up",
		replace: "Replace",
		turnOff: "Turn off",
		recoveryCode: "Recovery Code",
		whatItIs: "Gets you in once if you can't use your phone.",
		madeOn: (date: string) => `Made ${date}.`,
		getNewCode: "Get a new Recovery Code",
		noRecoveryCode:
			"You have no Recovery Code. Get one now, so that you can still sign in if you lose your phone.",
		notSaved:
			"You haven't told us that you saved your Recovery Code. If you don't have it, get a new one now.",
		notSavedYet: (until: string) =>
			`You haven't told us that you saved your Recovery Code. We can show it until ${until}.`,
		showCode: "Show my Recovery Code",
		notices: {
			saved: "You're all set. 2-Step Verification is on and your Recovery Code is saved.",
			off: "That method is turned off.",
			default: "Saved. We ask for this method first.",
			"trust-removed": "Removed. There we ask for a code at the next sign-in.",
		},
		settingUp: {
			"authenticator-app": {
				title: "Set up the authenticator app",
				lead: "You need your phone or computer. It takes two minutes.",
			},
			"text-message": { title: "Set up text messages", lead: "You need your phone. It takes a minute." },
		},
		replacing: {
			"authenticator-app": {
				title: "Replace the authenticator app",
				lead: "Your current app works until the new one is set up. You also get a new Recovery Code, and the earlier one ends.",
			},
			"text-message": {
				title: "Replace your mobile number",
				lead: "Codes go to your current number until you have entered one from the new number. You also get a new Recovery Code; the earlier one ends.",
			},
		},
		setUpInstead: "What do you want to set up instead?",
		whichFirst: "Which should we ask for first?",
		whichFirstLead: "You can always choose the other one with Try another way.",
		askFirst: "Ask for first",
		recommended: "Recommended: safer, and works without signal.",
		makeDefault: "Make default",
		isDefault: "Default",
		passwordAgain: "Password",
		whyPassword: "We ask again so that nobody can change this on a computer you left open.",
		next: "Next",
		cancel: "Cancel",
		signOutElsewhere: "Sign out everywhere else",
		turnOffTitle: (method: string) => `Turn off ${method}?`,
		turnOffHeadsUp:
			"This may have compliance or regulatory implications, and may affect a claim on your clinic's cybersecurity insurance.",
		turnOffLast:
			"2-Step Verification will be off: whoever has your password can sign in as you. Your Recovery Code ends too.",
		turnOffOther: "Your other method stays on.",
		keepItOn: "Keep it on",
		trustInsteadTitle: "Is it the code each time?",
		trustInstead:
			"Then trust this browser instead: at your next sign-in, tick “Trust this browser to skip 2-Step Verification for 30 days”.",
		isTrustedUntil: (date: string) =>
			`You trust this browser: until ${date} you need only your password here. You can trust others too, where you enter a code at sign-in.`,
		trustIsForgotten: "Clearing cookies or a private window asks for a code again.",
		onlyReplaceTitle: (method: string) => `${method} can't be turned off now`,
		onlyReplace: (clinic: string, date: string) =>
			`${clinic} has required 2-Step Verification since ${date}, and this is your last method. You can replace it.`,
		trustedBrowsers: "Trusted browsers",
		whatTrustIs: "In these you need only your password. Remove one that you don't know or no longer use.",
		nothingTrusted:
			"None. When you enter a code at sign-in, you can tick “Trust this browser to skip 2-Step Verification for 30 days”.",
		trustNotAllowed: (clinic: string) =>
			`${clinic} doesn't allow trusted browsers, so we ask for a code at each sign-in.`,
		thisBrowser: "This browser",
		trustedSince: (date: string, time: string, where: string) => `Trusted ${date}, ${time}, from ${where}.`,
		trustEnds: (date: string, time: string) => `Ends ${date}, ${time}.`,
		trustedFrom: (address: string) => `Trusted from the address ${address}.`,
		remove: "Remove",
		removeAll: "Remove all",
		rule: "Your clinic's rule",
		notRequired: (clinic: string) => `${clinic} doesn't require 2-Step Verification.`,
		willBeRequired: (clinic: string, date: string) => `${clinic} requires 2-Step Verification from ${date}.`,
		isRequired: (clinic: string, date: string) => `${clinic} has required 2-Step Verification since ${date}.`,
		lastStays: "Your last method can be replaced, but not turned off.",
		textsStopped: (clinic: string) => `${clinic} no longer allows text messages to be set up.`,
		whoChangesRule: "A Full Access user of your clinic can change this in Settings → Security.",
		youChangeRule: "You can change this in Settings → Security.",
		openRule: "Open Security",
		appInsteadTitle: "Set up an app instead of text messages",
		appInsteadLead: (clinic: string) =>
			`${clinic} no longer allows codes by text message, and you have nothing else. It takes two minutes.`,
		textsEnd: "Your text messages end as soon as the app is on.",
		appInsteadNow: "Set up now",
		notNow: "Not now",
		newCodeEnds: "Your current Recovery Code ends when you get a new one.",
		newCodeLead: "It gets you in once if you can't use your phone.",
		lostTitle: "Lost your phone?",
		lostLead:
			"You signed in with your Recovery Code, so it is used up. Is your phone gone, or just not with you?",
		lostLeadGivenCode:
			"You signed in with a temporary code, so it is used up. Is your phone gone, or just not with you?",
		lostNextGivenCode:
			"If you replace it you get a new Recovery Code next. If you keep it, everything stays as it is.",
		whatIsLost: "What have you lost?",
		lostNumber: (number: string) =>
			`To ${number}. Will you have this number again on another phone? Then keep it: the codes come there.`,
		textsInstead: "To a number whose messages you can read now.",
		replaceNow: "I've lost it: replace it now",
		keepIt: "I just don't have it with me: keep it",
		lostNext: "Either way you get a new Recovery Code next.",
		tickWhatIsLost: "Tick what you have lost, or choose “I just don't have it with me: keep it”.",
	},

	help: {
		title: "Can't sign in?",
		lead: "Find what fits.",
		titleSignedIn: "Help",
		leadSignedIn: "You are signed in. This is for somebody who can't sign in.",
		toHelpColleague: "To help a colleague, open",
		leadAfterPassword: "Your password was right. These can work for you now, in the order to try them.",
		password: {
			title: "You forgot your password",
			text: "We email you a link to choose a new one.",
			button: "Forgot your password?",
		},
		spam: {
			title: "The text message doesn't arrive",
			text: "Look in the folder for spam or blocked messages on your phone.",
		},
		texts: {
			title: "The text message doesn't arrive",
			text: "Look in the folder for spam or blocked messages on your phone. Then ask somebody to text you: if that doesn't arrive either, turn airplane mode on and off, or restart the phone. Where the code is asked for, choose Resend code.",
		},
		otherTexts: {
			title: "Check that other text messages arrive",
			text: "Ask somebody to text you. Turn airplane mode on and off, or restart the phone.",
		},
		resend: {
			title: "Have the code sent again",
			text: "Codes that were sent earlier still work for about five minutes.",
			button: "Resend code",
		},
		app: {
			title: "Your app's code isn't accepted",
			text: "Turn on automatic date and time on your phone, wait for the next code and enter that one. If the app also runs on your computer, the code is there too.",
			button: "Enter a code",
		},
		recoveryCode: {
			title: "You don't have your phone",
			text: "After your password, choose “Use recovery code instead” and enter the Recovery Code you saved when you set up 2-Step Verification: look in your password manager, cloud storage or papers. It has 20 letters and digits. If your app also runs on your computer, its code is there too. If you set up another method, choose “Try another way”.",
			afterPassword:
				"Enter the Recovery Code you saved when you set up 2-Step Verification: look in your password manager, cloud storage or papers. It has 20 letters and digits.",
			button: "Use recovery code instead",
		},
		elsewhere: {
			title: "You are still signed in on another device",
			text: "There, open My Account, 2-Step Verification, and choose Replace to set up the app on a new phone.",
			replace:
				"There, open My Account, 2-Step Verification, and choose Replace to set up the app on a new phone.",
			"replace-or-turn-off":
				"There, open My Account, 2-Step Verification, and choose Replace to set up the app on a new phone, or Turn off if you have none yet.",
		},
		operator: {
			title: "None of this works",
			text: "Write to the Privacy and Security team. Have ready: your name, your clinic, the email you sign in with, and a number on which we can call you back. Never send a password or a code.",
			subject: "Locked out of 2-Step Verification",
		},
		emailSpam: {
			title: "The emailed code doesn't arrive",
			text: "It can take a few minutes. Look in the folder for spam or junk, and search your mail for the name of your clinic.",
		},
		emailAgain: {
			title: "Have another code emailed",
			text: "Codes that were sent earlier go on working, each for an hour.",
			button: "Email me a code",
		},
		noApp: {
			title: "You have no authenticator app yet",
			text: "Any of those listed below works, and most are free. Some run on a computer, so you don't need a phone.",
		},
		appCode: {
			title: "Your app's code isn't accepted",
			text: "Turn on automatic date and time on your phone, wait for the next code and enter that one. If you scanned the QR code before, scan the one that is shown now.",
		},
		colleague: {
			title: "Ask a Full Access user of your clinic",
			text: "Ask them to give you a temporary code (Staff, then your name), in person or on the phone, never by email.",
		},
		temporaryCode: {
			title: "You were given a temporary code",
			text: "Enter the eight digits that a Full Access user of your clinic told you.",
			button: "Use a temporary code",
		},
		back: "Back to the code",
		backToSignIn: "Back to Sign in",
		backToAccount: "Back to My Account",
		backToSetUp: "Back to the set-up",
		apps: "Apps that work",
	},

	/** The text messages themselves, in the letters that one of 160 has (GSM 7-bit). */
	texts: {
		/** @param clinicName empty where it cannot be written so */
		code: (code: string, clinicName: string) =>
			`${code} is your ${clinicName === "" ? "" : `${clinicName} `}security code. Never share it.`,
		/** What `vestibule doctor` sends; it is about no clinic. */
		test: (host: string) => `Test message from ${host}. There is nothing to do.`,
	},

	textMessage: {
		numberTitle: "Set up text messages",
		numberLead: "We text you a code. Enter the number of the phone that you have with you when you sign in.",
		mobileNumber: "Mobile number",
		becomesProfile: "It also becomes the mobile number on your staff profile.",
		changesProfile: (number: string) =>
			`On your staff profile: ${number}. A different number becomes the one on your staff profile too.`,
		lessSafe:
			"Text messages are less safe than an authenticator app, which also works on a computer, without signal and abroad.",
		setUpAppInstead: "Set up the authenticator app instead",
		next: "Next",
		enterCode: (number: string) => `Enter the code we texted to ${number}`,
		changeNumber: "Change number",
		noTriesLeft:
			"None of the 5 codes was right, so nothing was changed. Start again to have a new code texted.",
		ended:
			"It was left for too long, or something changed since it began, so nothing was turned on by it. Start again.",
		resend: "Resend code",
		notACode: "Enter the six digits from the text message.",
		wrong: (left: number) =>
			`That code isn't right. Check the newest text message. ${englishCodesLeft(left)}`,
		expired: (left: number) =>
			`That code is too old. Choose Resend code and enter the new one. ${englishCodesLeft(left)}`,
		waitToResend: (until: number, now: number) => `You can resend the code in ${englishLength(until - now)}.`,
		usedUp: {
			"sign-in": "We have sent as many messages as we can this time. If none arrives, try another way.",
			"set-up":
				"We have sent as many messages as we can this time. If none arrives, cancel and set up an authenticator app instead.",
		},
		/** Why no code is texted now, by what has had too many: at a sign-in, and in a set-up. */
		limited: {
			"sign-in": {
				number: () => "We have texted as many codes to your number as we can for now.",
				profile: () => "We have texted you as many codes as we can within a day.",
				"numbers-alike": () =>
					"Somebody asked for many codes to numbers like yours just now, so we can't text one yet.",
				network: () =>
					"Too many codes were asked for from this network within a day, so we can't text one yet.",
				clinic: (clinic: string) =>
					`Too many codes texted for ${clinic} within a day were not used, so we text none to browsers that people have not signed in with before. In a browser you have used before, you still get one.`,
				ceiling: (clinic: string) =>
					`${clinic} has had all the text messages that it can have within a day. Its Full Access users have been told.`,
			},
			"set-up": {
				number: () =>
					"We have texted as many codes to this number as we can for now. Check that it is right.",
				profile: () =>
					"We have texted as many codes for you, or to as many different numbers, as we can within a day.",
				"numbers-alike": () =>
					"Somebody asked for many codes to numbers like this one just now, so we can't text one yet.",
				network: () =>
					"Too many codes were asked for from this network within a day, so we can't text one yet.",
				clinic: (clinic: string) =>
					`Too many codes texted for ${clinic} within a day were not used, so nobody can set up text messages for now.`,
				ceiling: (clinic: string) =>
					`${clinic} has had all the text messages that it can have within a day. Its Full Access users have been told.`,
			},
		},
		/** What to do meanwhile. */
		untilThen: {
			"sign-in": (until: number, now: number, timeZone: string) =>
				`The next one can go ${englishWhen(until, now, timeZone)}. Until then use another way.`,
			"no-other-way": (until: number, now: number, timeZone: string) =>
				`The next one can go ${englishWhen(until, now, timeZone)}. Choose I'm locked out to see who can help until then.`,
			"set-up": (until: number, now: number, timeZone: string) =>
				`The next one can go ${englishWhen(until, now, timeZone)}. Until then you can set up an authenticator app instead.`,
		},
		refusedNumber: {
			"not-a-number":
				"Enter a mobile number, with the country code if it is from abroad, as +44 7400 123456.",
			"not-mobile": "That number can't receive text messages. Enter a mobile number.",
			country: "We can't send text messages to that country. Set up an authenticator app instead.",
		},
		countryAtSignIn:
			"We can't send text messages to the country of your number any more. Use another way, and then set up an authenticator app.",
		/** Where a code was to be texted at a sign-in, and none was. */
		noneTexted: {
			title: "We haven't texted you a code yet",
			lead: (number: string) => `Choose Text me a code, and we send one to ${number}.`,
			refused: "We can't text you a code now",
		},
		states: {
			none: "No message has been sent yet. Choose Resend code.",
			waiting: "Your message is on its way. It can take a minute.",
			sent: (time: string) => `Sent at ${time}. It can take a minute to arrive.`,
			delivered: (time: string) => `Sent at ${time}, and your carrier says it arrived.`,
			failed: "Your carrier could not deliver it. If you resend it, we try another way of sending it.",
			providers: {
				"sign-in": "We could not send the message. Resend it, or try another way.",
				"set-up": "We could not send the message. Resend it to try once more.",
			},
			cannotReceive: {
				"sign-in": "Your number can't receive text messages now. Try another way.",
				"set-up": "That number can't receive text messages. Check it: choose Change number.",
			},
			dropped: "We could not send the message in time. Resend it to get a new code.",
		},
	},

	reminders: {
		send: "Send reminder",
		sendToAll: "Send reminder to all",
		sent: (name: string) => `A reminder is on its way to ${name}.`,
		onTheirWay: (people: number) =>
			`Reminders are on their way to ${people === 1 ? "1 person" : `${people} people`}. Whoever has had 3 in the last hour or 10 in the last day gets no other one now.`,
		underWay: "Reminders are still on their way from the last time, so no more were sent.",
		waits: (name: string, per: "hour" | "day", until: number, timeZone: string) =>
			per === "hour"
				? `${name} has had 3 reminders in the last hour; try again at ${englishTime(until, timeZone)}.`
				: `${name} has had 10 reminders in the last day; try again on ${englishMoment(until, timeZone)}.`,
		hasItOn: (name: string) => `${name} has set up 2-Step Verification, so no reminder was sent.`,
		deactivated: (name: string) => `${name} is deactivated and can't sign in, so no reminder was sent.`,
		everybodyHasItOn: "Everybody has set up 2-Step Verification, so no reminder was sent.",
		off: (clinic: string) =>
			`2-Step Verification is not required at ${clinic}, so no reminder was sent. Require it first, in Settings, Security.`,
	},

	security: {
		title: "Security",
		edit: "Edit",
		isMultiFactor:
			"2-Step Verification is Multi-Factor Authentication: something you know, your password, and something you have, your phone or computer. Insurers and auditors ask for it by that name.",
		states: {
			off: "Off",
			scheduled: (date: string) => `From ${date}`,
			"in-force": (date: string) => `In force since ${date}`,
		},
		whatItMeans: {
			off: (clinic: string) =>
				`Nobody at ${clinic} has to have it. Whoever has somebody's password can sign in as them, unless that person has set it up.`,
			scheduled: (clinic: string, date: string) =>
				`From ${date} everybody at ${clinic} needs it to sign in. Until then whoever has not set it up is reminded.`,
			"in-force": (clinic: string) =>
				`Everybody at ${clinic} needs it to sign in. Whoever has not set it up does so at the next sign-in.`,
		},
		whoHasIt: (on: number, active: number) => `${on} of ${active}`,
		staffHaveItOn: "staff have it on",
		everybodyHasIt: "Everybody has it on.",
		notYet: (names: readonly string[], more: number) =>
			`Not yet: ${more > 0 ? `${names.join(", ")} and ${more} more` : englishList(names)}.`,
		seeWho: "See who has it on",
		required: "Required",
		notRequired: "No",
		requiredFrom: (date: string) => `From ${date}`,
		recognizedDevices: "Recognized devices",
		maySkip: "May skip it for 30 days",
		mayNotSkip: "Are asked each time",
		textMessages: "Text messages",
		allowed: "Allowed",
		notAllowed: "Not allowed",
		onlyOneTitle: "You are the only Full Access user",
		onlyOne:
			"If you lose your phone and your Recovery Code, nobody at your clinic can help you back in. Give somebody else Full Access in Staff.",
		openStaff: "Open Staff",
		noEmailsTitle: "This server sends no emails",
		noEmails: (clinic: string) =>
			`Nobody at ${clinic} gets the reminders, links and codes that are emailed, and whoever has not set it up can't get in by an emailed code once it is required. Ask the people who run this server to connect a mail server.`,
		reportTitle: "For an auditor or insurer",
		reportWhat: "A report that shows what is required, since when, and who has it on.",
		report: "Get the report",
		notices: {
			saved: "Saved. 2-Step Verification Enforcement is as you see it here.",
			"saved-told":
				"Saved. 2-Step Verification Enforcement is as you see it here. Whoever has not set it up is told by email.",
			"sign-out": "Saved. Automatic Sign Out is as you see it here.",
		},
	},

	enforcement: {
		title: "2-Step Verification Enforcement",
		require: (clinic: string) => `Require 2-Step Verification at ${clinic}`,
		effectiveDate: "Effective date",
		effectiveDateHint: (zone: string) => `It begins at midnight, ${zone}. Today means now.`,
		allowTrust: "Allow recognized devices to skip 2-Step Verification",
		allowTrustHint:
			"On a browser they trust, people need only their password for 30 days. Clearing this forgets every trusted browser of the clinic at once.",
		allowTexts: "Allow text messages",
		allowTextsHint:
			"Text messages are less safe than an authenticator app. Clearing this stops new set-ups. Whoever has only text messages is asked at each sign-in to set up the app, and text messages end with that.",
		noTextProvider: "This server sends no text messages, so for now only an authenticator app can be set up.",
		save: "Save",
		cancel: "Cancel",
		whoDoesNot: "Who does not have it on",
		lastReminded: (date: string, time: string) => `Last reminded ${date}, ${time}.`,
		neverReminded: "Not reminded yet.",
		andMore: (more: number) => `And ${more} more.`,
		remindLater: "Once a date is saved you can send reminders.",
		mistakes: {
			"not-ticked": (clinic: string) =>
				`You chose a date, so tick “Require 2-Step Verification at ${clinic}” too. If it is not to be required, clear the date.`,
			"no-date": () => "Choose the date from which it is required. Today means now.",
			"not-a-day": () => "Enter a date as year, month and day, like 2026-12-31.",
			past: () => "That date is over. Choose today or a later one.",
			"far-away": () => "That is more than ten years away. Check the year.",
		},
		savedByAnother: (now: EnglishRule) =>
			`These settings were changed after you opened this page, in another tab or by somebody else, so what you entered is not saved. They say now: ${englishRule(now)} Check what you entered, and choose Save again.`,
		firstTitle: "Set it up for yourself first",
		firstLead: (clinic: string) =>
			`Before you change what ${clinic} requires, have 2-Step Verification on yourself: then you can't lock yourself out. It takes two minutes, and leads back here.`,
		setUp: {
			"authenticator-app": "Set up the authenticator app",
			"text-message": "Set up text messages",
		},
		turnOffTitle: (clinic: string) => `Stop requiring 2-Step Verification at ${clinic}?`,
		moveTitle: "Require 2-Step Verification from a later date?",
		headsUp:
			"This may have compliance or regulatory implications, and may affect a claim on your clinic's cybersecurity insurance.",
		recommended: "2-Step Verification is recommended for every clinic, even a clinic of one.",
		turnOffMeans:
			"Nobody will have to have it. What people set up stays on: they are still asked for a code, and each of them can turn it off.",
		moveMeans: (from: string, to: string) =>
			`It has been in force since ${from}. It would be in force from ${to} instead.`,
		moveMeansUntil: (to: string) =>
			`Until ${to} whoever has not set it up gets in with the password alone. What people set up stays on.`,
		alsoTrust: (allowed: boolean) =>
			allowed
				? "With it you also let recognized devices skip 2-Step Verification."
				: "With it you also stop recognized devices from skipping it, which forgets every trusted browser.",
		alsoTexts: (allowed: boolean) =>
			allowed
				? "With it you also allow text messages."
				: "With it you also stop text messages from being set up.",
		turnOff: "Stop requiring it",
		move: "Move the date",
		keep: "Keep it as it is",
	},

	whoHasItOn: {
		title: "Who has it on",
		lead: (clinic: string) => `Everybody who can sign in to ${clinic}, and the methods they have on.`,
		show: "Show",
		everybody: (n: number) => `Everybody (${n})`,
		onlyNotSetUp: (n: number) => `Not set up (${n})`,
		notSetUp: "Not set up",
		never: "Never",
		requireIt: "Require it",
		columns: {
			lastReminded: "Last reminded",
			lastSignIn: "Last sign-in",
			ofMethod: (method: string) => [`${method} on since`, `${method} last used`, `${method} blocked since`],
		},
		search: "Search",
		searchFor: "Name or email",
		toAll: "Show the whole list",
		nobodyFound: (typed: string) =>
			`Nobody in this list fits “${typed}”. Check the spelling, or type less of the name or email.`,
		nobodyHere: "There is nobody here any more.",
		toTheFirst: "Show the list from the start",
		pages: "More people",
		previous: "Previous",
		next: "Next",
		keepTitle: "To keep or pass on",
		keepWhat:
			"As a table for a spreadsheet, or as a report for an auditor or insurer. Both hold names and email addresses: keep them where only those who need them can read them. Each download is in the activity log.",
		download: "Download as CSV",
	},

	report: {
		pageTitle: "Report for an auditor or insurer",
		pageLead: "A PDF that shows what your clinic requires, since when, and who has it on.",
		holdsTitle: "What it holds",
		holds: [
			"What your clinic requires and since when, and who made the report and when.",
			"Everybody who can sign in, with their methods and their last sign-in.",
			"Every exception by name: who has not set it up, trusted browsers, people still signed in from before it was required, and blocked methods.",
		],
		personal:
			"It holds names and email addresses: give it only to those who need it. Each report is in the activity log.",
		download: "Download the report",
		title: (clinic: string) => `2-Step Verification report – ${clinic}`,
		heading: "2-Step Verification report",
		isMultiFactor:
			"2-Step Verification is Multi-Factor Authentication: something you know, a password, and something you have, a phone or computer that gives one-time codes.",
		clinic: "Clinic",
		made: "Made",
		madeBy: "Made by",
		dates: "Dates and times",
		timeZone: (timeZone: string) => `In the clinic's time zone, ${timeZone}`,
		ruleTitle: "What the clinic requires",
		states: {
			off: () => "Off: nobody has to have 2-Step Verification",
			scheduled: (date: string) =>
				`From ${date} everybody needs 2-Step Verification to sign in; until then nobody has to have it`,
			"in-force": (date: string) => `In force since ${date}: everybody needs 2-Step Verification to sign in`,
		} satisfies Record<"off" | "scheduled" | "in-force", (date: string) => string>,
		devices: (allowed: boolean) =>
			allowed
				? "Allowed: on a browser they trust, people need only their password for 30 days"
				: "Not allowed: a code is asked for at every sign-in",
		texts: (allowed: boolean) => (allowed ? "Allowed" : "Not allowed: nobody can set them up"),
		numbersTitle: "In numbers",
		active: "People who can sign in",
		on: "With 2-Step Verification on",
		withMethod: (method: string) => `With ${method}`,
		exceptionsTitle: "Exceptions",
		unused: (time: string) => `After ${time} without use`,
		exceptions: {
			without: {
				title: "Not set up",
				what: "They have no method. Where 2-Step Verification is in force they set one up at their next sign-in, before they get in.",
				column: "Last sign-in",
			},
			trusted: {
				title: "Trusted browsers",
				what: "In these browsers the person needs only the password, until the date given.",
				column: "Browser",
			},
			olderSessions: {
				title: "Still signed in from before it was required",
				what: "They have no method and signed in before they had to. The next time they sign in they need one.",
				column: "Browser",
				notInForce: "There are none as long as 2-Step Verification is not in force.",
			},
			pendingResets: {
				title: "Resets pending",
				what: "Their 2-Step Verification was turned off for them, and they have not signed in since.",
				column: "State",
			},
			blocked: {
				title: "Blocked methods",
				what: "After too many wrong codes, or when somebody chose “This wasn't me”, they take none until they are replaced. They count as on: the second step is still asked for.",
				column: "Method",
			},
		},
		until: (date: string) => `Until ${date}`,
		signedIn: (when: string) => `Signed in ${when}`,
		since: (date: string) => `On since ${date}`,
		blockedSince: (date: string) => `Blocked since ${date}`,
		neverSignedIn: "Never signed in",
		everybodyTitle: "Everybody who can sign in",
		foot: (made: string, page: number) => `2-Step Verification report, ${made}, page ${page}`,
		end: (people: number, pages: number) =>
			`End of the report: ${count(people, "person").replace("persons", "people")} on ${count(pages, "page")}.`,
	},

	automaticSignOut: {
		title: "Automatic Sign Out",
		lead: "Whoever leaves a computer is signed out after this time. A shorter time is safer where people share computers.",
		after: "Sign out after this time of inactivity",
		choice: (ms: number, isDefault: boolean) => `${englishSignOutAfter(ms)}${isDefault ? " (default)" : ""}`,
		ofInactivity: (ms: number) => `${englishSignOutAfter(ms)} of inactivity`,
		atMostADay:
			"While 2-Step Verification Enforcement is in force, nobody stays signed in for more than 24 hours of inactivity, whatever is chosen here.",
		holdsNow: "For now 24 hours, since 2-Step Verification is required.",
		longest:
			"However much it is used, no sign-in lasts longer than 24 hours, or than the time chosen here where that is longer.",
		choose: "Choose one of the times.",
	},

	activity: englishActivity,
} as const;

/** The clinic's rule; `requiredFromOn` is a day, ISO, or null for off. */
type EnglishRule = { requiredFromOn: string | null; allowsTrust: boolean; allowsTexts: boolean };

/** "required from Mon 7 Dec 2026; recognized devices may skip it; text messages are allowed." */
function englishRule({ requiredFromOn, allowsTrust, allowsTexts }: EnglishRule): string {
	const required = requiredFromOn === null ? "not required" : `required from ${englishDay(requiredFromOn)}`;
	return `${required}; recognized devices ${allowsTrust ? "may" : "may not"} skip it; text messages are ${allowsTexts ? "" : "not "}allowed.`;
}

/** What is different in the clinic's rule, a sentence each. */
function englishRuleChanges({ from, to }: { from: EnglishRule; to: EnglishRule }): string[] {
	const was =
		from.requiredFromOn === null ? "It was not required." : `It was from ${englishDay(from.requiredFromOn)}.`;
	const changes: string[] = [];
	if (to.requiredFromOn === null && from.requiredFromOn !== null) {
		changes.push(`2-Step Verification is not required any more. ${was} What people set up stays on.`);
	}
	if (to.requiredFromOn !== null && to.requiredFromOn !== from.requiredFromOn) {
		changes.push(`2-Step Verification is required from ${englishDay(to.requiredFromOn)}. ${was}`);
	}
	if (to.allowsTrust !== from.allowsTrust) {
		changes.push(
			to.allowsTrust
				? "Recognized devices may now skip it: on a browser they trust, people need only their password for 30 days."
				: "Recognized devices may not skip it any more. Every trusted browser was forgotten.",
		);
	}
	if (to.allowsTexts !== from.allowsTexts) {
		changes.push(
			to.allowsTexts
				? "Text messages may be set up again."
				: "Text messages can't be set up any more. Whoever has only text messages is asked to set up the app.",
		);
	}
	return changes;
}

/** What **This wasn't me** undid besides ending what was open. */
type EnglishUndone =
	| "authenticator-app"
	| "text-message"
	| "recovery-code"
	| "email"
	| "email-taken"
	| "mobile";

function englishUndone(undone: readonly EnglishUndone[], whose: "your" | "their"): string[] {
	const sentences = {
		"authenticator-app":
			"The authenticator app that was set up takes no codes any more, until it is replaced. 2-Step Verification stays on.",
		"text-message":
			"The number that text messages were set up with gets no codes any more, until it is replaced. 2-Step Verification stays on.",
		"recovery-code": "The Recovery Code that was made has ended.",
		email: `The email for signing in is ${whose} earlier one again.`,
		"email-taken": `The email for signing in was changed, and ${whose} earlier one now belongs to somebody else at the clinic, so it could not be put back. A Full Access user can change it.`,
		mobile: `The mobile number is ${whose} earlier one again.`,
	};
	return undone.map((what) => sentences[what]);
}

/** "8:25 am" today, and with its date on another day. */
function englishUntil(at: number, now: number, timeZone: string): string {
	const date = englishDate(at, timeZone);
	const time = englishTime(at, timeZone);
	return date === englishDate(now, timeZone) ? time : `${date}, ${time}`;
}

/** What a new password by a link still leaves between a colleague and their session. */
const englishAfterLink = {
	nothing: "",
	"their-code": "A code is still asked for after it.",
	"temporary-code":
		"After it only a temporary code from you gets them in: send the link first, then give the code.",
	"operators-code": "After it only a temporary code gets them in.",
};

/** "30 minutes", "24 hours", "1 week". */
function englishSignOutAfter(ms: number): string {
	return ms === days(7) ? "1 week" : englishLength(ms);
}

/** "Casey, Devon and Emery". */
function englishList(names: readonly string[]): string {
	const last = names.at(-1) ?? "";
	return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** What is different on a staff profile. Numbers as people write them, or null where there is none. */
type EnglishProfileChanges = {
	name?: string;
	/** The number now, and the one to call for 7 days. */
	mobile?: { number: string | null; toCall: string | null };
	access?: "full" | "limited";
};

function englishProfileChanges(
	{ name, mobile, access }: EnglishProfileChanges,
	whose: "your" | "their",
): string[] {
	const Whose = whose === "your" ? "Your" : "Their";
	const changes: string[] = [];
	if (name !== undefined) changes.push(`${Whose} name is now ${name}.`);
	if (mobile) changes.push(englishNumberChange(mobile, whose));
	if (access !== undefined) {
		changes.push(`${Whose} access level is now ${access === "full" ? "Full Access" : "Limited"}.`);
	}
	return changes;
}

/** Which number it is now, and which one to call: whoever had it changed is not who is called. */
function englishNumberChange(
	{ number, toCall }: { number: string | null; toCall: string | null },
	whose: "your" | "their",
): string {
	const [Whose, confirmed] = whose === "your" ? ["Your", "you confirmed"] : ["Their", "they confirmed"];
	const now =
		number === null ? `${Whose} mobile number was taken off.` : `${Whose} mobile number is now ${number}.`;
	const texts = `Texted codes go on to the number ${confirmed}.`;
	// Put back within the 7 days, or never there: nothing is to be called but what stands here.
	if (toCall === number) return `${now} ${texts}`;
	if (whose === "your") {
		return toCall === null
			? `${now} For 7 days no colleague who helps you is told to call it. ${texts}`
			: `${now} For 7 days a colleague who helps you is told to call the number before it, ${toCall}. ${texts}`;
	}
	return toCall === null
		? `${now} For 7 days see them in person; don't call the new one. ${texts}`
		: `${now} For 7 days call the number before it, ${toCall}. ${texts}`;
}

/** Somebody who has not set it up, at a clinic that requires it from a day, ISO. */
type SetUpTo = EmailTo & { on: string; isInForce: boolean; takesTexts: boolean; url: string };

function englishSetUpTakes({ takesTexts }: SetUpTo): string {
	const what = "You need your password and your phone or computer.";
	const app = "A free authenticator app shows you the codes";
	return takesTexts
		? `It takes two minutes. ${what} ${app}, or we text them to your mobile phone.`
		: `It takes two minutes. ${what} ${app}.`;
}

function englishAskAtClinic({ clinicName }: SetUpTo): string {
	return `If you need help, ask a Full Access user at ${clinicName}.`;
}

/** The subject, and how the first sentence begins, so many days before. */
function englishInDays(n: number, day: string): [subject: string, required: string] {
	const is = "2-Step Verification is required";
	if (n === 0) return [`${is} from today`, `From today, ${day},`];
	if (n === 1) return [`${is} from tomorrow`, `From tomorrow, ${day},`];
	return [`${is} in ${n} days`, `In ${n} days, from ${day},`];
}

/** Until when no code of a method is looked at. */
function englishCodesWait(until: number, now: number, timeZone: string, isOverByThen: boolean): string {
	return `That was too many wrong codes. You can enter codes again at ${englishTime(until, timeZone)}, in ${englishLength(until - now)}.${isOverByThen ? " Sign in again then." : ""}`;
}

/** Of the codes of a method: after the last one they wait for a quarter of an hour. */
function englishCodesLeft(left: number): string {
	const next = left === 0 ? " Sign in again in 15 minutes, or choose Try another way now." : "";
	return englishTriesLeft(left) + next;
}

function englishTriesLeft(left: number): string {
	return left === 0
		? "That was the last try for now."
		: `You have ${left} more ${left === 1 ? "try" : "tries"}.`;
}
