import { sendsEmails } from "../delivery/sends-emails.ts";
import type { Deps } from "../deps.ts";
import { hasMethodOn } from "../methods/store.ts";
import { askAgain } from "../passwords/ask-again.ts";
import { paths } from "../paths.ts";
import { listFullAccessUsers } from "../profiles/store.ts";
import { insideFullAccess } from "../second-step/proven-session.tsx";
import { type SessionVisit, sessionEnded } from "../sessions/gate.tsx";
import { SIGN_OUT_CHOICES_MS } from "../sessions/lifetime.rule.ts";
import { offeredKinds } from "../set-up/offered-kinds.ts";
import { beginOwnSetUp } from "../set-up/own-method-first.tsx";
import { type Answer, goTo, page } from "../web/answer.ts";
import { type FieldError, Notice } from "../web/controls.tsx";
import type { Fields } from "../web/fields.ts";
import type { Web } from "../web/server.tsx";
import { AutomaticSignOutPage } from "./automatic-sign-out-page.tsx";
import { ConfirmEnforcementPage, EnforcementPage, fieldsOf, SetUpFirstPage } from "./enforcement-pages.tsx";
import { readReminderNews } from "./reminder-news.ts";
import { ReminderNotice } from "./reminder-pages.tsx";
import { saveAutomaticSignOut } from "./save-automatic-sign-out.ts";
import { saveEnforcement } from "./save-enforcement.ts";
import { SecurityPage } from "./security-page.tsx";
import { readStanding } from "./standing.tsx";
import { formOf, loosens, type RuleForm, readRuleForm, recordedRule } from "./wanted-rule.rule.ts";

/** Settings → Security, the clinic's rule and Automatic Sign Out: for Full Access users. */
export function settingsRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.settings,
		insideFullAccess(deps, "GET", "nothing", async () => goTo(paths.security)),
	);

	web.get(
		paths.security,
		insideFullAccess(deps, "GET", "nothing", async (visit) => {
			const { clinicId } = visit.clinic;
			const standing = await readStanding(deps, clinicId);
			const isOnlyOne = (await listFullAccessUsers(deps.db, clinicId)).length < 2;
			const notice = visit.query.text("notice");
			const news = <ReminderNotice news={await readReminderNews(deps, visit)} />;
			const facts = { standing, isOnlyOne, sendsEmails: sendsEmails(deps) };
			return page(visit, <SecurityPage {...{ ...facts, notice, news }} />);
		}),
	);

	web.get(
		paths.enforcement,
		insideFullAccess(deps, "GET", "code", async (visit) => {
			if (!(await hasMethodOn(deps.db, visit.session.profile))) return setUpFirst(visit);
			return showForm(visit, formOf(visit.clinic));
		}),
	);

	web.post(
		paths.enforcement,
		insideFullAccess(deps, "POST", "code", async (visit) => {
			const { form, clinic, now, words } = visit;
			if (!(await hasMethodOn(deps.db, visit.session.profile))) {
				return (await beginOwnSetUp(deps, visit, paths.enforcement)) ?? goTo(paths.enforcement);
			}
			const filled = ruleFormIn(form);
			const read = readRuleForm(filled, clinic, now);
			if (read.kind === "saved-by-another") return savedByAnother(visit, filled);
			if (read.kind === "mistake") {
				const sentence = words.enforcement.mistakes[read.mistake](clinic.name);
				return showForm(visit, filled, [{ field: read.field, sentence }]);
			}
			const { wanted } = read;
			const isConfirmed = form.isTicked("confirmed");
			// Whoever loosens the rule reads what that means first; the password is asked there, once.
			if (loosens(wanted, clinic, now) && !isConfirmed) {
				return goTo(`${paths.confirmEnforcement}?${new URLSearchParams(fieldsOf(wanted))}`);
			}
			const asked = await askAgain(deps, visit);
			if (asked.kind === "session-ended") return sessionEnded();
			if (asked.kind === "refused") {
				return isConfirmed
					? page(visit, <ConfirmEnforcementPage wanted={wanted} errors={asked.errors} />, 422)
					: showForm(visit, filled, asked.errors);
			}
			const saved = await saveEnforcement(deps, visit, wanted);
			switch (saved.kind) {
				case "saved": {
					const isTold = saved.isAnnounced && sendsEmails(deps);
					return goTo(`${paths.security}?notice=${isTold ? "saved-told" : "saved"}`);
				}
				case "saved-by-another":
					return savedByAnother({ ...visit, clinic: saved.clinic }, filled);
				case "may-not":
					// Asked for anew, the page says what has changed.
					return goTo(paths.enforcement);
			}
		}),
	);

	web.get(
		paths.confirmEnforcement,
		insideFullAccess(deps, "GET", "code", async (visit) => {
			const read = readRuleForm(ruleFormIn(visit.query), visit.clinic, visit.now);
			const isToConfirm = read.kind === "wanted" && loosens(read.wanted, visit.clinic, visit.now);
			// Made up, or over: the form says what is so now.
			if (!isToConfirm || !(await hasMethodOn(deps.db, visit.session.profile)))
				return goTo(paths.enforcement);
			return page(visit, <ConfirmEnforcementPage wanted={read.wanted} />);
		}),
	);

	web.get(
		paths.automaticSignOut,
		insideFullAccess(deps, "GET", "code", async (visit) =>
			page(visit, <AutomaticSignOutPage chosenMs={visit.clinic.signOutAfterMs} />),
		),
	);

	web.post(
		paths.automaticSignOut,
		insideFullAccess(deps, "POST", "code", async (visit) => {
			const { form, words } = visit;
			const chosenMs = SIGN_OUT_CHOICES_MS.find((ms) => String(ms) === form.text("sign-out-after"));
			const again = (errors: FieldError[]) =>
				page(visit, <AutomaticSignOutPage chosenMs={chosenMs} errors={errors} />, 422);
			const asked = await askAgain(deps, visit);
			if (asked.kind === "session-ended") return sessionEnded();
			if (asked.kind === "refused") return again(asked.errors);
			if (chosenMs === undefined) {
				return again([{ field: "sign-out-after", sentence: words.automaticSignOut.choose }]);
			}
			const isSaved = await saveAutomaticSignOut(deps, visit, chosenMs);
			return goTo(isSaved ? `${paths.security}?notice=sign-out` : paths.automaticSignOut);
		}),
	);

	/** The form, with what stands in it. */
	async function showForm(visit: SessionVisit, form: RuleForm, errors: FieldError[] = []): Promise<Answer> {
		const standing = await readStanding(deps, visit.clinic.clinicId);
		const sendsTexts = deps.config.textProviders.length > 0;
		const reminded = <ReminderNotice news={await readReminderNews(deps, visit)} />;
		const isJustSetUp = visit.query.text("notice") === "set-up";
		const news = isJustSetUp ? <Notice kind="success">{visit.words.staff.isSetUp}</Notice> : reminded;
		const status = errors.length === 0 ? 200 : 422;
		const facts = { standing, sendsTexts, sendsEmails: sendsEmails(deps) };
		return page(visit, <EnforcementPage {...{ ...facts, form, news, errors }} />, status);
	}

	/** The form with what was entered, and what has been saved meanwhile; sent again it is about the latter. */
	function savedByAnother(visit: SessionVisit, filled: RuleForm): Promise<Answer> {
		const { rule } = visit.clinic;
		const sentence = visit.words.enforcement.savedByAnother(recordedRule(rule));
		return showForm(visit, { ...filled, version: String(rule.version) }, [{ field: "", sentence }]);
	}

	function setUpFirst(visit: SessionVisit): Answer {
		return page(visit, <SetUpFirstPage offered={offeredKinds(deps.config, visit.clinic)} />);
	}
}

/** What a form of the rule says, posted or carried in the address of the page that confirms it. */
function ruleFormIn(fields: Fields): RuleForm {
	return {
		requires: fields.isTicked("requires"),
		effectiveDate: fields.text("effective-date"),
		allowsTrust: fields.isTicked("allows-trust"),
		allowsTexts: fields.isTicked("allows-texts"),
		version: fields.text("version"),
	};
}
