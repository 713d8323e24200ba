import type { RecordedRule } from "../activity/events.ts";
import type { Clinic } from "../clinics/clinic.ts";
import { dayAfter, isDay, localDay } from "../clinics/local-time.rule.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";

type Settings = Pick<Clinic, "rule" | "timeZone">;

/** The form of the clinic's rule, as somebody filled it in. */
export type RuleForm = {
	requires: boolean;
	/** The effective date as it was typed. */
	effectiveDate: string;
	allowsTrust: boolean;
	allowsTexts: boolean;
	/** The version of the rule that the form showed, as it came back. */
	version: string;
};

/** What somebody wants the rule to be, and which version of it they had before them. */
export type WantedRule = RecordedRule & { version: number };

/** Why a form comes back. */
type RuleMistake = "not-ticked" | "no-date" | "not-a-day" | "past" | "far-away";

export type ReadRule =
	| { kind: "wanted"; wanted: WantedRule }
	/** Another rule was saved since the form was drawn. */
	| { kind: "saved-by-another" }
	| { kind: "mistake"; field: "requires" | "effective-date"; mistake: RuleMistake };

/** Nobody plans further ahead, and a mistyped year would mean that nothing is ever required. */
const FURTHEST_DAYS = 3653;
/** Of a form that carries none: no rule has this version. */
const NO_VERSION = -1;

/** The form of the clinic's rule as it is, for whoever opens it. */
export function formOf({ rule }: Pick<Clinic, "rule">): RuleForm {
	return {
		requires: rule.requiredFromOn !== null,
		effectiveDate: rule.requiredFromOn ?? "",
		allowsTrust: rule.allowsTrust,
		allowsTexts: rule.allowsTexts,
		version: String(rule.version),
	};
}

/**
 * Reads the form. A date is today or later, where the clinic is; the one that is saved already may stay as it is. A
 * form drawn before another rule was saved is read only where it says what that one says: sent twice, it is saved.
 *
 * @param clinic as it is now
 */
export function readRuleForm(form: RuleForm, clinic: Settings, now: number): ReadRule {
	const mistake = mistakeIn(form, clinic, now);
	const wanted: WantedRule = {
		requiredFromOn: form.requires ? form.effectiveDate.trim() : null,
		allowsTrust: form.allowsTrust,
		allowsTexts: form.allowsTexts,
		version: /^\d{1,15}$/.test(form.version) ? Number(form.version) : NO_VERSION,
	};
	const isSaved = saysTheSame(wanted, clinic.rule);
	if (wanted.version !== clinic.rule.version && !isSaved) return { kind: "saved-by-another" };
	if (mistake === undefined) return { kind: "wanted", wanted };
	return { kind: "mistake", field: mistake === "not-ticked" ? "requires" : "effective-date", mistake };
}

function mistakeIn(form: RuleForm, clinic: Settings, now: number): RuleMistake | undefined {
	const day = form.effectiveDate.trim();
	const isSaved = day === (clinic.rule.requiredFromOn ?? "");
	if (!form.requires) return isSaved || day === "" ? undefined : "not-ticked";
	if (day === "") return "no-date";
	if (isSaved) return undefined;
	if (!isDay(day)) return "not-a-day";
	const today = localDay(now, clinic.timeZone);
	if (day < today) return "past";
	return day > dayAfter(today, FURTHEST_DAYS) ? "far-away" : undefined;
}

/** Whether saving it is to be confirmed: the requirement goes, or one that is in force begins again later. */
export function loosens(wanted: RecordedRule, clinic: Settings, now: number): boolean {
	const rule = enforcementOf(clinic, now);
	if (rule.kind === "off") return false;
	if (wanted.requiredFromOn === null) return true;
	return rule.kind === "in-force" && wanted.requiredFromOn > rule.on;
}

/** Whether two rules say the same. */
export function saysTheSame(a: RecordedRule, b: RecordedRule): boolean {
	return (
		a.requiredFromOn === b.requiredFromOn &&
		a.allowsTrust === b.allowsTrust &&
		a.allowsTexts === b.allowsTexts
	);
}

/** What is recorded and told of a rule. */
export function recordedRule({ requiredFromOn, allowsTrust, allowsTexts }: RecordedRule): RecordedRule {
	return { requiredFromOn, allowsTrust, allowsTexts };
}
