import { during } from "../activity/during.ts";
import { lockChain, recordEvent } from "../activity/record.ts";
import { isNewBrowserTold, wasSeenToday } from "../browsers/network.rule.ts";
import { findKnownBrowser, isOwnBrowser, knowBrowser, seeNetwork, trustBrowser } from "../browsers/store.ts";
import { TRUSTED_FOR_MS } from "../browsers/trust.rule.ts";
import { hours } from "../clock.ts";
import { PlainToken } from "../crypto/tokens.ts";
import { newId } from "../db/ids.ts";
import type { SignedInBy } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { giveBackTry, type ProfileTries, readProfileTries } from "../limits/take-try.ts";
import type { Method } from "../methods/store.ts";
import { tellPerson } from "../not-me/tell-person.ts";
import { paths } from "../paths.ts";
import type { Profile } from "../profiles/profile.ts";
import { noteSignIn } from "../profiles/store.ts";
import { longestSession } from "../sessions/lifetime.rule.ts";
import { deleteSessionByToken, insertSession } from "../sessions/store.ts";
import { endWaitingCodes } from "../temporary-code/store.ts";
import type { Cookie } from "../web/cookies.ts";
import { isSameNetwork } from "../web/network.ts";
import type { Visit } from "../web/visit.ts";
import { SignInEnded } from "./sign-in-ended.ts";
import { deleteSignIn, readUnderLock, type UnderLock } from "./store.ts";

/** *Lost your phone?* asks nothing more within this time of a sign-in by Recovery Code or temporary code. */
const LOST_PHONE_MS = hours(1);

/** What counts for *Asking again*: a trusted browser, an emailed and a temporary code do not. */
const COUNTS_AS_CODE: ReadonlySet<SignedInBy> = new Set([
	"authenticator-app",
	"text-message",
	"recovery-code",
]);

/** A person is in: where to go, and the cookies that say so. */
export type FinishedSignIn = { path: string; cookies: Cookie[] };

/** What is asked of a person and their browser before they are in. */
export type Arrival = {
	/** Where and when they last finished a sign-in in this browser, if it is a known one. */
	known: { address: string; lastKnownAt: number } | undefined;
	underLock: UnderLock;
	tries: ProfileTries;
};

/**
 * Reads it in the transaction that lets them in, with the profile locked.
 *
 * @param underLock where it was sent in this transaction already
 */
export async function readArrival(
	tx: Tx,
	{ browser, now }: Visit,
	{ clinicId, profileId }: Pick<Profile, "clinicId" | "profileId">,
	underLock = readUnderLock(tx, { clinicId, profileId, signInId: undefined, now }),
): Promise<Arrival> {
	const [known, read, tries] = await Promise.all([
		browser.hash && findKnownBrowser(tx, clinicId, profileId, browser.hash, now),
		underLock,
		readProfileTries(tx, { clinicId, key: profileId }),
	]);
	return { known, underLock: read, tries };
}

/**
 * Ends a sign-in and starts the session, in the open transaction that accepted the last proof. The caller has
 * locked the profile and knows that the journey leads here.
 *
 * @param finish.signInId undefined where the password alone was asked for
 * @param finish.methods those that are on now
 * @param finish.by the last proof
 * @param finish.trusts whether this browser is to skip the second step for 30 days, where the clinic allows it
 * @param finish.sessionId made before, where what belongs to the session is written first
 * @param finish.arrival where `readArrival` read it in this transaction already
 * @throws SignInEnded when the sign-in was ended at the same moment: nothing of the transaction may stay
 */
export async function finishSignIn(
	tx: Tx,
	deps: Deps,
	visit: Visit,
	finish: {
		profile: Profile;
		signInId: string | undefined;
		methods: readonly Method[];
		by: SignedInBy;
		returnTo: string | null;
		trusts?: boolean;
		sessionId?: string;
		arrival?: Arrival;
	},
): Promise<FinishedSignIn> {
	const { now, browser } = visit;
	const { profile, by } = finish;
	const { clinicId, profileId } = profile;

	const { known, underLock, tries } = finish.arrival ?? (await readArrival(tx, visit, profile));
	const landing = landingOf(visit, finish, underLock);
	// A browser cookie that this clinic did not give out is not taken on: it could be somebody else's.
	const isOwn = known || (browser.hash !== undefined && (await isOwnBrowser(tx, clinicId, browser.hash)));
	const browserToken = isOwn && browser.token ? browser.token : PlainToken.fresh();
	const sessionToken = PlainToken.fresh();
	const seen = { hash: browserToken.hash(), name: browser.name, address: visit.network.address };
	// Sent together: none waits for another's answer.
	const [[hasEnded, hasStarted, codesEnded, isNewBrowser], chain] = await Promise.all([
		Promise.all([
			finish.signInId === undefined || deleteSignIn(tx, clinicId, finish.signInId),
			insertSession(tx, {
				clinicId,
				sessionId: finish.sessionId ?? newId(now),
				tokenHash: sessionToken.hash(),
				profileId,
				doorsVersion: profile.doorsVersion,
				browserHash: browserToken.hash(),
				browserName: browser.name,
				address: visit.network.address,
				signedInBy: by,
				now,
				expiresAt: now + longestSession(visit.clinic, now),
				methodPassedAt: COUNTS_AS_CODE.has(by) ? now : null,
				lostPhoneUntil: landing === paths.lostPhone ? now + LOST_PHONE_MS : null,
				returnTo: landing === undefined ? null : finish.returnTo,
			}),
			// Any other way in ends a temporary code that waits: it was not needed.
			underLock.hasTemporaryCode ? endWaitingCodes(tx, clinicId, profileId, now) : 0,
			noteNetwork(tx, visit, profile, known),
			knowBrowser(tx, { clinicId, profileId, ...seen, now }),
			noteSignIn(tx, clinicId, profileId, now, visit.words.language),
			// A sign-in that was finished is none of those that fill anything.
			finish.signInId !== undefined &&
				!known &&
				giveBackTry(tx, "signInsUnknownBrowser", { clinicId, key: profileId }, now, tries),
			// Whoever sat in this browser before is signed out.
			visit.cookies.session && deleteSessionByToken(tx, clinicId, visit.cookies.session.hash()),
		]),
		// Trust may have to wait for somebody who ends it.
		finish.trusts ? undefined : lockChain(tx, clinicId),
	]);
	// One sign-in gives one session, however often its last page is sent.
	if (!hasEnded) throw new SignInEnded();
	// It cannot be while the profile is locked: then nothing of this is kept either.
	if (!hasStarted) throw new Error("The doors changed although the profile was locked");
	const hasTrusted = finish.trusts && (await trustBrowser(tx, { clinicId, profileId, ...seen, now }));
	if (isNewBrowser) await tellPerson(tx, deps, visit, profile, "new-browser", visit.words.emails.newBrowser);
	const signedIn = { ...during(visit, profileId, profileId), kind: "signed-in", detail: { by } } as const;
	await recordEvent(tx, deps.config.keyring, signedIn, chain);
	if (codesEnded > 0) {
		await recordEvent(tx, deps.config.keyring, {
			...during(visit, profileId, profileId),
			kind: "temporary-code-ended",
			detail: { why: "signed-in-otherwise" },
		});
	}
	if (hasTrusted) {
		await recordEvent(tx, deps.config.keyring, {
			...during(visit, profileId, profileId),
			kind: "browser-trusted",
			detail: { until: now + TRUSTED_FOR_MS },
		});
	}
	return {
		path: landing ?? finish.returnTo ?? paths.home,
		cookies: [
			{ name: "session", token: sessionToken },
			{ name: "browser", token: browserToken },
			{ name: "sign-in", token: undefined },
		],
	};
}

/** Notes where the person signed in. @returns whether they are told: they have used browser and network not lately */
async function noteNetwork(
	tx: Tx,
	{ now, network }: Visit,
	{ clinicId, profileId, lastSignInAt }: Profile,
	known: { address: string; lastKnownAt: number } | undefined,
): Promise<boolean> {
	const isOnThisNetwork = known !== undefined && isSameNetwork(known.address, network.address);
	if (wasSeenToday(known && { ...known, isOnThisNetwork }, now)) return false;
	const networkSeenAt = await seeNetwork(tx, { clinicId, profileId, network: network.key, now });
	return isNewBrowserTold({ isBrowserKnown: known !== undefined, networkSeenAt, lastSignInAt }, now);
}

/**
 * What has to be seen to first: a lost phone, texts where the clinic wants an app, or a Recovery Code that was never
 * saved.
 */
function landingOf(
	{ clinic }: Visit,
	{ methods, by }: { methods: readonly Method[]; by: SignedInBy },
	{ hasSavedCode }: UnderLock,
): string | undefined {
	if (methods.length === 0) return undefined;
	if (by === "recovery-code" || by === "temporary-code") return paths.lostPhone;
	const hasOnlyTexts = methods.every(({ kind }) => kind === "text-message");
	if (hasOnlyTexts && !clinic.rule.allowsTexts) return paths.appInstead;
	return hasSavedCode ? undefined : paths.recoveryCode;
}
