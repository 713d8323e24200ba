import { defaultTreeAdapter as adapter, type DefaultTreeAdapterTypes, parse } from "parse5";

export type Element = DefaultTreeAdapterTypes.Element;
type Node = DefaultTreeAdapterTypes.Node;

const UNSEEN = new Set(["head", "script", "style", "template"]);
/** Read on with what comes before and after, as one line. */
const INLINE = new Set([
	"a",
	"abbr",
	"b",
	"br",
	"code",
	"em",
	"i",
	"kbd",
	"span",
	"strong",
	"svg",
	"time",
	"wbr",
]);

/** Parses a page as browsers do (WHATWG HTML). */
export function parsePage(html: string): Node {
	return parse(html);
}

/** The elements of these names below a node, as they stand in the page; all of them without a name. */
export function elements(node: Node, ...names: string[]): Element[] {
	const found: Element[] = [];
	const look = (around: Node) => {
		for (const child of "childNodes" in around ? around.childNodes : []) {
			if (!adapter.isElementNode(child)) continue;
			if (names.length === 0 || names.includes(child.tagName)) found.push(child);
			look(child);
		}
	};
	look(node);
	return found;
}

export function attribute(element: Element, name: string): string | undefined {
	return element.attrs.find((known) => known.name === name)?.value;
}

/** What a person can read of it: a line for each block, single spaces, nothing hidden. */
export function textOf(node: Node): string {
	return rawText(node)
		.split("\n")
		.map((line) => line.replaceAll(/\s+/g, " ").trim())
		.filter((line) => line !== "")
		.join("\n");
}

function rawText(node: Node): string {
	if (adapter.isTextNode(node)) return node.value.replaceAll(/\s+/g, " ");
	if (adapter.isElementNode(node)) {
		if (UNSEEN.has(node.tagName) || attribute(node, "hidden") !== undefined) return "";
		if (node.tagName === "br") return "\n";
	}
	const inner = "childNodes" in node ? node.childNodes.map(rawText).join("") : "";
	return adapter.isElementNode(node) && !INLINE.has(node.tagName) ? `\n${inner}\n` : inner;
}

/** An element and everything around it, from the inside out. */
export function ancestors(element: Element): Element[] {
	const parent = element.parentNode;
	return [element, ...(parent && adapter.isElementNode(parent) ? ancestors(parent) : [])];
}

/** Whether somebody can see it. */
export function isShown(element: Element): boolean {
	return ancestors(element).every((around) => attribute(around, "hidden") === undefined);
}
