import { expect, test } from "vitest";
import { nameOrder } from "./name-order.rule.ts";

test("staff stand in the order in which people look for them", () => {
	const inOrder = [
		"10 Downing",
		"Ann",
		"ann lee",
		"Anna",
		"Anne-Marie Roy",
		"Anne Marie Smith",
		"ÅSA Berg",
		"Chloë Petit",
		"Đặng Thị Hoa",
		"de Vries",
		"Devon Clarke",
		"Emil Novak",
		"Émile Zola",
		"Emilia Roy",
		"Jürgen Groß",
		"Łukasz Żak",
		"Lwazi Dube",
		"Nguyễn Thị Hồng Đào",
		"O'Brien",
		"O’Brien-Smith",
		"Obrist",
		"Søren Kierkegaard",
		"Sorin Ionescu",
		"Żaneta Wójcik",
		"Zoë Ward",
		"Иван Петров",
		"Юлия Орлова",
		"さくら",
		"山田花子",
	];
	for (const jumbled of [inOrder.toReversed(), inOrder.toSorted()]) {
		expect(sorted(jumbled.map((name) => name.normalize("NFD")))).toEqual(
			inOrder.map((name) => name.normalize("NFD")),
		);
		expect(sorted(jumbled)).toEqual(inOrder);
	}
});

test("accents, capitals and punctuation make no difference", () => {
	for (const name of ["Émile O'Neil", "EMILE ONEIL", " emile  o’neil. ", "Ｅmile O'Neil"]) {
		expect(nameOrder(name)).toBe(nameOrder("Emile ONeil"));
	}
});

test("it is digits only, some, and no more than an index takes, whatever a name is made of", () => {
	for (const name of ["🦊", "", "\ufdfa".repeat(100), "𠮷".repeat(100), "राम", "=1+1"]) {
		expect(nameOrder(name)).toMatch(/^[0-9]{1,481}$/);
	}
	expect(nameOrder("राम")).not.toBe(nameOrder("रम"));
});

function sorted(names: readonly string[]): string[] {
	const by = (a: string, b: string) => (nameOrder(a) < nameOrder(b) ? -1 : 1);
	return names.toSorted(by);
}
