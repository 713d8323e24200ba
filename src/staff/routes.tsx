import { listTrust } from "../browsers/store.ts";
import { isTrustLive } from "../browsers/trust.rule.ts";
import type { Deps } from "../deps.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import { listMethods } from "../methods/store.ts";
import { askAgain } from "../passwords/ask-again.ts";
import { paths } from "../paths.ts";
import { findProfile } from "../profiles/store.ts";
import { isEmailedCodeEnough } from "../reset/is-emailed-code-enough.ts";
import { mayBeReset } from "../reset/may-be-reset.rule.ts";
import { insideFullAccess } from "../second-step/proven-session.tsx";
import type { SessionVisit } from "../sessions/gate.tsx";
import { liveAfter } from "../sessions/lifetime.rule.ts";
import { countLiveSessions } from "../sessions/store.ts";
import { mayBeGivenTemporaryCode, TEMPORARY_CODE_LIVES_MS } from "../temporary-code/temporary-code.rule.ts";
import { type Answer, goTo, type Handler, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import { ErrorPage } from "../web/error-pages.tsx";
import type { Web } from "../web/server.tsx";
import { giveCodeToColleague, type ToldHow } from "./give-code-to-colleague.ts";
import { readStaffList } from "./list-staff.ts";
import {
	CodeGivenPage,
	type Colleague,
	ColleaguePage,
	GiveCodePage,
	OwnMethodFirstPage,
	StaffListPageView,
} from "./pages.tsx";
import { signColleagueOut } from "./sign-colleague-out.ts";

const TOLD_HOW: readonly ToldHow[] = ["in-person", "by-phone"];

/** Staff, and helping a colleague. */
export function staffRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.staff,
		insideFullAccess(deps, "GET", "nothing", async (visit) =>
			page(visit, <StaffListPageView list={await readStaffList(deps, visit.clinic.clinicId, visit.query)} />),
		),
	);

	web.get(paths.colleague.pattern, insideFullAccess(deps, "GET", "nothing", withColleague(show)));

	web.get(
		paths.giveTemporaryCode.pattern,
		insideFullAccess(
			deps,
			"GET",
			"code",
			withColleague(async (visit, colleague) => {
				if (!canGive(colleague)) return goTo(paths.colleague.to(colleague.profile.profileId));
				if (!(await hasOwnMethod(visit))) return page(visit, <OwnMethodFirstPage />);
				return page(visit, <GiveCodePage profile={colleague.profile} filled={{ lives: "", how: "" }} />);
			}),
		),
	);

	web.post(
		paths.giveTemporaryCode.pattern,
		insideFullAccess(
			deps,
			"POST",
			"code",
			withColleague(async (visit, colleague) => {
				const { profile } = colleague;
				const back = goTo(paths.colleague.to(profile.profileId));
				if (!canGive(colleague)) return back;
				if (!(await hasOwnMethod(visit))) return page(visit, <OwnMethodFirstPage />);
				const { form, words } = visit;
				const filled = { lives: form.text("lives"), how: form.text("how") };
				const again = (errors: FieldError[]) =>
					page(visit, <GiveCodePage profile={profile} filled={filled} errors={errors} />, 422);
				const how = TOLD_HOW.find((one) => one === filled.how);
				const livesMs = TEMPORARY_CODE_LIVES_MS.find((ms) => String(ms) === filled.lives);
				if (!how) return again([{ field: "how", sentence: words.staff.tickHow }]);
				if (!livesMs) return again([{ field: "lives", sentence: words.staff.chooseLife }]);
				const asked = await askAgain(deps, visit, form.text("password"));
				if (asked.kind === "session-ended") return goTo(`${paths.signIn}?notice=too-many-wrong`);
				if (asked.kind === "refused") return again(asked.errors);
				const given = await giveCodeToColleague(deps, visit, profile.profileId, { livesMs, how });
				return given ? page(visit, <CodeGivenPage profile={profile} {...given} />) : back;
			}),
		),
	);

	web.post(
		paths.signColleagueOut.pattern,
		insideFullAccess(
			deps,
			"POST",
			"nothing",
			withColleague(async (visit, { profile, isOneself }) => {
				const path = paths.colleague.to(profile.profileId);
				if (isOneself) return goTo(path);
				if (!(await hasOwnMethod(visit))) return page(visit, <OwnMethodFirstPage />);
				const done = await signColleagueOut(deps, visit, profile.profileId);
				return goTo(done ? `${path}?notice=signed-out` : path);
			}),
		),
	);

	/** The colleague in the address; one of another clinic, or nobody, is not found. */
	function withColleague(
		handler: (visit: SessionVisit, colleague: Colleague) => Promise<Answer>,
	): Handler<SessionVisit> {
		return async (visit) => {
			const colleague = await readColleague(visit);
			return colleague ? handler(visit, colleague) : page(visit, <ErrorPage status={404} />, 404);
		};
	}

	async function readColleague(visit: SessionVisit): Promise<Colleague | undefined> {
		const { clinic, now, session } = visit;
		const { clinicId } = clinic;
		const profile = await findProfile(deps.db, clinicId, visit.params.profileId ?? "");
		if (!profile) return undefined;
		const { profileId } = profile;
		const methods = await listMethods(deps.db, clinicId, profileId);
		const trusts = await listTrust(deps.db, clinicId, profileId);
		const rule = enforcementOf(clinic, now);
		return {
			profile,
			methods,
			sessions: await countLiveSessions(deps.db, clinicId, profileId, liveAfter(clinic, now)),
			trusted: trusts.filter((trust) => isTrustLive(trust, clinic.rule.trustVersion, now)).length,
			isOneself: profileId === session.profile.profileId,
			mayBeGiven: mayBeGivenTemporaryCode(profile, methods.length > 0, rule, "a-colleague", now),
			mayBeReset: mayBeReset(profile, methods.length > 0, now),
			isEmailedCodeEnough: await isEmailedCodeEnough(deps.db, profile, now),
		};
	}

	async function hasOwnMethod({ session }: SessionVisit): Promise<boolean> {
		const { clinicId, profileId } = session.profile;
		return (await listMethods(deps.db, clinicId, profileId)).length > 0;
	}
}

async function show(visit: SessionVisit, colleague: Colleague): Promise<Answer> {
	const happened = visit.query.text("notice");
	const notice = happened === "signed-out" ? visit.words.staff.isSignedOut : undefined;
	return page(
		visit,
		<ColleaguePage colleague={colleague} notice={notice} isJustReset={happened === "reset"} />,
	);
}

function canGive({ isOneself, mayBeGiven }: Colleague): boolean {
	return !isOneself && mayBeGiven.kind === "yes";
}
