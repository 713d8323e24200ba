import type { Deps } from "../deps.ts";
import { isLow } from "../text-message/conversion.rule.ts";
import { readConversion } from "../text-message/conversion.ts";

/**
 * Warns of each country where so few of the codes texted in the last day were used that somebody may be making the
 * operator pay for messages.
 */
export async function warnOfUnusedCodes({
	db,
	clock,
	log,
}: Pick<Deps, "db" | "clock" | "log">): Promise<void> {
	for (const conversion of await readConversion(db, clock())) {
		if (isLow(conversion))
			log.warn(conversion, "few of the codes texted to this country in the last day were used");
	}
}
