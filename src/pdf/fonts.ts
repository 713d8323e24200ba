import { fileURLToPath } from "node:url";

/** IBM Plex covers Latin with Polish and Vietnamese; BIZ UDPGothic covers Japanese. See docs/decisions/pdf-font.md. */
const FILES = {
	text: "ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf",
	strong: "ibm-plex-sans/600SemiBold/IBMPlexSans_600SemiBold.ttf",
	code: "ibm-plex-mono/600SemiBold/IBMPlexMono_600SemiBold.ttf",
	japanese: "biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf",
	"strong-japanese": "biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf",
} as const;

/** `code` has one width for every character and a zero that is no O. */
export type FontName = keyof typeof FILES;

/** What a text is drawn with: the first font that has all of it. */
const FOR_NAMES = {
	text: ["text", "japanese"],
	strong: ["strong", "strong-japanese"],
} as const satisfies Record<string, readonly FontName[]>;

export type Weight = keyof typeof FOR_NAMES;

/** A font as pdfkit opened it. Reading its tables is most of the work of a PDF, so each is opened once. */
type OpenedFont = { hasGlyphForCodePoint(codePoint: number): boolean };

/** Chooses a font of a document, and opens it where it is not. */
export type OpenFont = (name: FontName) => OpenedFont;

const opened = new Map<FontName, OpenedFont>();

/** Gives a document the fonts by their names and chooses `text`; the Japanese ones are opened when a name needs them. */
export function giveFonts(draw: PDFKit.PDFDocument): OpenFont {
	const open: OpenFont = (name) => {
		// pdfkit also takes an opened font, and keeps the one that it opened itself; its types say neither.
		draw.registerFont(name, (opened.get(name) as unknown as Buffer | undefined) ?? fileOf(name)).font(name);
		const { font } = (draw as unknown as { _font: { font: OpenedFont } })._font;
		opened.set(name, font);
		return font;
	};
	for (const name of ["strong", "code", "text"] as const) open(name);
	return open;
}

/** How a text can be drawn, in NFC, its spaces single. */
export type Drawn = {
	font: FontName;
	/** Empty when no letter or digit of it can be drawn. */
	text: string;
	/** Whether that is all of it. */
	isWhole: boolean;
};

/** Finds the font that has all of a text; where none has, the part that the first one has. */
export function drawnWith(open: OpenFont, text: string, weight: Weight): Drawn {
	const line = oneLine(text);
	for (const font of FOR_NAMES[weight]) {
		if (drawablePart(line, open(font)) === line) return { font, text: line, isWhole: true };
	}
	const [font] = FOR_NAMES[weight];
	return { font, text: drawablePart(line, open(font)), isWhole: false };
}

function drawablePart(line: string, font: OpenedFont): string {
	const drawn = [...line].filter((character) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0));
	const part = oneLine(drawn.join(""));
	return /[\p{L}\p{N}]/u.test(part) ? part : "";
}

function oneLine(text: string): string {
	return text.normalize("NFC").replaceAll(/\s+/g, " ").trim();
}

function fileOf(name: FontName): string {
	return fileURLToPath(import.meta.resolve(`@expo-google-fonts/${FILES[name]}`));
}
