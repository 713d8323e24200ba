import { describe, expect, test } from "vitest";
import { clinicColumns } from "../../src/db/tables.ts";
import { namesItsClinic } from "./every-statement-names-its-clinic.ts";

describe("a statement names its clinic when", () => {
	test.each([
		'select * from "profiles" where "clinic_id" = $1 and "email_key" = $2',
		'select * from "profiles" where "email_key" = ? and "profiles"."clinic_id" = ?',
		'update "sign_ins" set "asked_kind" = ? where "clinic_id" = ? and "sign_in_id" = ?',
		'delete from "sessions" where "clinic_id" = $1 and "profile_id" = $2 returning "session_id"',
		'insert into "methods" ("clinic_id", "profile_id") values ($1, $2) on conflict do nothing',
		'insert into "tries" ("clinic_id", "key") values (?, ?) on conflict ("clinic_id", "key") do update set "key" = ?',
		'select * from "sessions" as "s" inner join "profiles" as "p" on "p"."clinic_id" = "s"."clinic_id" and "p"."profile_id" = "s"."profile_id" where "s"."clinic_id" = ?',
		'select * from "outbox" where "clinic_id" = $1 for update skip locked',
		'select * from "profiles" where "clinic_id" = ? and exists (select 1 from "methods" where "methods"."clinic_id" = "profiles"."clinic_id")',
		'with "late" as (select * from "outbox" where "clinic_id" = ?) select * from "late"',
	])("%s", (sql) => expect(namesItsClinic(sql)).toBe(true));
});

describe("a statement does not name its clinic when", () => {
	test.each([
		'select * from "profiles" where "email_key" = ?',
		'select "clinic_id" from "profiles"',
		'select * from "profiles" where "clinic_id" != ?',
		'select * from "profiles" where "clinic_id" = "clinic_id"',
		'update "profiles" set "clinic_id" = ? where "profile_id" = ?',
		'update "profiles" set "active" = ?',
		'delete from "sessions" where "token_hash" = $1',
		'insert into "methods" ("profile_id") values ($1)',
		'insert into "methods" ("clinic_id", "profile_id") select "clinic_id", "profile_id" from "profiles"',
		'select * from "sessions" inner join "profiles" on "profiles"."profile_id" = "sessions"."profile_id" where "sessions"."clinic_id" = ?',
		'select * from "sessions", "profiles" where "sessions"."clinic_id" = ?',
		'select * from "profiles" where "clinic_id" = ? and exists (select 1 from "methods" where "methods"."profile_id" = "profiles"."profile_id")',
		'select * from "profiles" where "profile_id" = ? or "clinic_id" = ?',
		'select * from "profiles" where "other_clinic_id" = ?',
		'with "late" as (select * from "outbox") select * from "late"',
		'select * from "clinics"',
	])("%s", (sql) => expect(namesItsClinic(sql)).toBe(false));
});

test.each([
	"begin",
	"begin immediate",
	"COMMIT",
	"rollback",
	"select 1",
	"select pg_advisory_xact_lock(7318449021)",
	"create table profiles (profile_id text)",
	"select name from migrations",
	"insert into migrations (name) values ($1)",
])("%s touches nothing of a clinic", (sql) => expect(namesItsClinic(sql)).toBe(true));

test("the closed list is allowed as it stands on either engine, and nothing beyond it", () => {
	const columns = clinicColumns.map((column) => `"${column}"`).join(", ");
	expect(namesItsClinic(`select ${columns} from "clinics" where "short_name" = ?`)).toBe(true);
	expect(namesItsClinic(`select ${columns} from "clinics" where "short_name" = $1`)).toBe(true);
	expect(namesItsClinic(`select ${columns} from "clinics" where "name" = ?`)).toBe(false);
	expect(namesItsClinic('select "state" from "tries_across_clinics"')).toBe(false);
});
