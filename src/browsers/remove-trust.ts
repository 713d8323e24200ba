import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { lockProfile } from "../profiles/store.ts";
import type { Visit } from "../web/visit.ts";
import { deleteTrust } from "./store.ts";

/**
 * Ends trust by hand: of one browser of a person, or of all of them.
 *
 * @returns how many ended
 */
export async function removeTrust(
	deps: Deps,
	visit: Visit,
	{ clinicId, profileId }: { clinicId: string; profileId: string },
	which: { trustId: string } | "all",
): Promise<number> {
	return inTransaction(deps.db, async (tx) => {
		await lockProfile(tx, clinicId, profileId);
		const count = await deleteTrust(tx, clinicId, profileId, which);
		if (count > 0) {
			await recordEvent(tx, deps.config.keyring, {
				...during(visit, profileId, profileId),
				kind: "trust-ended",
				detail: { count, why: "by-hand" },
			});
		}
		return count;
	});
}
