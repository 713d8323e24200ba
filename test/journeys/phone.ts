import { seconds } from "../../src/clock.ts";
import type { MovableClock } from "../harness/movable-clock.ts";
import { oathtoolCode, readQrCode } from "../harness/programs.ts";

const STEP = seconds(30);

/** Somebody's phone with an authenticator app: its camera is zbarimg, and it computes codes as oathtool does. */
export class Phone {
	/** The `otpauth:` address that it scanned. */
	readonly address: URL;
	readonly #clock: MovableClock;
	#lastStep = -1;

	private constructor(address: URL, clock: MovableClock) {
		this.address = address;
		this.#clock = clock;
	}

	/** @param picture a PNG of a page with a QR code on it */
	static async scan(picture: Uint8Array, clock: MovableClock): Promise<Phone> {
		return new Phone(new URL(await readQrCode(picture)), clock);
	}

	/** The code it shows, or the next one where this was given before: the clock moves on to it. */
	code(): Promise<string> {
		if (this.#step() === this.#lastStep) this.#clock.forward(STEP - (this.#clock.now() % STEP));
		this.#lastStep = this.#step();
		return oathtoolCode(this.address.searchParams.get("secret") ?? "", this.#clock.now());
	}

	#step(): number {
		return Math.floor(this.#clock.now() / STEP);
	}
}
