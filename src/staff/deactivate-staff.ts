import { recordEvent } from "../activity/record.ts";
import { endSetUps } from "../authenticator-app/store.ts";
import { deleteTrust } from "../browsers/store.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { inTransaction } from "../db/transaction.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import { endLinks } from "../passwords/store.ts";
import type { Profile } from "../profiles/profile.ts";
import {
	changeDoors,
	findProfileByEmail,
	lockFullAccessUsers,
	lockProfile,
	setActive,
} from "../profiles/store.ts";
import { deleteSessions } from "../sessions/store.ts";
import { deleteSignIns } from "../sign-in/store.ts";
import { wordsFor } from "../words/words.ts";
import { canDoWithout } from "./last-full-access.rule.ts";
import { byOperator } from "./operator-event.ts";
import { tellFullAccessUsers } from "./tell-full-access-users.ts";

export type Deactivated =
	| { kind: "deactivated"; profile: Profile; sessionsEnded: number }
	| { kind: "unknown" }
	| { kind: "deactivated-before" }
	/** Nobody else with Full Access is active and has finished a sign-in: nothing was changed. */
	| { kind: "last-full-access" };

/**
 * Keeps a person out: ends their sessions, sign-ins, set-ups and links. What they set up stays, for the day they
 * come back.
 */
export function deactivateStaff(
	deps: Pick<Deps, "config" | "db" | "clock">,
	clinic: Clinic,
	email: string,
): Promise<Deactivated> {
	const now = deps.clock();
	const { clinicId } = clinic;
	const { keyring } = deps.config;
	return inTransaction(deps.db, async (tx) => {
		// Locked before the question: two people who may each go are not both let go.
		const fullAccessUsers = await lockFullAccessUsers(tx, clinicId);
		const found = await findProfileByEmail(tx, clinicId, email);
		const profile = found && (await lockProfile(tx, clinicId, found.profileId));
		if (!profile) return { kind: "unknown" };
		if (!profile.active) return { kind: "deactivated-before" };
		if (profile.access === "full" && !canDoWithout(profile, fullAccessUsers)) {
			return { kind: "last-full-access" };
		}

		const { profileId } = profile;
		await setActive(tx, clinicId, profileId, false);
		await changeDoors(tx, clinicId, profileId);
		const sessionsEnded = await deleteSessions(tx, clinicId, profileId);
		const trustEnded = await deleteTrust(tx, clinicId, profileId, "all");
		await deleteSignIns(tx, clinicId, profileId);
		await endSetUps(tx, clinicId, { profileId });
		await endLinks(tx, clinicId, profileId, now);

		const { emails } = wordsFor(profile.language);
		const news = { clinicName: clinic.name, personName: profile.name, when: now, timeZone: clinic.timeZone };
		await queueEmail(tx, keyring, {
			clinicId,
			profileId,
			to: profile.email,
			kind: "deactivated",
			email: emails.deactivated(news),
			now,
		});
		await tellFullAccessUsers(tx, deps, clinic, fullAccessUsers, {
			change: "deactivated",
			colleague: profile,
			now,
		});
		const event = byOperator(clinicId, profileId, now);
		await recordEvent(tx, keyring, { ...event, kind: "staff-deactivated", detail: {} });
		if (trustEnded > 0) {
			const detail = { count: trustEnded, why: "deactivated" } as const;
			await recordEvent(tx, keyring, { ...event, kind: "trust-ended", detail });
		}
		if (sessionsEnded > 0) {
			const detail = { count: sessionsEnded, why: "deactivated" } as const;
			await recordEvent(tx, keyring, { ...event, kind: "sessions-ended", detail });
		}
		return { kind: "deactivated", profile, sessionsEnded };
	});
}
