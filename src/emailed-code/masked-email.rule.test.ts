import { expect, test } from "vitest";
import { maskEmail } from "./masked-email.rule.ts";

test.each([
	["avery@harbour.example", "a••••@harbour.example"],
	["a@harbour.example", "a••••@harbour.example"],
	["zażółć@harbour.example", "z••••@harbour.example"],
	["𝒜very@harbour.example", "𝒜••••@harbour.example"],
	['"odd@name"@harbour.example', '"••••@harbour.example'],
])("%s is shown as %s", (email, shown) => expect(maskEmail(email)).toBe(shown));
