import type { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import { sealedColumns, sealedUnderFirstKey } from "./sealed-column.ts";
import { listSealed } from "./store.ts";

/** How many of a clinic's sealed rows no key of the ring opens, looking at the first few of each table. */
export async function countUnopened(
	db: Db,
	keyring: Keyring,
	clinicId: string,
	atMost: number,
): Promise<{ looked: number; unopened: number }> {
	const found = { looked: 0, unopened: 0 };
	for (const column of sealedColumns) {
		for (const value of await listSealed(db, column, clinicId, "", atMost)) {
			found.looked++;
			if (sealedUnderFirstKey(keyring, column, clinicId, value) === undefined) found.unopened++;
		}
	}
	return found;
}
