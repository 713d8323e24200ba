/** Wakes a loop early. A ring while nobody listens is kept for the next who does. */
export class Bell {
	#hasRung = false;
	#wake = () => {};

	ring(): void {
		this.#hasRung = true;
		this.#wake();
	}

	async orAfter(milliseconds: number): Promise<void> {
		if (!this.#hasRung) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, milliseconds);
				this.#wake = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}
		this.#hasRung = false;
	}
}
