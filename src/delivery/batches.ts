/** Does work on many things at once: what is added while one lot is under way goes with the next. */
export class Batches<T> {
	readonly #work: (lot: T[]) => Promise<void>;
	#next: { lot: T[]; done: Promise<void> } | undefined;
	#last: Promise<void> = Promise.resolve();

	constructor(work: (lot: T[]) => Promise<void>) {
		this.#work = work;
	}

	/** Ends when the lot with this in it is done, and throws if it was not. */
	add(item: T): Promise<void> {
		this.#next ??= this.#begin();
		this.#next.lot.push(item);
		return this.#next.done;
	}

	#begin() {
		const lot: T[] = [];
		const done = this.#last.then(() => {
			this.#next = undefined;
			return this.#work(lot);
		});
		this.#last = done.catch(() => {});
		return { lot, done };
	}
}
