import { type Drawn, drawnWith, giveFonts, type Weight } from "./fonts.ts";
import { paperOf } from "./paper.rule.ts";

/** A PDF being drawn, in points from the top left corner. Tagged, so that it can be read aloud. */
export type Pdf = {
	draw: PDFKit.PDFDocument;
	/**
	 * Makes what is drawn one element of the document (ISO 32000-1, 14.8.4): `H1`, `P`, …
	 *
	 * @param parts each draws a part of it, which is read by itself
	 */
	element(tag: string, ...parts: (() => void)[]): void;
	/** What is drawn is looks only, and is not read aloud. */
	decoration(...parts: (() => void)[]): void;
	/** How a name can be drawn. It may choose another font: the caller chooses one before drawing. */
	drawn(name: string, weight: Weight): Drawn;
	/** Goes on at the top of a new page. */
	nextPage(): void;
	finish(): Promise<Uint8Array>;
};

/**
 * Opens an empty page in the font `text`. pdfkit is loaded here, on first use: most processes never need it.
 *
 * @param given.language BCP 47, as `en`
 * @param given.country of the reader, for the paper: ISO 3166-1 alpha-2
 * @param given.madeAt epoch milliseconds
 * @param given.margin points
 */
export async function openPdf(given: {
	title: string;
	language: string;
	country: string;
	madeAt: number;
	margin: number;
}): Promise<Pdf> {
	const { default: PdfDocument } = await import("pdfkit");
	const draw = new PdfDocument({
		size: paperOf(given.country),
		margin: given.margin,
		// Without this pdfkit opens Helvetica, which would not be embedded.
		font: "",
		pdfVersion: "1.7",
		tagged: true,
		lang: given.language,
		displayTitle: true,
		info: { Title: given.title, Creator: "Vestibule", CreationDate: new Date(given.madeAt) },
	});
	const openFont = giveFonts(draw);
	const whole = collect(draw);
	const root = draw.struct("Document");
	draw.addStructure(root);
	return {
		draw,
		element(tag, ...parts) {
			root.add(draw.struct(tag, {}, parts));
		},
		decoration(...parts) {
			draw.markContent("Artifact", { type: "Layout" });
			for (const part of parts) part();
			draw.endMarkedContent();
		},
		drawn: (name, weight) => drawnWith(openFont, name, weight),
		nextPage() {
			forgetWords(draw);
			draw.addPage();
		},
		finish() {
			root.end();
			draw.end();
			return whole;
		},
	};
}

/** pdfkit remembers every word that it has set. In a long list most words are names, and each comes once. */
function forgetWords(draw: PDFKit.PDFDocument): void {
	const { _fontFamilies } = draw as unknown as { _fontFamilies: Record<string, { layoutCache: object }> };
	for (const font of Object.values(_fontFamilies)) font.layoutCache = Object.create(null);
}

function collect(draw: PDFKit.PDFDocument): Promise<Uint8Array> {
	return new Promise((resolve, reject) => {
		const chunks: Uint8Array[] = [];
		draw.on("data", (chunk: Uint8Array) => chunks.push(chunk));
		draw.on("end", () => resolve(Buffer.concat(chunks)));
		draw.on("error", reject);
	});
}
