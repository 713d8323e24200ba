import { deleteAuthenticatorApp } from "../authenticator-app/store.ts";
import type { Tx } from "../db/transaction.ts";
import { deleteMethod, listMethods, type Method, setDefault } from "../methods/store.ts";
import { deleteNumber } from "../text-message/store.ts";

/**
 * Ends a method and forgets its secret or number. Where it was the default, another one that is on becomes it.
 *
 * @returns false when it is not on any more
 */
export async function endMethod(
	tx: Tx,
	clinicId: string,
	profileId: string,
	method: Method,
): Promise<boolean> {
	await deleteAuthenticatorApp(tx, clinicId, method.methodId);
	await deleteNumber(tx, clinicId, method.methodId);
	const wasOn = await deleteMethod(tx, clinicId, profileId, method.methodId);
	const [next] = await listMethods(tx, clinicId, profileId);
	if (next && !next.isDefault) await setDefault(tx, clinicId, profileId, next.methodId);
	return wasOn;
}
