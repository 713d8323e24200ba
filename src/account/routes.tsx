import { removeTrust } from "../browsers/remove-trust.ts";
import { listTrust, type TrustedBrowser } from "../browsers/store.ts";
import { isTrustLive } from "../browsers/trust.rule.ts";
import type { MethodKind } from "../db/tables.ts";
import type { Deps } from "../deps.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import { listMethods } from "../methods/store.ts";
import { askAgain } from "../passwords/ask-again.ts";
import { paths } from "../paths.ts";
import { showingOf } from "../recovery-code/showing.rule.ts";
import { findRecoveryCode } from "../recovery-code/store.ts";
import { insideProvenSession } from "../second-step/proven-session.tsx";
import { insideSession, type SessionVisit, sessionEnded } from "../sessions/gate.tsx";
import { hasOnlyStoppedTexts, offeredKinds } from "../set-up/offered-kinds.ts";
import { renewRecoveryCode } from "../set-up/renew-recovery-code.ts";
import { findNumber } from "../text-message/store.ts";
import { goTo, type Handler, page } from "../web/answer.ts";
import { errorPage } from "../web/error-pages.tsx";
import type { Web } from "../web/server.tsx";
import { AccountPage, NewRecoveryCodePage } from "./pages.tsx";
import { turnOffMethod } from "./turn-off-method.ts";
import { OnlyReplacePage, TurnOffPage } from "./turn-off-pages.tsx";
import { TwoStepPage } from "./two-step-page.tsx";

export function accountRoutes(web: Web, deps: Deps): void {
	const get = (pattern: string, handler: Handler<SessionVisit>) =>
		web.get(pattern, insideSession(deps, "GET", handler));
	const post = (pattern: string, handler: Handler<SessionVisit>) =>
		web.post(pattern, insideSession(deps, "POST", handler));

	const getProven = (pattern: string, handler: Handler<SessionVisit>) =>
		web.get(pattern, insideProvenSession(deps, "GET", handler));
	const postProven = (pattern: string, handler: Handler<SessionVisit>) =>
		web.post(pattern, insideProvenSession(deps, "POST", handler));

	get(paths.account, async (visit) => {
		const { methods, recoveryCode } = await readTwoStep(visit);
		const account = {
			profile: visit.session.profile,
			isOn: methods.length > 0,
			hasOnlyStoppedTexts: hasOnlyStoppedTexts(methods, visit.clinic),
			recoveryCode,
		};
		return page(visit, <AccountPage {...account} />);
	});

	get(paths.twoStep, async (visit) => {
		const { methods, recoveryCode } = await readTwoStep(visit);
		const notice = visit.query.text("notice");
		const number = await findNumber(deps.db, visit.clinic.clinicId, visit.session.profile.profileId);
		const twoStep = {
			methods,
			recoveryCode,
			notice,
			number,
			offered: offeredKinds(deps.config, visit.clinic),
			hasOnlyStoppedTexts: hasOnlyStoppedTexts(methods, visit.clinic),
			trusted: await listLiveTrust(visit),
			thisBrowserHash: visit.session.browserHash,
		};
		return page(visit, <TwoStepPage {...twoStep} />);
	});

	post(paths.removeTrusted, async (visit) => {
		const which = visit.form.text("which");
		const removed = await removeTrust(
			deps,
			visit,
			visit.session.profile,
			which === "all" ? "all" : { trustId: which },
		);
		return goTo(removed > 0 ? `${paths.twoStep}?notice=trust-removed` : paths.twoStep);
	});

	getProven(paths.turnOff.pattern, async (visit) => {
		const turning = await methodToTurnOff(visit);
		if (!turning) return errorPage(visit, 404);
		const rule = enforcementOf(visit.clinic, visit.now);
		if (turning.isLast && rule.kind === "in-force") {
			const offered = offeredKinds(deps.config, visit.clinic);
			return page(visit, <OnlyReplacePage kind={turning.kind} since={rule.on} offered={offered} />);
		}
		return page(visit, <TurnOffPage {...turning} />);
	});

	postProven(paths.turnOff.pattern, async (visit) => {
		const turning = await methodToTurnOff(visit);
		// Turned off already, in another tab or by the same form sent twice.
		if (!turning) return goTo(paths.twoStep);
		const address = paths.turnOff.to(turning.kind);
		if (turning.isLast && enforcementOf(visit.clinic, visit.now).kind === "in-force") return goTo(address);
		const signsOut = visit.form.isTicked("sign-out");
		const asked = await askAgain(deps, visit);
		if (asked.kind === "session-ended") return sessionEnded();
		if (asked.kind === "refused") return page(visit, <TurnOffPage {...turning} errors={asked.errors} />, 422);
		switch (await turnOffMethod(deps, visit, turning.kind, signsOut)) {
			case "off":
				return goTo(`${paths.twoStep}?notice=off`);
			case "required":
				return goTo(address);
			case "over":
				return goTo(paths.twoStep);
		}
	});

	getProven(paths.newRecoveryCode, async (visit) => {
		const { methods, recoveryCode } = await readTwoStep(visit);
		if (methods.length === 0) return goTo(paths.twoStep);
		return page(visit, <NewRecoveryCodePage hasOne={recoveryCode.kind !== "none"} />);
	});

	postProven(paths.newRecoveryCode, async (visit) => {
		const { recoveryCode } = await readTwoStep(visit);
		const asked = await askAgain(deps, visit);
		if (asked.kind === "session-ended") return sessionEnded();
		if (asked.kind === "refused") {
			const hasOne = recoveryCode.kind !== "none";
			return page(visit, <NewRecoveryCodePage hasOne={hasOne} errors={asked.errors} />, 422);
		}
		return goTo((await renewRecoveryCode(deps, visit)) ? paths.recoveryCode : paths.twoStep);
	});

	async function readTwoStep({ session, now }: SessionVisit) {
		const { clinicId, profileId } = session.profile;
		const methods = await listMethods(deps.db, clinicId, profileId);
		const code = await findRecoveryCode(deps.db, clinicId, profileId);
		return { methods, recoveryCode: showingOf(code, session.sessionId, now) };
	}

	/** The browsers in which this person is not asked for a code now. */
	async function listLiveTrust({ session, clinic, now }: SessionVisit): Promise<TrustedBrowser[]> {
		if (!clinic.rule.allowsTrust) return [];
		const { clinicId, profileId } = session.profile;
		const trusted = await listTrust(deps.db, clinicId, profileId);
		return trusted.filter((trust) => isTrustLive(trust, clinic.rule.trustVersion, now));
	}

	/** The method in the address, and what its page says of it; undefined where it is not on. */
	async function methodToTurnOff(
		visit: SessionVisit,
	): Promise<{ kind: MethodKind; isLast: boolean; trustedUntil: number | undefined } | undefined> {
		const { methods } = await readTwoStep(visit);
		const method = methods.find(({ kind }) => kind === visit.params.kind);
		if (!method) return undefined;
		const trusted = await listLiveTrust(visit);
		const here = trusted.find(({ browserHash }) => browserHash === visit.session.browserHash);
		return { kind: method.kind, isLast: methods.length === 1, trustedUntil: here?.endsAt };
	}
}
