import { deleteAuthenticatorApp } from "../authenticator-app/store.ts";
import type { Tx } from "../db/transaction.ts";
import { deleteMethod, type Method } from "../methods/store.ts";

/** Ends a method and forgets its secret. @returns false when it is not on any more */
export async function endMethod(
	tx: Tx,
	clinicId: string,
	profileId: string,
	method: Method,
): Promise<boolean> {
	await deleteAuthenticatorApp(tx, clinicId, method.methodId);
	return deleteMethod(tx, clinicId, profileId, method.methodId);
}
