import { listTrust } from "../browsers/store.ts";
import { isTrustLive } from "../browsers/trust.rule.ts";
import { sendsEmails } from "../delivery/sends-emails.ts";
import type { Deps } from "../deps.ts";
import { findWaitingEmailChange } from "../email-change/store.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import { listMethods } from "../methods/store.ts";
import { findPassword } from "../passwords/store.ts";
import { passwordLinkAddress } from "../profiles/lately-changed.rule.ts";
import { findProfile } from "../profiles/store.ts";
import { isEmailedCodeEnough } from "../reset/is-emailed-code-enough.ts";
import { mayBeReset } from "../reset/may-be-reset.rule.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { liveAfter } from "../sessions/lifetime.rule.ts";
import { countLiveSessions } from "../sessions/store.ts";
import { listWaitingCodes } from "../temporary-code/store.ts";
import { mayBeGivenTemporaryCode } from "../temporary-code/temporary-code.rule.ts";
import type { Colleague } from "./pages.tsx";

/** The person in the address, as their page shows them; undefined where nobody of this clinic is meant. */
export async function readColleague(deps: Deps, visit: SessionVisit): Promise<Colleague | undefined> {
	const { db } = deps;
	const { clinic, now, session } = visit;
	const { clinicId } = clinic;
	const profile = await findProfile(db, clinicId, visit.params.profileId ?? "");
	if (!profile) return undefined;
	const { profileId } = profile;
	const methods = await listMethods(db, clinicId, profileId);
	const trusts = await listTrust(db, clinicId, profileId);
	const waiting = await findWaitingEmailChange(db, clinicId, profileId, now);
	const [code] = await listWaitingCodes(db, clinicId, profileId, now);
	const giver = code && (await findProfile(db, clinicId, code.given_by));
	const rule = enforcementOf(clinic, now);
	return {
		profile,
		methods,
		sessions: await countLiveSessions(db, clinicId, profileId, liveAfter(clinic, now)),
		trusted: trusts.filter((trust) => isTrustLive(trust, clinic.rule.trustVersion, now)).length,
		isOneself: profileId === session.profile.profileId,
		mayBeGiven: mayBeGivenTemporaryCode(profile, methods.length > 0, rule, "a-colleague", now),
		mayBeReset: mayBeReset(profile, methods.length > 0, now),
		isEmailedCodeEnough: await isEmailedCodeEnough(db, profile, now),
		hasPassword: (await findPassword(db, clinicId, profileId)) !== undefined,
		linkAddress: passwordLinkAddress(profile, now),
		waitingCode: code && { giver: giver?.name, until: code.expires_at },
		waiting: waiting && { email: waiting.new_email, until: waiting.expires_at },
		sendsEmails: sendsEmails(deps),
	};
}
