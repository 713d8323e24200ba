import { days, hours } from "../clock.ts";
import { PlainToken } from "../crypto/tokens.ts";
import { newId } from "../db/ids.ts";
import type { Tx } from "../db/transaction.ts";
import { paths } from "../paths.ts";
import { insertLink } from "./store.ts";

/** How long a link to set a password works, in milliseconds. */
const LINK_LIVES_MS = { invitation: days(7), reset: hours(1) } as const;

/**
 * Makes a link that sets a password once. Earlier links stay valid until one is used.
 *
 * @param origin where this clinic is reached, from `VESTIBULE_URL`
 * @returns the whole address, to be emailed or printed and kept nowhere
 */
export async function makePasswordLink(
	tx: Tx,
	link: {
		clinicId: string;
		profileId: string;
		kind: "invitation" | "reset";
		origin: string;
		now: number;
	},
): Promise<{ url: string; expiresAt: number }> {
	const token = PlainToken.fresh();
	const expiresAt = link.now + LINK_LIVES_MS[link.kind];
	await insertLink(tx, {
		clinic_id: link.clinicId,
		link_id: newId(link.now),
		token_hash: token.hash(),
		profile_id: link.profileId,
		kind: link.kind,
		made_at: link.now,
		expires_at: expiresAt,
		used_at: null,
		ended_at: null,
	});
	return { url: link.origin + paths.setPassword.to(token.reveal()), expiresAt };
}
