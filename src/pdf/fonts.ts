import { fileURLToPath } from "node:url";

/** IBM Plex covers Latin with Polish and Vietnamese; Sans also Greek and Cyrillic. See docs/decisions/pdf-font.md. */
const FILES = {
	text: "ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf",
	strong: "ibm-plex-sans/600SemiBold/IBMPlexSans_600SemiBold.ttf",
	code: "ibm-plex-mono/600SemiBold/IBMPlexMono_600SemiBold.ttf",
} as const;

/** `code` has one width for every character and a zero that is no O. */
export type FontName = keyof typeof FILES;

/** A font as pdfkit opened it. Reading its tables is most of the work of a PDF, so each is opened once. */
export type OpenedFont = { hasGlyphForCodePoint(codePoint: number): boolean };

const opened = new Map<FontName, OpenedFont>();

/** Gives a document the fonts by their names and chooses `text`. @returns that font */
export function giveFonts(draw: PDFKit.PDFDocument): OpenedFont {
	const give = (name: FontName): OpenedFont => {
		// pdfkit also takes an opened font, and keeps the one that it opened itself; its types say neither.
		draw.registerFont(name, (opened.get(name) as unknown as Buffer | undefined) ?? fileOf(name)).font(name);
		const { font } = (draw as unknown as { _font: { font: OpenedFont } })._font;
		opened.set(name, font);
		return font;
	};
	give("strong");
	give("code");
	return give("text");
}

/** The part of a text that a font can draw, in NFC; empty when no letter or digit of it is left. */
export function drawablePart(text: string, font: OpenedFont): string {
	const characters = [...text.normalize("NFC").replaceAll(/\s+/g, " ")];
	const drawn = characters.filter((character) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0));
	const line = drawn.join("").replaceAll(/ +/g, " ").trim();
	return /[\p{L}\p{N}]/u.test(line) ? line : "";
}

function fileOf(name: FontName): string {
	return fileURLToPath(import.meta.resolve(`@expo-google-fonts/${FILES[name]}`));
}
