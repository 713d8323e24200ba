import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { recordEnded } from "../activity/record-ended.ts";
import { deleteTrust } from "../browsers/store.ts";
import { PlainToken } from "../crypto/tokens.ts";
import { newId } from "../db/ids.ts";
import type { PasswordRow } from "../db/tables.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { endEmailChanges } from "../email-change/store.ts";
import { clearTries } from "../limits/take-try.ts";
import { tellPerson } from "../not-me/tell-person.ts";
import { emailHash } from "../profiles/email-hash.ts";
import type { Profile } from "../profiles/profile.ts";
import { changeDoors, lockProfile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { lockStillIn } from "../sessions/still-in.ts";
import { deleteSessions, renewToken } from "../sessions/store.ts";
import { endWaitingCodes } from "../temporary-code/store.ts";
import type { Visit } from "../web/visit.ts";
import { endLinks, findPassword, spendLink, writePassword } from "./store.ts";

const WAITS_OF_THE_SECOND_STEP = [
	"signInsUnknownBrowser",
	"codesUnknownBrowser",
	"codesUnknownBrowserADay",
	"codesKnownBrowser",
	"recoveryCodesUnknownBrowser",
	"recoveryCodesKnownBrowser",
	"emailedCodesUnknownBrowser",
	"emailedCodesKnownBrowser",
	"temporaryCodesUnknownBrowser",
	"temporaryCodesKnownBrowser",
] as const;

/**
 * Sets the password that an emailed link asked for, and spends the link in the same transaction.
 *
 * @param hash argon2id, made before: nothing slow runs inside a transaction
 * @returns false when the link does not work any more: nothing was changed
 */
export async function setPasswordByLink(
	deps: Deps,
	visit: Visit,
	link: { linkId: string; profileId: string },
	hash: string,
): Promise<boolean> {
	return inTransaction(deps.db, async (tx) => {
		const profile = await lockProfile(tx, visit.clinic.clinicId, link.profileId);
		if (!profile?.active) return false;
		if (!(await spendLink(tx, profile.clinicId, link.linkId, visit.now))) return false;
		await replacePassword(tx, deps, visit, profile, { hash, setBy: "link" });
		return true;
	});
}

/**
 * Changes the password of a signed-in person who has just given the old one; their other sessions end.
 *
 * @returns this session's new token, for its cookie; undefined when nothing was changed
 */
export async function changePassword(
	deps: Deps,
	visit: SessionVisit,
	hash: string,
): Promise<PlainToken | undefined> {
	const { session } = visit;
	return inTransaction(deps.db, async (tx) => {
		// Signed out, or another password, since the old one was checked: whoever sits here sets none.
		const profile = await lockStillIn(tx, visit);
		if (!profile) return undefined;
		// "Everywhere else" is also wherever somebody has a copy of this browser's cookie.
		const token = PlainToken.fresh();
		await renewToken(tx, profile.clinicId, session.sessionId, token.hash());
		await replacePassword(tx, deps, visit, profile, {
			hash,
			setBy: "change",
			keepSession: session.sessionId,
		});
		return token;
	});
}

/** A new password ends what the old one opened, lifts its waits, and is told to the person. */
async function replacePassword(
	tx: Tx,
	deps: Deps,
	visit: Visit,
	profile: Profile,
	set: { hash: string; setBy: PasswordRow["set_by"]; keepSession?: string },
): Promise<void> {
	const { clinicId, profileId } = profile;
	const { now } = visit;
	const { keyring } = deps.config;
	const isFirst = (await findPassword(tx, clinicId, profileId)) === undefined;
	await writePassword(tx, {
		clinic_id: clinicId,
		profile_id: profileId,
		password_id: newId(now),
		hash: set.hash,
		set_at: now,
		set_by: set.setBy,
		only_known_browsers: 0,
	});
	await changeDoors(tx, clinicId, profileId);
	await endLinks(tx, clinicId, profileId, now);
	await clearWaits(tx, deps, profile);
	const codes = await endWaitingCodes(tx, clinicId, profileId, now);
	// A stranger at a mistyped address does not end its correction: who never signed in asked for no change.
	const emailChanges =
		profile.lastSignInAt === null ? 0 : await endEmailChanges(tx, clinicId, profileId, now);
	const trust = await deleteTrust(tx, clinicId, profileId, "all");
	const sessions = await deleteSessions(tx, clinicId, profileId, set.keepSession);
	const { passwordSet, passwordChanged } = visit.words.emails;
	// Whoever takes somebody's invitation does not do it unseen.
	if (isFirst) await tellPerson(tx, deps, visit, profile, "password-set", passwordSet);
	else await tellPerson(tx, deps, visit, profile, "password-changed", passwordChanged);
	const event = during(visit, profileId, set.setBy === "change" ? profileId : "nobody");
	const detail = { how: set.setBy, ...(isFirst ? { isFirst } : {}) };
	await recordEvent(tx, keyring, { ...event, kind: "password-set", detail });
	await recordEnded(tx, keyring, event, "new-password", { codes, emailChanges, trust, sessions });
}

/**
 * Lifts what a thief's tries left behind, so that the owner gets in with the new password at once. The wrong codes in
 * a row that block a method go on counting: so many guesses it takes, whatever is done to the password.
 */
async function clearWaits(tx: Tx, deps: Deps, { clinicId, profileId, email }: Profile): Promise<void> {
	for (const limit of ["passwordsUnknownBrowser", "passwordsKnownBrowser"] as const) {
		await clearTries(tx, limit, { clinicId, key: emailHash(deps, email) });
	}
	for (const limit of WAITS_OF_THE_SECOND_STEP) await clearTries(tx, limit, { clinicId, key: profileId });
}
