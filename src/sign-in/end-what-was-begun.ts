import { endSetUps as endAppSetUps } from "../authenticator-app/store.ts";
import type { Tx } from "../db/transaction.ts";
import { endCodes } from "../emailed-code/store.ts";
import { endNotMeLinksSince } from "../not-me/store.ts";
import { deletePassword, endLinks } from "../passwords/store.ts";
import type { Profile } from "../profiles/profile.ts";
import { changeDoors } from "../profiles/store.ts";
import { endSetUps as endTextSetUps } from "../text-message/store.ts";
import { deleteSignIns } from "./store.ts";

/**
 * Ends whatever was begun with an address that is not, or may not be, this person's any more. The address of somebody
 * who never finished a sign-in may be a mistyped one: of what a stranger did there, the password too, nothing is left.
 *
 * @param profile as it was locked
 */
export async function endWhatWasBegun(
	tx: Tx,
	{ clinicId, profileId, lastSignInAt }: Pick<Profile, "clinicId" | "profileId" | "lastSignInAt">,
	now: number,
): Promise<void> {
	// What was begun before, in whosever hands it is, is finished by nobody.
	await changeDoors(tx, clinicId, profileId);
	await deleteSignIns(tx, clinicId, profileId);
	await endAppSetUps(tx, clinicId, { profileId });
	await endTextSetUps(tx, clinicId, { profileId });
	// What lies in the mailbox before opens nothing more.
	await endLinks(tx, clinicId, profileId, now);
	await endCodes(tx, clinicId, profileId, now);
	if (lastSignInAt !== null) return;
	// A password that a stranger chose by the invitation opens nothing.
	await deletePassword(tx, clinicId, profileId);
	// A stranger's button undoes nothing of what the right person does.
	await endNotMeLinksSince(tx, clinicId, profileId, 0, now);
}
