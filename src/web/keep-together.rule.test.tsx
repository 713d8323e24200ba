import fc from "fast-check";
import { render } from "preact-render-to-string";
import { expect, test } from "vitest";
import { parsePage, textOf } from "../../test/harness/html.ts";
import { keepTogether } from "./keep-together.rule.ts";

const KEPT = '<span class="one-word">2-Step</span>';

test("the name is one word wherever it is read, and one thing with the words around it", () => {
	expect(keepTogether("<h1>2-Step Verification</h1>")).toBe(`<h1><span>${KEPT} Verification</span></h1>`);
	expect(keepTogether("<p>a 2-Step, b <a>2-Step</a></p>")).toBe(
		`<p><span>a ${KEPT}, b </span><a><span>${KEPT}</span></a></p>`,
	);
});

test("a hidden number is one word too", () => {
	expect(keepTogether("<p>Texted to •••• •••• 0101.</p>")).toBe(
		'<p><span>Texted to <span class="one-word">•••• •••• 0101</span>.</span></p>',
	);
});

test("so is a time of day", () => {
	expect(keepTogether("<p>until 1:30 pm.</p>")).toBe(
		'<p><span>until <span class="one-word">1:30 pm</span>.</span></p>',
	);
});

test.each(["2026-12-31", "sign-in", "Sign-in", "set-up", "time-based"])(
	"so is %s, which has hyphens",
	(word) => {
		expect(keepTogether(`<li>their last ${word}.</li>`)).toBe(
			`<li><span>their last <span class="one-word">${word}</span>.</span></li>`,
		);
	},
);

test("so is an email, which is broken before its @ where it is too long for a line", () => {
	const kept = '<span class="email">casey<wbr>@harbour.example</span>';
	expect(keepTogether("<td>casey@harbour.example</td>")).toBe(`<td><span>${kept}</span></td>`);
	// What ends with it does not begin the next line with its mark.
	const before = (marks: string) => kept.replace("</span>", `${marks}</span>`);
	expect(keepTogether("<p>to “casey@harbour.example”, casey@harbour.example.</p>")).toBe(
		`<p><span>to “${before("”,")} ${before(".")}</span></p>`,
	);
	expect(keepTogether("<p>@harbour.example #482913</p>")).toContain("@harbour.example #482913<");
});

test.each([
	'<nav aria-label="2-Step Verification">x</nav>',
	'<input value="a > 2-Step" title="2-Step">',
	'<a href="mailto:casey@harbour.example">x</a>',
	"<title>2-Step Verification – Harbour Physio</title>",
	'<textarea name="reason">2-Step</textarea>',
	"<option>2-Step</option>",
	"<p>Nothing of it</p>",
])("%s stays as it is", (html) => {
	expect(keepTogether(html)).toBe(html);
});

test("whatever stands around it, a page says what it said", () => {
	const text = fc
		.array(
			fc.constantFrom(
				"2-Step",
				"sign-in",
				"2026-12-31",
				"•••• •••• 0101",
				"1:30 pm",
				"@",
				" ",
				"<",
				">",
				'"',
				"'",
				"&",
				"a",
			),
		)
		.map((parts) => parts.join(""));
	fc.assert(
		fc.property(text, text, text, (title, inside, after) => {
			const page = (
				<p>
					<b title={title}>{inside}</b>
					{after}
				</p>
			);
			const html = render(page);
			const kept = keepTogether(html);
			expect(textOf(parsePage(kept))).toBe(textOf(parsePage(html)));
			expect(kept.replaceAll(/<\/?(span|wbr)[^>]*>/g, "")).toBe(html);
		}),
	);
});
