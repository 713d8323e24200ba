import type { Deps } from "../deps.ts";
import { findWaitingEmailChange } from "../email-change/store.ts";
import { askAgain, withMissingPassword } from "../passwords/ask-again.ts";
import { paths } from "../paths.ts";
import { insideFullAccess } from "../second-step/proven-session.tsx";
import { type SessionVisit, sessionEnded } from "../sessions/gate.tsx";
import { prettyNumber } from "../text-message/number.rule.ts";
import { findNumber } from "../text-message/store.ts";
import { type Answer, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import type { Web } from "../web/server.tsx";
import { cancelColleaguesEmailChange } from "./cancel-email-change.ts";
import { seenOf } from "./edit.rule.ts";
import { CancelEmailPage, EditPage, type ToEdit } from "./edit-pages.tsx";
import { editStaff } from "./edit-staff.ts";
import { personErrors, personIn } from "./person-fields.tsx";
import { readPerson } from "./person-form.rule.ts";
import { colleagueInAddress, toColleague } from "./whom.tsx";

/** **Edit**: a colleague's name, email, mobile number and access level; and an end to a new email that waits. */
export function editRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.editColleague.pattern,
		insideFullAccess(deps, "GET", "code", async (visit) => {
			const asked = await whomToEdit(visit);
			return "status" in asked ? asked : page(visit, <EditPage asked={asked} typed={asIs(asked)} />);
		}),
	);

	web.post(
		paths.editColleague.pattern,
		insideFullAccess(deps, "POST", "code", async (visit) => {
			const { form, clinic, words } = visit;
			const asked = await whomToEdit(visit);
			if ("status" in asked) return asked;
			const typed = personIn(form);
			const seen = form.text("seen");
			const again = (errors: FieldError[], status = 422) =>
				page(visit, <EditPage asked={{ ...asked, seen }} typed={typed} errors={errors} />, status);
			const read = readPerson(typed, clinic.country);
			if (read.kind === "to-mend") {
				return again(withMissingPassword(personErrors(read.fields, typed, words), visit));
			}
			const proved = await askAgain(deps, visit);
			if (proved.kind === "session-ended") return sessionEnded();
			if (proved.kind === "refused") return again(proved.errors);

			const { profileId } = asked.profile;
			const done = await editStaff(deps, visit, profileId, read.person, seen);
			const { staffProfiles } = words;
			switch (done.kind) {
				case "edited":
					return toColleague(profileId, done.emailWaits ? "saved-email-waits" : "saved");
				case "done-already":
					return toColleague(profileId, "saved");
				case "unchanged":
					return toColleague(profileId, "unchanged");
				case "not-allowed":
					return toColleague(profileId);
				case "changed-meanwhile": {
					const now = await whomToEdit(visit);
					if ("status" in now) return now;
					const errors = [{ field: "", sentence: staffProfiles.changedMeanwhile }];
					return page(visit, <EditPage asked={now} typed={asIs(now)} errors={errors} />, 409);
				}
				case "email-taken":
					return again([{ field: "email", sentence: staffProfiles.emailTaken(read.person.email) }]);
				case "email-was-anothers": {
					const sentence = staffProfiles.emailWasAnothers(done.holder, clinic.timeZone);
					return again([{ field: "email", sentence }]);
				}
				case "last-full-access":
					return again([{ field: "access", sentence: staffProfiles.lastFullAccess(clinic.name) }]);
				case "wait": {
					const sentence = staffProfiles.confirmationsWait[done.who](done.until, clinic.timeZone);
					return again([{ field: "", sentence }], 429);
				}
			}
		}),
	);

	web.get(
		paths.cancelColleaguesEmailChange.pattern,
		insideFullAccess(deps, "GET", "code", async (visit) => {
			const asked = await whomToEdit(visit);
			if ("status" in asked) return asked;
			const { profile, waiting } = asked;
			if (!waiting) return toColleague(profile.profileId);
			return page(visit, <CancelEmailPage profile={profile} change={waiting} />);
		}),
	);

	web.post(
		paths.cancelColleaguesEmailChange.pattern,
		insideFullAccess(deps, "POST", "code", async (visit) => {
			const { form } = visit;
			const asked = await whomToEdit(visit);
			if ("status" in asked) return asked;
			const { profile, waiting } = asked;
			const { profileId } = profile;
			// Confirmed, ended or another one since the form was opened: their page says how it is now.
			if (waiting?.change_id !== form.text("change")) return toColleague(profileId);
			const proved = await askAgain(deps, visit);
			if (proved.kind === "session-ended") return sessionEnded();
			if (proved.kind === "refused") {
				return page(visit, <CancelEmailPage {...{ profile, change: waiting, errors: proved.errors }} />, 422);
			}
			const isCancelled = await cancelColleaguesEmailChange(deps, visit, profileId, waiting.change_id);
			return toColleague(profileId, isCancelled && "email-cancelled");
		}),
	);

	/** The colleague in the address, where they are active; else what to answer. */
	async function whomToEdit(visit: SessionVisit): Promise<ToEdit | Answer> {
		const profile = await colleagueInAddress(deps, visit);
		if ("status" in profile) return profile;
		const { clinicId, profileId } = profile;
		if (!profile.active) return toColleague(profileId);
		const waiting = await findWaitingEmailChange(deps.db, clinicId, profileId, visit.now);
		return {
			profile,
			waiting,
			texted: await findNumber(deps.db, clinicId, profileId),
			seen: seenOf(profile, waiting),
		};
	}
}

function asIs({ profile: { name, email, mobile, access } }: ToEdit) {
	return { name, email, mobile: mobile ? prettyNumber(mobile) : "", access };
}
