/** The middle of what was measured; of an even number, the mean of the two in the middle. @throws of nothing */
export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const upper = sorted[Math.floor(sorted.length / 2)];
	const lower = sorted[Math.ceil(sorted.length / 2) - 1];
	if (upper === undefined || lower === undefined) throw new Error("Nothing was measured");
	return (lower + upper) / 2;
}

/** The median and, since no machine is quiet, the least and the most beside it. @param unit as " ms" */
export function withSpread(values: readonly number[], unit: string, digits = 2): string {
	const [least, most] = [Math.min(...values), Math.max(...values)];
	return `${median(values).toFixed(digits)}${unit} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}
