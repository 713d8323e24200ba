import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { Access } from "../db/tables.ts";
import { listMethodsOfMany } from "../methods/store.ts";
import { comesAfter, nameOrEmailHolds, type PlaceByName } from "../profiles/store.ts";

/** Somebody in a list of staff. */
export type ListedPerson = {
	name: string;
	profileId: string;
	email: string;
	access: Access;
	active: boolean;
	/** A method is on, be it blocked. */
	isSetUp: boolean;
};

/** Which of these people have a password; whoever has none was invited and never came. */
export async function listWithPassword(
	db: Db,
	clinicId: string,
	profileIds: readonly string[],
): Promise<Set<string>> {
	if (profileIds.length === 0) return new Set();
	const rows = await db
		.selectFrom("passwords")
		.select("profile_id")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "in", profileIds)
		.execute();
	return new Set(rows.map((row) => row.profile_id));
}

/** Those whose name or email has something typed in it, deactivated ones too; or those who are deactivated. */
type Sought = { kind: "found"; typed: string } | { kind: "deactivated" };

/**
 * A page of some of the staff, by name. A search reads the names and emails of the one clinic along an index, up to
 * as many as a page holds.
 *
 * @param page.after the last one of the page before
 */
export async function listSought(
	db: Db,
	clinicId: string,
	sought: Sought,
	page: { after?: PlaceByName; atMost: number },
): Promise<ListedPerson[]> {
	const { after } = page;
	let query = db
		.selectFrom("profiles")
		.select(["name", "profile_id", "email", "access", "active"])
		.where("clinic_id", "=", clinicId)
		.orderBy("name_order")
		.orderBy("profile_id")
		.limit(page.atMost);
	if (sought.kind === "deactivated") query = query.where("active", "=", sql.lit(0 as const));
	else query = query.where((eb) => eb.or(nameOrEmailHolds(sought.typed)));
	if (after) query = query.where((eb) => comesAfter(eb, after));
	const rows = await query.execute();
	const ids = rows.map((row) => row.profile_id);
	const methods = await listMethodsOfMany(db, clinicId, ids);
	return rows.map((row) => ({
		name: row.name,
		profileId: row.profile_id,
		email: row.email,
		access: row.access,
		active: row.active === 1,
		isSetUp: (methods.get(row.profile_id) ?? []).length > 0,
	}));
}
