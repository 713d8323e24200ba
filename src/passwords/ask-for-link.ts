import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { isKnownBrowser } from "../browsers/store.ts";
import { inTransaction } from "../db/transaction.ts";
import { newsOf } from "../delivery/news.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { findWaitingEmailChange } from "../email-change/store.ts";
import { takeTry } from "../limits/take-try.ts";
import { emailHash } from "../profiles/email-hash.ts";
import { passwordLinkAddress } from "../profiles/lately-changed.rule.ts";
import { emailKey } from "../profiles/profile.ts";
import { findProfileByEmail, lockProfile } from "../profiles/store.ts";
import type { Network } from "../web/network.ts";
import type { Visit } from "../web/visit.ts";
import { makePasswordLink } from "./make-link.ts";

const ASKED = { kind: "asked" } as const;

/** `wait`: so many were asked for from this network that nothing was done. */
export type LinkAskedFor = { kind: "asked" } | { kind: "wait"; until: number };

/**
 * Emails a link to set a new password, where the email belongs to an active profile. The page says the same
 * whether it does or not.
 *
 * @param email as typed
 */
export async function askForPasswordLink(deps: Deps, visit: Visit, email: string): Promise<LinkAskedFor> {
	const { clinic, network, now, words } = visit;
	const { clinicId } = clinic;
	const { keyring } = deps.config;
	const found = await findProfileByEmail(deps.db, clinicId, email);
	const isKnown = await isKnownBrowser(deps.db, clinicId, found?.profileId, visit.browser.hash, now);
	const asked = during(visit, found?.profileId, "nobody");
	return inTransaction(deps.db, async (tx): Promise<LinkAskedFor> => {
		// What ends the links of an address, or keeps somebody out, is not passed by a link that is asked for meanwhile.
		const locked = await lockProfile(tx, clinicId, found?.profileId ?? "");
		const profile = locked && emailKey(locked.email) === emailKey(email) ? locked : undefined;
		// Nobody fills the database and the activity by asking for one email after another.
		const networks = isKnown ? [] : networkLimits(network);
		for (const { limit, key } of networks) {
			const verdict = await takeTry(tx, limit, { clinicId, key }, now);
			if (verdict.kind !== "wait") continue;
			const { until } = verdict;
			if (verdict.isFirstRefusal) {
				const nobody = during(visit, undefined, "nobody");
				const detail = { until, by: "network" } as const;
				await recordEvent(tx, keyring, { ...nobody, kind: "password-reset-waits", detail });
			}
			return { kind: "wait", until };
		}
		// Nobody can flood a mailbox from outside, nor use up the links of the owner, who asks from a known browser.
		const at = { clinicId, key: emailHash(deps, email) };
		for (const limit of isKnown ? [] : (["resetLinksAnHour", "resetLinksADay"] as const)) {
			const verdict = await takeTry(tx, limit, at, now);
			if (verdict.kind === "go") continue;
			if (verdict.kind === "wait" && verdict.isFirstRefusal) {
				const detail = { until: verdict.until };
				await recordEvent(tx, keyring, { ...asked, kind: "password-reset-waits", detail });
			}
			return ASKED;
		}
		// Nobody at a mistyped address gets a link while the right one is asked.
		const isCorrected =
			profile?.lastSignInAt === null &&
			(await findWaitingEmailChange(tx, clinicId, profile.profileId, now)) !== undefined;
		if (!profile?.active || isCorrected) {
			await recordEvent(tx, keyring, {
				...asked,
				kind: "password-reset-asked",
				detail: { isKnownEmail: profile?.active === true },
			});
			return ASKED;
		}
		const link = await makePasswordLink(tx, {
			clinicId,
			profileId: profile.profileId,
			kind: "reset",
			origin: visit.origin,
			now,
		});
		// Whoever had the email changed does not have the password too.
		const to = passwordLinkAddress(profile, now);
		const newEmail = to === profile.email ? undefined : profile.email;
		await queueEmail(tx, keyring, {
			clinicId,
			profileId: profile.profileId,
			to,
			kind: "password-link",
			email: words.emails.passwordLink({ ...newsOf(visit, profile.name), url: link.url, newEmail }),
			now,
			expiresAt: link.expiresAt,
		});
		await recordEvent(tx, keyring, {
			...asked,
			kind: "password-reset-asked",
			detail: { isKnownEmail: true },
		});
		await recordEvent(tx, keyring, {
			...asked,
			kind: "password-link-sent",
			detail: { linkKind: "reset" },
		});
		return ASKED;
	});
}

function networkLimits({ key, widerKey }: Network) {
	return [
		{ limit: "resetLinksNetwork" as const, key },
		...(widerKey ? [{ limit: "resetLinksWiderNetwork" as const, key: widerKey }] : []),
	];
}
