import { expect, test } from "vitest";
import { readCode } from "./code.rule.ts";

test.each([
	["482913", "as it is"],
	["482 913", "with a space"],
	["482-913", "with a dash"],
	[" 4 8 2 9 1 3\t\n", "with spaces everywhere"],
	["482\u00A0913", "with a space that does not break"],
	["482\u202F913", "with a narrow one"],
	["482–913", "with a long dash"],
	["482−913", "with a minus"],
	["\u2068482\u200B913\u2069\uFEFF", "with characters that cannot be seen"],
	["４８２９１３", "from a Japanese keyboard"],
	["٤٨٢٩١٣", "from an Arabic keyboard"],
	["۴۸۲۹۱۳", "from a Persian keyboard"],
])("%j is read %s", (text) => expect(readCode(text)).toBe("482913"));

test("zeros in front stay", () => expect(readCode("000 017")).toBe("000017"));

test.each([
	"",
	"48291",
	"4829131",
	"48291a",
	"482.913",
	"0x1234",
	"1e5000",
	"four two",
	"+48291",
	"१२३४५६",
	"482913 482913",
])("%j is no code", (text) => expect(readCode(text)).toBeUndefined());
