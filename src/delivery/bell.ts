import { afterCommit, type Tx } from "../db/transaction.ts";

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

/** What waits until a loop sees to it. */
type Queue = "email" | "text" | "mailing";

/** The bells of this process's loops. */
const loops: Record<Queue, Set<Bell>> = { email: new Set(), text: new Set(), mailing: new Set() };

/** Has a bell ring whenever this process has committed something to a queue. @returns ends it */
export function ringFor(queue: Queue, bell: Bell): () => void {
	loops[queue].add(bell);
	return () => loops[queue].delete(bell);
}

/** Rings the bells of a queue once the open transaction, which adds to it, is committed. */
export function ringOnceCommitted(tx: Tx, queue: Queue): void {
	afterCommit(tx, () => {
		for (const bell of loops[queue]) bell.ring();
	});
}
