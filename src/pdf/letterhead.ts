import type { Pdf } from "./document.ts";
import { ACCENT, INK, QUIET } from "./ink.ts";
import type { Name } from "./names.ts";

/** The clinic, and what the document is about, at the top of the first page. */
export function letterhead({ draw, element, decoration }: Pdf, clinic: Name, product: string): void {
	const { left, right } = draw.page.margins;
	const top = draw.y;
	decoration(() => {
		draw.save().translate(left, top).scale(0.72);
		draw.path("M4 30V14a12 12 0 0 1 24 0v16z").fill(ACCENT);
		draw.path("M11 30V16a5 5 0 0 1 10 0v14z").fill("#ffffff");
		draw.restore();
	});
	const options = { width: draw.page.width - left - right - 34, ellipsis: true, height: 18 };
	element("P", () =>
		draw
			.font(clinic.font, 13)
			.fillColor(INK)
			.text(clinic.text, left + 32, top + 1, options),
	);
	element("P", () => draw.font("text", 9.5).fillColor(QUIET).text(product));
	draw.x = left;
	draw.y = top + 56;
}
