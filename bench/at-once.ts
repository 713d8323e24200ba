/** Does work for each item, so many at once, in the order of the items. */
export async function atOnce<T>(many: number, items: readonly T[], work: (item: T) => Promise<void>) {
	const left = items.values();
	const worker = async () => {
		for (const item of left) await work(item);
	};
	await Promise.all(Array.from({ length: many }, worker));
}
