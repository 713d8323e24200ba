import { ancestors, attribute, type Element, elements, textOf } from "./html.ts";

/** What a person types, picks or ticks, under the label that they read. */
export type Filled = Readonly<Record<string, string | boolean>>;

export type Field = {
	label: string;
	name: string;
	type: string;
	value: string;
	checked: boolean;
	/** What assistive technology reads with it: its hint and what is wrong with it. */
	description: string;
	attribute: (name: string) => string | undefined;
};

/** The fields of a form that have a label, in the order of the page. */
export function fieldsOf(form: Element): Field[] {
	return controls(form)
		.filter((control) => typeOf(control) !== "hidden")
		.map((control) => ({
			label: labelOf(control),
			name: attribute(control, "name") ?? "",
			type: typeOf(control),
			value: currentValue(control),
			checked: attribute(control, "checked") !== undefined,
			description: descriptionOf(control),
			attribute: (name) => attribute(control, name),
		}));
}

/**
 * What a browser sends of a form (WHATWG HTML, "constructing the entry list").
 *
 * @param button the one that was pressed
 * @throws Error for a label that the form has not got
 */
export function entriesOf(form: Element, filled: Filled, button: Element): URLSearchParams {
	const entries = new URLSearchParams();
	const taken = new Set<string>();
	for (const control of controls(form)) {
		const { value, took } = entryOf(control, filled);
		const name = attribute(control, "name");
		if (took !== undefined) taken.add(took);
		if (name !== undefined && value !== undefined) entries.append(name, value);
	}
	const left = Object.keys(filled).filter((label) => !taken.has(label));
	if (left.length > 0) {
		const known = fieldsOf(form).map(({ label }) => label);
		throw new Error(
			`Nothing in this form takes ${left.join(", ")}; it has: ${known.join(", ") || "no fields"}`,
		);
	}
	const name = attribute(button, "name");
	if (name) entries.append(name, attribute(button, "value") ?? "");
	return entries;
}

/** What one control sends, nothing where it is not ticked; and which of the filled-in labels it took. */
function entryOf(control: Element, filled: Filled): { value: string | undefined; took?: string } {
	const label = labelOf(control);
	const given = filled[label];
	const type = typeOf(control);
	if (type !== "checkbox" && type !== "radio") {
		if (typeof given !== "string") return { value: currentValue(control) };
		return { value: pick(control, given), took: label };
	}
	const legend = legendOf(control);
	const pickedByLegend = type === "radio" ? filled[legend] : undefined;
	const isTicked =
		pickedByLegend === undefined
			? (given ?? attribute(control, "checked") !== undefined)
			: pickedByLegend === label;
	const took = pickedByLegend === undefined ? given !== undefined && label : isTicked && legend;
	return { value: isTicked ? (attribute(control, "value") ?? "on") : undefined, took: took || undefined };
}

function controls(form: Element): Element[] {
	return elements(form, "input", "select", "textarea").filter(
		(control) => !ancestors(control).some((around) => attribute(around, "disabled") !== undefined),
	);
}

function typeOf(control: Element): string {
	return control.tagName === "input" ? (attribute(control, "type") ?? "text") : control.tagName;
}

function currentValue(control: Element): string {
	if (control.tagName === "textarea") return textOf(control);
	if (control.tagName === "input") return attribute(control, "value") ?? "";
	const options = elements(control, "option");
	const option = options.find((each) => attribute(each, "selected") !== undefined) ?? options[0];
	return option ? optionValue(option) : "";
}

/** What is sent for what somebody typed, or for the choice of a list that reads like that. */
function pick(control: Element, typed: string): string {
	if (control.tagName !== "select") return typed;
	const option = elements(control, "option").find((each) => textOf(each) === typed);
	if (option === undefined) throw new Error(`${labelOf(control)} offers no ${typed}`);
	return optionValue(option);
}

function optionValue(option: Element): string {
	return attribute(option, "value") ?? textOf(option);
}

function labelOf(control: Element): string {
	const id = attribute(control, "id");
	const page = ancestors(control).at(-1) ?? control;
	const label =
		elements(page, "label").find((each) => id !== undefined && attribute(each, "for") === id) ??
		ancestors(control).find((around) => around.tagName === "label");
	return label ? textOf(label) : (attribute(control, "aria-label") ?? "");
}

function legendOf(control: Element): string {
	const group = ancestors(control).find((around) => around.tagName === "fieldset");
	const legend = group && elements(group, "legend")[0];
	return legend ? textOf(legend) : "";
}

function descriptionOf(control: Element): string {
	const page = ancestors(control).at(-1) ?? control;
	const ids = (attribute(control, "aria-describedby") ?? "").split(" ");
	const parts = ids.map((id) => elements(page).find((each) => attribute(each, "id") === id));
	return parts.flatMap((part) => (part ? [textOf(part)] : [])).join("\n");
}
