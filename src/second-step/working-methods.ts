import type { Db } from "../db/connect.ts";
import type { Deps } from "../deps.ts";
import { listMethods, type Method } from "../methods/store.ts";

/**
 * The methods that are on and can work on this server: text messages only where a provider sends them. Whether a
 * method is on is not asked here: one that cannot work still counts as on.
 */
export async function listWorkingMethods(
	db: Db,
	{ config }: Pick<Deps, "config">,
	clinicId: string,
	profileId: string,
): Promise<Method[]> {
	const methods = await listMethods(db, clinicId, profileId);
	return methods.filter((method) => method.kind !== "text-message" || config.textProviders.length > 0);
}
