import { compiledOnce, type Given } from "../db/compiled-once.ts";
import type { Db } from "../db/connect.ts";
import type { MethodKind, MethodRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";

/** A way to pass the second step that is on. It is on from its set-up until it is turned off or replaced. */
export type Method = {
	methodId: string;
	kind: MethodKind;
	onAt: number;
	lastUsedAt: number | null;
	isDefault: boolean;
	/** After too many wrong codes it takes none, but counts as on everywhere. */
	blockedAt: number | null;
};

/** The methods that are on, the default first. Blocked ones are among them. */
export async function listMethods(db: Db, clinicId: string, profileId: string): Promise<Method[]> {
	return (await methodsOf.all(db, { clinicId, profileId })).map(toMethod);
}

const methodsOf = compiledOnce((db, of: Given<{ clinicId: string; profileId: string }>) =>
	db
		.selectFrom("methods")
		.select([
			"clinic_id",
			"profile_id",
			"kind",
			"method_id",
			"on_at",
			"last_used_at",
			"is_default",
			"blocked_at",
		])
		.where("clinic_id", "=", of.clinicId)
		.where("profile_id", "=", of.profileId)
		.orderBy("is_default", "desc")
		.orderBy("on_at"),
);

/** Whether this person has a method on, be it blocked. */
export async function hasMethodOn(
	db: Db,
	{ clinicId, profileId }: { clinicId: string; profileId: string },
): Promise<boolean> {
	return (await listMethods(db, clinicId, profileId)).length > 0;
}

/** The methods of several people at once, by their profile ids. */
export async function listMethodsOfMany(
	db: Db,
	clinicId: string,
	profileIds: readonly string[],
): Promise<Map<string, Method[]>> {
	if (profileIds.length === 0) return new Map();
	const rows = await db
		.selectFrom("methods")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "in", profileIds)
		.orderBy("is_default", "desc")
		.orderBy("on_at")
		.execute();
	const methods = Map.groupBy(rows, (row) => row.profile_id);
	return new Map([...methods].map(([profileId, its]) => [profileId, its.map(toMethod)]));
}

export async function insertMethod(
	tx: Tx,
	method: {
		clinicId: string;
		profileId: string;
		kind: MethodKind;
		methodId: string;
		isDefault: boolean;
		now: number;
	},
): Promise<void> {
	await tx
		.insertInto("methods")
		.values({
			clinic_id: method.clinicId,
			profile_id: method.profileId,
			kind: method.kind,
			method_id: method.methodId,
			on_at: method.now,
			last_used_at: null,
			is_default: method.isDefault ? 1 : 0,
			wrong_in_a_row: 0,
			blocked_at: null,
		})
		.execute();
}

/** @returns false when it is not on any more */
export async function deleteMethod(
	tx: Tx,
	clinicId: string,
	profileId: string,
	methodId: string,
): Promise<boolean> {
	const result = await tx
		.deleteFrom("methods")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("method_id", "=", methodId)
		.executeTakeFirst();
	return result.numDeletedRows === 1n;
}

/** Makes one method the default and every other one not. @returns false when it is not on */
export async function setDefault(
	tx: Tx,
	clinicId: string,
	profileId: string,
	methodId: string,
): Promise<boolean> {
	const chosen = await update(tx, clinicId, profileId)
		.set({ is_default: 1 })
		.where("method_id", "=", methodId)
		.executeTakeFirst();
	if (chosen.numUpdatedRows !== 1n) return false;
	await update(tx, clinicId, profileId).set({ is_default: 0 }).where("method_id", "!=", methodId).execute();
	return true;
}

/** A right code of this method: it was used, and its count of wrong ones in a row begins again. */
export async function noteUse(tx: Tx, clinicId: string, profileId: string, methodId: string, now: number) {
	await used.writeAhead(tx, { clinicId, profileId, methodId, now });
}

const used = compiledOnce(
	(tx: Tx, of: Given<{ clinicId: string; profileId: string; methodId: string; now: number }>) =>
		tx
			.updateTable("methods")
			.set({ last_used_at: of.now, wrong_in_a_row: 0 })
			.where("clinic_id", "=", of.clinicId)
			.where("profile_id", "=", of.profileId)
			.where("method_id", "=", of.methodId),
);

/** Counts a wrong code of this method. @returns how many there are in a row now */
export async function countWrong(
	tx: Tx,
	clinicId: string,
	profileId: string,
	methodId: string,
): Promise<number> {
	const row = await update(tx, clinicId, profileId)
		.set((eb) => ({ wrong_in_a_row: eb("wrong_in_a_row", "+", 1) }))
		.where("method_id", "=", methodId)
		.returning("wrong_in_a_row")
		.executeTakeFirst();
	return row?.wrong_in_a_row ?? 0;
}

export async function block(tx: Tx, clinicId: string, profileId: string, methodId: string, now: number) {
	await update(tx, clinicId, profileId).set({ blocked_at: now }).where("method_id", "=", methodId).execute();
}

function update(tx: Tx, clinicId: string, profileId: string) {
	return tx.updateTable("methods").where("clinic_id", "=", clinicId).where("profile_id", "=", profileId);
}

function toMethod(row: Omit<MethodRow, "wrong_in_a_row">): Method {
	return {
		methodId: row.method_id,
		kind: row.kind,
		onAt: row.on_at,
		lastUsedAt: row.last_used_at,
		isDefault: row.is_default === 1,
		blockedAt: row.blocked_at,
	};
}
