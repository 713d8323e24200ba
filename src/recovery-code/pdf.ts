import type { Clinic } from "../clinics/clinic.ts";
import { openPdf, type Pdf } from "../pdf/document.ts";
import { ACCENT, INK, QUIET, TINT } from "../pdf/ink.ts";
import { letterhead } from "../pdf/letterhead.ts";
import { drawnName, type Name } from "../pdf/names.ts";
import type { Words } from "../words/words.ts";
import { inGroups } from "./recovery-code.rule.ts";

/** What stands on the page. Never the password. */
export type RecoverySheet = {
	words: Words;
	clinic: Clinic;
	personName: string;
	email: string;
	/** The 20 characters, without dashes. */
	code: string;
	/** Epoch milliseconds. */
	madeAt: number;
	signInUrl: string;
	supportEmail: string;
};

const MARGIN = 56;
/** Two lines of a fact; a longer name ends in an ellipsis, so that the sheet stays one page. */
const FACT_HEIGHT = 28;

/** Draws a person's Recovery Code on one page of the clinic's paper size. @returns the PDF's bytes */
export async function drawRecoverySheet(sheet: RecoverySheet): Promise<Uint8Array> {
	const { clinic, madeAt } = sheet;
	const words = sheet.words.recoveryCode.pdf;
	const host = new URL(sheet.signInUrl).host;
	const pdf = await openPdf({
		title: words.title(clinic.name),
		language: sheet.words.language,
		country: clinic.country,
		madeAt,
		margin: MARGIN,
	});
	const clinicName = drawnName(pdf, clinic.name, host);

	letterhead(pdf, clinicName, sheet.words.product);
	pdf.element("H1", () => pdf.draw.font("strong", 30).fillColor(INK).text(words.heading));
	pdf.draw.moveDown(0.15);
	pdf.element("P", () => pdf.draw.font("text", 12.5).fillColor(QUIET).text(words.purpose, { lineGap: 2 }));
	codeCard(pdf, inGroups(sheet.code), words.once);
	facts(pdf, [
		[words.person, drawnName(pdf, sheet.personName, sheet.email)],
		[words.clinic, clinicName],
		[words.madeOn, { font: "strong", text: sheet.words.date(madeAt, clinic.timeZone) }],
		[words.signInAt, { font: "strong", text: sheet.signInUrl }],
	]);
	heading(pdf, words.howTitle);
	steps(pdf, words.how);
	heading(pdf, words.whereTitle);
	paragraph(pdf, words.where);
	heading(pdf, words.helpTitle);
	paragraph(pdf, words.help(sheet.supportEmail));
	return pdf.finish();
}

function codeCard(pdf: Pdf, code: string, once: string): void {
	const { draw } = pdf;
	const top = draw.y + 18;
	const width = widthOf(pdf);
	pdf.decoration(() => draw.roundedRect(MARGIN, top, width, 104, 10).fillAndStroke(TINT, ACCENT));
	pdf.element("P", () =>
		draw
			.font("code", 28)
			.fillColor(INK)
			.text(code, MARGIN, top + 24, { width, align: "center" }),
	);
	pdf.element("P", () =>
		draw
			.font("text", 10.5)
			.fillColor(INK)
			.text(once, MARGIN, top + 70, { width, align: "center" }),
	);
	draw.x = MARGIN;
	draw.y = top + 104 + 22;
}

function facts(pdf: Pdf, rows: [label: string, value: Name][]): void {
	const { draw } = pdf;
	for (const [label, value] of rows) {
		const top = draw.y;
		const options = { width: widthOf(pdf) - 92, height: FACT_HEIGHT, ellipsis: true };
		pdf.element("P", () => draw.font("text", 10.5).fillColor(QUIET).text(label, MARGIN, top, { width: 88 }));
		pdf.element("P", () =>
			draw
				.font(value.font, 10.5)
				.fillColor(INK)
				.text(value.text, MARGIN + 92, top, options),
		);
		draw.x = MARGIN;
		draw.y += 5;
	}
}

function heading(pdf: Pdf, text: string): void {
	pdf.draw.y += 16;
	pdf.element("H2", () => pdf.draw.font("strong", 13).fillColor(ACCENT).text(text));
	pdf.draw.y += 4;
}

function paragraph(pdf: Pdf, text: string): void {
	pdf.element("P", () => pdf.draw.font("text", 11).fillColor(INK).text(text, { lineGap: 2.5 }));
}

function steps(pdf: Pdf, texts: readonly string[]): void {
	const { draw } = pdf;
	for (const [index, text] of texts.entries()) {
		const top = draw.y;
		const options = { width: widthOf(pdf) - 20, lineGap: 2.5 };
		pdf.element("P", () =>
			draw
				.font("strong", 11)
				.fillColor(ACCENT)
				.text(`${index + 1}.`, MARGIN, top),
		);
		pdf.element("P", () =>
			draw
				.font("text", 11)
				.fillColor(INK)
				.text(text, MARGIN + 20, top, options),
		);
		draw.x = MARGIN;
		draw.y += 3;
	}
}

function widthOf(pdf: Pdf): number {
	return pdf.draw.page.width - 2 * MARGIN;
}
