import { englishDate, englishLength, englishTime } from "./dates.ts";
import { type EmailNews, type EmailTo, englishEmail, englishNews, englishWhenAndWhere } from "./email.ts";

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
			saved: (date: string) => `You saved it on ${date}. It still works, once, from where you keep it.`,
			notSaved: (date: string) =>
				`It was made on ${date} and could be shown for 15 minutes. If you saved it, it still works, once. If you didn't, get a new one now.`,
			newOneEndsIt: "A new one ends the one you have.",
		},
		none: {
			title: "You have no Recovery Code",
			next: "It was used or has ended. Get a new one, so that you can still sign in if you lose your phone.",
		},
		getNew: "Get a new Recovery Code",
		back: "Back to 2-Step Verification",
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

	authenticatorApp: {
		keyTitle: "Scan this with your authenticator app",
		keyLead: "Open the app, choose to add an account, and scan the QR code.",
		noApp: "No app yet? See the apps that work",
		qrCode: (clinic: string) => `QR code that adds ${clinic} to an authenticator app`,
		setupKey: "Setup key",
		typeKey:
			"Can't scan it? Type this key into the app by hand, and choose “time-based” if the app asks. Spaces don't matter.",
		openHere: "Open in an app on this device",
		openInApplePasswords: "Open in Apple Passwords on this device",
		next: "Next",
		cancel: "Cancel",
		appsTitle: "Apps that work",
		advice:
			"Choose one that syncs to a computer. Then you can still sign in when your phone is lost, broken or out of battery.",
		kinds: { freeApp: "Free app", paidPasswordManager: "Paid password manager" },
		platforms: { ios: "iOS", android: "Android", desktop: "desktop" },
		notes: {
			onIPhone:
				"Already on an iPhone. Codes appear above the keyboard, or open Passwords and tap the account.",
			inLastPass: "The codes are in LastPass Authenticator.",
		},
		codeTitle: "Enter the code from your authenticator app",
		codeLead: (clinic: string) =>
			`The app now shows 6 digits for ${clinic}. They change every 30 seconds. Your authenticator app is on once you have entered them here.`,
		code: "Verification code",
		submit: "Submit",
		backToQrCode: "Back to the QR code",
		notACode: "Enter the 6 digits that your authenticator app shows.",
		wrongCode: "That code doesn't match. Enter the one your app shows now.",
		otherTime: (minutes: number, direction: "slow" | "fast") => {
			const about = `${minutes} minute${minutes === 1 ? "" : "s"}`;
			return direction === "slow"
				? `That code is about ${about} old. Your phone's clock may be slow: turn on automatic date and time.`
				: `That code is about ${about} ahead. Your phone's clock may be fast: turn on automatic date and time.`;
		},
		triesLeft: (n: number) => `You have ${n === 1 ? "1 try" : `${n} tries`} left.`,
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
				`${news.methodName} was set up anew for your 2-Step Verification. Codes from the earlier one no longer work, and neither does your earlier Recovery Code.`,
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
		recoveryCodeUsed: (news: EmailNews) =>
			englishNews(
				news,
				"Your Recovery Code was used",
				"Your Recovery Code was used in place of a code. It works only once, so make sure that you have saved the new one: My Account, 2-Step Verification.",
			),
		recoveryCodeRenewed: (news: EmailNews) =>
			englishNews(
				news,
				"You have a new Recovery Code",
				"A new Recovery Code was made for you. Earlier ones no longer work.",
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
					`If it wasn't you, also tell a Full Access user at ${news.clinicName}.`,
				],
			}),
		passwordLink: (news: EmailNews & { url: string }) =>
			englishEmail(news, {
				subject: "Choose a new password",
				paragraphs: [
					`We were asked for a link to choose a new password for you: ${englishWhenAndWhere(news)}`,
					"The link works once, for 1 hour.",
					`If you didn't ask for it, leave the link alone: your password stays as it is. If this keeps happening, tell a Full Access user at ${news.clinicName}.`,
				],
				action: { label: "Choose a new password", url: news.url },
			}),
		invitation: (to: EmailTo & { url: string }) =>
			englishEmail(to, {
				subject: "Set your password",
				paragraphs: [
					`You can sign in at ${to.clinicName} as soon as you have set a password. The link works once, for 7 days.`,
					`When it has run out, choose Forgot your password? on the sign-in page. If you don't work at ${to.clinicName}, leave the link alone.`,
				],
				action: { label: "Set your password", url: to.url },
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
			"password-set": { kind: "success", sentence: "Your password is saved. Sign in with it now." },
			"signed-out": { kind: "success", sentence: "You are signed out." },
			"too-many-wrong": {
				kind: "warning",
				sentence: "That was wrong five times, so we signed you out. Sign in again.",
			},
		},
	},

	sessions: {
		signOutTitle: (clinic: string) => `Sign out of ${clinic}?`,
		signOut: "Sign out",
		stay: "Stay signed in",
	},
} as const;
