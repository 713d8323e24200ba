import { beginSetUp } from "../authenticator-app/begin-set-up.ts";
import { authenticatorAppSetUp } from "../authenticator-app/routes.tsx";
import { readClinic } from "../clinics/store.ts";
import type { MethodKind } from "../db/tables.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { METHOD_KINDS } from "../methods/method-kinds.ts";
import type { Holder, SetUpMount } from "../methods/set-up-mount.ts";
import { listMethods, type Method } from "../methods/store.ts";
import { askAgain } from "../passwords/ask-again.ts";
import { paths, setUpPaths, setUpStart, textSetUpPaths } from "../paths.ts";
import { type PreparedCode, prepareRecoveryCode } from "../recovery-code/issue.ts";
import { recoveryCodeStep } from "../recovery-code/pages.tsx";
import { recoveryCodeRoutes } from "../recovery-code/routes.tsx";
import { showingOf } from "../recovery-code/showing.rule.ts";
import { findRecoveryCode } from "../recovery-code/store.ts";
import { confirmFirst, isCodeAsked } from "../second-step/proven-session.tsx";
import { enterSession, insideSession, type SessionVisit, sessionEnded } from "../sessions/gate.tsx";
import {
	endLostPhone,
	isSessionThere,
	keepReturnTo,
	noteMethodPassed,
	noteSetUpChoices,
	takeReturnTo,
} from "../sessions/store.ts";
import { beginTextSetUp } from "../text-message/begin-set-up.ts";
import { textMessageSetUp } from "../text-message/routes.tsx";
import { findNumber } from "../text-message/store.ts";
import { type Answer, goTo, type Handler, page } from "../web/answer.ts";
import { errorPage } from "../web/error-pages.tsx";
import type { Web } from "../web/server.tsx";
import type { Visit } from "../web/visit.ts";
import { chooseDefault } from "./choose-default.ts";
import { methodTurnedOn } from "./method-turned-on.ts";
import { hasOnlyStoppedTexts, offeredKinds } from "./offered-kinds.ts";
import { AppInsteadPage, ChooseDefaultPage, LostPhonePage, StartSetUpPage } from "./pages.tsx";
import { renewRecoveryCode } from "./renew-recovery-code.ts";

type SessionHolder = Holder & { visit: SessionVisit };

/** Adding or replacing a method, *Lost your phone?* and what follows, inside a session. */
export function setUpRoutes(web: Web, deps: Deps): void {
	const app = setUpPaths(paths.authenticatorApp);
	const text = textSetUpPaths(paths.textMessage);
	const offeredTo = ({ clinic }: SessionVisit) => offeredKinds(deps.config, clinic);
	const firstPageOf = { "authenticator-app": app.key, "text-message": text.number };

	for (const kind of METHOD_KINDS) {
		web.get(
			setUpStart[kind],
			inSetUp("GET", async (visit) => {
				if (!offeredTo(visit).includes(kind)) return errorPage(visit, 404);
				return page(visit, <StartSetUpPage {...(await readStart(visit, kind))} />);
			}),
		);

		web.post(
			setUpStart[kind],
			inSetUp("POST", async (visit) => {
				if (!offeredTo(visit).includes(kind)) return errorPage(visit, 404);
				const start = await readStart(visit, kind);
				if (start.asksPassword) {
					const asked = await askAgain(deps, visit);
					if (asked.kind === "session-ended") return sessionEnded();
					if (asked.kind === "refused") {
						return page(visit, <StartSetUpPage {...start} errors={asked.errors} />, 422);
					}
				}
				// The first method ends the other sessions anyway, so nothing is asked.
				const signsOut = start.isFirst || visit.form.isTicked("sign-out");
				// Started again within *Lost your phone?*: what was ticked there still ends.
				const lostKinds = start.asksPassword ? [] : visit.session.lostKinds;
				await begin(visit, kind, { lostKinds, signsOut });
				return goTo(firstPageOf[kind]);
			}),
		);
	}

	authenticatorAppSetUp(web, deps, { ...mountFor("authenticator-app"), paths: app });
	textMessageSetUp(web, deps, { ...mountFor("text-message"), paths: text, appPath: app.start });

	recoveryCodeRoutes(web, deps, {
		async asking(visit, method) {
			const inside = await enterSession(deps, visit, method);
			if ("status" in inside) return inside;
			const { clinicId, profileId, name, email } = inside.session.profile;
			const { sessionId, returnTo } = inside.session;
			const leavePath = returnTo ?? paths.twoStep;
			return { visit: inside, clinicId, profileId, sessionId, leavePath, personName: name, email };
		},
		async done({ visit }) {
			const inside = visit as SessionVisit;
			// Forgotten only where it is answered: Done chosen twice leads there twice.
			const hasToChoose = inside.session.returnTo === paths.makeDefault;
			return hasToChoose ? goTo(paths.makeDefault) : leave(inside, "saved");
		},
	});

	web.get(
		paths.makeDefault,
		insideSession(deps, "GET", async (visit) => {
			const kinds = await kindsOn(visit);
			return kinds.length > 1 ? page(visit, <ChooseDefaultPage kinds={kinds} />) : goTo(paths.twoStep);
		}),
	);

	web.post(
		paths.makeDefault,
		insideSession(deps, "POST", async (visit) => {
			const kind = (await kindsOn(visit)).find((one) => one === visit.form.text("kind"));
			if (kind) await chooseDefault(deps, visit, kind);
			return leave(visit, "default");
		}),
	);

	web.get(
		paths.lostPhone,
		insideSession(deps, "GET", async (visit) => {
			if (asksPassword(visit)) return goTo(paths.twoStep);
			return page(visit, <LostPhonePage {...(await readLostPhone(visit))} />);
		}),
	);

	web.post(
		paths.lostPhone,
		insideSession(deps, "POST", async (visit) => {
			if (asksPassword(visit)) return goTo(paths.twoStep);
			if (visit.form.text("answer") === "keep") {
				if (wasGivenCode(visit)) return keepAfterGivenCode(visit);
				await renewRecoveryCode(deps, visit);
				return goTo(paths.recoveryCode);
			}
			const shown = await readLostPhone(visit);
			const lostKinds = shown.kinds.filter((kind) => visit.form.all("lost").includes(kind));
			if (lostKinds.length === 0) {
				const errors = [{ field: "lost", sentence: visit.words.account.tickWhatIsLost }];
				return page(visit, <LostPhonePage {...shown} ticked={[]} errors={errors} />, 422);
			}
			const kind = shown.offered.find((one) => one === visit.form.text("kind")) ?? "authenticator-app";
			await begin(visit, kind, { lostKinds, signsOut: true });
			return goTo(firstPageOf[kind]);
		}),
	);

	web.get(
		paths.appInstead,
		insideSession(deps, "GET", async (visit) => {
			if (!hasOnlyStoppedTexts(await methodsOn(visit), visit.clinic)) return goTo(paths.twoStep);
			return page(visit, <AppInsteadPage />);
		}),
	);

	// **Not now**: on to what else this sign-in leads to.
	web.post(
		paths.appInstead,
		insideSession(deps, "POST", async (visit) => {
			const { clinicId, profileId } = visit.session.profile;
			const code = await findRecoveryCode(deps.db, clinicId, profileId);
			const hasSavedCode = code !== undefined && code.savedAt !== null;
			return hasSavedCode ? goTo(await takeReturn(visit, paths.home)) : goTo(paths.recoveryCode);
		}),
	);

	/** What a set-up is told where it is mounted in a session, whatever its method. */
	function mountFor(kind: MethodKind): Omit<SetUpMount<SessionHolder, PreparedCode>, "paths"> {
		return {
			async asking(visit, method) {
				const inside = await enterSetUp(visit, method, setUpStart[kind]);
				if ("status" in inside) return inside;
				const { session } = inside;
				const shift = asksPassword(inside) ? 0 : 1;
				const step = (at: number) => ({ at: at - shift, of: 4 - shift });
				return {
					holderId: session.sessionId,
					profile: session.profile,
					visit: inside,
					cancelPath: paths.twoStep,
					steps: { key: step(2), code: step(3) },
				};
			},
			prepare: ({ profile }) => prepareRecoveryCode(deps, profile.profileId),
			mayTurnOn: async (tx, { holderId, profile }) =>
				(await isSessionThere(tx, profile.clinicId, holderId)) &&
				// Text messages that the clinic stopped meanwhile go on for nobody.
				offeredKinds(deps.config, await readClinic(tx, profile.clinicId)).includes(kind),
			async turnedOn(tx, { visit, steps }, prepared, on) {
				const { profile, sessionId, lostKinds, setUpSignsOut } = visit.session;
				const { clinicId } = profile;
				await endLostPhone(tx, clinicId, sessionId);
				await noteMethodPassed(tx, clinicId, sessionId, visit.now);
				const holder = { profile, sessionId, lostKinds, signsOut: setUpSignsOut };
				await methodTurnedOn(tx, deps, visit, holder, { kind, on, prepared });
				// Who replaces one of two has said before which is asked for first.
				const isSecond =
					on.replacedMethodId === undefined &&
					(await listMethods(tx, clinicId, profile.profileId)).length > 1;
				if (isSecond) await keepReturnTo(tx, clinicId, sessionId, paths.makeDefault);
				return goTo(recoveryCodeStep(steps.code.of));
			},
			async notUnderWay({ visit, profile }) {
				const code = await findRecoveryCode(deps.db, profile.clinicId, profile.profileId);
				const isToBeSaved = showingOf(code, visit.session.sessionId, visit.now).kind === "code";
				return goTo(isToBeSaved ? paths.recoveryCode : setUpStart[kind]);
			},
			done: async ({ steps }) => goTo(recoveryCodeStep(steps.code.of)),
		};
	}

	async function begin(
		visit: SessionVisit,
		kind: MethodKind,
		choices: { lostKinds: MethodKind[]; signsOut: boolean },
	): Promise<void> {
		const { profile, sessionId } = visit.session;
		const begun = { profile, holderId: sessionId, now: visit.now };
		await inTransaction(deps.db, async (tx: Tx) => {
			if (kind === "authenticator-app") await beginSetUp(tx, deps.config.keyring, begun);
			else await beginTextSetUp(tx, { ...begun, isLost: choices.lostKinds.includes(kind) });
			await noteSetUpChoices(tx, profile.clinicId, sessionId, choices);
		});
	}

	async function readStart(visit: SessionVisit, kind: MethodKind) {
		const kinds = await kindsOn(visit);
		return {
			kind,
			isReplacing: kinds.includes(kind),
			isFirst: kinds.length === 0,
			endsTexts: kinds.includes("text-message") && !visit.clinic.rule.allowsTexts,
			asksPassword: asksPassword(visit),
		};
	}

	async function readLostPhone(visit: SessionVisit) {
		const { clinicId, profileId } = visit.session.profile;
		return {
			kinds: await kindsOn(visit),
			number: await findNumber(deps.db, clinicId, profileId),
			offered: offeredTo(visit),
			wasGivenCode: wasGivenCode(visit),
		};
	}

	/** The page first asked for, where this was the end of a sign-in; else 2-Step Verification with a confirmation. */
	async function leave(visit: SessionVisit, notice: "saved" | "default"): Promise<Answer> {
		return goTo(await takeReturn(visit, `${paths.twoStep}?notice=${notice}`));
	}

	/** The phone is only elsewhere. A code that a colleague gave is no reason for a new Recovery Code: the old one works. */
	async function keepAfterGivenCode(visit: SessionVisit): Promise<Answer> {
		const { profile, sessionId } = visit.session;
		await inTransaction(deps.db, (tx) => endLostPhone(tx, profile.clinicId, sessionId));
		return goTo(await takeReturn(visit, paths.home));
	}

	async function takeReturn({ session }: SessionVisit, otherwise: string): Promise<string> {
		if (session.returnTo === null) return otherwise;
		await inTransaction(deps.db, (tx) => takeReturnTo(tx, session.profile.clinicId, session.sessionId));
		return session.returnTo === paths.makeDefault ? otherwise : session.returnTo;
	}

	async function kindsOn(visit: SessionVisit): Promise<MethodKind[]> {
		return (await methodsOn(visit)).map((method) => method.kind);
	}

	/** The code half of *Asking again*, but not within *Lost your phone?*: there nothing more is asked. */
	async function enterSetUp(
		visit: Visit,
		method: "GET" | "POST",
		back?: string,
	): Promise<SessionVisit | Answer> {
		const inside = await enterSession(deps, visit, method);
		if ("status" in inside || !asksPassword(inside)) return inside;
		return (await isCodeAsked(deps, inside)) ? confirmFirst(visit, back) : inside;
	}

	function inSetUp(method: "GET" | "POST", handler: Handler<SessionVisit>): Handler {
		return async (visit) => {
			const inside = await enterSetUp(visit, method);
			return "session" in inside ? handler(inside) : inside;
		};
	}

	function methodsOn({ session }: SessionVisit): Promise<Method[]> {
		return listMethods(deps.db, session.profile.clinicId, session.profile.profileId);
	}
}

/** Not within the first hour of a session that began with the Recovery Code or a temporary code, until its questions are answered. */
function asksPassword({ session, now }: SessionVisit): boolean {
	return session.lostPhoneUntil === null || now >= session.lostPhoneUntil;
}

function wasGivenCode({ session }: SessionVisit): boolean {
	return session.signedInBy === "temporary-code";
}
