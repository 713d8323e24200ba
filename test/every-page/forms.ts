import { paths } from "../../src/paths.ts";
import type { App } from "../harness/app.ts";
import { ancestors, attribute, type Element, elements, parsePage, textOf } from "../harness/html.ts";
import { addressesFor } from "./addresses.ts";
import { type Everybody, type State, statesOf } from "./states.ts";

/** A form that somebody is shown. */
export type Form = {
	state: State;
	/** The page it stands on. */
	page: string;
	/** Where it is posted. */
	action: string;
	fields: FormField[];
};

export type FormField = {
	name: string;
	/** As `type` has it; `submit` for a button that sends a value. */
	type: string;
	autocomplete: string;
	/** What it holds when the page opens; for a box or button what it sends. */
	value: string;
};

/**
 * Every form that posts: every page is opened in every state, and every form on it read. One that belongs to no
 * session or sign-in is the same for everybody, and is there once.
 */
export async function everyForm(app: App, everybody: Everybody): Promise<Form[]> {
	const found = new Map<string, Form>();
	const everywhere = addressesFor("GET", app, everybody);
	const places = statesOf(everybody).flatMap((state) => everywhere.map((page) => ({ state, page })));
	for (const { state, page } of [...places, ...onlyThere(everybody)]) {
		const { status, body } = await state.browser.copy().send(page);
		if (status !== 200) continue;
		for (const form of formsOn(body.toString())) {
			const names = form.fields.map(({ name }) => name);
			const whose = names.includes("form-token") ? state.name : "anybody";
			const key = [whose, form.action, ...names].join(" ");
			if (!found.has(key)) found.set(key, { state, page, ...form });
		}
	}
	return [...found.values()];
}

/** Pages with a form that only somebody in particular sees, or that only another page leads to. */
function onlyThere({ requiring, stoppedTexts, fullWithoutMethod }: Everybody) {
	return [
		{ state: requiring, page: `${paths.confirmEnforcement}?version=0&allows-trust=yes&allows-texts=yes` },
		{ state: stoppedTexts, page: paths.appInstead },
		{ state: fullWithoutMethod, page: paths.enforcement },
	];
}

/** The forms of a page that post. */
export function formsOn(html: string): Pick<Form, "action" | "fields">[] {
	return elements(parsePage(html), "form")
		.filter((form) => attribute(form, "method") === "post")
		.map((form) => ({ action: attribute(form, "action") ?? "", fields: fieldsOf(form) }));
}

function fieldsOf(form: Element): FormField[] {
	return elements(form, "input", "select", "textarea", "button")
		.filter((control) => attribute(control, "name") !== undefined)
		.map((control) => ({
			name: attribute(control, "name") ?? "",
			type: attribute(control, "type") ?? control.tagName,
			autocomplete: attribute(control, "autocomplete") ?? "",
			value: attribute(control, "value") ?? "",
		}));
}

/** What is right in a field for this person now, as somebody would fill it in. */
export function rightValue(
	{ type, autocomplete, name, value }: FormField,
	{ state, action }: Pick<Form, "state" | "action">,
): string {
	// Another one than now.
	if (action === paths.changeEmail && type === "email") return "new.address@mail.example";
	if (action === paths.changeMobile && type === "tel") return "+16045550190";
	// Of a colleague as it is, and of somebody new.
	if (type === "email" && autocomplete === "off") return value || "robin@harbour.example";
	if (type === "email") return state.email;
	if (autocomplete === "current-password") return state.password;
	if (autocomplete === "new-password") return "marble heron counts slowly";
	if (autocomplete === "one-time-code") {
		const isTemporary = action === paths.signInTemporaryCode;
		if (isTemporary && state.temporaryCode !== undefined) return state.temporaryCode;
		const ofTheApp = state.authenticator?.codeAt(state.browser.app.clock.now());
		const asksTheApp = action.split("?")[0] === paths.confirm;
		return (asksTheApp ? ofTheApp : (state.textedCode ?? ofTheApp)) ?? "000000";
	}
	// A day that is to come, on the stage.
	if (type === "date") return "2026-12-31";
	if (name === "name") return "Robin Park";
	if (name === "reason") return "The phone is lost";
	if (name === "recovery-code") return state.recoveryCode ?? "0000 0000 0000 0000 0000";
	return value;
}

/** A form filled in with everything right; buttons that send a value of their own are left alone. */
export function filledIn(form: Form): [name: string, value: string][] {
	return form.fields
		.filter(({ type }) => type !== "submit")
		.map((field) => [field.name, rightValue(field, form)]);
}

/** The heading of a page, and the sentences of its error summary with the field each leads to. */
export function readAnswer(html: string): {
	heading: string;
	errors: { field: string | undefined; sentence: string }[];
	notices: string[];
} {
	const root = parsePage(html);
	const all = (...names: string[]) => elements(root, ...names);
	const summary = all("section").filter((section) =>
		(attribute(section, "class") ?? "").split(" ").includes("error-summary"),
	);
	const fieldOf = ([link]: Element[]) => link && attribute(link, "href")?.slice(1);
	const listed = summary
		.flatMap((section) => elements(section, "li"))
		.map((item) => ({ field: fieldOf(elements(item, "a")), sentence: textOf(item) }));
	// One thing alone is said at its field, to which the summary leads.
	const only = fieldOf(summary.flatMap((section) => elements(section, "a")));
	const sentences = all("p").filter((line) => attribute(line, "id") === `${only}-error`);
	return {
		heading: all("h1").map(textOf).join("\n"),
		errors:
			listed.length > 0 ? listed : sentences.map((sentence) => ({ field: only, sentence: textOf(sentence) })),
		notices: all("div")
			.filter(
				(box) =>
					attribute(box, "role") === "status" && ancestors(box).some((each) => each.tagName === "main"),
			)
			.map(textOf)
			.filter((text) => text !== ""),
	};
}
