import { findClinic } from "../clinics/store.ts";
import { newId } from "../db/ids.ts";
import type { Access } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { writePassword } from "../passwords/store.ts";
import { NEW_PROFILE } from "../profiles/profile.ts";
import { insertProfile } from "../profiles/store.ts";
import { makeClinic } from "../staff/make-clinic.ts";

/** The one password of everybody in the demo. */
export const DEMO_PASSWORD = "quiet lanterns over water";

/** Who works at Harbour Physio. Nobody has set up 2-Step Verification yet. */
export const DEMO_STAFF: readonly { name: string; email: string; mobile: string; access: Access }[] = [
	{ name: "Avery Chen", email: "avery@harbour.example", mobile: "+16045550101", access: "full" },
	{ name: "Blake Moreau", email: "blake@harbour.example", mobile: "+16045550102", access: "full" },
	{ name: "Casey Singh", email: "casey@harbour.example", mobile: "+16045550103", access: "limited" },
	{ name: "Devon Okafor", email: "devon@harbour.example", mobile: "+16045550104", access: "limited" },
	{ name: "Emery Laurent", email: "emery@harbour.example", mobile: "+16045550105", access: "limited" },
	{ name: "Finley Tran", email: "finley@harbour.example", mobile: "+16045550106", access: "limited" },
];

/** Makes the demo's clinic where there is none yet; a second call changes nothing. */
export async function createDemoClinic(deps: Deps): Promise<void> {
	if (await findClinic(deps.db, "the-only-one")) return;
	const now = deps.clock();
	const clinicId = newId(now);
	const hashes = await Promise.all(DEMO_STAFF.map(() => deps.hasher.hash(DEMO_PASSWORD, "welcome")));
	await inTransaction(deps.db, async (tx) => {
		const clinic = { clinicId, shortName: "harbour", name: "Harbour Physio", timeZone: "America/Vancouver" };
		for (const [index, person] of DEMO_STAFF.entries()) {
			const profileId = newId(now);
			await insertProfile(tx, { clinicId, profileId, ...person, ...NEW_PROFILE }, now);
			await writePassword(tx, {
				clinic_id: clinicId,
				profile_id: profileId,
				password_id: newId(now),
				hash: hashes[index] ?? "",
				set_at: now,
				set_by: "change",
				only_known_browsers: 0,
			});
		}
		await makeClinic(tx, deps, { ...clinic, country: "CA" }, now);
	});
}
