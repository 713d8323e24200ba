import { linkText } from "../activity/chain.ts";
import { findHead } from "../activity/stored-events.ts";
import { eachClinic } from "../clinics/store.ts";
import type { Deps } from "../deps.ts";

/**
 * Writes each clinic's latest activity number and code into the log. A copy of the log kept elsewhere shows, by
 * `vestibule audit verify --expect`, when events were cut off at the end.
 */
export async function logLatestActivity({ db, log }: Pick<Deps, "db" | "log">): Promise<void> {
	for await (const { clinicId, shortName } of eachClinic(db)) {
		const head = await findHead(db, clinicId);
		if (head) log.info({ clinic: shortName, latest: linkText(head) }, "latest activity");
	}
}
