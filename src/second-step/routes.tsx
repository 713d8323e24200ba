import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { readCode } from "../methods/code.rule.ts";
import { listMethods } from "../methods/store.ts";
import { paths } from "../paths.ts";
import { findRecoveryCode } from "../recovery-code/store.ts";
import { enterSignIn, type SignInVisit } from "../sign-in/gate.tsx";
import { setAskedKind } from "../sign-in/store.ts";
import { type Answer, goTo, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import type { Web } from "../web/server.tsx";
import type { Visit } from "../web/visit.ts";
import { enterCode } from "./enter-code.ts";
import { enterRecoveryCode } from "./enter-recovery-code.ts";
import { AnotherWayPage, EnterCodePage, EnterRecoveryCodePage } from "./pages.tsx";
import { methodToAsk, type Way, waysThatWork } from "./ways.rule.ts";

export function secondStepRoutes(web: Web, deps: Deps): void {
	const enter = (visit: Visit, method: "GET" | "POST") => enterSignIn(deps, visit, method, "second-step");

	web.get(paths.verify, async (visit) => {
		const inside = await enter(visit, "GET");
		return "status" in inside ? inside : askForCode(inside);
	});

	web.post(paths.verify, async (visit) => {
		const inside = await enter(visit, "POST");
		if ("status" in inside) return inside;
		const words = visit.words.secondStep;
		const code = readCode(visit.form.text("code"));
		// What cannot be a code is no try.
		if (code === undefined) return askForCode(inside, words.notACode);
		const entered = await enterCode(deps, inside, code);
		switch (entered.kind) {
			case "in":
				return goTo(entered.finished.path, entered.finished.cookies);
			case "wrong":
				return askForCode(inside, words.wrong(entered.left));
			case "clock":
				return askForCode(inside, words.clock(entered.minutes, entered.direction, entered.left));
			case "wait":
				return askForCode(inside, words.wait(entered.until, visit.now, visit.clinic.timeZone), 429);
			case "blocked":
				return goTo(paths.anotherWay);
			case "closed":
				return endedWith("closed");
			case "over":
				return endedWith("over");
		}
	});

	web.get(paths.anotherWay, async (visit) => {
		const inside = await enter(visit, "GET");
		if ("status" in inside) return inside;
		const { methods, ways } = await readWays(inside);
		return page(
			inside,
			<AnotherWayPage ways={ways} hasBlocked={methods.some((method) => method.blockedAt !== null)} />,
		);
	});

	web.post(paths.anotherWay, async (visit) => {
		const inside = await enter(visit, "POST");
		if ("status" in inside) return inside;
		const { methods } = await readWays(inside);
		const chosen = methods.find(
			(method) => method.kind === visit.form.text("way") && method.blockedAt === null,
		);
		if (!chosen) return goTo(paths.anotherWay);
		const { clinicId } = inside.clinic;
		await inTransaction(deps.db, (tx) => setAskedKind(tx, clinicId, inside.signIn.signInId, chosen.kind));
		return goTo(paths.verify);
	});

	web.get(paths.signInRecoveryCode, async (visit) => {
		const inside = await enter(visit, "GET");
		return "status" in inside ? inside : page(inside, <EnterRecoveryCodePage />);
	});

	web.post(paths.signInRecoveryCode, async (visit) => {
		const inside = await enter(visit, "POST");
		if ("status" in inside) return inside;
		const words = visit.words.secondStep;
		const again = (sentence: string, status = 422) => {
			const errors = [{ field: "recovery-code", sentence }];
			return page(inside, <EnterRecoveryCodePage errors={errors} />, status);
		};
		const text = visit.form.text("recovery-code");
		if (text.trim() === "") return again(words.needsRecoveryCode);
		const entered = await enterRecoveryCode(deps, inside, text);
		switch (entered.kind) {
			case "in":
				return goTo(entered.finished.path, entered.finished.cookies);
			case "wrong":
				return again(words.wrongRecoveryCode(entered.left));
			case "wait":
				return again(words.waitForRecoveryCode(entered.until, visit.now, visit.clinic.timeZone), 429);
			case "over":
				return endedWith("over");
		}
	});

	async function askForCode(inside: SignInVisit, sentence?: string, status = 422): Promise<Answer> {
		const { methods, hasRecoveryCode } = await readWays(inside);
		const method = methodToAsk(methods, inside.signIn.askedKind);
		if (!method) return goTo(paths.anotherWay);
		const errors: FieldError[] = sentence === undefined ? [] : [{ field: "code", sentence }];
		return page(
			inside,
			<EnterCodePage kind={method.kind} hasRecoveryCode={hasRecoveryCode} errors={errors} />,
			sentence === undefined ? 200 : status,
		);
	}

	async function readWays({ signIn }: SignInVisit) {
		const { clinicId, profileId } = signIn.profile;
		const methods = await listMethods(deps.db, clinicId, profileId);
		const code = await findRecoveryCode(deps.db, clinicId, profileId);
		const hasRecoveryCode = code !== undefined;
		const ways: Way[] = waysThatWork(methods, hasRecoveryCode);
		return { methods, ways, hasRecoveryCode };
	}
}

function endedWith(notice: "over" | "closed"): Answer {
	return goTo(`${paths.signIn}?notice=${notice}`, [{ name: "sign-in", token: undefined }]);
}
