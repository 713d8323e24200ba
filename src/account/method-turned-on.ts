import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import type { MethodKind } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import { newsOf } from "../delivery/news.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { listMethods } from "../methods/store.ts";
import type { TurnedOn } from "../methods/turn-on.ts";
import { issueRecoveryCode, type PreparedCode } from "../recovery-code/issue.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { deleteSessions, endLostPhone, noteMethodPassed } from "../sessions/store.ts";
import { endMethod } from "./end-method.ts";

/**
 * What else it means that a method went on inside a session, in the same transaction: what was ticked as lost ends,
 * a new Recovery Code is made and the earlier one ended, other sessions end, and the person is told.
 */
export async function methodTurnedOn(
	tx: Tx,
	deps: Deps,
	visit: SessionVisit,
	kind: MethodKind,
	on: TurnedOn,
	prepared: PreparedCode,
): Promise<void> {
	const { session, now, words } = visit;
	const { clinicId, profileId, name, email } = session.profile;
	const { keyring } = deps.config;
	const methods = await listMethods(tx, clinicId, profileId);
	const isFirst = methods.length === 1 && on.replacedMethodId === undefined;
	const isReplaced = on.replacedMethodId !== undefined;

	const lost = methods.filter(
		({ methodId, kind: its }) => methodId !== on.methodId && session.lostKinds.includes(its),
	);
	for (const method of lost) await endMethod(tx, clinicId, profileId, method);
	await endLostPhone(tx, clinicId, session.sessionId);
	await noteMethodPassed(tx, clinicId, session.sessionId, now);
	await issueRecoveryCode(tx, keyring, { clinicId, profileId, sessionId: session.sessionId, prepared, now });

	// Whoever was in with the password alone is out when the first method goes on.
	const signsOut = isFirst || session.setUpSignsOut;
	const ended = signsOut ? await deleteSessions(tx, clinicId, profileId, session.sessionId) : 0;

	const told = { ...newsOf(visit, name), methodName: words.methods[kind] };
	await queueEmail(tx, keyring, {
		clinicId,
		profileId,
		to: email,
		kind: isReplaced ? "method-replaced" : "method-set-up",
		email: isReplaced ? words.emails.methodReplaced(told) : words.emails.methodSetUp(told),
		now,
	});
	const event = during(visit, profileId, profileId);
	await recordEvent(tx, keyring, {
		...event,
		kind: "method-set-up",
		detail: { method: kind, replaced: isReplaced },
	});
	for (const method of lost) {
		await recordEvent(tx, keyring, { ...event, kind: "method-turned-off", detail: { method: method.kind } });
	}
	await recordEvent(tx, keyring, { ...event, kind: "recovery-code-made", detail: {} });
	if (ended > 0) {
		await recordEvent(tx, keyring, {
			...event,
			kind: "sessions-ended",
			detail: { count: ended, why: "method-changed" },
		});
	}
}
