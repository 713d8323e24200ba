import type { Deps } from "../deps.ts";
import { listMethods } from "../methods/store.ts";
import { askAgain, withMissingPassword } from "../passwords/ask-again.ts";
import { paths } from "../paths.ts";
import { isEmailedCodeEnough } from "../reset/is-emailed-code-enough.ts";
import { mayBeReset } from "../reset/may-be-reset.rule.ts";
import { readReason } from "../reset/reason.rule.ts";
import { resetSecondStep } from "../reset/reset-second-step.ts";
import { insideFullAccess } from "../second-step/proven-session.tsx";
import { type SessionVisit, sessionEnded } from "../sessions/gate.tsx";
import { type Answer, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import type { Web } from "../web/server.tsx";
import { ResetPage, type ToReset } from "./reset-pages.tsx";
import { colleagueInAddress, toColleague } from "./whom.tsx";

/** **Disable 2-Step Verification**, for a colleague who has lost every way in. */
export function resetRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.resetColleague.pattern,
		insideFullAccess(deps, "GET", "code", async (visit) => {
			const asked = await whomToReset(visit);
			return "status" in asked ? asked : page(visit, <ResetPage asked={asked} reason="" />);
		}),
	);

	web.post(
		paths.resetColleague.pattern,
		insideFullAccess(deps, "POST", "code", async (visit) => {
			const asked = await whomToReset(visit);
			if ("status" in asked) return asked;
			const { form, clinic } = visit;
			const typed = form.text("reason");
			const again = (errors: FieldError[]) =>
				page(visit, <ResetPage asked={asked} reason={typed} errors={errors} />, 422);
			const read = readReason(typed);
			if (read.kind !== "reason") {
				const error = { field: "reason", sentence: visit.words.reset.reasonIs[read.kind] };
				return again(withMissingPassword([error], visit));
			}
			const proved = await askAgain(deps, visit);
			if (proved.kind === "session-ended") return sessionEnded();
			if (proved.kind === "refused") return again(proved.errors);
			const by = { kind: "full-access", visit } as const;
			const { profileId } = asked.profile;
			const done = await resetSecondStep(deps, clinic, profileId, by, { reason: read.reason });
			return toColleague(profileId, done.kind === "reset" && "reset");
		}),
	);

	/** The colleague in the address, where their 2-Step Verification may be turned off; else their page says why not. */
	async function whomToReset(visit: SessionVisit): Promise<ToReset | Answer> {
		const { now } = visit;
		const profile = await colleagueInAddress(deps, visit);
		if ("status" in profile) return profile;
		const { clinicId, profileId } = profile;
		const methods = await listMethods(deps.db, clinicId, profileId);
		if (mayBeReset(profile, methods.length > 0, now).kind !== "yes") {
			return toColleague(profileId);
		}
		return {
			profile,
			methods: methods.map(({ kind }) => kind),
			isEmailedCodeEnough: await isEmailedCodeEnough(deps.db, profile, now),
		};
	}
}
