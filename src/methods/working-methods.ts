import type { Db } from "../db/connect.ts";
import type { Deps } from "../deps.ts";
import { listMethods, type Method } from "./store.ts";

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
	return thatWork({ config }, await listMethods(db, clinicId, profileId));
}

/** Of the methods that are on, those that can work on this server. */
export function thatWork({ config }: Pick<Deps, "config">, methods: readonly Method[]): Method[] {
	return methods.filter((method) => method.kind !== "text-message" || config.textProviders.length > 0);
}
