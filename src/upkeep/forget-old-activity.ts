import { setImmediate as nextTurn } from "node:timers/promises";
import { keptSince } from "../activity/kept-since.rule.ts";
import { retainActivity } from "../activity/retain.ts";
import { eachClinic } from "../clinics/store.ts";
import type { Deps } from "../deps.ts";

type Needs = Pick<Deps, "db" | "config" | "clock" | "log">;

/** Takes away what is older than the activity is kept, and leaves what is not as it was recorded. */
export async function forgetOldActivity({ db, config, clock, log }: Needs): Promise<void> {
	const now = clock();
	const before = keptSince(now, config.activityYears);
	for await (const { clinicId, shortName } of eachClinic(db)) {
		for (;;) {
			const retained = await retainActivity(db, config.keyring, clinicId, { before, now });
			if (retained.kind === "broken") {
				const found = { clinic: shortName, number: retained.number };
				log.error(found, "activity that is not as it was recorded was not taken away");
				break;
			}
			if (retained.kind === "held") {
				log.error({ clinic: shortName }, "too much activity became old at once: none of it was taken away");
				break;
			}
			if (retained.isLast) break;
			await nextTurn();
		}
	}
}
