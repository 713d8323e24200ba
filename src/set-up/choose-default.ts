import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import type { MethodKind } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { listMethods, setDefault } from "../methods/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { lockStillIn } from "../sessions/still-in.ts";

/** Makes a method the one that is asked for first. @returns false when it is not on, or the session has ended */
export async function chooseDefault(deps: Deps, visit: SessionVisit, kind: MethodKind): Promise<boolean> {
	const { clinicId, profileId } = visit.session.profile;
	return inTransaction(deps.db, async (tx) => {
		if (!(await lockStillIn(tx, visit))) return false;
		const method = (await listMethods(tx, clinicId, profileId)).find((one) => one.kind === kind);
		if (!method) return false;
		if (method.isDefault) return true;
		await setDefault(tx, clinicId, profileId, method.methodId);
		const event = during(visit, profileId, profileId);
		await recordEvent(tx, deps.config.keyring, {
			...event,
			kind: "default-changed",
			detail: { method: kind },
		});
		return true;
	});
}
