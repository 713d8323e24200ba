import { describe, expect, test } from "vitest";
import { readReason } from "../reset/reason.rule.ts";
import { isOneLine } from "./one-line.rule.ts";
import { readName } from "./person.rule.ts";

const steering = "\u061C \u200E \u200F \u202A \u202B \u202C \u202D \u202E \u2066 \u2067 \u2068 \u2069".split(
	" ",
);
const codeOf = (text: string) => text.codePointAt(0)?.toString(16);

describe("what turns text around is refused, wherever it stands", () => {
	test.each(steering.map((one) => [codeOf(one), one]))("U+%s", (_, one) => {
		for (const text of [`Casey${one} Singh`, `${one}Casey`, `Casey${one}`]) {
			expect(isOneLine(text)).toBe(false);
			expect(readName(text)).toBeUndefined();
			expect(readReason(text)).toEqual({ kind: "not-one-line" });
		}
	});
});

test.each(["\u0000", "\u0007", "\n", "\u001B", "\u0085", "\u2028", "\u2029", "\uD83D"])(
	"a control, a break or half a character is refused: %j",
	(one) => expect(isOneLine(`Casey${one}Singh`)).toBe(false),
);

test.each([
	"",
	" ",
	"\u00A0",
	"\u200B",
	"\u200B\u200C\u200D",
	"\u2060",
	"\uFEFF",
	"\u00AD",
	"\u3164",
	"\u2800",
	"\u0301",
])("what shows nothing is no name: %j", (text) => {
	expect(isOneLine(text)).toBe(false);
	expect(readName(text)).toBeUndefined();
});

test.each(["Casey Singh", "Ó Súilleabháin", "محمد علی", "می‌خواهم", "नमस्ते", "李", "O'Neil-Smith", "👩‍⚕️ Kim"])(
	"a name is a name: %s",
	(name) => expect(readName(name)).toBe(name.normalize("NFC")),
);
