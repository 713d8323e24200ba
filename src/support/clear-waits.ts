import { recordEvent } from "../activity/record.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { type DoneBy, eventOf } from "../colleagues/done-by.ts";
import { tellColleague } from "../colleagues/tell-colleague.ts";
import { tellFullAccessUsers } from "../colleagues/tell-full-access-users.ts";
import type { MethodKind } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { type LimitName, lockOrder } from "../limits/limits.ts";
import { clearTries, endWait, peekTries } from "../limits/take-try.ts";
import { listMethods } from "../methods/store.ts";
import { findPassword } from "../passwords/store.ts";
import { emailHash } from "../profiles/email-hash.ts";
import type { Profile } from "../profiles/profile.ts";
import { listFullAccessUsers, lockProfile } from "../profiles/store.ts";
import { clearMessageTries } from "../text-message/message-limits.ts";
import { findNumber } from "../text-message/store.ts";

/** What one person's tries can lead to a wait in, by what the tries are counted under. */
const BY_EMAIL = ["passwordsKnownBrowser", "resetLinksAnHour", "resetLinksADay"] as const;
const BY_PROFILE = [
	"signInsUnknownBrowser",
	"codesUnknownBrowser",
	"codesKnownBrowser",
	"codesUnknownBrowserADay",
	"recoveryCodesUnknownBrowser",
	"recoveryCodesKnownBrowser",
	"emailedCodesUnknownBrowser",
	"emailedCodesKnownBrowser",
	"emailedCodesAnHour",
	"temporaryCodesUnknownBrowser",
	"temporaryCodesKnownBrowser",
] as const;

/** What waiting does not lift, and neither does the operator. */
type Remains = {
	/** The password works only in known browsers, until a new one is set. */
	passwordOnlyInKnownBrowsers: boolean;
	/** These take no codes until they are replaced. */
	blocked: readonly MethodKind[];
};

export type WaitsCleared =
	| { kind: "cleared"; profile: Profile; remains: Remains }
	| { kind: "unknown" }
	| { kind: "deactivated" };

/**
 * Ends the waits of one person, for the operator. A password that works only in known browsers stays so until a new
 * one is set, and a method goes on counting towards its end: so many guesses it takes, whoever is persuaded.
 */
export function clearWaits(
	deps: Pick<Deps, "config" | "db">,
	clinic: Clinic,
	profileId: string,
	by: Extract<DoneBy, { kind: "operator" }>,
	because: { reason: string; ticket?: string },
): Promise<WaitsCleared> {
	const { now } = by;
	const { clinicId } = clinic;
	const { keyring } = deps.config;
	return inTransaction(deps.db, async (tx): Promise<WaitsCleared> => {
		const profile = await lockProfile(tx, clinicId, profileId);
		if (!profile) return { kind: "unknown" };
		if (!profile.active) return { kind: "deactivated" };

		const strangers = { clinicId, key: emailHash(deps, profile.email) };
		// A thief who guesses on must not have a hundred tries again and again.
		await endWait(tx, "passwordsUnknownBrowser", strangers, now);
		for (const name of [...BY_EMAIL, ...BY_PROFILE].toSorted(lockOrder)) {
			await clearTries(tx, name, { clinicId, key: isByEmail(name) ? strangers.key : profileId });
		}
		await clearMessageTries(tx, deps, {
			clinicId,
			profileId,
			number: await findNumber(tx, clinicId, profileId),
		});

		const password = await findPassword(tx, clinicId, profileId);
		const standing = await peekTries(tx, "passwordsUnknownBrowser", strangers, now);
		const methods = await listMethods(tx, clinicId, profileId);
		const remains: Remains = {
			passwordOnlyInKnownBrowsers: password?.only_known_browsers === 1 || standing.kind === "closed",
			blocked: methods.filter(({ blockedAt }) => blockedAt !== null).map(({ kind }) => kind),
		};

		const { reason } = because;
		const kind = "support-unlocked" as const;
		await tellColleague(tx, deps, clinic, profile, {
			by,
			kind,
			hasNotMe: true,
			write: ({ emails }, news) => emails.waitsCleared({ ...news, reason }),
		});
		await tellFullAccessUsers(tx, deps, clinic, await listFullAccessUsers(tx, clinicId), {
			by,
			colleagueId: profileId,
			kind,
			write: ({ emails }, told) => emails.colleagueWaitsCleared({ ...told, colleague: profile, reason }),
		});
		await recordEvent(tx, keyring, {
			...eventOf(by, clinicId, profileId),
			kind: "waits-cleared",
			detail: because,
		});
		return { kind: "cleared", profile, remains };
	});
}

function isByEmail(name: LimitName): boolean {
	return BY_EMAIL.some((one) => one === name);
}
