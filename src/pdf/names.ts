import type { Pdf } from "./document.ts";
import type { FontName } from "./fonts.ts";

/** A text, and the font that has it. */
export type Name = { text: string; font: FontName };

/** A name as far as the fonts can draw it; what is missing makes room for something that says who it is. */
export function drawnName(pdf: Pdf, name: string, otherwise: string): Name {
	const { font, text, isWhole } = pdf.drawn(name, "strong");
	if (text === "") return { font: "strong", text: otherwise };
	return { font, text: isWhole ? text : `${text} (${otherwise})` };
}
