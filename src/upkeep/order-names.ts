import { setImmediate as nextTurn } from "node:timers/promises";
import { eachClinic } from "../clinics/store.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { putNamesInOrder } from "../profiles/store.ts";

const AT_ONCE = 100;

/** Puts the staff in order whom a version that knew of none wrote: before an upgrade, or beside this one during it. */
export async function orderNames({ db }: Pick<Deps, "db">): Promise<void> {
	for await (const { clinicId } of eachClinic(db)) {
		while ((await inTransaction(db, (tx) => putNamesInOrder(tx, clinicId, AT_ONCE))) === AT_ONCE) {
			await nextTurn();
		}
	}
}
