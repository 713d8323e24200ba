import { during, withoutVisit } from "../activity/during.ts";
import type { EventContext } from "../activity/record.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { clinicOrigin } from "../clinics/origin.ts";
import type { Config } from "../config.ts";
import type { Tx } from "../db/transaction.ts";
import { hasMethodOn } from "../methods/store.ts";
import { makeNotMeLink } from "../not-me/security-news.ts";
import type { Profile } from "../profiles/profile.ts";
import { isAmong } from "../profiles/still-full-access.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { isSessionThere } from "../sessions/store.ts";
import type { DoneNews } from "../words/email.ts";

/** Who does something to a colleague's profile: a Full Access user in a session, or the operator by command. */
export type DoneBy = { kind: "full-access"; visit: SessionVisit } | { kind: "operator"; now: number };

export function whenDone(by: DoneBy): number {
	return by.kind === "operator" ? by.now : by.visit.now;
}

export function isDoer(by: DoneBy, { profileId }: Pick<Profile, "profileId">): boolean {
	return by.kind === "full-access" && by.visit.session.profile.profileId === profileId;
}

/** The Full Access user's name; undefined where it was the operator. */
export function nameOfDoer(by: DoneBy): string | undefined {
	return by.kind === "full-access" ? by.visit.session.profile.name : undefined;
}

/** When, by whom and from where, for the event. @param profileId whom it concerns; null where that is nobody */
export function eventOf(by: DoneBy, clinicId: string, profileId: string | null): EventContext {
	if (by.kind === "full-access") {
		return during(by.visit, profileId ?? undefined, by.visit.session.profile.profileId);
	}
	return withoutVisit("operator", clinicId, by.now, profileId);
}

/**
 * The same for an email.
 *
 * @param personName whose email it is
 * @param isReader whether that is the one who did it
 */
export function doneNews(by: DoneBy, clinic: Clinic, personName: string, isReader = false): DoneNews {
	const news = {
		clinicName: clinic.name,
		personName,
		when: whenDone(by),
		timeZone: clinic.timeZone,
	};
	if (by.kind === "operator") return news;
	const { browser, network, session } = by.visit;
	const where = { browserName: browser.name, address: network.address };
	return { ...news, by: { name: session.profile.name, where, isReader } };
}

/**
 * The same for the colleague it was done to, or for the one who did it, with a button **This wasn't me** that undoes
 * what happened from then on. Called in the transaction that queues the email.
 *
 * @param sentTo the address the email goes to, where it is not the profile's
 */
export async function doneNewsTo(
	tx: Tx,
	config: Pick<Config, "clinics" | "url">,
	by: DoneBy,
	clinic: Clinic,
	profile: Profile,
	sentTo = profile.email,
): Promise<DoneNews> {
	const link = { sentTo, origin: clinicOrigin(config, clinic.shortName), now: whenDone(by) };
	const notMeUrl = await makeNotMeLink(tx, profile, link);
	return { ...doneNews(by, clinic, profile.name, isDoer(by, profile)), notMeUrl };
}

/**
 * Whether the doer may still do it, asked in the transaction that has locked everybody with Full Access: a
 * Full Access user who is active and still signed in, whose ways in are as they were when they were asked again, who
 * has a method of their own, and who does it to somebody else.
 *
 * @param users what `lockFullAccessUsers` answered
 */
export async function mayStillDo(
	tx: Tx,
	by: DoneBy,
	users: readonly Profile[],
	colleagueId: string | undefined,
): Promise<boolean> {
	if (by.kind === "operator") return true;
	const { profile, sessionId } = by.visit.session;
	// Lost Full Access, deactivated, or a new password meanwhile: it opens nothing more.
	if (!isAmong(users, profile)) return false;
	// Whoever was just signed out everywhere does nothing more in that name.
	if (!(await isSessionThere(tx, profile.clinicId, sessionId))) return false;
	// Nobody helps themselves past their own doors.
	if (profile.profileId === colleagueId) return false;
	// Whoever helps has a second step of their own.
	return hasMethodOn(tx, profile);
}
