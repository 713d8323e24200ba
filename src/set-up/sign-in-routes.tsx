import { beginSetUp } from "../authenticator-app/begin-set-up.ts";
import { authenticatorAppSetUp } from "../authenticator-app/routes.tsx";
import { readClinic } from "../clinics/store.ts";
import { newId } from "../db/ids.ts";
import type { MethodKind } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { Holder, SetUpMount } from "../methods/set-up-mount.ts";
import { listMethods } from "../methods/store.ts";
import { paths, setUpPaths, textSetUpPaths } from "../paths.ts";
import { type PreparedCode, prepareRecoveryCode } from "../recovery-code/issue.ts";
import { recoveryCodeStep } from "../recovery-code/pages.tsx";
import { declineSetUp } from "../sign-in/decline-set-up.ts";
import { dueNow } from "../sign-in/due-now.ts";
import { finishSignIn } from "../sign-in/finish-sign-in.ts";
import { enterSignIn, goWhereLed, type SignInVisit } from "../sign-in/gate.tsx";
import { overIfEnded } from "../sign-in/sign-in-ended.ts";
import { beginTextSetUp } from "../text-message/begin-set-up.ts";
import { textMessageSetUp } from "../text-message/routes.tsx";
import { goTo, page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import type { Visit } from "../web/visit.ts";
import { methodTurnedOn } from "./method-turned-on.ts";
import { offeredKinds } from "./offered-kinds.ts";
import { ForcedSetUpPage, OfferSetUpPage } from "./sign-in-pages.tsx";

type SignInHolder = Holder & { visit: SignInVisit };

/** The steps at which a set-up inside a sign-in is what is due. */
const SET_UP_STEPS = ["forced-set-up", "offer-set-up"] as const;

/** Setting up between password and session: the prompt, which may be declined, and the set-up that is forced. */
export function signInSetUpRoutes(web: Web, deps: Deps): void {
	// Whatever is left or has ended begins again at the prompt.
	const start = paths.signInSetUp;
	const app = { ...setUpPaths(paths.signInAuthenticatorApp), start };
	const text = { ...textSetUpPaths(paths.signInTextMessage), start };
	const firstPageOf = { "authenticator-app": app.key, "text-message": text.number };
	const enter = (visit: Visit, method: "GET" | "POST") => enterSignIn(deps, visit, method, ...SET_UP_STEPS);

	web.get(paths.signInSetUp, async (visit) => {
		const inside = await enter(visit, "GET");
		if ("status" in inside) return inside;
		const offered = offeredKinds(deps.config, inside.clinic);
		return inside.step.kind === "offer-set-up"
			? page(inside, <OfferSetUpPage by={inside.step.by} offered={offered} />)
			: page(inside, <ForcedSetUpPage offered={offered} />);
	});

	web.post(paths.signInSetUp, async (visit) => {
		const inside = await enter(visit, "POST");
		if ("status" in inside) return inside;
		const chosen = inside.form.text("kind");
		const kind =
			offeredKinds(deps.config, inside.clinic).find((one) => one === chosen) ?? "authenticator-app";
		const { profile, signInId } = inside.signIn;
		const begun = { profile, holderId: signInId, now: inside.now };
		await inTransaction(deps.db, (tx) =>
			kind === "authenticator-app" ? beginSetUp(tx, deps.config.keyring, begun) : beginTextSetUp(tx, begun),
		);
		return goTo(firstPageOf[kind]);
	});

	web.post(paths.declineSetUp, async (visit) => {
		// Where nothing is required any more it is the last thing asked as well.
		const inside = await enterSignIn(deps, visit, "POST", "offer-set-up", "session");
		return "status" in inside ? inside : goWhereLed(await declineSetUp(deps, inside));
	});

	authenticatorAppSetUp(web, deps, { ...mountFor("authenticator-app"), paths: app });
	textMessageSetUp(web, deps, { ...mountFor("text-message"), paths: text, appPath: start });

	/** What a set-up is told where it is mounted in a sign-in, whatever its method. No password is asked: it was just right. */
	function mountFor(kind: MethodKind): Omit<SetUpMount<SignInHolder, Prepared>, "paths"> {
		return {
			async asking(visit, method) {
				const inside = await enter(visit, method);
				if ("status" in inside) return inside;
				const { signInId, profile } = inside.signIn;
				return {
					holderId: signInId,
					profile,
					visit: inside,
					cancelPath: paths.signInSetUp,
					steps: { key: { at: 1, of: 3 }, code: { at: 2, of: 3 } },
				};
			},
			prepare: async ({ visit, profile }) => ({
				recoveryCode: await prepareRecoveryCode(deps, profile.profileId),
				sessionId: newId(visit.now),
			}),
			async mayTurnOn(tx, { visit }) {
				// Set up by then elsewhere, or the proof not passed any more: the journey says what is due instead.
				const due = await dueNow(tx, visit);
				if (!due || !SET_UP_STEPS.some((step) => step === due.step.kind)) return false;
				// Text messages that the clinic stopped meanwhile go on for nobody.
				return offeredKinds(deps.config, await readClinic(tx, visit.clinic.clinicId)).includes(kind);
			},
			async turnedOn(tx, { visit, profile, steps }, { recoveryCode, sessionId }, on) {
				const by = { profile, sessionId, lostKinds: [], signsOut: true };
				await methodTurnedOn(tx, deps, visit, by, { kind, on, prepared: recoveryCode });
				// The session carries the doors as they are with the method on, and shows its Recovery Code first.
				const { signInId, returnTo } = visit.signIn;
				const methods = await listMethods(tx, profile.clinicId, profile.profileId);
				const finished = await finishSignIn(tx, deps, visit, {
					profile: { ...profile, doorsVersion: on.doorsVersion },
					signInId,
					methods,
					by: kind,
					returnTo,
					sessionId,
				}).catch(overIfEnded);
				if ("kind" in finished) return undefined;
				const isAtCode = finished.path === paths.recoveryCode;
				return goTo(isAtCode ? recoveryCodeStep(steps.code.of) : finished.path, finished.cookies);
			},
			notUnderWay: async () => goTo(paths.signInSetUp),
			done: async ({ steps }) => goTo(recoveryCodeStep(steps.code.of)),
		};
	}
}

/** Made before the transaction: the Recovery Code, and the id of the session that alone may read it. */
type Prepared = { recoveryCode: PreparedCode; sessionId: string };
