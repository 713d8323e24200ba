import { styleText } from "node:util";

/** What became of a bound. A line without one is there to be read beside the others. */
export type Outcome = "ok" | "over" | "not measured" | "";

export type Line = { what: string; bound: string; measured: string; outcome: Outcome };

/** A line whose bound is the most it may be. `value` is what is held against it, in the bound's unit. */
export function atMost(what: string, bound: number, unit: string, value: number, measured: string): Line {
	return { what, bound: `at most ${bound}${unit}`, measured, outcome: value <= bound ? "ok" : "over" };
}

/** A line whose bound is the least it may be. */
export function atLeast(what: string, bound: number, unit: string, value: number, measured: string): Line {
	return { what, bound: `at least ${bound}${unit}`, measured, outcome: value >= bound ? "ok" : "over" };
}

export function forReading(what: string, measured: string): Line {
	return { what, bound: "", measured, outcome: "" };
}

/** @param why one sentence */
export function notMeasured(what: string, bound: string, why: string): Line {
	return { what, bound, measured: why, outcome: "not measured" };
}

/** Lays the lines out below one another, as wide as what is in them. */
export function table(lines: readonly Line[]): string {
	const head = ["what", "bound", "measured", ""];
	const rows = [head, ...lines.map(({ what, bound, measured, outcome }) => [what, bound, measured, outcome])];
	const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	return rows
		.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
		.map((row, index) => (index === 0 ? styleText("bold", row) : row))
		.map((row) => row.trimEnd())
		.join("\n");
}
