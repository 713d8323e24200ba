import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { deleteTrust } from "../browsers/store.ts";
import { readClinic } from "../clinics/store.ts";
import type { MethodKind } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { listMethods } from "../methods/store.ts";
import type { TurnedOn } from "../methods/turn-on.ts";
import { tellPerson } from "../not-me/tell-person.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfile } from "../profiles/store.ts";
import { issueRecoveryCode, type PreparedCode } from "../recovery-code/issue.ts";
import { deleteSessions } from "../sessions/store.ts";
import { recordedNumbers } from "../text-message/number.rule.ts";
import type { Visit } from "../web/visit.ts";
import { endMethod } from "./end-method.ts";
import { tellMobileChanged } from "./tell-mobile-changed.ts";

/** Who turned it on, and the session in which they see their Recovery Code. */
type SetUpBy = {
	profile: Profile;
	sessionId: string;
	/** What was ticked at *Lost your phone?*. */
	lostKinds: readonly MethodKind[];
	/** Whether the person's other sessions end. They do in any case when the first method goes on. */
	signsOut: boolean;
};

/**
 * What else it means that a method went on, in the same transaction: what was ticked as lost ends, and texts where
 * the clinic stopped them; a new Recovery Code is made and the earlier one ended; trust ends with what it rested on;
 * other sessions end; and the person is told.
 */
export async function methodTurnedOn(
	tx: Tx,
	deps: Deps,
	visit: Visit,
	{ profile, sessionId, lostKinds, signsOut }: SetUpBy,
	{ kind, on, prepared }: { kind: MethodKind; on: TurnedOn; prepared: PreparedCode },
): Promise<void> {
	const { now, words } = visit;
	const { clinicId, profileId } = profile;
	const { keyring } = deps.config;
	const { rule } = await readClinic(tx, clinicId);
	const methods = await listMethods(tx, clinicId, profileId);
	const isFirst = methods.length === 1 && on.replacedMethodId === undefined;
	const isReplaced = on.replacedMethodId !== undefined;
	const ends = (its: MethodKind) => lostKinds.includes(its) || (its === "text-message" && !rule.allowsTexts);
	const ended = methods.filter((method) => method.methodId !== on.methodId && ends(method.kind));
	for (const method of ended) await endMethod(tx, clinicId, profileId, method);
	const hasChanged = isReplaced || ended.length > 0;
	const trustEnded = hasChanged ? await deleteTrust(tx, clinicId, profileId, "all") : 0;
	await issueRecoveryCode(tx, keyring, { clinicId, profileId, sessionId, prepared, now });
	// Whoever was in with the password alone is out when the first method goes on.
	const sessionsEnded = isFirst || signsOut ? await deleteSessions(tx, clinicId, profileId, sessionId) : 0;
	await tellPerson(tx, deps, visit, profile, isReplaced ? "method-replaced" : "method-set-up", (news) => {
		const told = { ...news, methodName: words.methods[kind] };
		return isReplaced ? words.emails.methodReplaced(told) : words.emails.methodSetUp(told);
	});
	// The number of text messages has become the profile's in the same write.
	const changed = await findProfile(tx, clinicId, profileId);
	const isMobileChanged = changed !== undefined && changed.mobile !== profile.mobile;
	if (isMobileChanged) await tellMobileChanged(tx, deps, visit, profile, changed);

	const event = during(visit, profileId, profileId);
	await recordEvent(tx, keyring, {
		...event,
		kind: "method-set-up",
		detail: { method: kind, replaced: isReplaced },
	});
	for (const method of ended) {
		await recordEvent(tx, keyring, { ...event, kind: "method-turned-off", detail: { method: method.kind } });
	}
	if (isMobileChanged) {
		const detail = recordedNumbers(profile.mobile, changed.mobile);
		await recordEvent(tx, keyring, { ...event, kind: "mobile-changed", detail });
	}
	await recordEvent(tx, keyring, { ...event, kind: "recovery-code-made", detail: {} });
	const why = "method-changed" as const;
	if (trustEnded > 0)
		await recordEvent(tx, keyring, { ...event, kind: "trust-ended", detail: { count: trustEnded, why } });
	if (sessionsEnded > 0)
		await recordEvent(tx, keyring, {
			...event,
			kind: "sessions-ended",
			detail: { count: sessionsEnded, why },
		});
}
