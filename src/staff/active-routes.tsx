import type { DoneBy } from "../colleagues/done-by.ts";
import type { Deps } from "../deps.ts";
import { askAgain } from "../passwords/ask-again.ts";
import { findPassword } from "../passwords/store.ts";
import { paths } from "../paths.ts";
import type { Profile } from "../profiles/profile.ts";
import { insideFullAccess } from "../second-step/proven-session.tsx";
import { type SessionVisit, sessionEnded } from "../sessions/gate.tsx";
import { type Answer, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import type { Web } from "../web/server.tsx";
import { DeactivatePage, ReactivatePage } from "./active-pages.tsx";
import { deactivateStaff } from "./deactivate-staff.ts";
import { reactivateStaff } from "./reactivate-staff.ts";
import { colleagueInAddress, toColleague } from "./whom.tsx";

/** **Deactivate** and **Reactivate**: who can sign in at all. */
export function activeRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.deactivateColleague.pattern,
		insideFullAccess(deps, "GET", "code", async (visit) => {
			const profile = await whomWhoIs(visit, "active");
			return "status" in profile ? profile : page(visit, <DeactivatePage profile={profile} />);
		}),
	);

	web.post(
		paths.deactivateColleague.pattern,
		insideFullAccess(deps, "POST", "code", async (visit) => {
			const { clinic, words } = visit;
			const profile = await whomWhoIs(visit, "active");
			if ("status" in profile) return profile;
			const again = (errors: FieldError[]) =>
				page(visit, <DeactivatePage profile={profile} errors={errors} />, 422);
			const asked = await askAgain(deps, visit);
			if (asked.kind === "session-ended") return sessionEnded();
			if (asked.kind === "refused") return again(asked.errors);
			const by: DoneBy = { kind: "full-access", visit };
			const done = await deactivateStaff(deps, clinic, profile.profileId, by);
			if (done.kind === "last-full-access") {
				return again([{ field: "", sentence: words.staffProfiles.lastFullAccess(clinic.name) }]);
			}
			return toColleague(profile.profileId, done.kind === "deactivated" && "deactivated");
		}),
	);

	web.get(
		paths.reactivateColleague.pattern,
		insideFullAccess(deps, "GET", "code", async (visit) => {
			const profile = await whomWhoIs(visit, "deactivated");
			if ("status" in profile) return profile;
			return page(visit, <ReactivatePage profile={profile} hasPassword={await hasPassword(profile)} />);
		}),
	);

	web.post(
		paths.reactivateColleague.pattern,
		insideFullAccess(deps, "POST", "code", async (visit) => {
			const profile = await whomWhoIs(visit, "deactivated");
			if ("status" in profile) return profile;
			const asked = await askAgain(deps, visit);
			if (asked.kind === "session-ended") return sessionEnded();
			if (asked.kind === "refused") {
				const shown = { profile, hasPassword: await hasPassword(profile), errors: asked.errors };
				return page(visit, <ReactivatePage {...shown} />, 422);
			}
			const by: DoneBy = { kind: "full-access", visit };
			const done = await reactivateStaff(deps, visit.clinic, profile.profileId, by);
			return toColleague(
				profile.profileId,
				done.kind === "reactivated" && (done.link ? "reactivated-by-link" : "reactivated"),
			);
		}),
	);

	/** The colleague in the address, where they are so now; else their page says how it is. */
	async function whomWhoIs(visit: SessionVisit, what: "active" | "deactivated"): Promise<Profile | Answer> {
		const profile = await colleagueInAddress(deps, visit);
		if ("status" in profile) return profile;
		return profile.active === (what === "active") ? profile : toColleague(profile.profileId);
	}

	async function hasPassword({ clinicId, profileId }: Profile): Promise<boolean> {
		return (await findPassword(deps.db, clinicId, profileId)) !== undefined;
	}
}
