import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { readCode } from "../methods/code.rule.ts";
import { thatWork } from "../methods/working-methods.ts";
import { paths } from "../paths.ts";
import {
	enterSignIn,
	goToStep,
	type OpenSignIn,
	openSignIn,
	type SignInVisit,
	signInOver,
} from "../sign-in/gate.tsx";
import { setAskedKind } from "../sign-in/store.ts";
import { refusalOf } from "../text-message/refusal.ts";
import type { SentCode } from "../text-message/send-code.ts";
import { type Answer, goTo, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import type { Web } from "../web/server.tsx";
import type { Visit } from "../web/visit.ts";
import { askByText } from "./ask-by-text.ts";
import { enterCode } from "./enter-code.ts";
import { enterRecoveryCode } from "./enter-recovery-code.ts";
import { AnotherWayPage, EnterCodePage, EnterRecoveryCodePage, NoneTextedPage } from "./pages.tsx";
import { readWays } from "./read-ways.ts";
import { findTextRefusal } from "./send-text.ts";
import { readTextedCode } from "./texted-code.ts";
import { findCodeWait } from "./try-code.ts";
import { besidesMethods, methodToAsk, othersFirst } from "./ways.rule.ts";

/** A live sign-in, with the methods that are on where they were read on the way. */
type Inside = OpenSignIn & Partial<Pick<SignInVisit, "methods">>;

export function secondStepRoutes(web: Web, deps: Deps): void {
	const enter = (visit: Visit, method: "GET" | "POST") => enterSignIn(deps, visit, method, "second-step");

	web.get(paths.verify, async (visit) => {
		const inside = await enter(visit, "GET");
		return "status" in inside ? inside : askForCode(inside);
	});

	web.post(paths.verify, async (visit) => {
		const isResend = visit.form.text("resend") !== "";
		const code = readCode(visit.form.text("code"));
		if (isResend || code === undefined) {
			const inside = await enter(visit, "POST");
			if ("status" in inside) return inside;
			// What cannot be a code is no try.
			return isResend ? resend(inside) : askForCode(inside, (own) => own.notACode);
		}
		const inside = await openSignIn(deps, visit, "POST");
		if ("status" in inside) return inside;
		const words = visit.words.secondStep;
		const entered = await enterCode(deps, inside, code, visit.form.isTicked("trust"));
		switch (entered.kind) {
			case "in":
				return goTo(entered.finished.path, entered.finished.cookies);
			case "wrong":
				return askForCode(inside, (own) => own.wrong(entered.left));
			case "expired":
				return askForCode(inside, () => visit.words.textMessage.expired(entered.left));
			case "clock":
				return askForCode(inside, () => words.clock(entered.minutes, entered.direction, entered.left));
			case "wait":
				return askForCode(
					inside,
					() => words.wait(entered.until, visit.now, visit.clinic.timeZone, inside.endsAt <= entered.until),
					429,
				);
			case "blocked":
				return goTo(paths.anotherWay);
			case "elsewhere":
				return goToStep(entered.step);
			case "closed":
				return signInOver("closed");
			case "over":
				return signInOver();
		}
	});

	web.get(paths.anotherWay, async (visit) => {
		const inside = await enter(visit, "GET");
		if ("status" in inside) return inside;
		const given = { methods: inside.methods, signingInAt: visit.now };
		const { methods, ways } = await readWays(deps, inside.signIn.profile, given);
		const wait = await codesWait(inside);
		const leftRecoveryCode = visit.query.text("left") === "recovery-code";
		const left = leftRecoveryCode ? "recovery-code" : methodToAsk(methods, inside.signIn.askedKind)?.kind;
		return page(
			inside,
			<AnotherWayPage
				ways={othersFirst(wait === undefined ? ways : besidesMethods(ways), left)}
				wait={wait?.sentence}
				hasBlocked={methods.some((method) => method.blockedAt !== null)}
			/>,
		);
	});

	web.post(paths.anotherWay, async (visit) => {
		const inside = await enter(visit, "POST");
		if ("status" in inside) return inside;
		const methods = thatWork(deps, inside.methods);
		const chosen = methods.find(
			(method) => method.kind === visit.form.text("way") && method.blockedAt === null,
		);
		if (!chosen) return goTo(paths.anotherWay);
		// The text is sent only now that it is chosen; leaving and coming back is a resend.
		if (chosen.kind === "text-message") {
			const sent = await askByText(deps, inside);
			if (!sent) return signInOver();
			// From when it can be sent again, or codes are looked at again, stands on the page anyway.
			const isRefused = sent.kind === "limited" || sent.kind === "country";
			return isRefused ? sayWhyNot(inside, sent) : goTo(paths.verify);
		}
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
				return signInOver();
		}
	});

	async function resend(inside: SignInVisit): Promise<Answer> {
		const methods = thatWork(deps, inside.methods);
		if (methodToAsk(methods, inside.signIn.askedKind)?.kind !== "text-message") return goTo(paths.verify);
		const sent = await askByText(deps, inside);
		if (!sent) return signInOver();
		// Until when stands on the page.
		if (sent.kind === "codes-wait") return goTo(paths.verify);
		if (sent.kind !== "queued") return sayWhyNot(inside, sent);
		// No address carries the tick: a link that somebody else wrote would set it.
		return inside.form.isTicked("trust") ? askForCode(inside) : goTo(paths.verify);
	}

	/** Why no code was texted to somebody who chose text messages. */
	function sayWhyNot(inside: SignInVisit, sent: Exclude<SentCode, { kind: "queued" }>): Promise<Answer> {
		const asked: SignInVisit = { ...inside, signIn: { ...inside.signIn, askedKind: "text-message" } };
		return askForCode(asked, () => refusalOf(inside.words.textMessage, sent, inside, "sign-in"), 429);
	}

	/** @param sentenceIn what is wrong, in the words of the method that is asked for */
	async function askForCode(
		inside: Inside,
		sentenceIn?: (asked: { notACode: string; wrong: (left: number) => string }) => string,
		status = 422,
	): Promise<Answer> {
		const { signIn, clinic, form, now } = inside;
		const { methods, hasRecoveryCode } = await readWays(deps, signIn.profile, { methods: inside.methods });
		const method = methodToAsk(methods, signIn.askedKind);
		if (!method) return goTo(paths.anotherWay);
		const text =
			method.kind === "text-message"
				? await readTextedCode(deps.db, signIn.profile, signIn.signInId, now)
				: undefined;
		if (text && text.sentAt === undefined) {
			return sayNoneTexted(inside, text.number, sentenceIn ? status : 200);
		}
		const words = text ? inside.words.textMessage : inside.words.secondStep;
		const errors: FieldError[] = sentenceIn ? [{ field: "code", sentence: sentenceIn(words) }] : [];
		const wait = sentenceIn ? undefined : await codesWait(inside);
		const trust = clinic.rule.allowsTrust ? { isTicked: form.isTicked("trust") } : undefined;
		return page(
			inside,
			<EnterCodePage {...{ text, hasRecoveryCode, trust, errors }} wait={wait?.andMeanwhile} />,
			sentenceIn ? status : 200,
		);
	}

	/** After too many wrong codes, of whatever method: until when none is looked at. */
	async function codesWait({ signIn, words, now, clinic, endsAt }: OpenSignIn) {
		const until = await findCodeWait(deps.db, signIn.profile, signIn.knownBrowser, now);
		if (until === undefined) return undefined;
		const said = [until, now, clinic.timeZone, endsAt <= until] as const;
		return { sentence: words.secondStep.codesWait(...said), andMeanwhile: words.secondStep.wait(...said) };
	}

	/** Why there is no code to enter, and what works meanwhile. */
	async function sayNoneTexted(inside: Inside, number: string, status: number): Promise<Answer> {
		const given = { methods: inside.methods, signingInAt: inside.now };
		const all = (await readWays(deps, inside.signIn.profile, given)).ways;
		const wait = await codesWait(inside);
		if (wait) {
			const closed = { number, refusal: wait.sentence, canAsk: false, ways: besidesMethods(all) };
			return page(inside, <NoneTextedPage {...closed} />, status);
		}
		const ways = all.filter((way) => way !== "text-message");
		const refused = await findTextRefusal(deps, inside);
		const during = ways.length > 0 ? "sign-in" : "no-other-way";
		const refusal = refused && refusalOf(inside.words.textMessage, refused, inside, during);
		const { expiresAt } = inside.signIn;
		const canAsk = !refused || (refused.kind === "limited" && refused.until < expiresAt);
		return page(inside, <NoneTextedPage {...{ number, refusal, canAsk, ways }} />, status);
	}
}
