import { inTransaction } from "../../src/db/transaction.ts";
import type { LimitName } from "../../src/limits/limits.ts";
import { takeTry } from "../../src/limits/take-try.ts";
import type { App } from "../harness/app.ts";

/**
 * Counts tries of a network or of the one around it as if people had made them, so that not each needs a password
 * hashed. The tests make the last ones themselves, and see by that whether they are counted where they should be.
 *
 * @param key as `Network` has it
 */
export async function countTriesBefore(
	app: App,
	limit: Extract<LimitName, `${"passwords" | "resetLinks"}${"Network" | "WiderNetwork"}`>,
	key: string,
	howMany: number,
): Promise<void> {
	await inTransaction(app.db, async (tx) => {
		for (let tries = 0; tries < howMany; tries++) {
			await takeTry(tx, limit, { clinicId: "", key }, app.clock.read());
		}
	});
}
