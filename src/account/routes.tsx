import type { MethodKind } from "../db/tables.ts";
import type { Deps } from "../deps.ts";
import { listMethods } from "../methods/store.ts";
import { askAgain } from "../passwords/ask-again.ts";
import { paths } from "../paths.ts";
import { findRecoveryCode } from "../recovery-code/store.ts";
import { insideSession, type SessionVisit } from "../sessions/gate.tsx";
import { offeredKinds } from "../set-up/offered-kinds.ts";
import { renewRecoveryCode } from "../set-up/renew-recovery-code.ts";
import { findNumber } from "../text-message/store.ts";
import { type Answer, goTo, type Handler, page } from "../web/answer.ts";
import { ErrorPage } from "../web/error-pages.tsx";
import type { Web } from "../web/server.tsx";
import { AccountPage, NewRecoveryCodePage, TurnOffPage, TwoStepPage } from "./pages.tsx";
import { turnOffMethod } from "./turn-off-method.ts";

export function accountRoutes(web: Web, deps: Deps): void {
	const get = (pattern: string, handler: Handler<SessionVisit>) =>
		web.get(pattern, insideSession(deps, "GET", handler));
	const post = (pattern: string, handler: Handler<SessionVisit>) =>
		web.post(pattern, insideSession(deps, "POST", handler));

	get(paths.account, async (visit) => {
		const { methods, recoveryCode } = await readTwoStep(visit);
		const { profile } = visit.session;
		return page(
			visit,
			<AccountPage profile={profile} isOn={methods.length > 0} recoveryCode={recoveryCode} />,
		);
	});

	get(paths.twoStep, async (visit) => {
		const { methods, recoveryCode } = await readTwoStep(visit);
		const notice = visit.query.text("notice");
		const number = await findNumber(deps.db, visit.clinic.clinicId, visit.session.profile.profileId);
		const offered = offeredKinds(deps.config, visit.clinic);
		return page(visit, <TwoStepPage {...{ methods, recoveryCode, notice, number, offered }} />);
	});

	get(paths.turnOff.pattern, async (visit) => {
		const turning = await methodToTurnOff(visit);
		return turning ? page(visit, <TurnOffPage {...turning} />) : notFound(visit);
	});

	post(paths.turnOff.pattern, async (visit) => {
		const turning = await methodToTurnOff(visit);
		// Turned off already, in another tab or by the same form sent twice.
		if (!turning) return goTo(paths.twoStep);
		const signsOut = visit.form.isTicked("sign-out");
		const asked = await askAgain(deps, visit, visit.form.text("password"));
		if (asked.kind === "session-ended") return goTo(`${paths.signIn}?notice=too-many-wrong`);
		if (asked.kind === "refused") return page(visit, <TurnOffPage {...turning} errors={asked.errors} />, 422);
		const isOff = await turnOffMethod(deps, visit, turning.kind, signsOut);
		return goTo(isOff ? `${paths.twoStep}?notice=off` : paths.twoStep);
	});

	get(paths.newRecoveryCode, async (visit) => {
		const { methods, recoveryCode } = await readTwoStep(visit);
		if (methods.length === 0) return goTo(paths.twoStep);
		return page(visit, <NewRecoveryCodePage hasOne={recoveryCode !== undefined} />);
	});

	post(paths.newRecoveryCode, async (visit) => {
		const { recoveryCode } = await readTwoStep(visit);
		const asked = await askAgain(deps, visit, visit.form.text("password"));
		if (asked.kind === "session-ended") return goTo(`${paths.signIn}?notice=too-many-wrong`);
		if (asked.kind === "refused") {
			const hasOne = recoveryCode !== undefined;
			return page(visit, <NewRecoveryCodePage hasOne={hasOne} errors={asked.errors} />, 422);
		}
		return goTo((await renewRecoveryCode(deps, visit)) ? paths.recoveryCode : paths.twoStep);
	});

	async function readTwoStep({ session }: SessionVisit) {
		const { clinicId, profileId } = session.profile;
		const methods = await listMethods(deps.db, clinicId, profileId);
		return { methods, recoveryCode: await findRecoveryCode(deps.db, clinicId, profileId) };
	}

	/** The method in the address, and whether it is the last one; undefined where it is not on. */
	async function methodToTurnOff(
		visit: SessionVisit,
	): Promise<{ kind: MethodKind; isLast: boolean } | undefined> {
		const { methods } = await readTwoStep(visit);
		const method = methods.find(({ kind }) => kind === visit.params.kind);
		return method && { kind: method.kind, isLast: methods.length === 1 };
	}
}

function notFound(visit: SessionVisit): Answer {
	return page(visit, <ErrorPage status={404} />, 404);
}
