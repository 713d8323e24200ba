import type { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import type { ActivityMarkRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import { BEFORE_THE_FIRST, type Link } from "./chain.ts";

/** What retention left of what it took away: the last event that went, and when. Undefined where all is still there. */
export function findMark(db: Db, clinicId: string): Promise<ActivityMarkRow | undefined> {
	return db.selectFrom("activity_marks").selectAll().where("clinic_id", "=", clinicId).executeTakeFirst();
}

/** Whether a mark is as retention left it, and this clinic's. */
export function isGenuine(keyring: Keyring, mark: ActivityMarkRow): boolean {
	return keyring.matchesKeyedHash("activity-mark", markText(mark), mark.mark);
}

/** What the first event that is kept follows. */
export function linkBefore(mark: ActivityMarkRow | undefined): Link {
	return mark ? { number: mark.number, code: mark.code } : { number: 0, code: BEFORE_THE_FIRST };
}

/**
 * Moves a clinic's mark to the last of the events that go.
 *
 * @param from the mark that was read
 * @returns false when another process moved it meanwhile
 */
export async function moveMark(
	tx: Tx,
	keyring: Keyring,
	from: ActivityMarkRow | undefined,
	to: Omit<ActivityMarkRow, "mark">,
): Promise<boolean> {
	const row = { ...to, mark: keyring.keyedHash("activity-mark", markText(to)) };
	if (!from) {
		const inserted = await tx
			.insertInto("activity_marks")
			.values(row)
			.onConflict((conflict) => conflict.column("clinic_id").doNothing())
			.executeTakeFirst();
		return inserted.numInsertedOrUpdatedRows === 1n;
	}
	const moved = await tx
		.updateTable("activity_marks")
		.set(row)
		.where("clinic_id", "=", to.clinic_id)
		.where("mark", "=", from.mark)
		.executeTakeFirst();
	return moved.numUpdatedRows === 1n;
}

function markText({ clinic_id, number, code, at }: Omit<ActivityMarkRow, "mark">): string {
	return JSON.stringify([clinic_id, number, code, at]);
}
