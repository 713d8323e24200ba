import { generateSync } from "otplib";
import { seconds } from "../../src/clock.ts";
import type { MovableClock } from "./movable-clock.ts";

const STEP = seconds(30);

/** Somebody's authenticator app with one account in it: otplib, which shares no code with the app under test. */
export class Authenticator {
	/** Base 32, without spaces. */
	readonly secret: string;
	readonly #clock: MovableClock;
	#lastStep = -1;

	/** @param secret as typed by hand: spaces do not matter */
	constructor(secret: string, clock: MovableClock) {
		this.secret = secret.replaceAll(" ", "");
		this.#clock = clock;
	}

	/** A code that was not given before: as people do, it waits for the next one if need be, by moving the clock. */
	code(): string {
		while (this.#step() === this.#lastStep) this.#clock.forward(STEP - (this.#clock.now() % STEP));
		this.#lastStep = this.#step();
		return this.codeAt(this.#clock.now());
	}

	/** @param at epoch milliseconds */
	codeAt(at: number): string {
		return generateSync({ secret: this.secret, epoch: Math.floor(at / 1000) });
	}

	/** Six digits that are no code of the ten minutes before or after now, nor of now. */
	wrongCode(): string {
		const now = this.#clock.now();
		const near = Array.from({ length: 45 }, (_, step) => this.codeAt(now + (step - 22) * STEP));
		const free = Array.from({ length: 50 }, (_, n) => String(n).padStart(6, "0"));
		return free.find((code) => !near.includes(code)) ?? "";
	}

	#step(): number {
		return Math.floor(this.#clock.now() / STEP);
	}
}
