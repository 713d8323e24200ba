import type { ExpressionBuilder } from "kysely";
import type { Db } from "../db/connect.ts";
import type { Tables } from "../db/tables.ts";

/** Where a list by name goes on: behind this person. */
export type After = { name: string; profileId: string };

/** An active person without a method. */
export type WithoutMethod = After & {
	email: string;
	/** Epoch milliseconds; null when nobody has reminded them. */
	lastRemindedAt: number | null;
};

/** How many staff are active, and how many of them have a method on; a blocked one is on. */
export async function countWhoHasItOn(db: Db, clinicId: string): Promise<{ active: number; on: number }> {
	return db
		.selectFrom("profiles")
		.select((eb) => [
			eb.fn.countAll<number>().as("active"),
			eb.fn.countAll<number>().filterWhere(hasMethod(eb)).as("on"),
		])
		.where("clinic_id", "=", clinicId)
		.where("active", "=", 1)
		.executeTakeFirstOrThrow();
}

/**
 * The active staff without a method, by name.
 *
 * @param page.after the last one of the page before
 */
export async function listWithoutMethod(
	db: Db,
	clinicId: string,
	page: { after?: After; atMost: number },
): Promise<WithoutMethod[]> {
	let query = db
		.selectFrom("profiles")
		.select(["name", "profile_id", "email", "last_reminded_at"])
		.where("clinic_id", "=", clinicId)
		.where("active", "=", 1)
		.where((eb) => eb.not(hasMethod(eb)))
		.orderBy("name")
		.orderBy("profile_id")
		.limit(page.atMost);
	const { after } = page;
	if (after) {
		query = query.where((eb) =>
			eb(eb.refTuple("name", "profile_id"), ">", eb.tuple(after.name, after.profileId)),
		);
	}
	const rows = await query.execute();
	return rows.map((row) => ({
		name: row.name,
		profileId: row.profile_id,
		email: row.email,
		lastRemindedAt: row.last_reminded_at,
	}));
}

/** Whether the profile of the query has a method on. */
function hasMethod(eb: ExpressionBuilder<Tables, "profiles">) {
	return eb.exists(
		eb
			.selectFrom("methods")
			.select("method_id")
			.whereRef("methods.clinic_id", "=", "profiles.clinic_id")
			.whereRef("methods.profile_id", "=", "profiles.profile_id"),
	);
}
