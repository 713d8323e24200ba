/** What a form or a query string carried. Missing reads as empty; of a field sent twice, the last counts. */
export class Fields {
	readonly #values = new Map<string, string[]>();

	/** @param raw the parsed body or query: texts, or lists of texts */
	constructor(raw: unknown) {
		if (typeof raw !== "object" || raw === null) return;
		for (const [name, value] of Object.entries(raw)) this.#values.set(name, [value].flat().map(clean));
	}

	text(name: string): string {
		return this.#values.get(name)?.at(-1) ?? "";
	}

	/** Every value of a group of checkboxes. */
	all(name: string): string[] {
		return this.#values.get(name) ?? [];
	}

	/** Whether a checkbox is ticked. */
	isTicked(name: string): boolean {
		return this.text(name) !== "";
	}
}

/** PostgreSQL keeps no NUL, and nothing that a person types is longer than this. */
const LONGEST = 4_096;

/** More marks on one letter than any script has (Unicode Standard Annex 15, Stream-Safe Text Format). */
const PILED_MARKS = /(\p{M}{30})\p{M}+/gu;

function clean(value: unknown): string {
	if (typeof value !== "string") return "";
	const typed = value.slice(0, LONGEST).replaceAll("\u0000", "");
	// To put thousands of marks in order (NFC) takes longer than to hash a password, and keeps everybody waiting.
	return typed.replaceAll(PILED_MARKS, "$1");
}
