import { statSync } from "node:fs";
import { eachClinic } from "../../clinics/store.ts";
import type { Config } from "../../config.ts";
import type { Db } from "../../db/connect.ts";
import { countUnopened } from "../../keys/count-unopened.ts";
import { type Finding, fine, wrong } from "./finding.ts";

const MOST_CLINICS = 20;
const MOST_ROWS = 20;
const OTHERS = 0o007;

/** Whether only its owner's group reads the key ring, and whether it opens a sample of what is sealed. */
export async function checkKeys(db: Db, { keyring, keysFile }: Config): Promise<Finding[]> {
	const isOpenToOthers = keysFile !== undefined && (statSync(keysFile).mode & OTHERS) !== 0;
	const file = isOpenToOthers
		? [wrong(`Everybody on this machine can read ${keysFile}. Run: chmod 600 ${keysFile}`)]
		: [];
	const all = { looked: 0, unopened: 0 };
	let clinics = 0;
	for await (const { clinicId } of eachClinic(db)) {
		const { looked, unopened } = await countUnopened(db, keyring, clinicId, MOST_ROWS);
		all.looked += looked;
		all.unopened += unopened;
		if (++clinics === MOST_CLINICS) break;
	}
	return [
		...file,
		all.unopened > 0
			? wrong(
					`The key ring does not open ${all.unopened} of ${all.looked} sealed values: their authenticator apps and waiting emails don't work. Put the missing key back behind the others.`,
				)
			: fine(`The key ring opens what is sealed (a sample of ${all.looked}).`),
	];
}
