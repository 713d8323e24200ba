import { setImmediate as othersTurn } from "node:timers/promises";
import type { Pdf } from "./document.ts";
import { ACCENT, HAIRLINE, INK, QUIET } from "./ink.ts";
import type { Name } from "./names.ts";

/** A part of a cell: it is set in full, over as many lines of paper as it takes. */
export type Line = Name & { colour: string };
/** What one row tells, a cell a column. */
export type Row = readonly (readonly Line[])[];
/** How wide the columns are, as parts of the page. */
type Columns = readonly number[];

/** A document of as many pages as it takes. */
export type Sheets = {
	pdf: Pdf;
	/** How many pages there are so far. */
	count: number;
	/** What stands at the foot of each: at the left, and at the right with its number. */
	foot: { left: Name; right: (page: number) => string };
};

const FOOT = 40;
const FOOT_SIZE = 8;
const GAP = 10;
const SIZE = 9;
/** A heading stands on the same page as the first of what it heads. */
const HEADED = 90;
const FACTS: Columns = [0.4, 0.6];
/** So many rows are drawn before others have their turn. */
const ROWS_AT_ONCE = 20;

/** Takes an open PDF, on its first page still empty. */
export function beginSheets(pdf: Pdf, foot: Sheets["foot"]): Sheets {
	const sheets = { pdf, foot, count: 0 };
	beginPage(sheets);
	return sheets;
}

export function gap({ pdf }: Sheets, points: number): void {
	pdf.draw.y += points;
}

export function heading(sheets: Sheets, tag: "H2" | "H3", text: string): void {
	const { draw, element } = sheets.pdf;
	const [size, colour, above] = tag === "H2" ? ([13, ACCENT, 16] as const) : ([10.5, INK, 10] as const);
	if (!makeRoom(sheets, HEADED)) gap(sheets, above);
	element(tag, () => draw.font("strong", size).fillColor(colour).text(text));
	gap(sheets, 3);
}

export function paragraph(sheets: Sheets, text: string): void {
	const { draw, element } = sheets.pdf;
	const options = { width: widthOf(sheets), lineGap: 1.5 };
	makeRoom(sheets, draw.font("text", 9.5).heightOfString(text, options));
	element("P", () => draw.font("text", 9.5).fillColor(QUIET).text(text, options));
}

/** What something is called, and beside it what it is. */
export function fact(sheets: Sheets, label: string, lines: readonly Line[]): void {
	drawRow(sheets, FACTS, [[{ text: label, font: "text", colour: QUIET }], lines], 2);
}

/**
 * @param heads what the columns hold, on every page again
 * @param rows each is made when it is drawn; between some of them others have their turn
 */
export async function table(
	sheets: Sheets,
	columns: Columns,
	heads: readonly string[],
	rows: readonly (() => Row)[],
): Promise<void> {
	const head = heads.map((text): Line[] => [{ text, font: "strong", colour: QUIET }]);
	const { element, decoration } = sheets.pdf;
	drawCells(sheets, columns, head, (...lines) => element("P", ...lines));
	hairline(sheets);
	for (const [index, make] of rows.entries()) {
		if (index % ROWS_AT_ONCE === 0) await othersTurn();
		drawRow(sheets, columns, make(), 5, () => {
			// Read aloud once, not on every page.
			drawCells(sheets, columns, head, decoration);
			hairline(sheets);
		});
		hairline(sheets);
	}
}

/** Draws a row as one paragraph, so that it is read aloud together. @param begun what stands before it on a new page */
function drawRow(sheets: Sheets, columns: Columns, row: Row, padding: number, begun?: () => void): void {
	if (makeRoom(sheets, heightOf(sheets, columns, row) + 2 * padding)) begun?.();
	gap(sheets, padding);
	drawCells(sheets, columns, row, (...lines) => sheets.pdf.element("P", ...lines));
	gap(sheets, padding);
}

/** @param as what becomes of the lines: each draws itself */
function drawCells(sheets: Sheets, columns: Columns, row: Row, as: (...lines: (() => void)[]) => void): void {
	const { draw } = sheets.pdf;
	const { left } = draw.page.margins;
	const top = draw.y;
	const bottom = top + heightOf(sheets, columns, row);
	const lines = row.flatMap((cell, index) => {
		const before = columns.slice(0, index).reduce((sum, part) => sum + part, 0);
		const x = left + before * widthOf(sheets);
		const width = cellWidth(sheets, columns, index);
		return cell.map(({ text, font, colour }, at) => () => {
			const y = at === 0 ? top : draw.y;
			draw.font(font, SIZE).fillColor(colour).text(text, x, y, { width });
		});
	});
	as(...lines);
	draw.x = left;
	draw.y = bottom;
}

function heightOf(sheets: Sheets, columns: Columns, row: Row): number {
	const { draw } = sheets.pdf;
	const heights = row.map((lines, index) => {
		const width = cellWidth(sheets, columns, index);
		const each = lines.map(({ text, font }) => draw.font(font, SIZE).heightOfString(text, { width }));
		return each.reduce((sum, height) => sum + height, 0);
	});
	return Math.max(0, ...heights);
}

function cellWidth(sheets: Sheets, columns: Columns, index: number): number {
	return (columns[index] ?? 1) * widthOf(sheets) - GAP;
}

function hairline(sheets: Sheets): void {
	const { draw, decoration } = sheets.pdf;
	decoration(() => {
		draw.lineWidth(0.5).strokeColor(HAIRLINE);
		draw
			.moveTo(draw.x, draw.y)
			.lineTo(draw.x + widthOf(sheets), draw.y)
			.stroke();
	});
}

/** Goes on on a new page where there is no room for so many points. @returns whether it did */
function makeRoom(sheets: Sheets, height: number): boolean {
	const { draw, nextPage } = sheets.pdf;
	if (draw.y + height <= draw.page.height - draw.page.margins.bottom) return false;
	nextPage();
	beginPage(sheets);
	return true;
}

function beginPage(sheets: Sheets): void {
	const { draw, decoration } = sheets.pdf;
	const { left, right } = sheets.foot;
	const { margins, height } = draw.page;
	sheets.count++;
	const width = widthOf(sheets) / 2;
	// Below its margin pdfkit would begin another page.
	const { bottom } = margins;
	margins.bottom = 0;
	decoration(() => {
		const options = { width: width - GAP, height: FOOT_SIZE + 4, ellipsis: true };
		draw.font(left.font, FOOT_SIZE).fillColor(QUIET);
		draw.text(left.text, margins.left, height - FOOT, options);
		draw.font("text", FOOT_SIZE);
		draw.text(right(sheets.count), margins.left + width, height - FOOT, { width, align: "right" });
	});
	margins.bottom = bottom;
	draw.x = margins.left;
	draw.y = margins.top;
}

function widthOf({ pdf }: Sheets): number {
	const { width, margins } = pdf.draw.page;
	return width - margins.left - margins.right;
}
