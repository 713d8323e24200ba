import type { Keyring, SealPurpose } from "../crypto/keyring.ts";
import type { Tables } from "../db/tables.ts";

/** Where something sealed is kept. A row is named by its clinic and `id`. */
export type SealedColumn = { table: keyof Tables; id: string; column: string; purpose: SealPurpose };

/** Everything that is sealed, in every table. A test finds columns that are missing here. */
export const sealedColumns: readonly SealedColumn[] = [
	{
		table: "authenticator_apps",
		id: "method_id",
		column: "sealed_secret",
		purpose: "authenticator-secret",
	},
	{
		table: "authenticator_app_set_ups",
		id: "set_up_id",
		column: "sealed_secret",
		purpose: "authenticator-secret",
	},
	{ table: "recovery_codes", id: "profile_id", column: "sealed_code", purpose: "recovery-code" },
	{ table: "text_codes", id: "code_id", column: "sealed_code", purpose: "text-code" },
	{ table: "outbox", id: "message_id", column: "sealed_body", purpose: "message-body" },
];

/** One row's sealed value, as it was read. */
export type SealedValue = { id: string; profile_id: string | null; sealed: string };

/** Opens a value and seals it under the first key of the ring; undefined where no key of the ring opens it. */
export function sealedUnderFirstKey(
	keyring: Keyring,
	{ purpose }: SealedColumn,
	clinicId: string,
	{ sealed, profile_id }: SealedValue,
): string | undefined {
	const boundTo = { clinicId, profileId: profile_id ?? "", purpose };
	try {
		return keyring.seal(keyring.open(sealed, boundTo), boundTo);
	} catch {
		return undefined;
	}
}
