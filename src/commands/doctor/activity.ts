import { keptSince } from "../../activity/kept-since.rule.ts";
import { isRetentionHeld } from "../../activity/retain.ts";
import { eachClinic } from "../../clinics/store.ts";
import type { Config } from "../../config.ts";
import type { Db } from "../../db/connect.ts";
import { type Finding, note } from "./finding.ts";

/** Of which clinics old activity stays, since the clock may have jumped ahead. */
export async function* checkActivity(
	db: Db,
	{ activityYears }: Pick<Config, "activityYears">,
	now: number,
): AsyncGenerator<Finding> {
	const before = keptSince(now, activityYears);
	for await (const { clinicId, shortName } of eachClinic(db)) {
		if (!(await isRetentionHeld(db, clinicId, { before, now }))) continue;
		yield note(
			`More than 31 days of the activity of ${shortName} became older than ${activityYears} years at once, so none of it is taken away. If this machine's clock is ahead, set it right now. If not, because the server stood still for long, nothing is to be done: it goes once the clock has gone on for 31 days.`,
		);
	}
}
