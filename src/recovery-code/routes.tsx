import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { paths } from "../paths.ts";
import { type Answer, download, goTo, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import type { Web } from "../web/server.tsx";
import type { Visit } from "../web/visit.ts";
import { NoCodeToShowPage, RecoveryCodePage } from "./pages.tsx";
import { drawRecoverySheet } from "./pdf.ts";
import { type Showing, showingOf } from "./showing.rule.ts";
import { emptyExpiredCodes, findRecoveryCode, saveRecoveryCode } from "./store.ts";

/** Whose Recovery Code page is asked for: only ever their own. */
type Asking = {
	visit: Visit;
	clinicId: string;
	profileId: string;
	/** Only the session that made a code can read it. */
	sessionId: string;
	/** Where **Not now** leads: the page first asked for. */
	leavePath: string;
	personName: string;
	email: string;
};

/** What the composer knows and these pages do not: who is asking, and where to go next. */
export type RecoveryCodeMount = {
	/** Who is asking, or the answer to give instead. For a POST the form token has been checked as well. */
	asking(visit: Visit, method: "GET" | "POST"): Promise<Asking | Answer>;
	done(asking: Asking): Promise<Answer>;
};

/** The Recovery Code page: shown until **Done**, 15 minutes at most. */
export function recoveryCodeRoutes(web: Web, deps: Deps, mount: RecoveryCodeMount): void {
	const { db, config } = deps;

	web.get(paths.recoveryCode, async (visit) => {
		const asking = await mount.asking(visit, "GET");
		if ("status" in asking) return asking;
		return show(asking, await showingTo(asking));
	});

	web.get(paths.recoveryCodePdf, async (visit) => {
		const asking = await mount.asking(visit, "GET");
		if ("status" in asking) return asking;
		const showing = await showingTo(asking);
		if (showing.kind !== "code") return goTo(paths.recoveryCode);
		const pdf = await drawRecoverySheet({
			words: asking.visit.words,
			clinic: asking.visit.clinic,
			personName: asking.personName,
			email: asking.email,
			code: opened(asking, showing),
			madeAt: showing.madeAt,
			signInUrl: asking.visit.origin + paths.signIn,
			supportEmail: asking.visit.supportEmail,
		});
		return download(pdf, "application/pdf", `recovery-code-${asking.visit.clinic.shortName}.pdf`);
	});

	web.post(paths.recoveryCode, async (visit) => {
		const asking = await mount.asking(visit, "POST");
		if ("status" in asking) return asking;
		const { clinicId, profileId, sessionId } = asking;
		const { form, now, words } = asking.visit;
		const codeId = form.text("code-id");
		await inTransaction(db, async (tx) => {
			await emptyExpiredCodes(tx, clinicId, now);
			if (!form.isTicked("saved")) return;
			// Done chosen twice, or on a page of an earlier code: nothing is saved, and nothing recorded.
			if (!(await saveRecoveryCode(tx, { clinicId, profileId, codeId, shownTo: sessionId, now }))) return;
			const context = during(asking.visit, profileId, profileId);
			await recordEvent(tx, config.keyring, { ...context, kind: "recovery-code-saved", detail: {} });
		});
		const code = await findRecoveryCode(db, clinicId, profileId);
		const showing = showingOf(code, sessionId, now);
		if (code?.codeId !== codeId)
			return show(asking, showing, { field: "", sentence: words.recoveryCode.isNewer });
		if (code.savedAt !== null) return mount.done(asking);
		return show(asking, showing, { field: "saved", sentence: words.recoveryCode.notSaved });
	});

	async function showingTo({ visit, clinicId, profileId, sessionId }: Asking): Promise<Showing> {
		return showingOf(await findRecoveryCode(db, clinicId, profileId), sessionId, visit.now);
	}

	function opened({ clinicId, profileId }: Asking, showing: Showing & { kind: "code" }): string {
		return config.keyring.open(showing.sealedCode, { clinicId, profileId, purpose: "recovery-code" });
	}

	/** @param error what to mend first, where a form came back */
	function show(asking: Asking, showing: Showing, error?: FieldError): Answer {
		if (showing.kind !== "code")
			return page(asking.visit, <NoCodeToShowPage showing={showing} leavePath={asking.leavePath} />);
		const { codeId, madeAt, until } = showing;
		const { personName } = asking;
		const shown = {
			code: opened(asking, showing),
			codeId,
			of: stepsOf(asking.visit),
			personName,
			madeAt,
			until,
			errors: error ? [error] : [],
		};
		return page(asking.visit, <RecoveryCodePage {...shown} />, error ? 422 : 200);
	}
}

/** Longer than any set-up. */
const MOST_STEPS = 9;

/** How many steps the set-up has that led here, as its address says; it only chooses what stands above the heading. */
function stepsOf({ query }: Visit): number | undefined {
	const of = Number(query.text("of"));
	return Number.isInteger(of) && of > 1 && of <= MOST_STEPS ? of : undefined;
}
