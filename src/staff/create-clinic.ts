import { type Clinic, NEW_CLINIC, type NewClinic } from "../clinics/clinic.ts";
import { findClinic, lockClinics } from "../clinics/store.ts";
import { newId } from "../db/ids.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { type Invited, inviteNew, type NewPerson } from "./invite-staff.ts";
import { makeClinic } from "./make-clinic.ts";

export type CreatedClinic =
	| { kind: "created"; clinic: Clinic; owner: Invited }
	| { kind: "short-name-taken" }
	/** `VESTIBULE_CLINICS=one`, and there is this one. */
	| { kind: "only-one"; clinic: Clinic };

/** Makes a clinic together with its first Full Access user, who is emailed a link to set a password. */
export function createClinic(
	deps: Pick<Deps, "config" | "db" | "clock">,
	given: Omit<NewClinic, "clinicId">,
	owner: Omit<NewPerson, "access">,
): Promise<CreatedClinic> {
	const now = deps.clock();
	return inTransaction(deps.db, async (tx) => {
		// Two commands at once make no second clinic, and no second short name.
		await lockClinics(tx);
		if (await findClinic(tx, { shortName: given.shortName })) return { kind: "short-name-taken" };
		const only = deps.config.clinics === "one" ? await findClinic(tx, "the-only-one") : undefined;
		if (only) return { kind: "only-one", clinic: only };

		const clinic: Clinic = { clinicId: newId(now), ...given, ...NEW_CLINIC };
		await makeClinic(tx, deps, clinic, now);
		const invited = await inviteNew(tx, deps, clinic, { ...owner, access: "full" }, [], {
			kind: "operator",
			now,
		});
		if (!invited) throw new Error("A clinic that has just been made has a staff profile");
		return { kind: "created", clinic, owner: invited };
	});
}
