import type { DoneBy } from "../colleagues/done-by.ts";
import type { Deps } from "../deps.ts";
import { hasMethodOn } from "../methods/store.ts";
import { paths } from "../paths.ts";
import { insideFullAccess } from "../second-step/proven-session.tsx";
import type { SessionVisit } from "../sessions/gate.tsx";
import { page } from "../web/answer.ts";
import { noticeNamed } from "../web/controls.tsx";
import { errorPage } from "../web/error-pages.tsx";
import type { Web } from "../web/server.tsx";
import { StaffListPageView } from "./list-pages.tsx";
import { readStaffList } from "./list-staff.ts";
import { type Colleague, type ColleagueNotice, ColleaguePage } from "./pages.tsx";
import { readColleague } from "./read-colleague.ts";
import { type LinkSent, sendPasswordLink } from "./send-password-link.ts";
import { signColleagueOut } from "./sign-colleague-out.ts";
import { colleagueInAddress, toColleague } from "./whom.tsx";

/** Staff, a person's page, and what is done there at the press of a button. */
export function staffRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.staff,
		insideFullAccess(deps, "GET", "nothing", async (visit) =>
			page(visit, <StaffListPageView list={await readStaffList(deps, visit.clinic.clinicId, visit.query)} />),
		),
	);

	web.get(
		paths.colleague.pattern,
		insideFullAccess(deps, "GET", "nothing", async (visit) => {
			const colleague = await readColleague(deps, visit);
			if (!colleague) return errorPage(visit, 404);
			const isJustReset = visit.query.text("notice") === "reset";
			const notice = noticeOf(visit, colleague, await hasMethodOn(deps.db, visit.session.profile));
			const shown = { colleague, notice, isJustReset };
			return page(visit, <ColleaguePage {...shown} />);
		}),
	);

	web.post(
		paths.signColleagueOut.pattern,
		insideFullAccess(deps, "POST", "nothing", async (visit) => {
			const profile = await colleagueInAddress(deps, visit);
			if ("status" in profile) return profile;
			const done = await signColleagueOut(deps, visit, profile.profileId);
			return toColleague(profile.profileId, done && "signed-out");
		}),
	);

	web.post(
		paths.sendPasswordLink.pattern,
		insideFullAccess(deps, "POST", "nothing", async (visit) => {
			const profile = await colleagueInAddress(deps, visit);
			if ("status" in profile) return profile;
			const by: DoneBy = { kind: "full-access", visit };
			const { kind } = await sendPasswordLink(deps, visit.clinic, profile.profileId, by);
			return toColleague(profile.profileId, NOTICE_OF_LINK[kind]);
		}),
	);
}

/** Where it could not be sent, the person's page says how it is now. */
const NOTICE_OF_LINK: Partial<Record<LinkSent["kind"], string>> = {
	sent: "link-sent",
	"just-sent": "link-just-sent",
};

const TELLS_OF_EMAIL = new Set([
	"link-sent",
	"link-just-sent",
	"invited",
	"invited-again",
	"saved-email-waits",
	"reactivated-by-link",
]);

const TELLS_OF_NO_CHANGE = new Set(["link-just-sent", "invited-again", "is-deactivated", "unchanged"]);

/** What just happened, while it is still so. @param hasMethod of the reader's own */
function noticeOf(
	visit: SessionVisit,
	colleague: Colleague,
	hasMethod: boolean,
): ColleagueNotice | undefined {
	const { query, words, now, clinic } = visit;
	const { staff, staffProfiles } = words;
	const { profile, linkAddress, waiting, waitingCode } = colleague;
	const { name, email } = profile;
	const notices: Record<string, string | undefined> = profile.active
		? {
				"set-up": hasMethod ? staff.isSetUp : undefined,
				"code-told": waitingCode && staff.isTold(name, waitingCode.until, now, clinic.timeZone),
				"signed-out": staff.isSignedOut(name),
				"link-sent": staff.linkSent(linkAddress),
				"link-just-sent": staff.linkJustSent(linkAddress),
				invited: staffProfiles.invited(name, email),
				"invited-again": staffProfiles.invitedAgain(name, linkAddress),
				saved: staffProfiles.saved(name),
				unchanged: staffProfiles.unchanged,
				"saved-email-waits": waiting && staffProfiles.savedEmailWaits(name, waiting.email),
				"email-cancelled": waiting === undefined ? staffProfiles.emailCancelled(name, email) : undefined,
				reactivated: staffProfiles.reactivated(name),
				"reactivated-by-link": staffProfiles.reactivatedByLink(name, linkAddress),
			}
		: {
				deactivated: staffProfiles.deactivated(name),
				"is-deactivated": staffProfiles.isDeactivated(name),
			};
	const notice = query.text("notice");
	// Nothing is on its way where no email leaves this server.
	if (!colleague.sendsEmails && TELLS_OF_EMAIL.has(notice)) return undefined;
	const sentence = noticeNamed(notices, notice);
	return sentence === undefined
		? undefined
		: { kind: TELLS_OF_NO_CHANGE.has(notice) ? "info" : "success", sentence };
}
