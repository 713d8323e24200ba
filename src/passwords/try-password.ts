import { during } from "../activity/during.ts";
import type { Event } from "../activity/events.ts";
import { recordEvent } from "../activity/record.ts";
import { isKnownBrowser } from "../browsers/store.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { LimitName } from "../limits/limits.ts";
import { closeLimit, giveBackTry, peekTries, takeTry, type Verdict } from "../limits/take-try.ts";
import { emailHash } from "../profiles/email-hash.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfileByEmail } from "../profiles/store.ts";
import type { Visit } from "../web/visit.ts";
import { normalPassword } from "./password.rule.ts";
import { findPassword, keepToKnownBrowsers } from "./store.ts";

/** A password that was right. Nothing is open yet: the write that accepts it says so (`acceptPassword`). */
export type RightPassword = {
	profile: Profile;
	/** Whether this browser is known, so which counters the next steps take. */
	knownBrowser: boolean;
	/** When it was set by an emailed link; null where the person changed it themselves. */
	setByLinkAt: number | null;
	taken: readonly TakenTry[];
};

export type TriedPassword =
	| { kind: "right"; right: RightPassword }
	/** Or right, where it works only in known browsers and this is none. */
	| { kind: "wrong"; onlyKnownBrowsers: boolean }
	| { kind: "wait"; until: number };

type TakenTry = { limit: LimitName; clinicId: string; key: string };

/**
 * Tries a password: counts first, in a transaction of its own, then compares. Same work whether the profile
 * exists, is deactivated or has no password yet.
 *
 * @param email as typed
 * @param actor who tries, for the log: a profile id inside a session, and else `nobody`
 * @throws Overloaded
 */
export async function tryPassword(
	deps: Deps,
	visit: Visit,
	email: string,
	password: string,
	actor: string,
): Promise<TriedPassword> {
	const { clinic, now } = visit;
	const profile = await findProfileByEmail(deps.db, clinic.clinicId, email);
	const knownBrowser = await isKnownBrowser(
		deps.db,
		clinic.clinicId,
		profile?.profileId,
		visit.browser.hash,
		now,
	);
	const row = await findPassword(deps.db, clinic.clinicId, profile?.profileId);
	if (!knownBrowser) {
		const unfinished = { clinicId: clinic.clinicId, key: profile?.profileId ?? "" };
		const standing = await peekTries(deps.db, "signInsUnknownBrowser", unfinished, now);
		// Whoever has a password keeps nobody waiting by having it hashed again and again.
		if (standing.kind === "wait") return standing;
	}
	const tried = during(visit, profile?.profileId, actor);
	const wanted = triesFor(deps, clinic, email, knownBrowser, visit);

	// Counted and committed before the password is looked at: a crash or a race gives no free try.
	const verdict = await inTransaction(deps.db, async (tx) => {
		for (const { limit, ...at } of wanted) {
			const answer = await takeTry(tx, limit, at, now);
			if (answer.kind === "go") continue;
			if (answer.isFirstRefusal) await recordEvent(tx, deps.config.keyring, { ...tried, ...refusal(answer) });
			return answer;
		}
		return undefined;
	});
	if (verdict?.kind === "wait") return verdict;
	if (verdict?.kind === "closed") return { kind: "wrong", onlyKnownBrowsers: true };

	const isActive = profile?.active ?? false;
	const lane = knownBrowser ? "welcome" : "stranger";
	const matches = await deps.hasher.verify(normalPassword(password), isActive ? row?.hash : undefined, lane);
	const isKept = row?.only_known_browsers === 1 && !knownBrowser;
	if (!profile || !row || !matches || isKept) {
		const detail = { isKnownEmail: profile !== undefined };
		await inTransaction(deps.db, (tx) =>
			recordEvent(tx, deps.config.keyring, { ...tried, kind: "password-refused", detail }),
		);
		return { kind: "wrong", onlyKnownBrowsers: isKept };
	}
	const setByLinkAt = row.set_by === "link" ? row.set_at : null;
	return { kind: "right", right: { profile, knownBrowser, setByLinkAt, taken: wanted } };
}

/** Takes back the tries of a password that was right, in the transaction that lets the person on. */
export async function acceptPassword(tx: Tx, right: RightPassword, now: number): Promise<void> {
	for (const { limit, ...at } of right.taken) await giveBackTry(tx, limit, at, now);
}

/**
 * Somebody who is not in a known browser has the password: from here it works only in known browsers, until a new
 * one is set. Unknown emails can come into the same state, so it tells nobody whether a profile exists.
 *
 * @returns false when it was so already
 */
export async function closePasswordToStrangers(
	tx: Tx,
	deps: Deps,
	profile: Profile,
	now: number,
): Promise<boolean> {
	const at = { clinicId: profile.clinicId, key: emailHash(deps, profile.email) };
	await closeLimit(tx, "passwordsUnknownBrowser", at, now);
	return keepToKnownBrowsers(tx, profile.clinicId, profile.profileId);
}

/**
 * An email is another one: where the password was kept from strangers under the one before, it is so under this one
 * too, since wrong passwords are counted by email.
 *
 * @param profile as it was before, and is locked
 */
export async function keepClosedUnder(
	tx: Tx,
	deps: Deps,
	profile: Profile,
	email: string,
	now: number,
): Promise<void> {
	const before = { clinicId: profile.clinicId, key: emailHash(deps, profile.email) };
	const standing = await peekTries(tx, "passwordsUnknownBrowser", before, now);
	if (standing.kind === "closed") await closePasswordToStrangers(tx, deps, { ...profile, email }, now);
}

function triesFor(deps: Deps, clinic: Clinic, email: string, known: boolean, visit: Visit): TakenTry[] {
	const { clinicId } = clinic;
	const key = emailHash(deps, email);
	if (known) return [{ limit: "passwordsKnownBrowser", clinicId, key }];
	const { key: network, widerKey } = visit.network;
	return [
		{ limit: "passwordsNetwork", clinicId, key: network },
		...(widerKey ? [{ limit: "passwordsWiderNetwork" as const, clinicId, key: widerKey }] : []),
		{ limit: "passwordsUnknownBrowser", clinicId, key },
	];
}

/** The event of the first try refused: of a wait, or of a password that works only in known browsers. */
function refusal(verdict: Exclude<Verdict, { kind: "go" }>): Event {
	if (verdict.kind === "wait") return { kind: "password-waits", detail: { until: verdict.until } };
	return { kind: "password-only-known-browsers", detail: { why: "wrong-passwords" } };
}
