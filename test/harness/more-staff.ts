import { findClinic } from "../../src/clinics/store.ts";
import { newId } from "../../src/db/ids.ts";
import type {
	MethodKind,
	MethodRow,
	ProfileRow,
	SessionRow,
	TrustedBrowserRow,
} from "../../src/db/tables.ts";
import { nameOrder } from "../../src/profiles/name-order.rule.ts";
import { emailKey } from "../../src/profiles/profile.ts";
import type { App } from "./app.ts";

/** Somebody who works at the clinic as well; what is not named is as of somebody just invited with Limited access. */
export type Colleague = Partial<ProfileRow> &
	Pick<ProfileRow, "name" | "email"> & {
		methods?: (Partial<MethodRow> & { kind: MethodKind })[];
		trusted?: Partial<TrustedBrowserRow>[];
		sessions?: Partial<SessionRow>[];
	};

/** Puts people into the only clinic behind the back of the code under test. */
export async function addStaff({ database, clock }: App, people: readonly Colleague[]): Promise<void> {
	const { backdoor } = database;
	const clinic = await findClinic(backdoor, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	const now = clock.now();
	for (const { methods = [], trusted = [], sessions = [], ...person } of people) {
		const whose = { clinic_id: clinic.clinicId, profile_id: person.profile_id ?? newId(now) };
		const profile: ProfileRow = {
			...whose,
			name_order: nameOrder(person.name),
			email_key: emailKey(person.email),
			mobile: null,
			access: "limited",
			active: 1,
			language: "en",
			created_at: now,
			last_sign_in_at: null,
			doors_version: 0,
			last_reminded_at: null,
			reset_pending_at: null,
			email_changed_at: null,
			earlier_email: null,
			earlier_email_key: null,
			mobile_changed_at: null,
			earlier_mobile: null,
			deactivated_at: null,
			...person,
		};
		await backdoor.insertInto("profiles").values(profile).execute();
		for (const method of methods) {
			const fresh = { method_id: newId(now), on_at: now, last_used_at: null, is_default: 0 as const };
			const row: MethodRow = { ...whose, ...fresh, wrong_in_a_row: 0, blocked_at: null, ...method };
			await backdoor.insertInto("methods").values(row).execute();
		}
		for (const browser of trusted) {
			const row: TrustedBrowserRow = {
				...whose,
				browser_hash: newId(now),
				trust_id: newId(now),
				trust_version: 0,
				name: "Chrome on Windows",
				address: "198.51.100.7",
				trusted_at: now,
				ends_at: now + 1,
				...browser,
			};
			await backdoor.insertInto("trusted_browsers").values(row).execute();
		}
		for (const session of sessions) {
			const row: SessionRow = {
				...whose,
				session_id: newId(now),
				token_hash: newId(now),
				browser_hash: newId(now),
				browser_name: "Chrome on Windows",
				address: "198.51.100.7",
				signed_in_by: "password",
				started_at: now,
				last_seen_at: now,
				expires_at: now + 1,
				method_passed_at: null,
				lost_phone_until: null,
				lost_kinds: null,
				set_up_signs_out: 1,
				return_to: null,
				wrong_proofs: 0,
				...session,
			};
			await backdoor.insertInto("sessions").values(row).execute();
		}
	}
}
