import type { DoneBy } from "../colleagues/done-by.ts";
import { sendsEmails } from "../delivery/sends-emails.ts";
import type { Deps } from "../deps.ts";
import { hasMethodOn } from "../methods/store.ts";
import { askAgain, withMissingPassword } from "../passwords/ask-again.ts";
import { paths } from "../paths.ts";
import { confirmFirst, insideFullAccess, isCodeAsked } from "../second-step/proven-session.tsx";
import { sessionEnded } from "../sessions/gate.tsx";
import { goTo, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import type { Web } from "../web/server.tsx";
import { InvitePage } from "./invite-pages.tsx";
import { inviteStaff } from "./invite-staff.ts";
import { personErrors, personIn } from "./person-fields.tsx";
import { readPerson } from "./person-form.rule.ts";
import { ownMethodFirst, toColleague } from "./whom.tsx";

/** **Invite**: somebody new, or once more somebody who never came. */
export function inviteRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.inviteStaff,
		insideFullAccess(deps, "GET", "nothing", async (visit) => {
			if (!(await hasMethodOn(deps.db, visit.session.profile)))
				return ownMethodFirst(deps, visit, paths.inviteStaff);
			const typed = { name: "", email: "", mobile: "", access: "limited" };
			const mayBeFull = !(await isCodeAsked(deps, visit));
			const isJustSetUp = visit.query.text("notice") === "set-up";
			return page(
				visit,
				<InvitePage {...{ typed, mayBeFull, isJustSetUp, sendsEmails: sendsEmails(deps) }} />,
			);
		}),
	);

	web.post(
		paths.inviteStaff,
		insideFullAccess(deps, "POST", "nothing", async (visit) => {
			if (!(await hasMethodOn(deps.db, visit.session.profile)))
				return ownMethodFirst(deps, visit, paths.inviteStaff);
			const { form, clinic, words } = visit;
			const typed = personIn(form);
			const mayBeFull = !(await isCodeAsked(deps, visit));
			const again = (errors: FieldError[], status = 422) =>
				page(visit, <InvitePage {...{ typed, mayBeFull, sendsEmails: sendsEmails(deps), errors }} />, status);
			const read = readPerson(typed, clinic.country);
			if (read.kind === "to-mend") {
				const errors = personErrors(read.fields, typed, words);
				return again(typed.access === "full" && mayBeFull ? withMissingPassword(errors, visit) : errors);
			}
			const { person } = read;
			// Full Access is given by nobody who left a session open.
			if (person.access === "full") {
				if (!mayBeFull) return confirmFirst(visit, paths.inviteStaff);
				const asked = await askAgain(deps, visit);
				if (asked.kind === "session-ended") return sessionEnded();
				if (asked.kind === "refused") return again(asked.errors);
			}
			const by: DoneBy = { kind: "full-access", visit };
			const done = await inviteStaff(deps, clinic, person, by);
			const { staffProfiles } = words;
			switch (done.kind) {
				case "invited":
				case "invited-again":
					return toColleague(done.profile.profileId, done.kind);
				case "just-invited":
					return toColleague(done.profile.profileId, "link-just-sent");
				case "deactivated":
					return toColleague(done.profile.profileId, "is-deactivated");
				case "email-was-anothers": {
					const sentence = staffProfiles.emailWasAnothers(done.holder, clinic.timeZone);
					return again([{ field: "email", sentence }]);
				}
				case "oneself":
					return again([{ field: "email", sentence: staffProfiles.isYourself }]);
				case "wait": {
					const sentence = staffProfiles.invitationsWait(done.until, clinic.timeZone);
					return again([{ field: "", sentence }], 429);
				}
				case "not-allowed":
					return goTo(paths.staff);
			}
		}),
	);
}
