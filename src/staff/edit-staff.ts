import { recordEvent } from "../activity/record.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { type DoneBy, eventOf, mayStillDo, whenDone } from "../colleagues/done-by.ts";
import { endDoneForOthers, recordDoneForOthersEnded } from "../colleagues/done-for-others.ts";
import { tellColleague } from "../colleagues/tell-colleague.ts";
import { tellFullAccessUsers } from "../colleagues/tell-full-access-users.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import {
	askForEmailChange,
	type EmailChangeAsked,
	recordEmailChangeAsked,
} from "../email-change/ask-for-change.ts";
import { findWaitingEmailChange } from "../email-change/store.ts";
import type { LateHolder } from "../profiles/lately-changed.rule.ts";
import { numberToCall } from "../profiles/number-to-call.rule.ts";
import { emailKey, type Profile } from "../profiles/profile.ts";
import {
	findLateHolder,
	findProfileByEmail,
	lockFullAccessUsers,
	lockProfile,
	setAccess,
	setMobile,
	setName,
} from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { endWhatWasBegun } from "../sign-in/end-what-was-begun.ts";
import { prettyNumber } from "../text-message/number.rule.ts";
import { fieldsToChange, seenOf } from "./edit.rule.ts";
import { canDoWithout } from "./last-full-access.rule.ts";
import type { PersonField, PersonRead } from "./person-form.rule.ts";

export type Edited =
	| { kind: "edited"; emailWaits: boolean }
	/** It was so when the form was opened. */
	| { kind: "unchanged" }
	/** It has become so since the form was opened, as by the same form sent twice. */
	| { kind: "done-already" }
	/** Somebody else changed it since the form was opened: nothing was changed. */
	| { kind: "changed-meanwhile" }
	/** Nothing was changed, as with those that follow. */
	| { kind: "email-taken" }
	/** It was somebody else's until within the last 7 days. */
	| { kind: "email-was-anothers"; holder: LateHolder }
	/** Too many confirmations went to that email, or were asked for by the doer; until then, epoch milliseconds. */
	| { kind: "wait"; who: "address" | "asker"; until: number }
	/** Nobody else with Full Access is active and has finished a sign-in. */
	| { kind: "last-full-access" }
	| { kind: "not-allowed" };

/**
 * Changes a colleague's staff profile. A new email waits until its address confirms it; a mobile number is the one to
 * call, and texted codes go where they went before.
 *
 * @param seen what the form showed when it was opened, as `seenOf` wrote it
 */
export async function editStaff(
	deps: Pick<Deps, "config" | "db">,
	visit: SessionVisit,
	colleagueId: string,
	wanted: PersonRead,
	seen: string,
): Promise<Edited> {
	const { clinic } = visit;
	const { clinicId } = clinic;
	const { keyring } = deps.config;
	const by: DoneBy = { kind: "full-access", visit };
	const now = whenDone(by);
	return inTransaction(deps.db, async (tx): Promise<Edited> => {
		// Locked before the question: two people who may each lose Full Access do not both lose it.
		const users = await lockFullAccessUsers(tx, clinicId);
		if (!(await mayStillDo(tx, by, users, colleagueId))) return { kind: "not-allowed" };
		const profile = await lockProfile(tx, clinicId, colleagueId);
		if (!profile?.active) return { kind: "not-allowed" };
		const waiting = await findWaitingEmailChange(tx, clinicId, colleagueId, now);
		const changed = fieldsToChange(profile, wanted);
		const isAsSeen = seen === seenOf(profile, waiting);
		if (changed.length === 0) return { kind: isAsSeen ? "unchanged" : "done-already" };
		if (!isAsSeen) {
			// The same form sent twice has done what it asks for; any other would undo what it never saw.
			const isDone = changed.every((field) => field === "email" && isSame(waiting?.new_email, wanted.email));
			return isDone ? { kind: "done-already" } : { kind: "changed-meanwhile" };
		}
		// Somebody who has got in once keeps the keys to this clinic.
		if (changed.includes("access") && wanted.access === "limited" && !canDoWithout(profile, users)) {
			return { kind: "last-full-access" };
		}

		const emailAsked = changed.includes("email")
			? await askForNewEmail(tx, deps, visit, profile, wanted.email)
			: undefined;
		// First of all: where its address has had too many emails nothing is changed.
		if (emailAsked && emailAsked.kind !== "asked") return emailAsked;
		const { name, access, mobile } = wanted;
		await setName(tx, clinicId, colleagueId, name);
		await setMobile(tx, clinicId, colleagueId, mobile, now);
		await setAccess(tx, clinicId, colleagueId, access);
		const isDemoted = profile.access === "full" && access === "limited";
		const ended = isDemoted ? await endDoneForOthers(tx, clinicId, colleagueId, now) : undefined;
		await tellOfEdit(tx, deps, clinic, { profile, users, by, changed, wanted });

		const event = eventOf(by, clinicId, colleagueId);
		const accessNow = changed.includes("access") ? { access } : {};
		// Nobody hides what they did by being called something else.
		const names = changed.includes("name") ? { name: { from: profile.name, to: name } } : {};
		const detail = { changed, ...accessNow, ...names };
		await recordEvent(tx, keyring, { ...event, kind: "staff-edited", detail });
		if (emailAsked) await recordEmailChangeAsked(tx, keyring, event, emailAsked);
		if (ended) {
			await recordDoneForOthersEnded(tx, keyring, ended, "giver-lost-full-access", (whose) =>
				eventOf(by, clinicId, whose),
			);
		}
		return { kind: "edited", emailWaits: emailAsked !== undefined };
	});
}

/** Lets a new email wait, where it is nobody else's. @returns else why nothing may be changed at all */
async function askForNewEmail(
	tx: Tx,
	deps: Pick<Deps, "config">,
	visit: SessionVisit,
	colleague: Profile,
	newEmail: string,
): Promise<Extract<EmailChangeAsked, { kind: "asked" }> | Edited> {
	const { clinic, now, session, browser, network } = visit;
	const { clinicId, profileId } = colleague;
	if (await findProfileByEmail(tx, clinicId, newEmail)) return { kind: "email-taken" };
	const holder = await findLateHolder(tx, clinicId, newEmail, now, profileId);
	if (holder) return { kind: "email-was-anothers", holder };
	const where = { browserName: browser.name, address: network.address };
	const by = { profileId: session.profile.profileId, name: session.profile.name, where };
	const asked = await askForEmailChange(tx, deps, clinic, colleague, { newEmail, by, now });
	if (asked.kind === "same") return { kind: "unchanged" };
	// A stranger at a mistyped address is not let in while the right one is asked.
	if (asked.kind === "asked" && colleague.lastSignInAt === null) await endWhatWasBegun(tx, colleague, now);
	return asked;
}

/** Tells the colleague and every Full Access user what is different. @param edit.profile as it was before */
async function tellOfEdit(
	tx: Tx,
	deps: Pick<Deps, "config">,
	clinic: Clinic,
	edit: {
		profile: Profile;
		users: readonly Profile[];
		by: DoneBy;
		changed: readonly PersonField[];
		wanted: PersonRead;
	},
): Promise<void> {
	const { profile, users, by, changed, wanted } = edit;
	const { name, mobile, access, email: newEmail } = wanted;
	const kind = "profile-edited";
	// That number, or the one that counted before it.
	const toCall = numberToCall(profile, whenDone(by)).number;
	const changes = {
		...(changed.includes("name") ? { name } : {}),
		...(changed.includes("mobile")
			? { mobile: { number: mobile && prettyNumber(mobile), toCall: toCall && prettyNumber(toCall) } }
			: {}),
		...(changed.includes("access") ? { access } : {}),
	};
	// Of a new email alone its own emails tell, at both addresses.
	if (changed.some((field) => field !== "email")) {
		await tellColleague(tx, deps, clinic, profile, {
			by,
			kind,
			// Who never signed in has nothing to undo, and their address may be a mistyped one.
			hasNotMe: changed.includes("mobile") && profile.lastSignInAt !== null,
			write: ({ emails }, news) => emails.profileEdited({ ...news, changes }),
		});
	}
	const allChanges = changed.includes("email") ? { ...changes, newEmail } : changes;
	await tellFullAccessUsers(tx, deps, clinic, users, {
		by,
		colleagueId: profile.profileId,
		kind,
		write: ({ emails }, news) => emails.colleagueEdited({ ...news, colleague: profile, changes: allChanges }),
	});
}

function isSame(one: string | undefined, other: string): boolean {
	return one !== undefined && emailKey(one) === emailKey(other);
}
