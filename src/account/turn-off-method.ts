import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { deleteTrust } from "../browsers/store.ts";
import { readClinic } from "../clinics/store.ts";
import type { MethodKind } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import { listMethods } from "../methods/store.ts";
import { tellPerson } from "../not-me/tell-person.ts";
import { changeDoors } from "../profiles/store.ts";
import { endRecoveryCode } from "../recovery-code/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { lockStillIn } from "../sessions/still-in.ts";
import { deleteSessions } from "../sessions/store.ts";
import { endMethod } from "../set-up/end-method.ts";

export type TurnedOff =
	| "off"
	/** It is the last one, and the clinic requires one: it can only be replaced. */
	| "required"
	/** The session has ended, or something about how this person gets in changed since they were asked. */
	| "over";

/**
 * Turns a method off for a person who has just been asked again. With the last one the Recovery Code ends too: it
 * stands in for a code, and none is asked for any more.
 */
export async function turnOffMethod(
	deps: Deps,
	visit: SessionVisit,
	kind: MethodKind,
	signsOut: boolean,
): Promise<TurnedOff> {
	const { session, now, words } = visit;
	const { clinicId, profileId } = session.profile;
	const { keyring } = deps.config;
	return inTransaction(deps.db, async (tx): Promise<TurnedOff> => {
		const profile = await lockStillIn(tx, visit);
		if (!profile) return "over";
		const methods = await listMethods(tx, clinicId, profileId);
		// The clinic's rule as it is at this moment, whatever the page said.
		const rule = enforcementOf(await readClinic(tx, clinicId), now);
		if (methods.length === 1 && rule.kind === "in-force") return "required";
		const method = methods.find((one) => one.kind === kind);
		if (!method || !(await endMethod(tx, clinicId, profileId, method))) return "over";
		if (methods.length === 1) await endRecoveryCode(tx, clinicId, profileId);
		await changeDoors(tx, clinicId, profileId);
		const trustEnded = await deleteTrust(tx, clinicId, profileId, "all");
		const ended = signsOut ? await deleteSessions(tx, clinicId, profileId, session.sessionId) : 0;
		await tellPerson(tx, deps, visit, profile, "method-turned-off", (news) =>
			words.emails.methodTurnedOff({ ...news, methodName: words.methods[kind] }),
		);
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
		return "off";
	});
}
