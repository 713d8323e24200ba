import type { Browser, Reply } from "./browser.ts";
import { entriesOf, type Field, type Filled, fieldsOf } from "./form.ts";
import { ancestors, attribute, type Element, elements, isShown, parsePage, textOf } from "./html.ts";

/** Where on the page something is meant: text that stands near it, where the same words stand there twice. */
export type Near = { near?: string };

/** One page as a person has it before them. What is done on it leads to the next one. */
export class Page {
	readonly status: number;
	/** Path and query. */
	readonly path: string;
	readonly html: string;
	readonly headers: Reply["headers"];
	readonly #browser: Browser;
	#parsed: ReturnType<typeof parsePage> | undefined;

	constructor(browser: Browser, { status, path, body, headers }: Reply) {
		this.#browser = browser;
		this.status = status;
		this.path = path;
		this.html = body.toString();
		this.headers = headers;
	}

	/** All that can be read, a line for each block. */
	get text(): string {
		return textOf(this.#root);
	}

	get heading(): string {
		return this.#all("h1").map(textOf).join("\n");
	}

	get title(): string {
		const [title] = this.#all("title").flatMap(({ childNodes: [text] }) =>
			text && "value" in text ? text.value : [],
		);
		return title ?? "";
	}

	/** What is to be mended, as the summary on top lists it, or where it is one thing, as its field says it. */
	get errors(): string[] {
		const summaries = this.#all("section").filter((section) =>
			(attribute(section, "class") ?? "").split(" ").includes("error-summary"),
		);
		const listed = summaries.flatMap((summary) => elements(summary, "li"));
		const atItsField = this.#all("p").filter((line) => attribute(line, "class") === "problem");
		return (listed.length > 0 || summaries.length === 0 ? listed : atItsField).map(textOf);
	}

	/** The labels of everything that can be filled in. */
	get fields(): Field[] {
		return this.#all("form").flatMap(fieldsOf);
	}

	/** The words of every link. */
	get links(): string[] {
		return this.#links().map(textOf);
	}

	/** The words of every button. */
	get buttons(): string[] {
		return this.#buttons().map(textOf);
	}

	/** @throws Error if there is no field with this label */
	field(label: string): Field {
		const field = this.fields.find((each) => each.label === label);
		return (
			field ??
			this.#absent(
				`field ${label}`,
				this.fields.map((each) => each.label),
			)
		);
	}

	/** Where a link leads, as it is written. */
	href(link: string, { near }: Near = {}): string {
		const links = this.#links().filter((each) => textOf(each) === link);
		// The same link for wide and again for narrow windows is one.
		const leads = new Map(links.map((each) => [attribute(each, "href"), each]));
		const found = nearest([...leads.values()], near);
		return (found && attribute(found, "href")) ?? this.#absent(`link ${link}`, this.links);
	}

	/**
	 * Fills in a form by its labels and presses its button.
	 *
	 * @param filled typed text, the choice of a group or list, or whether a box is ticked; the rest stays as it is
	 */
	submit(filled: Filled, button: string, { near }: Near = {}): Promise<Page> {
		const buttons = this.#buttons().filter((each) => textOf(each) === button);
		const pressed = nearest(buttons, near) ?? this.#absent(`button ${button}`, this.buttons);
		const form = ancestors(pressed).find((around) => around.tagName === "form");
		if (form === undefined) throw new Error(`The button ${button} belongs to no form`);
		const entries = entriesOf(form, filled, pressed);
		const action = attribute(form, "action") ?? this.path;
		const isPost = attribute(form, "method")?.toLowerCase() === "post";
		return isPost ? this.#browser.post(action, entries) : this.#browser.open(`${action}?${entries}`);
	}

	/** Follows a link, or presses a button that asks for nothing. */
	click(words: string, { near }: Near = {}): Promise<Page> {
		return this.links.includes(words)
			? this.#browser.open(new URL(this.href(words, { near }), this.#browser.origin).href)
			: this.submit({}, words, { near });
	}

	/** Of most pages nothing is read. */
	get #root() {
		this.#parsed ??= parsePage(this.html);
		return this.#parsed;
	}

	#all(...names: string[]): Element[] {
		return elements(this.#root, ...names);
	}

	#links(): Element[] {
		return this.#all("a").filter((link) => attribute(link, "href") !== undefined && isShown(link));
	}

	#buttons(): Element[] {
		return this.#all("button").filter((button) => attribute(button, "type") !== "button" && isShown(button));
	}

	#absent(what: string, known: string[]): never {
		throw new Error(
			`There is no ${what} on "${this.heading}" (${this.path}, ${this.status}); there are: ${known.join(", ") || "none"}`,
		);
	}
}

/** The only one; or, of several, the one that shares the smallest part of the page with this text. */
function nearest(found: Element[], near: string | undefined): Element | undefined {
	if (near === undefined) {
		if (found.length > 1) throw new Error(`${found.map(textOf).join(", ")}: say near what`);
		return found[0];
	}
	const distance = (element: Element) =>
		ancestors(element).findIndex((around) => textOf(around).includes(near));
	return found.filter((each) => distance(each) >= 0).sort((a, b) => distance(a) - distance(b))[0];
}
