/** Does work on many things at once: what is added while one lot is under way, or is gathered, goes together. */
export class Batches<T> {
	readonly #work: (lot: T[]) => Promise<void>;
	readonly #gather: () => Promise<void>;
	#next: { lot: T[]; done: Promise<void> } | undefined;
	#last: Promise<void> = Promise.resolve();

	/** @param gather ends when a lot that has something in it is to wait for no more */
	constructor(work: (lot: T[]) => Promise<void>, gather: () => Promise<void>) {
		this.#work = work;
		this.#gather = gather;
	}

	/** Ends when the lot with this in it is done, and throws if it was not. */
	add(item: T): Promise<void> {
		this.#next ??= this.#begin();
		this.#next.lot.push(item);
		return this.#next.done;
	}

	#begin() {
		const lot: T[] = [];
		const done = this.#last.then(this.#gather).then(() => {
			this.#next = undefined;
			return this.#work(lot);
		});
		this.#last = done.catch(() => {});
		return { lot, done };
	}
}
