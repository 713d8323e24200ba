import type { Deps } from "../deps.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import { hasMethodOn } from "../methods/store.ts";
import { askAgain, withMissingPassword } from "../passwords/ask-again.ts";
import { paths } from "../paths.ts";
import { numberToCall } from "../profiles/number-to-call.rule.ts";
import { insideFullAccess } from "../second-step/proven-session.tsx";
import { type SessionVisit, sessionEnded } from "../sessions/gate.tsx";
import { listWaitingCodes } from "../temporary-code/store.ts";
import { mayBeGivenTemporaryCode, TEMPORARY_CODE_LIVES_MS } from "../temporary-code/temporary-code.rule.ts";
import { type Answer, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import type { Web } from "../web/server.tsx";
import { CodeGivenPage, GiveCodePage, type ToGive } from "./give-code-pages.tsx";
import { giveCodeToColleague, type ToldHow } from "./give-code-to-colleague.ts";
import { colleagueInAddress, toColleague } from "./whom.tsx";

/** **Give a temporary code**, to a colleague who can't get in with what they have. */
export function giveCodeRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.giveTemporaryCode.pattern,
		insideFullAccess(deps, "GET", "code", async (visit) => {
			const asked = await whomToGive(visit);
			if ("status" in asked) return asked;
			return page(visit, <GiveCodePage asked={asked} filled={{ lives: "", how: "" }} />);
		}),
	);

	web.post(
		paths.giveTemporaryCode.pattern,
		insideFullAccess(deps, "POST", "code", async (visit) => {
			const whom = await whomToGive(visit);
			if ("status" in whom) return whom;
			const { profile, hasMethodOn, waysToTell } = whom;
			const { form, words } = visit;
			const filled = { lives: form.text("lives"), how: form.text("how") };
			const again = (errors: FieldError[]) =>
				page(visit, <GiveCodePage asked={whom} filled={filled} errors={errors} />, 422);
			const how = waysToTell.find((one) => one === filled.how);
			const livesMs = TEMPORARY_CODE_LIVES_MS.find((ms) => String(ms) === filled.lives);
			if (!how || !livesMs) {
				const errors = [
					...(how ? [] : [{ field: "how", sentence: words.staff.tickHow }]),
					...(livesMs ? [] : [{ field: "lives", sentence: words.staff.chooseLife }]),
				];
				return again(withMissingPassword(errors, visit));
			}
			const asked = await askAgain(deps, visit);
			if (asked.kind === "session-ended") return sessionEnded();
			if (asked.kind === "refused") return again(asked.errors);
			const given = await giveCodeToColleague(deps, visit, profile.profileId, { livesMs, how });
			if (!given) return toColleague(profile.profileId);
			return page(visit, <CodeGivenPage {...{ profile, hasMethodOn, how, ...given }} />);
		}),
	);

	/** The colleague in the address, where they can be given one; else their page says why not. */
	async function whomToGive(visit: SessionVisit): Promise<ToGive | Answer> {
		const { clinic, now } = visit;
		const profile = await colleagueInAddress(deps, visit);
		if ("status" in profile) return profile;
		const { clinicId, profileId } = profile;
		const isOn = await hasMethodOn(deps.db, profile);
		const rule = enforcementOf(clinic, now);
		const may = mayBeGivenTemporaryCode(profile, isOn, rule, "a-colleague", now);
		if (may.kind !== "yes") return toColleague(profileId);
		const [waiting] = await listWaitingCodes(deps.db, clinicId, profileId, now);
		const hasNumber = numberToCall(profile, now).number !== null;
		const waysToTell: readonly ToldHow[] = hasNumber ? ["in-person", "by-phone"] : ["in-person"];
		return { profile, hasMethodOn: isOn, waitsUntil: waiting?.expires_at, waysToTell };
	}
}
