import { inspect } from "node:util";

/** A secret that refuses to print: in a log, an error or JSON only what it is stands in its place. */
export abstract class Unprintable {
	readonly #what: string;

	/** @param what it is, as `token`, which prints as `[token]` */
	protected constructor(what: string) {
		this.#what = what;
	}

	toString() {
		return `[${this.#what}]`;
	}
	toJSON() {
		return this.toString();
	}
	[inspect.custom]() {
		return this.toString();
	}
}
