import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { deleteTrust } from "../browsers/store.ts";
import type { MethodKind } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import { newsOf } from "../delivery/news.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { listMethods } from "../methods/store.ts";
import { changeDoors, lockProfile } from "../profiles/store.ts";
import { endRecoveryCode } from "../recovery-code/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { deleteSessions } from "../sessions/store.ts";
import { endMethod } from "../set-up/end-method.ts";

/**
 * Turns a method off for a person who has just been asked again. With the last one the Recovery Code ends too: it
 * stands in for a code, and none is asked for any more.
 *
 * @returns false when something about how this person gets in changed since they were asked
 */
export async function turnOffMethod(
	deps: Deps,
	visit: SessionVisit,
	kind: MethodKind,
	signsOut: boolean,
): Promise<boolean> {
	const { session, now, words } = visit;
	const { clinicId, profileId, doorsVersion } = session.profile;
	const { keyring } = deps.config;
	return inTransaction(deps.db, async (tx) => {
		const profile = await lockProfile(tx, clinicId, profileId);
		if (!profile?.active || profile.doorsVersion !== doorsVersion) return false;
		const methods = await listMethods(tx, clinicId, profileId);
		const method = methods.find((one) => one.kind === kind);
		if (!method || !(await endMethod(tx, clinicId, profileId, method))) return false;
		if (methods.length === 1) await endRecoveryCode(tx, clinicId, profileId);
		await changeDoors(tx, clinicId, profileId);
		const trustEnded = await deleteTrust(tx, clinicId, profileId, "all");
		const ended = signsOut ? await deleteSessions(tx, clinicId, profileId, session.sessionId) : 0;
		const told = { ...newsOf(visit, profile.name), methodName: words.methods[kind] };
		await queueEmail(tx, keyring, {
			clinicId,
			profileId,
			to: profile.email,
			kind: "method-turned-off",
			email: words.emails.methodTurnedOff(told),
			now,
		});
		const event = during(visit, profileId, profileId);
		await recordEvent(tx, keyring, { ...event, kind: "method-turned-off", detail: { method: kind } });
		if (trustEnded > 0) {
			await recordEvent(tx, keyring, {
				...event,
				kind: "trust-ended",
				detail: { count: trustEnded, why: "method-changed" },
			});
		}
		if (ended > 0) {
			await recordEvent(tx, keyring, {
				...event,
				kind: "sessions-ended",
				detail: { count: ended, why: "method-changed" },
			});
		}
		return true;
	});
}
