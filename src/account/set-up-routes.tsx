import { beginSetUp } from "../authenticator-app/begin-set-up.ts";
import { authenticatorAppSetUp } from "../authenticator-app/routes.tsx";
import type { Holder } from "../authenticator-app/set-up-mount.ts";
import type { MethodKind } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { listMethods } from "../methods/store.ts";
import { askAgain } from "../passwords/ask-again.ts";
import { paths, setUpPaths } from "../paths.ts";
import { type PreparedCode, prepareRecoveryCode } from "../recovery-code/issue.ts";
import { recoveryCodeRoutes } from "../recovery-code/routes.tsx";
import { enterSession, insideSession, type SessionVisit } from "../sessions/gate.tsx";
import { isSessionThere, noteSetUpChoices, takeReturnTo } from "../sessions/store.ts";
import { goTo, page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import { methodTurnedOn } from "./method-turned-on.ts";
import { renewRecoveryCode } from "./renew-recovery-code.ts";
import { LostPhonePage, StartSetUpPage } from "./set-up-pages.tsx";

/** Adding or replacing a method, *Lost your phone?* and the Recovery Code that follows, inside a session. */
export function setUpRoutes(web: Web, deps: Deps): void {
	const set = setUpPaths(paths.authenticatorApp);

	web.get(
		set.start,
		insideSession(deps, "GET", async (visit) => page(visit, <StartSetUpPage {...(await startOf(visit))} />)),
	);

	web.post(
		set.start,
		insideSession(deps, "POST", async (visit) => {
			const start = await startOf(visit);
			if (start.asksPassword) {
				const asked = await askAgain(deps, visit, visit.form.text("password"));
				if (asked.kind === "session-ended") return goTo(`${paths.signIn}?notice=too-many-wrong`);
				if (asked.kind === "refused")
					return page(visit, <StartSetUpPage {...start} errors={asked.errors} />, 422);
			}
			// The first method ends the other sessions anyway, so nothing is asked.
			const signsOut = !start.isReplacing || visit.form.isTicked("sign-out");
			await begin(visit, { lostKinds: [], signsOut });
			return goTo(set.key);
		}),
	);

	authenticatorAppSetUp<SessionHolder, PreparedCode>(web, deps, {
		paths: set,
		async asking(visit, method) {
			const inside = await enterSession(deps, visit, method);
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
		prepare: () => prepareRecoveryCode(deps),
		mayTurnOn: (tx, { holderId, profile }) => isSessionThere(tx, profile.clinicId, holderId),
		async turnedOn(tx, { visit }, prepared, on) {
			await methodTurnedOn(tx, deps, visit, "authenticator-app", on, prepared);
			return goTo(paths.recoveryCode);
		},
		done: async () => goTo(paths.recoveryCode),
	});

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
			const { session } = visit as SessionVisit;
			if (session.returnTo === null) return goTo(`${paths.twoStep}?notice=saved`);
			await inTransaction(deps.db, (tx) => takeReturnTo(tx, session.profile.clinicId, session.sessionId));
			return goTo(session.returnTo);
		},
	});

	web.get(
		paths.lostPhone,
		insideSession(deps, "GET", async (visit) => {
			if (asksPassword(visit)) return goTo(paths.twoStep);
			return page(visit, <LostPhonePage kinds={await kindsOn(visit)} />);
		}),
	);

	web.post(
		paths.lostPhone,
		insideSession(deps, "POST", async (visit) => {
			if (asksPassword(visit)) return goTo(paths.twoStep);
			const kinds = await kindsOn(visit);
			if (visit.form.text("answer") === "keep") {
				await renewRecoveryCode(deps, visit);
				return goTo(paths.recoveryCode);
			}
			const lostKinds = kinds.filter((kind) => visit.form.all("lost").includes(kind));
			if (lostKinds.length === 0) {
				const errors = [{ field: "lost", sentence: visit.words.account.tickWhatIsLost }];
				return page(visit, <LostPhonePage kinds={kinds} ticked={[]} errors={errors} />, 422);
			}
			await begin(visit, { lostKinds, signsOut: true });
			return goTo(set.key);
		}),
	);

	async function begin(
		visit: SessionVisit,
		choices: { lostKinds: MethodKind[]; signsOut: boolean },
	): Promise<void> {
		const { profile, sessionId } = visit.session;
		await inTransaction(deps.db, async (tx) => {
			await beginSetUp(tx, deps.config.keyring, { profile, holderId: sessionId, now: visit.now });
			await noteSetUpChoices(tx, profile.clinicId, sessionId, choices);
		});
	}

	async function startOf(visit: SessionVisit) {
		const kinds = await kindsOn(visit);
		return { isReplacing: kinds.includes("authenticator-app"), asksPassword: asksPassword(visit) };
	}

	async function kindsOn({ session }: SessionVisit): Promise<MethodKind[]> {
		const methods = await listMethods(deps.db, session.profile.clinicId, session.profile.profileId);
		return methods.map((method) => method.kind);
	}
}

type SessionHolder = Holder & { visit: SessionVisit };

/** Not within the first hour of a session that began with the Recovery Code, until its questions are answered. */
function asksPassword({ session, now }: SessionVisit): boolean {
	return session.lostPhoneUntil === null || now >= session.lostPhoneUntil;
}
