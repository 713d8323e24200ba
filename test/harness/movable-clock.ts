import type { Clock } from "../../src/clock.ts";

/** A Monday morning in the clinic. The same at every run. */
const START = Date.UTC(2026, 11, 7, 17, 0);

/** A clock that stands still until a test moves it, but for a millisecond at each look, so that nothing happens at once. */
export class MovableClock {
	#now = START;

	/** What the app is given. */
	readonly read: Clock = () => this.#now++;

	now(): number {
		return this.#now;
	}

	/** @param milliseconds as `minutes(5)` has them */
	forward(milliseconds: number): void {
		this.#now += milliseconds;
	}

	/** @param time epoch milliseconds */
	at(time: number): void {
		this.#now = time;
	}
}
