import { englishDate, englishTime, englishZone } from "./dates.ts";

/** An email as words make it and `delivery/` sends it. Never holds a password or an authenticator secret. */
export type Email = {
	subject: string;
	/** First the greeting, last which clinic it is about. Plain text. */
	paragraphs: string[];
	/** A code to type where it was asked for; stands after the greeting, large. */
	code?: string;
	/** What to do next, as one button; stands before the last paragraph. `url` is absolute. */
	action?: { label: string; url: string };
	/** BCP 47, for screen readers. */
	language?: string;
};

/** Whose email it is. */
export type EmailTo = { clinicName: string; personName: string };

/** Whose email it is, and when and where the thing happened that it tells of. */
export type EmailNews = EmailTo & {
	/** Epoch milliseconds. */
	when: number;
	/** The clinic's, as `America/Vancouver`. */
	timeZone: string;
	/** The browser's name, empty when it did not say, and the network address it came from. */
	where: { browserName: string; address: string };
	/** Where **This wasn't me** leads, in emails to the person it happened to, or who did it. Absolute. */
	notMeUrl?: string;
};

/** Whose email it is, and when the operator did what it tells of. */
export type OperatorNews = EmailTo & Pick<EmailNews, "when" | "timeZone">;

/** Whose email it is, and by whom, when and from where a setting of the clinic was changed. */
export type SettingsNews = EmailNews & {
	/** The Full Access user's name; undefined for the one who reads it. */
	by: string | undefined;
	supportEmail: string;
};

/**
 * Whose email it is, and when and by whom the thing was done that it tells of; without `by` it was the operator.
 * `isReader` in the email to the one who did it.
 */
export type DoneNews = OperatorNews &
	Pick<EmailNews, "notMeUrl"> & { by?: { name: string; where: EmailNews["where"]; isReader?: boolean } };

/** An English email: the greeting, what it says, and which clinic it is about. */
export function englishEmail({ clinicName, personName }: EmailTo, says: Email): Email {
	return {
		...says,
		language: "en",
		subject: `${says.subject} – ${clinicName}`,
		paragraphs: [
			`Hello ${personName},`,
			...says.paragraphs,
			`This is about your staff profile at ${clinicName}. Nobody reads replies to this address.`,
		],
	};
}

/** An English security email: what happened, when, from where, and what to do if it was somebody else. */
export function englishNews(news: EmailNews, subject: string, ...whatHappened: string[]): Email {
	return englishEmail(news, {
		subject,
		paragraphs: [
			...whatHappened,
			`It happened on ${englishWhenAndWhere(news)}`,
			news.notMeUrl === undefined
				? `If this wasn't you, go to the sign-in page now, choose Forgot your password? and set a new password. Then tell a Full Access user at ${news.clinicName}.`
				: `If this wasn't you, choose “This wasn't me”. It asks before it does anything, and works for 7 days. Then tell a Full Access user at ${news.clinicName}.`,
		],
		...englishNotMeAction(news),
	});
}

/** The button **This wasn't me**, where the email has one. */
export function englishNotMeAction({ notMeUrl }: Pick<EmailNews, "notMeUrl">): Pick<Email, "action"> {
	return notMeUrl === undefined ? {} : { action: { label: "This wasn't me", url: notMeUrl } };
}

/** An English email about a setting of the clinic: what was changed, by whom, when, from where, and what to do. */
export function englishSettingsNews(news: SettingsNews, setting: string, ...changes: string[]): Email {
	const { by, clinicName, supportEmail } = news;
	const whatToDo =
		by === undefined
			? "If this wasn't you, choose “This wasn't me”: it asks before it does anything, and works for 7 days. Then open Settings, Security, and put the settings right."
			: `If this surprises you, ask ${by}. If ${by} didn't do it, open Settings, Security, put the settings right, and write to ${supportEmail}.`;
	return englishEmail(news, {
		subject: `${setting} was changed`,
		paragraphs: [
			`${by ?? "You"} changed ${setting} at ${clinicName}.`,
			...changes,
			`It was done on ${englishWhenAndWhere(news)}`,
			whatToDo,
		],
		...englishNotMeAction(news),
	});
}

/** An English email about what a colleague or the operator did to a person: what, by whom, and what to do if it is wrong. */
export function englishDoneToYou(news: DoneNews, subject: string, ...whatHappened: string[]): Email {
	const { clinicName } = news;
	return englishEmail(news, {
		subject,
		paragraphs: [
			...whatHappened,
			englishDoneBy(news),
			`If you didn't ask for it, somebody may be pretending to be you. Choose “This wasn't me”: it asks before it does anything, and works for 7 days. Then tell a Full Access user at ${clinicName}.`,
		],
		...englishNotMeAction(news),
	});
}

/** "Mon 7 Dec 2026, 2:05 pm Vancouver time, with Safari on iPhone, from the address 203.0.113.9." */
export function englishWhenAndWhere({ when, timeZone, where }: EmailNews): string {
	const browser = where.browserName === "" ? "a browser that did not say its name" : where.browserName;
	return `${englishMoment(when, timeZone)}, with ${browser}, from the address ${where.address}.`;
}

/** "It was done on Mon 7 Dec 2026, 2:05 pm Vancouver time, by Avery Chen, with Safari on iPhone, from …", or to Avery Chen "You did this on …" */
export function englishDoneBy({ when, timeZone, by }: DoneNews): string {
	const moment = englishMoment(when, timeZone);
	if (by === undefined) return `It was done on ${moment}, by the people who run this server.`;
	const browser = by.where.browserName === "" ? "a browser that did not say its name" : by.where.browserName;
	const from = `with ${browser}, from the address ${by.where.address}.`;
	return by.isReader
		? `You did this on ${moment}, ${from}`
		: `It was done on ${moment}, by ${by.name}, ${from}`;
}

/**
 * An English email to a Full Access user about what was done to a colleague: what, by whom, and what to do if it is
 * wrong. The one who did it has the button **This wasn't me**.
 */
export function englishDoneToColleague(
	news: DoneNews & { supportEmail: string },
	subject: string,
	...whatHappened: string[]
): Email {
	return englishEmail(news, {
		subject,
		paragraphs: [...whatHappened, englishDoneBy(news), englishIfSurprised(news)],
		...englishNotMeAction(news),
	});
}

/** What a Full Access user does whom it surprises what was done to a colleague: of the one who did it, or as that one. */
export function englishIfSurprised({ by, supportEmail }: DoneNews & { supportEmail: string }): string {
	if (by === undefined) return `If this surprises you, write to ${supportEmail}.`;
	return by.isReader
		? `If this wasn't you, choose “This wasn't me”: it asks before it does anything, and works for 7 days. Then write to ${supportEmail}.`
		: `If this surprises you, ask ${by.name}, in person or by phone. If they didn't do it, write to ${supportEmail}.`;
}

/** "Mon 7 Dec 2026, 2:05 pm Vancouver time". */
export function englishMoment(at: number, timeZone: string): string {
	return `${englishDate(at, timeZone)}, ${englishTime(at, timeZone)} ${englishZone(timeZone)}`;
}
