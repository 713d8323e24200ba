import { findClinic } from "../../src/clinics/store.ts";
import { acrossClinics } from "../../src/db/across-clinics.ts";
import type { Tables } from "../../src/db/tables.ts";
import { inTransaction } from "../../src/db/transaction.ts";
import type { App } from "../harness/app.ts";

type Table = keyof Tables;

/** Whether a table is put back; the record of what happened goes on, as it always does. */
const isPutBack: Record<Table, boolean> = {
	clinics: true,
	profiles: true,
	passwords: true,
	password_links: true,
	browsers: true,
	methods: true,
	authenticator_apps: true,
	authenticator_steps: true,
	authenticator_app_set_ups: true,
	text_message_numbers: true,
	text_message_set_ups: true,
	text_codes: true,
	text_sends: true,
	text_tries: false,
	text_receipts: false,
	codes_of_countries: false,
	recovery_codes: true,
	trusted_browsers: true,
	networks_seen: true,
	emailed_codes: true,
	mailings: true,
	temporary_codes: true,
	email_changes: true,
	not_me_links: true,
	activity_marks: true,
	sign_ins: true,
	sessions: true,
	tries: true,
	tries_across_clinics: false,
	activity_heads: false,
	activity_events: false,
	outbox: false,
	demo_inbox: false,
};

/** What the clinic's tables hold now. @returns puts all of it back, and forgets every counted try of all clinics */
export async function snapshot(app: App): Promise<() => Promise<void>> {
	const clinic = await findClinic(app.db, "the-only-one");
	if (!clinic) throw new Error("There is no clinic to remember");
	const { clinicId } = clinic;
	const tables = (Object.keys(isPutBack) as Table[]).filter((table) => isPutBack[table]) as "sessions"[];
	const rows = await Promise.all(
		tables.map((table) => app.db.selectFrom(table).selectAll().where("clinic_id", "=", clinicId).execute()),
	);
	return () =>
		inTransaction(app.db, async (tx) => {
			for (const [index, table] of tables.entries()) {
				await tx.deleteFrom(table).where("clinic_id", "=", clinicId).execute();
				const kept = rows[index] ?? [];
				if (kept.length > 0) await tx.insertInto(table).values(kept).execute();
			}
			await acrossClinics.deleteExpiredTries(tx, Number.MAX_SAFE_INTEGER);
		});
}
