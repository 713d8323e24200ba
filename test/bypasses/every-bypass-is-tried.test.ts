import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Every row of the table of bypasses that stands where an auditor looks for it. */
const rows = readFileSync("docs/security.md", "utf8")
	.split("## Ways other systems were passed")[1]
	?.split("\n## ")[0]
	?.split("\n")
	.filter((line) => /^\| (\d|–)/.test(line));

test("each of the 28 ways that other systems were passed is in docs/security.md, with tests that there are", () => {
	const numbers = rows?.flatMap((row) => (row.split("|")[1] ?? "").match(/\d+/g) ?? []).map(Number);
	expect(numbers).toEqual(Array.from({ length: 28 }, (_, index) => index + 1));
	for (const row of rows ?? []) {
		const [, , , tests = ""] = row.split("|");
		const named = [...tests.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
		expect(named.length + (tests.match(/\*R\*/g)?.length ?? 0), row).toBeGreaterThan(0);
		for (const name of named) {
			const path = name.includes("/") ? name : `test/bypasses/${name}`;
			expect(existsSync(path) || existsSync(`${path}.test.ts`), `${row}: ${name}`).toBe(true);
		}
	}
});
