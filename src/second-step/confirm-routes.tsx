import { isKnownBrowser } from "../browsers/store.ts";
import type { MethodKind } from "../db/tables.ts";
import type { Deps } from "../deps.ts";
import { readCode } from "../methods/code.rule.ts";
import { listWorkingMethods } from "../methods/working-methods.ts";
import { confirmThen, paths, safeReturnPath } from "../paths.ts";
import { findRecoveryCode } from "../recovery-code/store.ts";
import { insideSession, type SessionVisit, sessionEnded } from "../sessions/gate.tsx";
import { refusalOf } from "../text-message/refusal.ts";
import { type Answer, goTo, type Handler, page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import { confirmByCode } from "./confirm-by-code.ts";
import { confirmByRecoveryCode } from "./confirm-by-recovery-code.ts";
import { ConfirmByRecoveryCodePage, ConfirmPage } from "./confirm-pages.tsx";
import { isCodeAsked } from "./proven-session.tsx";
import { readWays } from "./read-ways.ts";
import { textInSession } from "./text-in-session.ts";
import { readTextedCode } from "./texted-code.ts";
import { findCodeWait } from "./try-code.ts";
import { besidesMethods, methodToAsk } from "./ways.rule.ts";

/** A visit of somebody who is asked for a code, and where they go on with it. */
type AskedVisit = SessionVisit & { returnTo: string };

/** The pages of the code half of *Asking again*. */
export function confirmRoutes(web: Web, deps: Deps): void {
	const get = (path: string, handler: Handler<AskedVisit>) =>
		web.get(path, insideSession(deps, "GET", whileAsked(handler)));
	const post = (path: string, handler: Handler<AskedVisit>) =>
		web.post(path, insideSession(deps, "POST", whileAsked(handler)));

	get(paths.confirm, async (visit) => askFor(visit, kindIn(visit)));
	post(paths.confirm, async (visit) => enter(visit, "authenticator-app"));

	get(paths.confirmByText, async (visit) => {
		const { sentAt } = await textedTo(visit);
		// Nothing is sent by opening a page: it is chosen first.
		return sentAt === undefined ? goTo(confirmThen(visit.returnTo)) : askFor(visit, "text-message");
	});
	post(paths.confirmByText, async (visit) => enter(visit, "text-message"));

	post(paths.textConfirmCode, async (visit) => {
		const { clinicId, profileId } = visit.session.profile;
		const methods = await listWorkingMethods(deps.db, deps, clinicId, profileId);
		const isOpen = methodToAsk(methods, "text-message")?.kind === "text-message";
		const sent = isOpen ? await textInSession(deps, visit) : undefined;
		// Where codes have to wait, the page says until when.
		if (!sent || sent.kind === "codes-wait") return goTo(confirmThen(visit.returnTo));
		if (sent.kind === "queued") return goTo(confirmThen(visit.returnTo, paths.confirmByText));
		return askFor(visit, "text-message", refusalOf(visit.words.textMessage, sent, visit, "sign-in"), 429);
	});

	get(paths.confirmByRecoveryCode, async (visit) =>
		page(visit, <ConfirmByRecoveryCodePage returnTo={visit.returnTo} />),
	);

	post(paths.confirmByRecoveryCode, async (visit) => {
		const { secondStep } = visit.words;
		const again = (sentence: string, status = 422) => {
			const errors = [{ field: "recovery-code", sentence }];
			return page(visit, <ConfirmByRecoveryCodePage returnTo={visit.returnTo} errors={errors} />, status);
		};
		const text = visit.form.text("recovery-code");
		if (text.trim() === "") return again(secondStep.needsRecoveryCode);
		const confirmed = await confirmByRecoveryCode(deps, visit, text, visit.returnTo);
		switch (confirmed.kind) {
			case "passed":
				return goTo(paths.recoveryCode);
			case "wrong":
				return again(secondStep.wrongRecoveryCode(confirmed.left));
			case "wait":
				return again(secondStep.waitForRecoveryCode(confirmed.until, visit.now, visit.clinic.timeZone), 429);
			case "over":
				return goTo(confirmThen(visit.returnTo));
			case "session-ended":
				return sessionEnded();
		}
	});

	/** Who is asked for nothing goes on at once. */
	function whileAsked(handler: Handler<AskedVisit>): Handler<SessionVisit> {
		return async (visit) => {
			const returnTo = safeReturnPath(visit.query.text("return")) ?? paths.account;
			if (await isCodeAsked(deps, visit)) return handler({ ...visit, returnTo });
			return goTo((await hasCodeToSave(visit)) ? paths.recoveryCode : returnTo);
		};
	}

	async function enter(visit: AskedVisit, kind: MethodKind): Promise<Answer> {
		const { words, clinic, now, returnTo } = visit;
		const { secondStep, textMessage, confirm } = words;
		const own = kind === "text-message" ? textMessage : secondStep;
		const code = readCode(visit.form.text("code"));
		// What cannot be a code is no try.
		if (code === undefined) return askFor(visit, kind, own.notACode);
		const confirmed = await confirmByCode(deps, visit, kind, code);
		if ("left" in confirmed && confirmed.left === 0) return askFor(visit, kind, confirm.noneLeft);
		switch (confirmed.kind) {
			case "passed":
				return goTo(returnTo);
			case "wrong":
				return askFor(visit, kind, own.wrong(confirmed.left));
			case "expired":
				return askFor(visit, kind, textMessage.expired(confirmed.left));
			case "clock":
				return askFor(visit, kind, secondStep.clock(confirmed.minutes, confirmed.direction, confirmed.left));
			case "wait":
				return askFor(visit, kind, secondStep.wait(confirmed.until, now, clinic.timeZone, false), 429);
			case "blocked":
				return goTo(confirmThen(returnTo));
			case "session-ended":
				return sessionEnded();
		}
	}

	/**
	 * The page that asks for a code.
	 *
	 * @param kind the method that was chosen; undefined asks for the default one
	 * @param sentence what is to mend
	 */
	async function askFor(
		visit: AskedVisit,
		kind: MethodKind | undefined,
		sentence?: string,
		status = 422,
	): Promise<Answer> {
		const { profile } = visit.session;
		const { methods, ways: all } = await readWays(deps, profile);
		const waitUntil = await findCodeWait(deps.db, profile, await isKnown(visit), visit.now);
		const ways = waitUntil === undefined ? all : besidesMethods(all);
		const wait =
			waitUntil === undefined || sentence !== undefined
				? undefined
				: visit.words.secondStep.codesWait(waitUntil, visit.now, visit.clinic.timeZone, false);
		const asked = methodToAsk(methods, kind ?? null)?.kind;
		const text = asked === "text-message" ? await textedTo(visit) : undefined;
		// Where nothing is texted yet there is no field.
		const field = text && text.sentAt === undefined ? "" : "code";
		const errors = sentence === undefined ? [] : [{ field, sentence }];
		return page(
			visit,
			<ConfirmPage {...{ asked, text, ways, wait, errors }} returnTo={visit.returnTo} />,
			sentence === undefined ? 200 : status,
		);
	}

	function isKnown({ browser, session, now }: SessionVisit): Promise<boolean> {
		const { clinicId, profileId } = session.profile;
		return isKnownBrowser(deps.db, clinicId, profileId, browser.hash, now);
	}

	function textedTo({ session, now }: SessionVisit) {
		return readTextedCode(deps.db, session.profile, session.sessionId, now);
	}

	/** A Recovery Code was spent here, and the new one not saved yet. */
	async function hasCodeToSave({ session }: SessionVisit): Promise<boolean> {
		const { clinicId, profileId } = session.profile;
		const code = await findRecoveryCode(deps.db, clinicId, profileId);
		return code?.shownTo === session.sessionId && code.savedAt === null;
	}
}

/** The method chosen in the address. Text messages are chosen by asking for one. */
function kindIn(visit: AskedVisit): MethodKind | undefined {
	return visit.query.text("with") === "authenticator-app" ? "authenticator-app" : undefined;
}
