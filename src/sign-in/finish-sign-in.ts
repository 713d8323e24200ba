import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { isOwnBrowser, knowBrowser } from "../browsers/store.ts";
import { hours } from "../clock.ts";
import { PlainToken } from "../crypto/tokens.ts";
import { newId } from "../db/ids.ts";
import type { SignedInBy } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { listMethods } from "../methods/store.ts";
import { paths } from "../paths.ts";
import type { Profile } from "../profiles/profile.ts";
import { noteSignIn } from "../profiles/store.ts";
import { findRecoveryCode } from "../recovery-code/store.ts";
import { LONGEST_SESSION_MS } from "../sessions/lifetime.rule.ts";
import { deleteSessionByToken, insertSession } from "../sessions/store.ts";
import type { Cookie } from "../web/cookies.ts";
import type { Visit } from "../web/visit.ts";
import { deleteSignIn } from "./store.ts";

/** *Lost your phone?* asks nothing more within this time of a sign-in by Recovery Code. */
const LOST_PHONE_MS = hours(1);

/** A person is in: where to go, and the cookies that say so. */
export type FinishedSignIn = { path: string; cookies: Cookie[] };

/**
 * Ends a sign-in and starts the session, in the open transaction that accepted the last proof. The caller has
 * locked the profile and knows that the journey leads here.
 *
 * @param finish.signInId undefined where the password alone was asked for
 * @param finish.by the last proof
 * @returns undefined when the sign-in had ended or the doors changed meanwhile: there is no session
 */
export async function finishSignIn(
	tx: Tx,
	deps: Deps,
	visit: Visit,
	finish: { profile: Profile; signInId: string | undefined; by: SignedInBy; returnTo: string | null },
): Promise<FinishedSignIn | undefined> {
	const { now, browser } = visit;
	const { profile, by } = finish;
	const { clinicId, profileId } = profile;

	// One sign-in gives one session, however often its last page is sent.
	if (finish.signInId !== undefined && !(await deleteSignIn(tx, clinicId, finish.signInId))) return undefined;

	// A browser cookie that this clinic did not give out is not taken on: it could be somebody else's.
	const isOwn = browser.hash !== undefined && (await isOwnBrowser(tx, clinicId, browser.hash));
	const browserToken = isOwn && browser.token ? browser.token : PlainToken.fresh();
	const sessionToken = PlainToken.fresh();
	const landing = await landingOf(tx, finish);
	const hasStarted = await insertSession(tx, {
		clinicId,
		sessionId: newId(now),
		tokenHash: sessionToken.hash(),
		profileId,
		doorsVersion: profile.doorsVersion,
		browserHash: browserToken.hash(),
		browserName: browser.name,
		address: visit.network.address,
		signedInBy: by,
		now,
		expiresAt: now + LONGEST_SESSION_MS,
		methodPassedAt: by === "password" ? null : now,
		lostPhoneUntil: landing === paths.lostPhone ? now + LOST_PHONE_MS : null,
		returnTo: landing === undefined ? null : finish.returnTo,
	});
	if (!hasStarted) return undefined;

	// Whoever sat in this browser before is signed out.
	if (visit.cookies.session) await deleteSessionByToken(tx, clinicId, visit.cookies.session.hash());
	await knowBrowser(tx, {
		clinicId,
		profileId,
		hash: browserToken.hash(),
		name: browser.name,
		address: visit.network.address,
		now,
	});
	await noteSignIn(tx, clinicId, profileId, now, visit.words.language);
	await recordEvent(tx, deps.config.keyring, {
		...during(visit, profileId, profileId),
		kind: "signed-in",
		detail: { by },
	});
	return {
		path: landing ?? finish.returnTo ?? paths.home,
		cookies: [
			{ name: "session", token: sessionToken },
			{ name: "browser", token: browserToken },
			{ name: "sign-in", token: undefined },
		],
	};
}

/** What has to be seen to first: a lost phone, or a Recovery Code that was never saved. */
async function landingOf(
	tx: Tx,
	{ profile, by }: { profile: Profile; by: SignedInBy },
): Promise<string | undefined> {
	const methods = await listMethods(tx, profile.clinicId, profile.profileId);
	if (methods.length === 0) return undefined;
	if (by === "recovery-code") return paths.lostPhone;
	const code = await findRecoveryCode(tx, profile.clinicId, profile.profileId);
	return code === undefined || code.savedAt === null ? paths.recoveryCode : undefined;
}
